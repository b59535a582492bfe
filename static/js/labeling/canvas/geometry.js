// Boxes as they are drawn, moved and resized: never outside the frame, never without an area. All in pixels of the frame.

/**
 * @typedef {import("../editing/edits.js").Corners} Corners
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ width: number, height: number }} Size
 *
 * An edge or a corner by the letters of its sides, as in the names of cursors; "" for none.
 * @typedef {"" | "n" | "e" | "s" | "w" | "ne" | "se" | "sw" | "nw"} Handle
 */

/** No box is smaller, on either side. */
export const SMALLEST = 2;

/**
 * Return the box between two points, in whole pixels, cut off at the edges of the frame; null where nothing is left.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {Size} frame
 * @returns {Corners | null}
 */
export function drawn(from, to, frame) {
  const [xmin, xmax] = span(from.x, to.x, frame.width);
  const [ymin, ymax] = span(from.y, to.y, frame.height);
  return xmax - xmin < SMALLEST || ymax - ymin < SMALLEST ? null : [xmin, ymin, xmax, ymax];
}

/**
 * Return boxes after a move of all together. At the frame's edge they stop, and keep their size and distances.
 *
 * @param {Corners[]} boxes
 * @param {Point} by
 * @param {Size} frame
 * @returns {Corners[]}
 */
export function moved(boxes, by, frame) {
  const x = between(
    Math.round(by.x),
    -Math.min(...boxes.map(([xmin]) => xmin)),
    frame.width - Math.max(...boxes.map(([, , xmax]) => xmax)),
  );
  const y = between(
    Math.round(by.y),
    -Math.min(...boxes.map(([, ymin]) => ymin)),
    frame.height - Math.max(...boxes.map(([, , , ymax]) => ymax)),
  );
  return boxes.map(([xmin, ymin, xmax, ymax]) => [xmin + x, ymin + y, xmax + x, ymax + y]);
}

/**
 * Return the box with an edge or a corner moved. Edges stop at the frame, and before the one on the other side.
 *
 * @param {Corners} corners
 * @param {Handle} handle
 * @param {Point} by
 * @param {Size} frame
 * @returns {Corners}
 */
export function resized([xmin, ymin, xmax, ymax], handle, by, frame) {
  const x = Math.round(by.x);
  const y = Math.round(by.y);
  return [
    handle.includes("w") ? between(xmin + x, 0, xmax - SMALLEST) : xmin,
    handle.includes("n") ? between(ymin + y, 0, ymax - SMALLEST) : ymin,
    handle.includes("e") ? between(xmax + x, xmin + SMALLEST, frame.width) : xmax,
    handle.includes("s") ? between(ymax + y, ymin + SMALLEST, frame.height) : ymax,
  ];
}

/**
 * Return the handle of a box at a point. Inside a small box most of the room is left to move it by.
 *
 * @param {Corners} corners
 * @param {Point} point
 * @param {number} reach how far from an edge a point still counts as on it
 * @returns {Handle}
 */
export function handleAt([xmin, ymin, xmax, ymax], { x, y }, reach) {
  if (x < xmin - reach || x > xmax + reach || y < ymin - reach || y > ymax + reach) return "";
  const vertical = side(y, ymin, ymax, reach, "n", "s");
  const horizontal = side(x, xmin, xmax, reach, "w", "e");
  return /** @type {Handle} */ (vertical + horizontal);
}

/**
 * Whether a point is in a box.
 *
 * @param {Corners} corners
 * @param {Point} point
 */
export function contains([xmin, ymin, xmax, ymax], { x, y }) {
  return xmin <= x && x <= xmax && ymin <= y && y <= ymax;
}

/**
 * Return the boxes at a point, the smallest first: it may lie within a larger one.
 *
 * @template {{ corners: Corners }} Box
 * @param {Box[]} boxes
 * @param {Point} point
 */
export function boxesAt(boxes, point) {
  return boxes.filter(({ corners }) => contains(corners, point)).sort((one, other) => area(one) - area(other));
}

/**
 * Whether two boxes have a point in common.
 *
 * @param {Corners} one
 * @param {Corners} other
 */
export function touch(one, other) {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most
 */
export function between(number, least, most) {
  return Math.max(least, Math.min(number, most));
}

/** @param {{ corners: Corners }} box */
function area({ corners: [xmin, ymin, xmax, ymax] }) {
  return (xmax - xmin) * (ymax - ymin);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} end
 */
function span(from, to, end) {
  const ends = [from, to].map((place) => between(Math.round(place), 0, Math.floor(end)));
  return [Math.min(...ends), Math.max(...ends)];
}

/**
 * @param {number} place
 * @param {number} least
 * @param {number} most
 * @param {number} reach
 * @param {string} low
 * @param {string} high
 */
function side(place, least, most, reach, low, high) {
  const inside = Math.min(reach, (most - least) / 4);
  if (place < least + inside) return low;
  return place > most - inside ? high : "";
}
