// A box that another person changed as well: both versions side by side, and the person chooses.

import { drawnBox } from "../../shared/boxes.js";
import { byId, closest, find } from "../../shared/elements.js";
import { svgElement } from "../../shared/svg.js";
import { counted, filled } from "../../shared/words.js";
import { lookOf } from "../acts/boxes.js";
import { frameEdit } from "../editing/edits.js";

/**
 * @typedef {import("../editing/queue.js").Conflict} Conflict
 * @typedef {import("../editing/edits.js").Look} Look
 * @typedef {import("../editing/frames.js").Frame} Frame
 */

// Of what is around the two boxes, as a part of their size.
const AROUND = 0.6;
const TEXT_LINES = 9;

export class Conflicts {
  #workbench;
  #addressOf;
  #root = byId("conflicts", HTMLElement);
  /** @type {Conflict[]} */
  #waiting = [];

  /**
   * @param {import("../workbench.js").Workbench} workbench
   * @param {(number: number) => string} addressOf of a picture
   */
  constructor(workbench, addressOf) {
    this.#workbench = workbench;
    this.#addressOf = addressOf;
    workbench.queue.addEventListener("saved", (event) => {
      if (event instanceof CustomEvent && event.detail.conflicts.length) this.#add(event.detail.conflicts);
    });
    workbench.frames.addEventListener("change", () => this.#draw());
    this.#root.addEventListener("click", ({ target }) => {
      const keep = closest(target, "[data-keep]", HTMLElement)?.dataset.keep;
      if (keep) this.#settle(keep === "mine");
      const shown = closest(target, "[data-show]", HTMLElement) && this.#waiting[0];
      if (shown) this.#workbench.show(shown.frame);
    });
  }

  /** @param {Conflict[]} conflicts */
  #add(conflicts) {
    const isKnown = (/** @type {Conflict} */ one) => conflicts.some((other) => isOfOneBox(one, other));
    this.#waiting = [...this.#waiting.filter((one) => !isKnown(one)), ...conflicts];
    this.#draw();
  }

  /** @param {boolean} isMine */
  #settle(isMine) {
    const conflict = this.#waiting.shift();
    if (conflict && isMine) {
      const { frame, key, yours } = conflict;
      const now = this.#theirs(conflict);
      this.#workbench.history.do([frameEdit(frame, [{ key, before: now, after: yours }])], "keep-mine");
    }
    this.#draw();
    byId("stage", HTMLElement).focus({ preventScroll: true });
  }

  /**
   * @param {Conflict} conflict
   * @returns {Look | null}
   */
  #theirs({ frame, key }) {
    const box = this.#workbench.frames.get(frame)?.boxes.find((one) => one.key === key);
    return box ? lookOf(box) : null;
  }

  #draw() {
    const conflict = this.#waiting[0];
    const frame = conflict && this.#workbench.frames.get(conflict.frame);
    this.#root.hidden = !frame;
    if (!frame) return;
    const theirs = this.#theirs(conflict);
    const values = { frame: counted(conflict.frame + 1), count: counted(this.#waiting.length) };
    const { several = "", one = "" } = this.#root.dataset;
    find(this.#root, "[data-told]", HTMLElement).textContent = filled(this.#waiting.length > 1 ? several : one, values);
    this.#side("mine", conflict.yours, frame, [conflict.yours, theirs]);
    this.#side("theirs", theirs, frame, [conflict.yours, theirs]);
  }

  /**
   * @param {string} whose
   * @param {Look | null} look
   * @param {Frame} frame
   * @param {(Look | null)[]} both
   */
  #side(whose, look, frame, both) {
    const side = find(this.#root, `[data-side="${whose}"]`, HTMLElement);
    find(side, "[data-look]", HTMLElement).textContent = look
      ? `${this.#workbench.shownLabel(look).name}, ${size(look)}`
      : (this.#root.dataset.deleted ?? "");
    const svg = find(side, "svg", SVGSVGElement);
    const [x, y, width, height] = seen(both, frame);
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    const { width: whole, height: high } = frame;
    const image = svgElement("image", { href: this.#addressOf(frame.number), width: whole, height: high });
    svg.replaceChildren(image, ...(look ? [this.#box(look, frame, height / TEXT_LINES)] : []));
  }

  /**
   * @param {Look} look
   * @param {Frame} frame
   * @param {number} textSize
   */
  #box(look, frame, textSize) {
    const [xmin, ymin, xmax, ymax] = look.corners;
    const { width, height } = frame;
    const { name, color } = this.#workbench.shownLabel(look);
    const box = /** @type {[number, number, number, number]} */ ([
      ymin / height,
      xmin / width,
      ymax / height,
      xmax / width,
    ]);
    return drawnBox({ label: name, box, color, score: "", mistake: "" }, frame, textSize);
  }
}

/**
 * @param {Conflict} one
 * @param {Conflict} other
 */
function isOfOneBox(one, other) {
  return one.frame === other.frame && one.key === other.key;
}

/** @param {Look} look */
function size({ corners: [xmin, ymin, xmax, ymax] }) {
  return `${Math.round(xmax - xmin)} × ${Math.round(ymax - ymin)}`;
}

/**
 * Return the part of the frame around the boxes: left, top, width, height.
 *
 * @param {(Look | null)[]} looks
 * @param {Frame} frame
 */
function seen(looks, { width, height }) {
  const corners = looks.flatMap((look) => (look ? [look.corners] : []));
  const left = Math.min(width, ...corners.map(([xmin]) => xmin));
  const top = Math.min(height, ...corners.map(([, ymin]) => ymin));
  const right = Math.max(left + 1, ...corners.map(([, , xmax]) => xmax));
  const bottom = Math.max(top + 1, ...corners.map(([, , , ymax]) => ymax));
  const around = Math.max(right - left, bottom - top) * AROUND;
  return [left - around, top - around, right - left + 2 * around, bottom - top + 2 * around];
}
