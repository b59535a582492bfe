// What is said of the frame that is shown: asked for once a person rests on it, never while frames are flipped or played.

import { closest, find } from "../../shared/elements.js";
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
  /** Which answer counts: an older one that comes late doesn't. */
  #turn = 0;

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
    const { number, frame } = this.#workbench;
    if (!frame || this.#wanted() === this.#shown) return;
    this.#turn += 1;
    const turn = this.#turn;
    const answer = await asked(this.#address(number)).catch(() => null);
    const words = answer?.ok ? await answer.text() : "";
    if (!answer?.ok || turn !== this.#turn || number !== this.#workbench.number) return;
    this.#root.innerHTML = words;
    // The server may know more than this page does yet.
    this.#shown = find(this.#root, "[data-said]", HTMLElement).dataset.said ?? "";
  }

  #isPlaying() {
    const { commands } = this.#workbench;
    return ["play", "play-back"].some((name) => commands.get(name)?.isOn?.());
  }
}
