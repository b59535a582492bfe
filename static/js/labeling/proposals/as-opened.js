// Has the chosen model propose boxes on each new frame that a person opens, and on some behind it.

import { query } from "../../shared/elements.js";
import { requestHeaders } from "../../videos/upload/request-headers.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

const AHEAD = 20;
// A frame that a person only passes isn't opened.
const STAYS_MS = 300;
const KEPT = "label-as-opened";

export class AsOpened {
  #workbench;
  #place;
  #timer = 0;
  /** The numbers of frames that were asked for, by the model's key. @type {Map<string, Set<number>>} */
  #asked = new Map();

  /**
   * @param {Workbench} workbench
   * @param {HTMLElement} place where the panel is
   */
  constructor(workbench, place) {
    this.#workbench = workbench;
    this.#place = place;
    workbench.addEventListener("frame", () => this.#soon());
    place.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.id === "as-opened")
        localStorage.setItem(KEPT, target.checked ? "1" : "");
      this.#soon();
    });
  }

  /** The panel has come: it's on again for a person who chose it last time. */
  opened() {
    const box = query(this.#place, "#as-opened", HTMLInputElement);
    if (!box) return;
    const usual = query(this.#place, "#helpers", HTMLElement)?.dataset.labelsItself ?? "";
    box.checked = Boolean(localStorage.getItem(KEPT) ?? usual);
    this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), STAYS_MS);
  }

  async #ask() {
    const { number, total, frames } = this.#workbench;
    const form = query(this.#place, "form.helpers-form", HTMLFormElement);
    const frame = frames.get(number);
    if (!form || !query(form, "#as-opened", HTMLInputElement)?.checked || !frame || frame.finished || frame.ignored)
      return;
    const values = new FormData(form);
    const asked = this.#askedOf(String(values.get("job")));
    if (asked.has(number)) return;
    const last = Math.min(number + AHEAD, total - 1);
    for (let each = number; each <= last; each += 1) asked.add(each);
    values.set("purpose", "proposals");
    values.set("first", String(number + 1));
    values.set("last", String(last + 1));
    const address = query(this.#place, "#helpers", HTMLElement)?.dataset.start ?? "";
    const answer = await fetch(address, { method: "POST", headers: requestHeaders(), body: values }).catch(() => null);
    if (!answer?.ok) asked.delete(number); // it is asked for again when the person comes back
    query(this.#place, "#helpers-news", HTMLElement)?.dispatchEvent(new Event("asked-again"));
  }

  /** @param {string} job */
  #askedOf(job) {
    const known = this.#asked.get(job) ?? new Set();
    this.#asked.set(job, known);
    return known;
  }
}
