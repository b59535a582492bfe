// What a pointer would take hold of: an edge or a corner of a chosen box, or the box.

import { contains, handleAt } from "./geometry.js";

const REACH = { mouse: 7, pen: 10, touch: 20 };

/**
 * Return the handle of a chosen box at a point of the frame, null where none is.
 *
 * @param {import("./stage.js").Stage} stage
 * @param {PointerEvent} event
 * @param {import("./geometry.js").Point} point
 */
export function heldHandle({ view, workbench }, event, point) {
  const reach = REACH[/** @type {keyof typeof REACH} */ (event.pointerType)] ?? REACH.mouse;
  for (const box of workbench.chosen) {
    const handle = handleAt(box.corners, point, reach / view.scale);
    if (handle) return { box, handle };
  }
  return null;
}

/**
 * Whether a point of the frame is on a chosen box.
 *
 * @param {import("./stage.js").Stage} stage
 * @param {import("./geometry.js").Point} point
 */
export function isOnChosen({ workbench }, point) {
  return workbench.chosen.some((box) => contains(box.corners, point));
}

/**
 * Show by the cursor what a drag from here would do.
 *
 * @param {import("./stage.js").Stage} stage
 * @param {PointerEvent} event
 */
export function pointAt(stage, event) {
  const point = stage.view.inFrame(stage.at(event));
  const handle = heldHandle(stage, event, point)?.handle;
  stage.element.style.cursor = handle ? `${handle}-resize` : isOnChosen(stage, point) ? "move" : "crosshair";
}
