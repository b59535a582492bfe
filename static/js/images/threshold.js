// The slider of the minimum confidence, and the suggested one beside it.

import { byId } from "../shared/elements.js";

export class Threshold {
  #slider = byId("threshold", HTMLInputElement);
  #button = byId("use-suggested", HTMLButtonElement);
  #suggested;

  /**
   * @param {() => void} changed called when another confidence counts
   * @param {() => number | null} suggested returns the one to suggest for what is shown, null where there is none
   */
  constructor(changed, suggested) {
    this.#suggested = suggested;
    this.#slider.addEventListener("input", changed);
    this.#button.addEventListener("click", () => {
      this.useSuggested();
      this.#slider.focus();
      changed();
    });
  }

  get score() {
    return Number(this.#slider.value);
  }

  useSuggested() {
    const suggested = this.#suggested();
    if (suggested !== null) this.#slider.value = String(suggested);
  }

  /** Say which confidence counts, and which one is suggested. */
  show() {
    const shown = this.score.toFixed(2);
    const suggested = this.#suggested()?.toFixed(2);
    const isSuggested = suggested === shown;
    byId("threshold-words", HTMLElement).textContent = shown + (isSuggested ? " (suggested)" : "");
    this.#slider.setAttribute("aria-valuetext", shown + (isSuggested ? ", suggested" : ""));
    byId("suggestion-words", HTMLElement).textContent =
      suggested === undefined
        ? (byId("suggestion", HTMLElement).dataset.none ?? "")
        : `Suggested minimum confidence: ${suggested}`;
    this.#button.hidden = suggested === undefined || isSuggested;
  }
}
