// The panel of reviews: what is said of the frame, the field for a comment, and a range that is approved at once.

import { all, byId, closest, find, say } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";
import { FramePart } from "./frame-part.js";
import { sent } from "./sending.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

export class ReviewPanel {
  #workbench;
  #root;
  #part;
  #text;

  /** @param {Workbench} workbench */
  constructor(workbench) {
    this.#workbench = workbench;
    this.#root = byId("reviewing", HTMLElement);
    this.#text = find(this.#root, "textarea", HTMLTextAreaElement);
    this.#part = new FramePart(workbench, byId("frame-review", HTMLElement), (number) => this.#address("part", number));
    this.#listen();
    this.#about();
  }

  /**
   * Approve the labeled frames from `first` to `last`, or take that back.
   *
   * @param {number} first
   * @param {number} last
   * @param {"reviewed" | ""} review
   */
  async approve(first, last, review) {
    const told = await this.#send(this.#root.dataset.approve ?? "", { first: `${first}`, last: `${last}`, review });
    return told?.count;
  }

  /** Send the frame back for the reason in the field; where it's empty, ask for one. */
  async sendBack() {
    if (this.#text.value.trim()) await this.#sendText("sendBack");
    else this.write();
  }

  /** Go to the field, after whatever else a click on a button does. */
  write() {
    setTimeout(() => this.#text.focus());
  }

  #listen() {
    const { frames } = this.#workbench;
    find(this.#root, "#comment", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendText("comment");
    });
    byId("approve-range", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#approveRange();
    });
    this.#root.addEventListener("click", ({ target }) => {
      const button = closest(target, "[data-resolve]", HTMLElement);
      if (button) this.#resolve(button.dataset.resolve ?? "", button.dataset.resolved ?? "");
    });
    for (const what of ["frame", "selection", "labels"]) this.#workbench.addEventListener(what, () => this.#about());
    frames.addEventListener("change", () => this.#about());
  }

  /** Say what the comment is about, and offer what can be done with the frame. */
  #about() {
    const { frame, chosen } = this.#workbench;
    const [box] = chosen.length === 1 ? chosen : [];
    const label = find(this.#root, "[data-about]", HTMLElement);
    const name = box && this.#workbench.shownLabel(box).name;
    say(label, name ? filled(this.#root.dataset.box, { name }) : (this.#root.dataset.frame ?? ""));
    const isReviewed = frame?.review === "reviewed" && frame.finished;
    find(this.#root, "[data-command=take-back]", HTMLElement).hidden = !isReviewed;
    find(this.#root, "[data-command=approve]", HTMLElement).hidden = isReviewed;
  }

  /** @param {"comment" | "sendBack"} what */
  async #sendText(what) {
    const { chosen, number } = this.#workbench;
    const box = chosen.length === 1 ? chosen[0].key : "";
    const told = await this.#send(this.#address(what, number), { text: this.#text.value, box });
    if (!told) return;
    this.#text.value = "";
    this.#part.refresh();
  }

  /**
   * @param {string} address
   * @param {string} resolved
   */
  async #resolve(address, resolved) {
    if (await this.#send(address, { resolved })) this.#part.refresh();
  }

  async #approveRange() {
    const form = byId("approve-range", HTMLFormElement);
    const [first, last] = all(form, "input", HTMLInputElement).map(({ value }) => Number(value) - 1);
    const count = await this.approve(Math.max(first, 0), Math.max(last, 0), "reviewed");
    if (count === undefined) return;
    say(find(form, "[role=status]", HTMLElement), filled(form.dataset.approved, { count: counted(count) }));
  }

  /**
   * Send it, and say why where that fails. Returns what the server said.
   *
   * @param {string} address
   * @param {Record<string, string>} fields
   */
  async #send(address, fields) {
    const error = find(this.#root, ".review-error", HTMLElement);
    const { offline } = this.#root.dataset;
    /** @type {import("./sending.js").Told} */
    const failed = { frames: [], detail: offline };
    const told = await sent(this.#workbench, address, fields).catch(() => failed);
    say(error, told.detail ?? "");
    return told.detail ? undefined : told;
  }

  /**
   * The templates give the addresses of the frame with the number 0.
   *
   * @param {"part" | "comment" | "sendBack"} what
   * @param {number} number
   */
  #address(what, number) {
    return (this.#root.dataset[what] ?? "").replace("/frames/0/", `/frames/${number}/`);
  }
}
