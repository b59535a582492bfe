// The sentences of the page, which stand in its template; this shows the one that is called for.

import { all } from "../shared/elements.js";

const MILLISECONDS_BETWEEN = 3000;

/**
 * Show the note of that name alone; "" shows none.
 *
 * @param {string} name
 */
export function note(name) {
  for (const one of all(document, "[data-note]", HTMLElement)) one.hidden = one.dataset.note !== name;
}

/** A status line that a screen reader reads aloud: says the newest sentence, at most once in a few seconds. */
export class Announcer {
  #place;
  #timer = 0;
  #next = 0;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
  }

  /** @param {string} sentence */
  say(sentence) {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#next - performance.now());
    this.#timer = window.setTimeout(() => this.#speak(sentence), wait);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#place.textContent = "";
  }

  /** @param {string} sentence */
  #speak(sentence) {
    if (this.#place.textContent === sentence) return;
    this.#place.textContent = sentence;
    this.#next = performance.now() + MILLISECONDS_BETWEEN;
  }
}
