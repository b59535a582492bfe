// The page's dialog with one frame as large as the window allows, and the way to the frames before and after it.

import { all, byId, find } from "../shared/elements.js";
import { Pair } from "./pair.js";

const TEXT_PIXELS = 16;

const dialog = byId("dialog", HTMLDialogElement);
const content = byId("dialog-content", HTMLElement);

export class EnlargedPair {
  #page;
  /** @type {{ pair: Pair, slider: HTMLInputElement, number: number } | null} */
  #open = null;

  /** @param {import("./pair.js").Shown} page */
  constructor(page) {
    this.#page = page;
    window.addEventListener("resize", () => this.draw());
    dialog.addEventListener("close", () => {
      this.#open = null;
    });
  }

  /** @param {number} number */
  open(number) {
    content.replaceChildren(byId("large", HTMLTemplateElement).content.cloneNode(true));
    const { frames, colors } = this.#page;
    const slider = find(content, "input", HTMLInputElement);
    const open = { pair: new Pair(content, frames[number], colors), slider, number };
    slider.setAttribute("aria-label", "Checkpoint");
    slider.addEventListener("input", () => this.#page.move(open.number, Number(slider.value)));
    for (const button of all(content, "[data-turn]", HTMLElement)) {
      button.addEventListener("click", () => this.#turn(Number(button.dataset.turn)));
    }
    this.#open = open;
    dialog.showModal();
    this.draw();
  }

  /** Draw what the page shows now; nothing while the dialog is closed. */
  draw() {
    if (!this.#open) return;
    const { pair, slider, number } = this.#open;
    const { frames, checkpoints, placeOf, foundOn, threshold } = this.#page;
    const score = threshold().toFixed(2);
    find(content, "#dialog-title", HTMLElement).textContent = frames[number].name;
    find(content, ".dialog-sub", HTMLElement).textContent = `${this.#position(number)} · minimum confidence ${score}`;
    checkpoints.show(slider, find(content, ".own-words", HTMLElement), placeOf(number));
    pair.draw(foundOn(number), threshold(), pair.height / TEXT_PIXELS);
  }

  /** @param {number} number */
  #position(number) {
    const numbers = this.#page.numbers();
    const place = numbers.indexOf(number);
    return place < 0 ? "Doesn't match your filter anymore" : `Frame ${place + 1} of ${numbers.length}`;
  }

  /**
   * Turn to the frame so many places behind. After the last one comes the first one again.
   *
   * @param {number} frames
   */
  #turn(frames) {
    const numbers = this.#page.numbers();
    if (!this.#open || !numbers.length) return;
    const place = numbers.indexOf(this.#open.number);
    const next = place < 0 ? 0 : (place + frames + numbers.length) % numbers.length;
    this.#open.number = numbers[next];
    this.#open.pair.change(this.#page.frames[numbers[next]]);
    this.draw();
  }
}
