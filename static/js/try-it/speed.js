// How long the model took for a frame, and how many frames a second it has looked at lately.

const FRAMES = 10;

/** A frame rate over the last frames. */
export class Rate {
  /**
   * Of the last frames, in milliseconds.
   * @type {number[]}
   */
  #times = [];

  /**
   * Count a frame and return the frames a second, null before there are two of them.
   *
   * @param {number} now in milliseconds
   */
  count(now) {
    this.#times = [...this.#times.slice(1 - FRAMES), now];
    const seconds = (now - this.#times[0]) / 1000;
    return seconds ? (this.#times.length - 1) / seconds : null;
  }

  clear() {
    this.#times = [];
  }
}

export class Speed {
  #each;
  #rate;
  #frames = new Rate();

  /**
   * @param {HTMLElement} each where the time for a frame stands
   * @param {HTMLElement} rate where the frames a second stand
   */
  constructor(each, rate) {
    this.#each = each;
    this.#rate = rate;
  }

  /**
   * @param {number} milliseconds
   * @param {boolean} isMoving whether this was a frame of a video or a camera
   */
  tell(milliseconds, isMoving) {
    this.#each.textContent = `${Math.round(milliseconds)} ms`;
    const rate = isMoving ? this.#frames.count(performance.now()) : null;
    if (rate !== null) this.#rate.textContent = rate.toFixed(1);
  }

  clear() {
    this.#frames.clear();
    this.#each.textContent = this.#rate.textContent = "–";
  }
}
