// The team's labels: one is for the next box, and becomes that of the selected boxes. A new one is made in place.

import { byId, closest, copyOf, find, say } from "../../shared/elements.js";
import { showRows } from "../../shared/rows.js";
import { drawBox, useLabel } from "../acts/boxes.js";
import { soon } from "../keys/buttons.js";
import { posted } from "../opening.js";

const DIGITS = 10;

/** @typedef {import("../editing/frames.js").Label} Label */

export class Labels {
  #workbench;
  #address;
  #root = byId("labels", HTMLElement);
  #list = find(this.#root, "ul", HTMLElement);
  #form = find(this.#root, "form", HTMLFormElement);
  #name = find(this.#root, "input", HTMLInputElement);
  #error = find(this.#root, "[role=alert]", HTMLElement);

  /**
   * @param {import("../workbench.js").Workbench} workbench
   * @param {string} address
   */
  constructor(workbench, address) {
    this.#workbench = workbench;
    this.#address = address;
    this.#list.addEventListener("click", ({ target }) => this.#use(closest(target, "[data-label]", HTMLElement)));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add(this.#name.value);
    });
    this.#name.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    workbench.addEventListener("label-wanted", () => this.#ask());
    const draw = soon(() => this.#draw());
    for (const what of ["labels", "frame", "selection", "label-wanted"]) workbench.addEventListener(what, draw);
    workbench.frames.addEventListener("change", draw);
    this.#draw();
  }

  /** @param {HTMLElement | null} button */
  #use(button) {
    const label = this.#workbench.labels.find(({ id }) => String(id) === button?.dataset.label);
    if (label) useLabel(this.#workbench, label);
  }

  #ask() {
    say(this.#error, "");
    this.#name.focus();
    this.#root.scrollIntoView({ block: "nearest" });
  }

  #leave() {
    this.#name.value = "";
    this.#workbench.forgetUnnamed();
    say(this.#error, "");
    byId("stage", HTMLElement).focus({ preventScroll: true });
  }

  /** @param {string} name */
  async #add(name) {
    const known = this.#workbench.labels.find((label) => label.name === name.trim());
    if (known) return this.#added(known);
    try {
      const answer = await posted(this.#address, JSON.stringify({ name }));
      const { detail, label, labels } = await answer.json();
      if (!answer.ok) return say(this.#error, detail);
      this.#workbench.setLabels(labels);
      this.#added(label);
    } catch {
      say(this.#error, this.#root.dataset.offline ?? "");
    }
  }

  /** @param {Label} label */
  #added(label) {
    const drawn = this.#workbench.unnamed;
    useLabel(this.#workbench, label);
    this.#leave();
    if (drawn) drawBox(this.#workbench, drawn);
  }

  #draw() {
    const { labels, label, frame, unnamed } = this.#workbench;
    find(this.#root, "[data-unnamed]", HTMLElement).hidden = !unnamed;
    const focused = closest(document.activeElement, "[data-label]", HTMLElement)?.dataset.label;
    const rows = labels.map((one, place) => {
      const row = copyOf("label-row");
      const button = find(row, "button", HTMLButtonElement);
      const count = frame?.boxes.filter((box) => box.label === one.id).length ?? 0;
      button.dataset.label = String(one.id);
      button.setAttribute("aria-pressed", String(one.id === label?.id));
      find(row, "[data-name]", HTMLElement).textContent = one.name;
      find(row, "[data-count]", HTMLElement).textContent = count ? String(count) : "";
      find(row, "kbd", HTMLElement).textContent = place < DIGITS ? String((place + 1) % 10) : "";
      find(row, ".label-color", HTMLElement).classList.add(`color-${one.color}`);
      return row;
    });
    showRows(this.#list, rows, "data-label");
    if (focused) this.#list.querySelector(`[data-label="${focused}"]`)?.closest("button")?.focus();
  }
}
