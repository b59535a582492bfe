// The pictures of the frames, loaded and decoded ahead of the person, so that the next one is there at once.

const AHEAD = 12;
const BEHIND = 4;
// A server on a laptop has other things to do.
const AT_ONCE = 4;

/**
 * @typedef {{ image: HTMLImageElement, isReady: boolean, hasFailed: boolean, ready: Promise<void> }} Picture
 */

export class Pictures extends EventTarget {
  /** @type {Map<number, Picture>} */
  #loaded = new Map();
  /** @type {number[]} */
  #wanted = [];
  #isLoading = 0;
  #first;
  #total;

  /**
   * @param {string} first the address of the picture number 0
   * @param {number} total
   */
  constructor(first, total) {
    super();
    this.#first = first;
    this.#total = total;
    addEventListener("online", () => this.#forgetFailed());
  }

  /** @param {number} number */
  addressOf(number) {
    return this.#first.replace(/\d+\.jpg$/, `${number}.jpg`);
  }

  /**
   * Return a picture, which begins to load.
   *
   * @param {number} number
   */
  get(number) {
    const known = this.#loaded.get(number);
    if (known) return known;
    const picture = this.#load(number);
    this.#loaded.set(number, picture);
    return picture;
  }

  /** Load a picture that failed once more. @param {number} number */
  retry(number) {
    if (this.#loaded.get(number)?.hasFailed) this.#loaded.delete(number);
    this.get(number);
  }

  /** @param {number} number */
  isReady(number) {
    return this.#loaded.get(number)?.isReady ?? false;
  }

  /**
   * Load the pictures around a frame, those in the direction in which the person goes first, and forget the others.
   *
   * @param {number} number
   * @param {number} direction 1 or -1
   */
  lookAhead(number, direction) {
    this.get(number);
    const steps = [...Array(AHEAD).keys()].map((step) => (step + 1) * direction);
    const back = [...Array(BEHIND).keys()].map((step) => -(step + 1) * direction);
    const near = [...steps.slice(0, 2), back[0], ...steps.slice(2), ...back.slice(1)].map((step) => number + step);
    this.#wanted = near.filter((one) => one >= 0 && one < this.#total);
    for (const kept of this.#loaded.keys()) {
      if (kept !== number && !this.#wanted.includes(kept)) this.#loaded.delete(kept);
    }
    this.#loadNext();
  }

  #loadNext() {
    while (this.#isLoading < AT_ONCE) {
      const next = this.#wanted.find((number) => !this.#loaded.has(number));
      if (next === undefined) return;
      this.get(next);
    }
  }

  /** @param {number} number */
  #load(number) {
    const image = new Image();
    image.alt = "";
    image.draggable = false;
    image.src = this.addressOf(number);
    /** @type {Picture} */
    const picture = { image, isReady: false, hasFailed: false, ready: Promise.resolve() };
    this.#isLoading += 1;
    picture.ready = image
      .decode()
      .then(
        () => {
          picture.isReady = true;
        },
        () => {
          picture.hasFailed = true;
        },
      )
      .finally(() => {
        this.#isLoading -= 1;
        this.dispatchEvent(new CustomEvent("loaded", { detail: number }));
        this.#loadNext();
      });
    return picture;
  }

  #forgetFailed() {
    for (const [number, picture] of this.#loaded) if (picture.hasFailed) this.#loaded.delete(number);
    this.dispatchEvent(new CustomEvent("online"));
    this.#loadNext();
  }
}
