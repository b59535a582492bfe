// A part of the page that refreshes itself as often as the server says. On a hidden page it does so only where the server
// says how often then: someone waits for something on it.

import { all, byId, closest, find, query } from "../shared/elements.js";

// The person is signed out, or the page is of another team: asking again changes nothing before that does.
const REFUSALS = [401, 409];
// After the first failure in a row, the second, and so on: a short gap heals at once, and a busy server gets time.
const SECONDS_AFTER_FAILURES = [1, 2, 4, 8, 15];

class Refreshing {
  #part;
  #timer = 0;
  #failures = 0;

  /** @param {HTMLElement} part */
  constructor(part) {
    this.#part = part;
    // Capture: the boxes are set before htmx, at the form, sends what is selected.
    part.addEventListener("change", (event) => selectAll(part, event), { capture: true });
    part.addEventListener("htmx:afterRequest", (event) => this.#answered(event.detail));
    part.addEventListener("htmx:beforeSwap", (event) => keepFocus(part, event));
    document.addEventListener("visibilitychange", () => this.#refreshIn(document.hidden ? this.#secondsBetween() : 0));
    document.addEventListener("page-resumed", () => this.#refreshIn(0));
    addEventListener("online", () => this.#refreshIn(0));
    addEventListener("pageshow", () => this.#refreshIn(isFilledIn(part) ? 0 : this.#secondsBetween()));
  }

  /** Return Infinity for "not before the page is shown again". */
  #secondsBetween() {
    const { refreshSeconds, hiddenSeconds } = find(this.#part, "[data-refresh-seconds]", HTMLElement).dataset;
    return Number(document.hidden ? (hiddenSeconds ?? Infinity) : refreshSeconds);
  }

  /** @param {number} seconds */
  #refreshIn(seconds) {
    clearTimeout(this.#timer);
    if (seconds < Infinity) {
      this.#timer = window.setTimeout(() => window.htmx.trigger(this.#part, "refresh"), seconds * 1000);
    }
  }

  /** @param {import("../shared/globals.d.ts").HtmxRequest} request */
  #answered({ elt, xhr, successful }) {
    if (elt !== this.#part) return;
    this.#failures = successful ? 0 : this.#failures + 1;
    if (REFUSALS.includes(xhr.status)) clearTimeout(this.#timer);
    else this.#refreshIn(successful ? this.#secondsBetween() : this.#secondsUntilNextTry());
  }

  #secondsUntilNextTry() {
    const wait = SECONDS_AFTER_FAILURES.at(this.#failures - 1) ?? SECONDS_AFTER_FAILURES.at(-1) ?? 0;
    return document.hidden ? Math.max(wait, this.#secondsBetween()) : wait;
  }
}

/**
 * After Back or a reload the browser itself checks boxes and fills in fields, and tells no one.
 *
 * @param {HTMLElement} part
 */
function isFilledIn(part) {
  const boxes = all(part, "input[type=checkbox]", HTMLInputElement);
  const texts = all(part, "input:not([type=checkbox])", HTMLInputElement);
  const selects = all(part, "option", HTMLOptionElement);
  return (
    boxes.some((box) => box.checked !== box.defaultChecked) ||
    texts.some((text) => text.value !== text.defaultValue) ||
    selects.some((option) => option.defaultSelected && !option.selected)
  );
}

/**
 * A focus whose button has gone, or cannot be used any more, would fall back to the top of the page.
 *
 * @param {HTMLElement} part
 * @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event
 */
function keepFocus(part, event) {
  const { target } = event.detail;
  const focused = document.activeElement;
  if (event.target !== target || !focused || !part.contains(focused)) return;
  const lookAfter = () => {
    const isUsable = focused.isConnected && !focused.matches(":disabled");
    if (!isUsable) byId("content", HTMLElement).focus({ preventScroll: true });
  };
  target.addEventListener("htmx:afterSwap", lookAfter, { once: true });
}

/**
 * @param {HTMLElement} part
 * @param {Event} event
 */
function selectAll(part, event) {
  const box = closest(event.target, "[data-select-all]", HTMLInputElement);
  if (!box) return;
  for (const other of all(part, ".cell-select input", HTMLInputElement)) other.checked = box.checked;
}

const part = query(document, "[data-live]", HTMLElement);
if (part) new Refreshing(part);

// What the reader has opened stays open, and a time already shown in the reader's zone stays as it is.
Object.assign(window.Idiomorph.defaults.callbacks, {
  /**
   * @param {string} name
   * @param {Element} element
   */
  beforeAttributeUpdated: (name, element) => !(name === "open" && element.tagName === "DETAILS"),
  /**
   * @param {Node} old
   * @param {Node} fresh
   */
  beforeNodeMorphed: (old, fresh) => {
    const areTimes = old instanceof HTMLTimeElement && fresh instanceof HTMLTimeElement;
    return !(areTimes && old.dateTime === fresh.dateTime);
  },
});
