// How long the model takes for a frame, and how many frames it has looked at in the last second.

const MILLISECONDS = 1000;

export class Speed {
  #each;
  #rate;
  #times = [];

  constructor(each, rate) {
    this.#each = each;
    this.#rate = rate;
  }

  tell(milliseconds, isMoving) {
    this.#each.textContent = `${Math.round(milliseconds)} ms`;
    if (!isMoving) return;
    const now = performance.now();
    this.#times = [...this.#times.filter((time) => now - time < MILLISECONDS), now];
    this.#rate.textContent = this.#times.length;
  }

  clear() {
    this.#times = [];
    this.#each.textContent = this.#rate.textContent = "–";
  }
}
