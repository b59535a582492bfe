// The slider of the scores that count, and the score that is advised beside it.

import { byId } from "../shared/elements.js";

export class Threshold {
  #slider = byId("threshold", HTMLInputElement);
  #button = byId("use-advised", HTMLButtonElement);
  #advised;

  /**
   * @param {() => void} changed called when another score counts
   * @param {() => number | null} advised returns the score to advise for what is shown, null where there is none
   */
  constructor(changed, advised) {
    this.#advised = advised;
    this.#slider.addEventListener("input", changed);
    this.#button.addEventListener("click", () => {
      this.useAdvised();
      this.#slider.focus();
      changed();
    });
  }

  get score() {
    return Number(this.#slider.value);
  }

  useAdvised() {
    const advised = this.#advised();
    if (advised !== null) this.#slider.value = String(advised);
  }

  /** Say which score counts, and which one is advised. */
  show() {
    const shown = this.score.toFixed(2);
    const advised = this.#advised()?.toFixed(2);
    const isAdvised = advised === shown;
    byId("threshold-words", HTMLElement).textContent = shown + (isAdvised ? " (advised)" : "");
    this.#slider.setAttribute("aria-valuetext", shown + (isAdvised ? ", advised" : ""));
    byId("advice-words", HTMLElement).textContent =
      advised === undefined ? "No score can be advised for this step." : `Advised for this step: ${advised}`;
    this.#button.hidden = advised === undefined || isAdvised;
  }
}
