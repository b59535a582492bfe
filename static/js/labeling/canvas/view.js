// Which part of the frame is seen, and how large.

import { between } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./geometry.js").Size} Size
 */

const LARGEST = 32;
// So much of the window stays free around a frame that fits into it, and around the ends of a larger one.
const MARGIN = 12;

/** Pixels of the frame become pixels of the window: `scale` times as large, from (`x`, `y`) on. */
export class View {
  scale = 1;
  x = 0;
  y = 0;
  /** Whether the whole frame is seen, as large as the window allows. */
  isWhole = true;
  /** @type {Size} */
  #frame = { width: 1, height: 1 };
  /** @type {Size} */
  #window = { width: 1, height: 1 };

  get window() {
    return this.#window;
  }

  /**
   * Look at a frame in a window. What was seen stays, unless one of them has another size.
   *
   * @param {Size} frame
   * @param {Size} window
   */
  look(frame, window) {
    const isOther = frame.width !== this.#frame.width || frame.height !== this.#frame.height;
    this.#frame = { width: frame.width, height: frame.height };
    this.#window = window;
    if (isOther || this.isWhole) this.fit();
    else this.#place();
  }

  /** See the whole frame. */
  fit() {
    this.scale = this.#smallest();
    this.isWhole = true;
    this.#place();
  }

  /**
   * See a part of the frame as large as the window allows, with some room around it.
   *
   * @param {import("./geometry.js").Corners} corners
   */
  zoomTo([xmin, ymin, xmax, ymax]) {
    const { width, height } = this.#window;
    const fitting = Math.min(width / (xmax - xmin), height / (ymax - ymin)) / 2;
    this.scale = between(fitting, this.#smallest(), LARGEST);
    this.isWhole = this.scale === this.#smallest();
    this.x = width / 2 - ((xmin + xmax) / 2) * this.scale;
    this.y = height / 2 - ((ymin + ymax) / 2) * this.scale;
    this.#place();
  }

  /**
   * See everything `factor` times as large. What is at that point of the window stays there.
   *
   * @param {number} factor
   * @param {Point} at
   */
  zoom(factor, at = { x: this.#window.width / 2, y: this.#window.height / 2 }) {
    const scale = between(this.scale * factor, this.#smallest(), LARGEST);
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.isWhole = scale === this.#smallest();
    this.#place();
  }

  /** @param {Point} by in pixels of the window */
  pan(by) {
    this.x += by.x;
    this.y += by.y;
    this.#place();
  }

  /**
   * Return the point of the frame at a point of the window.
   *
   * @param {Point} point
   * @returns {Point}
   */
  inFrame({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  #smallest() {
    const { width, height } = this.#window;
    const room = { width: Math.max(1, width - 2 * MARGIN), height: Math.max(1, height - 2 * MARGIN) };
    return Math.min(room.width / this.#frame.width, room.height / this.#frame.height, LARGEST);
  }

  #place() {
    this.x = placed(this.x, this.#frame.width * this.scale, this.#window.width);
    this.y = placed(this.y, this.#frame.height * this.scale, this.#window.height);
  }
}

/**
 * A frame that is smaller than the window is in its middle; a larger one fills it.
 *
 * @param {number} place
 * @param {number} length
 * @param {number} room
 */
function placed(place, length, room) {
  return length + 2 * MARGIN <= room ? (room - length) / 2 : between(place, room - length - MARGIN, MARGIN);
}
