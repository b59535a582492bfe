// What this browser is uploading, one below the other: how far, how fast, how long it still takes, and buttons.

import { pace } from "../../datasets/pace.js";
import { all, byId, closest, copyOf, find, say } from "../../shared/elements.js";
import { VideoUpload } from "./video-upload.js";

const AT_A_TIME = 2;
// Before that, what a network takes in at once says nothing of its speed.
const MILLISECONDS_TO_MEASURE = 1_000;
const MILLISECONDS_BETWEEN_QUESTIONS = 5_000;

/** @typedef {import("./video-upload.js").Chosen} Chosen */

class Item {
  /** When the present run began, and how much was sent then. */
  #since = performance.now();
  #before = 0;
  #state = "";

  /**
   * @param {Chosen} chosen
   * @param {import("./video-upload.js").Door} door
   * @param {Tray} tray
   */
  constructor(chosen, door, tray) {
    this.element = copyOf("upload-item");
    this.upload = new VideoUpload(chosen, door, () => tray.changed(this));
    this.isBegun = false;
    find(this.element, "[data-name]", HTMLElement).textContent = chosen.name;
  }

  begin() {
    this.isBegun = true;
    this.upload.start();
  }

  /** @param {DOMStringMap} sentences */
  show(sentences) {
    const { upload } = this;
    if (upload.state !== this.#state) {
      this.#state = upload.state;
      this.#since = performance.now();
      this.#before = upload.sent;
    }
    const percent = upload.total ? Math.floor((100 * upload.sent) / upload.total) : 0;
    const bar = find(this.element, "progress", HTMLProgressElement);
    if (upload.total) bar.value = upload.state === "done" ? 100 : percent;
    else bar.removeAttribute("value");
    find(this.element, "[data-percent]", HTMLOutputElement).value = upload.total ? `${percent}%` : "";
    say(find(this.element, "[data-words]", HTMLElement), this.#words(sentences));
    this.#showButtons();
    this.#showRefusals(sentences);
  }

  /** @param {DOMStringMap} sentences */
  #words(sentences) {
    const { state, sent, total } = this.upload;
    if (!this.isBegun) return sentences.waits ?? "";
    if (state === "broken") return this.upload.words || (sentences.broken ?? "");
    const keys = { looks: "looks", paused: "paused", offline: "offline", "signed-out": "signedOut", done: "done" };
    if (state in keys) return sentences[keys[/** @type {keyof typeof keys} */ (state)]] ?? "";
    const milliseconds = performance.now() - this.#since;
    if (state !== "sends" || !total || milliseconds < MILLISECONDS_TO_MEASURE || sent <= this.#before) return "";
    return pace(sent - this.#before, total - this.#before, milliseconds / 1000);
  }

  #showButtons() {
    const { state, isOver } = this.upload;
    const shown = {
      pause: !isOver && state !== "paused",
      resume: state === "paused",
      again: ["offline", "broken", "signed-out"].includes(state),
      cancel: !isOver,
      close: isOver,
    };
    for (const [what, is] of Object.entries(shown)) find(this.element, `[data-do=${what}]`, HTMLElement).hidden = !is;
  }

  /** @param {DOMStringMap} sentences */
  #showRefusals(sentences) {
    const list = find(this.element, "[data-refused]", HTMLElement);
    list.hidden = !this.upload.refusals.length;
    if (list.childElementCount === this.upload.refusals.length) return;
    list.setAttribute("role", "alert");
    list.replaceChildren(
      ...this.upload.refusals.map((words) =>
        Object.assign(document.createElement("li"), { textContent: sentences[words] ?? words }),
      ),
    );
  }
}

export class Tray {
  #root = byId("uploads", HTMLElement);
  /** @type {Item[]} */
  #items = [];
  #door;
  #asks;
  #asked = -Infinity;

  /**
   * @param {Omit<import("./video-upload.js").Door, "endpoint">} who
   * @param {() => void} asks what to do when nobody is signed in
   */
  constructor(who, asks) {
    this.#door = { ...who, endpoint: new URL(this.#root.dataset.endpoint ?? "", location.href).href };
    this.#asks = asks;
    this.#root.addEventListener("click", (event) => this.#click(event));
    addEventListener("online", () => this.resume("offline"));
  }

  /** @param {Chosen[]} chosen */
  add(chosen) {
    for (const each of chosen) {
      const item = new Item(each, this.#door, this);
      this.#items.push(item);
      find(this.#root, "[data-items]", HTMLElement).append(item.element);
    }
    this.#beginNext();
  }

  /** @param {Item} item */
  changed(item) {
    if (item.upload.state === "signed-out") this.#ask();
    this.#beginNext();
    if (item.upload.isOver) document.body.dispatchEvent(new CustomEvent("list-changed"));
  }

  /** Ask who is signed in, but not again and again: a browser may keep no cookies. */
  #ask() {
    if (performance.now() - this.#asked < MILLISECONDS_BETWEEN_QUESTIONS) return;
    this.#asked = performance.now();
    this.#asks();
  }

  /** Go on with what stopped for this reason. @param {"offline" | "signed-out"} stop */
  resume(stop) {
    for (const { upload } of this.#items) if (upload.state === stop) upload.start();
  }

  #beginNext() {
    const running = this.#items.filter(({ isBegun, upload }) => isBegun && !upload.isOver && upload.state !== "paused");
    const next = this.#items.find(({ isBegun }) => !isBegun);
    if (next && running.length < AT_A_TIME) next.begin();
    this.#show();
  }

  #show() {
    for (const item of this.#items) item.show(this.#root.dataset);
    this.#root.hidden = !this.#items.length;
    for (const guard of all(this.#root, "[data-guard]", HTMLElement)) {
      guard.hidden = this.#items.every(({ upload }) => upload.isOver);
    }
  }

  /** @param {Event} event */
  #click(event) {
    const button = closest(event.target, "[data-do]", HTMLElement);
    const item = this.#items.find(({ element }) => button && element.contains(button));
    if (!button || !item) return;
    const what = button.dataset.do;
    if (what === "pause") item.upload.pause();
    else if (what === "cancel") this.#cancel(item);
    else if (what === "close") this.#remove(item);
    else if (item.upload.state === "signed-out") this.#asks();
    else item.upload.start();
  }

  /** @param {Item} item */
  async #cancel(item) {
    await item.upload.cancel();
    this.#remove(item);
    document.body.dispatchEvent(new CustomEvent("list-changed"));
  }

  /** @param {Item} item */
  #remove(item) {
    this.#items = this.#items.filter((each) => each !== item);
    item.element.remove();
    this.#show();
  }
}
