// The pointers that are down on the frame. A hand that rests on the screen beside a pen is none.

/** @typedef {import("./geometry.js").Point} Point */

// So long after the pen was seen last, the hand may still lie there.
const HAND_STAYS_MS = 1_500;

export class Pointers {
  /** Where each one is, in pixels of the window. @type {Map<number, Point>} */
  #places = new Map();
  #penSeen = -HAND_STAYS_MS;
  #isPenDown = false;

  get count() {
    return this.#places.size;
  }

  /** Where a pointer was last, undefined for one that isn't down. @param {PointerEvent} event */
  placeOf({ pointerId }) {
    return this.#places.get(pointerId);
  }

  /** Where another pointer is. @param {PointerEvent} event */
  besides({ pointerId }) {
    return [...this.#places].find(([pointer]) => pointer !== pointerId)?.[1];
  }

  /**
   * @param {PointerEvent} event
   * @param {Point} at
   */
  put({ pointerId }, at) {
    this.#places.set(pointerId, at);
  }

  /** A pointer is up; returns whether it was down. @param {PointerEvent} event */
  lift({ pointerId }) {
    return this.#places.delete(pointerId);
  }

  /**
   * Note an event of a pen, which takes over from the hand that came down before it; returns whether there was one.
   *
   * @param {PointerEvent} event
   */
  penTakesOver({ pointerType, pointerId, timeStamp, buttons }) {
    if (pointerType !== "pen") return false;
    this.#penSeen = timeStamp;
    this.#isPenDown = buttons > 0;
    const others = [...this.#places.keys()].filter((pointer) => pointer !== pointerId);
    for (const pointer of others) this.#places.delete(pointer);
    return others.length > 0;
  }

  /** Whether it is a hand beside a pen that is in use, or was a moment ago. @param {PointerEvent} event */
  isHand({ pointerType, timeStamp }) {
    return pointerType === "touch" && (this.#isPenDown || timeStamp - this.#penSeen < HAND_STAYS_MS);
  }
}
