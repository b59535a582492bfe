// The pictures and videos of this computer that were chosen, one of them shown at a time.

import { byId } from "../shared/elements.js";

export class ChosenFiles {
  #show;
  /** @type {File[]} */
  #files = [];
  #place = 0;
  #previous = byId("previous-file", HTMLButtonElement);
  #next = byId("next-file", HTMLButtonElement);

  /** @param {(file: File) => void} show called with the file to show */
  constructor(show) {
    this.#show = show;
    const picker = byId("files", HTMLInputElement);
    picker.addEventListener("change", () => {
      this.choose(picker.files ?? []);
      picker.value = ""; // so that the same file can be chosen again
    });
    this.#previous.addEventListener("click", () => this.#showAt(this.#place - 1));
    this.#next.addEventListener("click", () => this.#showAt(this.#place + 1));
  }

  /**
   * Take these in place of those chosen before; none leaves everything as it is.
   *
   * @param {Iterable<File>} files
   */
  choose(files) {
    const chosen = [...files];
    if (!chosen.length) return;
    this.#files = chosen;
    this.#showAt(0);
  }

  /** @param {number} place */
  #showAt(place) {
    this.#place = place;
    const file = this.#files[place];
    this.#show(file);
    byId("file-name", HTMLElement).textContent = `${place + 1} of ${this.#files.length}: ${file.name}`;
    this.#previous.disabled = place === 0;
    this.#next.disabled = place === this.#files.length - 1;
  }
}
