// Boxes and the view, moved by keys.

import { drawBox, placeBoxes } from "../acts/boxes.js";
import { moved, resized } from "./geometry.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("./geometry.js").Point} Point
 */

/**
 * Move the chosen boxes.
 *
 * @param {Workbench} workbench
 * @param {Point} by in pixels of the frame
 */
export function nudge(workbench, by) {
  const { chosen, frame } = workbench;
  if (!frame || !chosen.length) return;
  const places = moved(
    chosen.map((box) => box.corners),
    by,
    frame,
  );
  placeBoxes(workbench, new Map(chosen.map((box, place) => [box.key, places[place]])), "move");
}

/**
 * Move the lower right corner of the chosen boxes.
 *
 * @param {Workbench} workbench
 * @param {Point} by in pixels of the frame
 */
export function stretch(workbench, by) {
  const { chosen, frame } = workbench;
  if (!frame || !chosen.length) return;
  const places = chosen.map((box) => resized(box.corners, "se", by, frame));
  placeBoxes(workbench, new Map(chosen.map((box, place) => [box.key, places[place]])), "resize");
}

/**
 * Draw a box in the middle of what is seen, to be moved into its place.
 *
 * @param {Workbench} workbench
 * @param {import("./view.js").View} view
 */
export function drawInTheMiddle(workbench, view) {
  const { frame } = workbench;
  if (!frame) return;
  const { width, height } = view.window;
  const middle = view.inFrame({ x: width / 2, y: height / 2 });
  const half = Math.max(8, Math.round(Math.min(width, height) / view.scale / 8));
  const [corners] = moved(
    [
      [
        Math.round(middle.x) - half,
        Math.round(middle.y) - half,
        Math.round(middle.x) + half,
        Math.round(middle.y) + half,
      ],
    ],
    { x: 0, y: 0 },
    frame,
  );
  drawBox(workbench, inside(corners, frame));
}

/**
 * @param {import("./geometry.js").Corners} corners
 * @param {import("./geometry.js").Size} frame
 * @returns {import("./geometry.js").Corners}
 */
function inside([xmin, ymin, xmax, ymax], { width, height }) {
  return [Math.max(0, xmin), Math.max(0, ymin), Math.min(width, xmax), Math.min(height, ymax)];
}

/**
 * Choose the next box in reading order, or the one before; after the last comes the first.
 *
 * @param {Workbench} workbench
 * @param {number} direction 1 or -1
 */
export function chooseNext(workbench, direction) {
  const boxes = inReadingOrder(workbench.frame?.boxes ?? []);
  if (!boxes.length) return;
  const at = boxes.findIndex((box) => workbench.selection.has(box.key));
  const next = at < 0 ? (direction > 0 ? 0 : boxes.length - 1) : (at + direction + boxes.length) % boxes.length;
  workbench.select([boxes[next].key]);
}

/** @param {import("../editing/frames.js").Box[]} boxes */
export function inReadingOrder(boxes) {
  return boxes.toSorted((one, other) => one.corners[1] - other.corners[1] || one.corners[0] - other.corners[0]);
}
