// Edits in parts that a request can carry.

import { frameEdit } from "./edits.js";

/**
 * @typedef {import("./edits.js").FrameEdit} FrameEdit
 * @typedef {import("./stored-edits.js").Entry} Entry
 */

// Of one request. The server refuses a larger one unread.
const MOST_FRAMES = 50;
const MOST_BYTES = 48 * 1024;
// Of one frame in one request: with long labels, a box takes up to a kilobyte.
const MOST_BOXES = 40;

/**
 * Return the first entries that fit into one request, at least one.
 *
 * @param {Entry[]} waiting
 */
export function fitting(waiting) {
  let [frames, bytes] = [0, 0];
  const end = waiting.findIndex(({ edits }, place) => {
    frames += edits.length;
    bytes += bytesOf(edits);
    return place > 0 && (frames > MOST_FRAMES || bytes > MOST_BYTES);
  });
  return end < 0 ? [...waiting] : waiting.slice(0, end);
}

/**
 * Return edits in parts that fit into a request each.
 *
 * @param {FrameEdit[]} edits
 */
export function* parts(edits) {
  /** @type {FrameEdit[]} */
  let part = [];
  let bytes = 0;
  for (const edit of edits.flatMap(pieces)) {
    const more = bytesOf(edit);
    if (part.length && (part.length === MOST_FRAMES || bytes + more > MOST_BYTES)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(edit);
    bytes += more;
  }
  if (part.length) yield part;
}

/**
 * Return an edit of very many boxes as several. What is said of the frame comes with the last of them.
 *
 * @param {FrameEdit} edit
 * @returns {FrameEdit[]}
 */
function pieces(edit) {
  const first = edit.boxes.slice(0, MOST_BOXES);
  if (first.length === edit.boxes.length) return [edit];
  const rest = { ...edit, boxes: edit.boxes.slice(MOST_BOXES) };
  return [frameEdit(edit.frame, first), ...pieces(rest)];
}

/** @param {unknown} value */
function bytesOf(value) {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
