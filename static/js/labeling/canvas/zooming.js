// Wheel, touchpad and two fingers change the view.

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./stage.js").Stage} Stage
 */

const WHEEL = 0.0015;
// A pinch on a touchpad comes as a wheel with the Ctrl key, in smaller steps.
const PINCH = 0.01;
const LINE_PIXELS = 16;

/**
 * The wheel zooms where the pointer is; with Shift it moves the view.
 *
 * @param {Stage} stage
 */
export function listenToWheel(stage) {
  stage.element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
      const [x, y] = [event.deltaX * unit, event.deltaY * unit];
      if (event.shiftKey) stage.view.pan({ x: -(x || y), y: x ? -y : 0 });
      else stage.view.zoom(Math.exp(-y * (event.ctrlKey ? PINCH : WHEEL)), stage.at(event));
      stage.draw();
    },
    { passive: false },
  );
}

/**
 * One of two fingers moved: what is between them stays between them.
 *
 * @param {Stage} stage
 * @param {Point} before
 * @param {Point} at
 * @param {Point} other where the other finger is
 */
export function pinch(stage, before, at, other) {
  const distance = Math.hypot(before.x - other.x, before.y - other.y);
  const factor = distance ? Math.hypot(at.x - other.x, at.y - other.y) / distance : 1;
  stage.view.pan({ x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
  stage.view.zoom(factor, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  stage.draw();
}
