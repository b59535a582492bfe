// What others change in this video, and where they are, asked for while the page is seen.

/**
 * @typedef {{ name: string, frame: number }} Person
 * @typedef {{ changes: number, frames: import("./frames.js").Frame[], labels: import("./frames.js").Label[],
 *   people: Person[] }} News
 */

const EVERY_MS = 1_500;
const AFTER_FAILURE_MS = 5_000;

export class Live extends EventTarget {
  #since;
  #timer = 0;
  #ask;
  #isOn = false;

  /**
   * @param {number} since the number of the change up to which the page knows all
   * @param {(since: number) => Promise<Response>} ask
   */
  constructor(since, ask) {
    super();
    this.#since = since;
    this.#ask = ask;
    document.addEventListener("visibilitychange", () => {
      if (this.#isOn && !document.hidden) this.#now();
    });
  }

  start() {
    this.#isOn = true;
    this.#later(EVERY_MS);
  }

  stop() {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }

  #now() {
    clearTimeout(this.#timer);
    this.#look();
  }

  async #look() {
    if (document.hidden) return;
    let pause = EVERY_MS;
    try {
      const response = await this.#ask(this.#since);
      if (response.ok) this.#tell(await response.json());
      else pause = AFTER_FAILURE_MS;
    } catch {
      pause = AFTER_FAILURE_MS;
    }
    if (this.#isOn) this.#later(pause);
  }

  /** @param {News} news */
  #tell(news) {
    this.#since = Math.max(this.#since, news.changes);
    this.dispatchEvent(new CustomEvent("news", { detail: news }));
  }

  /** @param {number} milliseconds */
  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#look(), milliseconds);
  }
}
