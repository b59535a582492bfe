// The sentences of the page, which stand in its template; this shows the one that is called for.

const notes = document.querySelectorAll("[data-note]");

// Shows the note of that name alone; "" shows none.
export function note(name) {
  notes.forEach((one) => (one.hidden = one.dataset.note !== name));
}

const MILLISECONDS_BETWEEN = 3000;

// A status line that a screen reader reads aloud: says the newest sentence, and not more often than every few seconds.
export class Announcer {
  #place;
  #timer = 0;
  #next = 0;

  constructor(place) {
    this.#place = place;
  }

  say(sentence) {
    clearTimeout(this.#timer);
    const wait = Math.max(0, this.#next - performance.now());
    this.#timer = setTimeout(() => this.#speak(sentence), wait);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#place.textContent = "";
  }

  #speak(sentence) {
    if (this.#place.textContent === sentence) return;
    this.#place.textContent = sentence;
    this.#next = performance.now() + MILLISECONDS_BETWEEN;
  }
}
