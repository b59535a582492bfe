// What is said of the frame that is shown: asked for once a person rests on it, never while frames are flipped or played.

import { closest } from "../../shared/elements.js";
import { asked } from "../opening.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

const REST_MS = 450;

export class FramePart {
  #workbench;
  #root;
  #address;
  #timer = 0;
  /** What the part shows: it is asked for again when the frame is reviewed or commented on. */
  #shown = "";

  /**
   * @param {Workbench} workbench
   * @param {HTMLElement} root
   * @param {(number: number) => string} address
   */
  constructor(workbench, root, address) {
    this.#workbench = workbench;
    this.#root = root;
    this.#address = address;
    workbench.addEventListener("frame", () => this.#look());
    workbench.frames.addEventListener("change", () => this.#look());
    root.addEventListener("click", ({ target }) => {
      const box = closest(target, "[data-box]", HTMLElement);
      if (box) workbench.select([box.dataset.box ?? ""]);
    });
    this.#look();
  }

  /** Ask again, for a comment was added or resolved. */
  refresh() {
    this.#shown = "";
    this.#load();
  }

  #look() {
    const wanted = this.#wanted();
    if (wanted === this.#shown) return;
    if (!this.#shown.startsWith(`${this.#workbench.number} `)) this.#root.replaceChildren();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#load(), REST_MS);
  }

  #wanted() {
    const { frame, number } = this.#workbench;
    return frame ? `${number} ${frame.finished} ${frame.review} ${frame.comments}` : "";
  }

  async #load() {
    clearTimeout(this.#timer);
    if (this.#isPlaying()) {
      this.#timer = window.setTimeout(() => this.#load(), REST_MS);
      return;
    }
    const wanted = this.#wanted();
    const { number, frame } = this.#workbench;
    if (!frame || wanted === this.#shown) return;
    const answer = await asked(this.#address(number)).catch(() => null);
    if (!answer?.ok || number !== this.#workbench.number) return;
    this.#root.innerHTML = await answer.text();
    this.#shown = wanted;
  }

  #isPlaying() {
    const { commands } = this.#workbench;
    return ["play", "play-back"].some((name) => commands.get(name)?.isOn?.());
  }
}
