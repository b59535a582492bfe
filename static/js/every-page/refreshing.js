// A part of the page that refreshes itself as often as the server says. While nobody looks it does so only where the
// server says how often then: something on it is waited for.

import { all, byId, closest, find, query } from "../shared/elements.js";

// The person is signed out, or the page is of another team: asking again changes nothing before that does.
const REFUSALS = [401, 409];
const SECONDS_AFTER_A_FAILURE = 5;

class Refreshing {
  #part;
  #timer = 0;

  /** @param {HTMLElement} part */
  constructor(part) {
    this.#part = part;
    // Capture: the boxes are set before htmx, at the form, sends what is selected.
    part.addEventListener("change", (event) => selectAll(part, event), { capture: true });
    part.addEventListener("htmx:afterRequest", (event) => this.#answered(event.detail));
    part.addEventListener("htmx:beforeSwap", (event) => keepFocus(part, event));
    document.addEventListener("visibilitychange", () => this.#refreshIn(document.hidden ? this.#secondsBetween() : 0));
    document.addEventListener("page-resumed", () => this.#refreshIn(0));
    this.#refreshIn(this.#secondsBetween());
  }

  /** Return Infinity for "not before somebody looks again". */
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

  /** @param {import("../globals.d.ts").HtmxRequest} request */
  #answered({ elt, xhr, successful }) {
    if (elt !== this.#part) return;
    if (REFUSALS.includes(xhr.status)) clearTimeout(this.#timer);
    else this.#refreshIn(Math.max(successful ? 0 : SECONDS_AFTER_A_FAILURE, this.#secondsBetween()));
  }
}

/**
 * A focus whose button has gone, or cannot be used any more, would fall back to the top of the page.
 *
 * @param {HTMLElement} part
 * @param {CustomEvent<import("../globals.d.ts").HtmxRequest>} event
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
