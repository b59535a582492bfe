// Mouse, pen and fingers on the frame. One draws, moves and resizes; two fingers zoom and move the view.

import { drawBox, placeBoxes } from "../acts/boxes.js";
import { boxesAt, drawn, moved, resized, touch } from "./geometry.js";
import { Pointers } from "./pointers.js";
import { heldHandle, isOnChosen, pointAt } from "./targets.js";
import { listenToWheel, pinch } from "./zooming.js";

/**
 * @typedef {import("./geometry.js").Corners} Corners
 * @typedef {import("./geometry.js").Handle} Handle
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("../editing/frames.js").Box} Box
 *
 * What a pointer began to do. `from`: in pixels of the frame. `hasMoved`: it is more than a click.
 * @typedef {{ does: "draw" | "choose" | "move" | "resize" | "pan", from: Point, at: Point, hasMoved: boolean,
 *   boxes: Box[], handle: Handle }} Drag
 */

const CLICK_PIXELS = 4;

export class Gestures {
  #stage;
  #workbench;
  #pointers = new Pointers();
  /** @type {Drag | null} */
  #drag = null;

  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    const { element, workbench } = stage;
    this.#stage = stage;
    this.#workbench = workbench;
    element.addEventListener("pointerdown", (event) => this.#counts(event) && this.#down(event));
    element.addEventListener("pointermove", (event) => this.#counts(event) && this.#move(event));
    element.addEventListener("pointerup", (event) => this.#counts(event) && this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#lifted(event));
    element.addEventListener("pointerleave", () => this.#guide(null));
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    listenToWheel(stage);
    workbench.addEventListener("frame", () => this.cancel());
  }

  /** Leave everything as it was before the pointer came down; return whether it did something. */
  cancel() {
    const wasBusy = this.#drag !== null;
    this.#drag = null;
    this.#preview(new Map(), null, null);
    return wasBusy;
  }

  /** Whether a person means it: a hand beside a pen doesn't count. @param {PointerEvent} event */
  #counts(event) {
    if (this.#pointers.penTakesOver(event)) this.cancel();
    return !this.#pointers.isHand(event);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const at = this.#stage.at(event);
    this.#stage.element.focus({ preventScroll: true });
    this.#stage.element.setPointerCapture(event.pointerId);
    this.#pointers.put(event, at);
    this.cancel();
    if (this.#pointers.count === 1 && this.#stage.isReady) this.#drag = this.#begun(event, at);
  }

  /**
   * @param {PointerEvent} event
   * @param {Point} at
   * @returns {Drag}
   */
  #begun(event, at) {
    const from = this.#stage.view.inFrame(at);
    const found = heldHandle(this.#stage, event, from);
    /** @type {Drag} */
    const drag = { does: "draw", from, at, hasMoved: false, boxes: [], handle: "" };
    if (event.button > 0) return { ...drag, does: "pan" };
    if (event.shiftKey || event.ctrlKey || event.metaKey) return { ...drag, does: "choose" };
    if (found) return { ...drag, does: "resize", boxes: [found.box], handle: found.handle };
    const { chosen } = this.#workbench;
    return isOnChosen(this.#stage, from) ? { ...drag, does: "move", boxes: chosen } : drag;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#stage.at(event);
    // A mouse that was released where no one told the page.
    if (event.pointerType === "mouse" && !event.buttons) this.#lifted(event);
    const before = this.#pointers.placeOf(event);
    const other = this.#pointers.besides(event);
    if (before && other) pinch(this.#stage, before, at, other);
    if (before) this.#pointers.put(event, at);
    this.#guide(event.pointerType === "touch" ? null : at);
    if (this.#drag && before) this.#dragged(this.#drag, event, at);
    else if (!before) pointAt(this.#stage, event);
  }

  /**
   * @param {Drag} drag
   * @param {PointerEvent} event
   * @param {Point} at
   */
  #dragged(drag, event, at) {
    const far = Math.hypot(at.x - drag.at.x, at.y - drag.at.y);
    drag.hasMoved ||= far > (event.pointerType === "touch" ? 2 * CLICK_PIXELS : CLICK_PIXELS);
    if (!drag.hasMoved) return;
    if (drag.does === "pan") {
      this.#stage.view.pan({ x: at.x - drag.at.x, y: at.y - drag.at.y });
      drag.at = at;
      this.#stage.draw();
      return;
    }
    const to = this.#stage.view.inFrame(at);
    const area = this.#area(drag, to);
    if (drag.does === "draw") this.#preview(new Map(), area, null);
    else if (drag.does === "choose") this.#preview(new Map(), null, area);
    else this.#preview(this.#places(drag, to), null, null);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const drag = this.#drag;
    const to = this.#stage.view.inFrame(this.#stage.at(event));
    if (!this.#lifted(event) || !drag || !this.#stage.isReady) return;
    if (!drag.hasMoved) this.#click(drag);
    else if (drag.does === "choose") this.#chooseIn(this.#area(drag, to));
    else if (drag.does === "draw") this.#draw(this.#area(drag, to));
    else if (drag.does !== "pan") placeBoxes(this.#workbench, this.#places(drag, to), drag.does, drag.boxes);
  }

  /** A pointer is up; returns whether it was one that counts. @param {PointerEvent} event */
  #lifted(event) {
    if (!this.#pointers.lift(event)) return false;
    this.cancel();
    return true;
  }

  /** Choose what is below: the smallest box first, with the next click the one behind it. @param {Drag} drag */
  #click({ does, from }) {
    const { frame, selection } = this.#workbench;
    if (!frame || does === "pan" || this.#stage.areBoxesHidden) return;
    const keys = boxesAt(frame.boxes, from).map((box) => box.key);
    const chosen = keys.findIndex((key) => selection.has(key));
    if (does === "choose") this.#turn(keys[0]);
    else this.#workbench.select(keys.length ? [keys[(chosen + 1) % keys.length]] : []);
  }

  /** Choose a box besides those that are, or no more. @param {string | undefined} key */
  #turn(key) {
    if (!key) return;
    const selection = new Set(this.#workbench.selection);
    if (!selection.delete(key)) selection.add(key);
    this.#workbench.select(selection);
  }

  /** @param {Corners | null} area */
  #chooseIn(area) {
    const boxes = this.#workbench.frame?.boxes ?? [];
    if (area) this.#workbench.select(boxes.filter((box) => touch(box.corners, area)).map((box) => box.key));
  }

  /** @param {Corners | null} area */
  #draw(area) {
    if (area) drawBox(this.#workbench, area);
  }

  /**
   * @param {Drag} drag
   * @param {Point} to
   */
  #area({ from }, to) {
    const { frame } = this.#workbench;
    return frame ? drawn(from, to, frame) : null;
  }

  /**
   * @param {Drag} drag
   * @param {Point} to
   * @returns {Map<string, Corners>}
   */
  #places({ does, from, boxes, handle }, to) {
    const { frame } = this.#workbench;
    if (!frame) return new Map();
    const by = { x: to.x - from.x, y: to.y - from.y };
    const corners = boxes.map((box) => box.corners);
    const places = does === "move" ? moved(corners, by, frame) : corners.map((one) => resized(one, handle, by, frame));
    return new Map(boxes.map((box, place) => [box.key, places[place]]));
  }

  /** @param {Point | null} at */
  #guide(at) {
    this.#stage.pointer = at;
    if (this.#stage.hasGuides) this.#stage.draw();
  }

  /**
   * @param {ReadonlyMap<string, Corners>} moving
   * @param {Corners | null} draft
   * @param {Corners | null} marquee
   */
  #preview(moving, draft, marquee) {
    Object.assign(this.#stage, { moving, draft, marquee });
    this.#stage.draw();
  }
}
