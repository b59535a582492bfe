// The list of frames, each a card with the frame twice and, if wanted, a slider of its own.

import { all, byId, copyOf, find } from "../shared/elements.js";
import { Pair } from "./pair.js";

/** @typedef {{ item: HTMLElement, slider: HTMLInputElement, pair: Pair }} Card */

// Lines of text that are as high as a picture: all pictures of the list are about as large.
const LINES = 17;

export class Cards {
  #page;
  #enlarge;
  /** @type {Map<number, Card>} */
  #cards = new Map();

  /**
   * @param {import("./pair.js").Shown} page
   * @param {(number: number) => void} enlarge called with the number of a frame that was clicked
   */
  constructor(page, enlarge) {
    this.#page = page;
    this.#enlarge = enlarge;
  }

  /**
   * Show the cards of these frames and no others.
   *
   * @param {number[]} numbers
   */
  show(numbers) {
    const wanted = numbers.map((number) => this.#card(number).item);
    const list = byId("pairs", HTMLElement);
    if (wanted.length !== list.children.length || wanted.some((item, place) => item !== list.children[place])) {
      list.replaceChildren(...wanted);
    }
    for (const number of numbers) this.draw(number);
  }

  /** @param {number} number */
  draw(number) {
    const { pair, slider, item } = this.#card(number);
    const { checkpoints, placeOf, foundOn, threshold, isEachItsOwn } = this.#page;
    find(item, ".own-slider", HTMLElement).hidden = !isEachItsOwn();
    checkpoints.show(slider, find(item, ".own-words", HTMLElement), placeOf(number));
    pair.draw(foundOn(number), threshold(), LINES);
  }

  /** @param {number} number */
  #card(number) {
    const card = this.#cards.get(number) ?? this.#newCard(number);
    this.#cards.set(number, card);
    return card;
  }

  /**
   * @param {number} number
   * @returns {Card}
   */
  #newCard(number) {
    const { frames, colors, move } = this.#page;
    const { name } = frames[number];
    const item = copyOf("pair");
    const slider = find(item, "input", HTMLInputElement);
    find(item, ".file-name", HTMLElement).textContent = name;
    slider.setAttribute("aria-label", `Checkpoint of ${name}`);
    slider.addEventListener("input", () => move(number, Number(slider.value)));
    for (const button of all(item, "button", HTMLButtonElement)) {
      button.addEventListener("click", () => this.#enlarge(number));
    }
    return { item, slider, pair: new Pair(item, frames[number], colors) };
  }
}
