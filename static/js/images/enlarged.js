// The page's dialog with one frame as large as the window allows, and the way to the frames before and after it.

import { Pair } from "./pair.js";

const TEXT_PIXELS = 16;

const dialog = document.getElementById("dialog");
const content = document.getElementById("dialog-content");

export class LargePair {
  #page;
  #pair;
  #number;

  /** `page`: what the page shows, and how the slider of a frame moves. */
  constructor(page) {
    this.#page = page;
    window.addEventListener("resize", () => this.draw());
  }

  open(number) {
    this.#number = number;
    content.replaceChildren(document.getElementById("large").content.cloneNode(true));
    const { frames, colours } = this.#page;
    this.#pair = new Pair(content, frames[number], colours);
    const slider = content.querySelector("input");
    slider.setAttribute("aria-label", "Checkpoint");
    slider.addEventListener("input", () => this.#page.move(this.#number, Number(slider.value)));
    content.querySelectorAll("[data-turn]").forEach((button) => {
      button.addEventListener("click", () => this.#turn(Number(button.dataset.turn)));
    });
    dialog.showModal();
    this.draw();
  }

  /** Draw what the page shows now; nothing while the dialog is closed. */
  draw() {
    const slider = content.querySelector(".large-pair input");
    if (!slider) return;
    const { frames, checkpoints, placeOf, foundOn, threshold } = this.#page;
    const frame = frames[this.#number];
    content.querySelector("#dialog-title").textContent = frame.name;
    content.querySelector(".dialog-sub").textContent = `${this.#position()} · scores from ${threshold().toFixed(2)}`;
    checkpoints.show(slider, content.querySelector(".own-words"), placeOf(this.#number));
    this.#pair.draw(foundOn(this.#number), threshold(), this.#pair.height / TEXT_PIXELS);
  }

  #position() {
    const numbers = this.#page.numbers();
    const place = numbers.indexOf(this.#number);
    return place < 0 ? "Not among the frames in the list" : `Frame ${place + 1} of ${numbers.length}`;
  }

  /** After the last one comes the first one again. */
  #turn(frames) {
    const numbers = this.#page.numbers();
    if (!numbers.length) return;
    const place = numbers.indexOf(this.#number);
    const next = place < 0 ? 0 : (place + frames + numbers.length) % numbers.length;
    this.#number = numbers[next];
    this.#pair.change(this.#page.frames[this.#number]);
    this.draw();
  }
}
