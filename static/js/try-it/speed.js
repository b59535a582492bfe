// How long the model took for a frame, and how many frames a second it has looked at lately.

const FRAMES = 10;

export class Speed {
  #each;
  #rate;
  #times = []; // of the last frames, in milliseconds

  constructor(each, rate) {
    this.#each = each;
    this.#rate = rate;
  }

  tell(milliseconds, isMoving) {
    this.#each.textContent = `${Math.round(milliseconds)} ms`;
    if (!isMoving) return;
    this.#times = [...this.#times.slice(1 - FRAMES), performance.now()];
    const seconds = (this.#times.at(-1) - this.#times[0]) / 1000;
    if (seconds) this.#rate.textContent = ((this.#times.length - 1) / seconds).toFixed(1);
  }

  clear() {
    this.#times = [];
    this.#each.textContent = this.#rate.textContent = "–";
  }
}
