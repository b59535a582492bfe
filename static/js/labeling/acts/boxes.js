// What a person does with boxes: each is one step that can be undone.

import { frameEdit } from "../editing/edits.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/frames.js").Box} Box
 * @typedef {import("../editing/edits.js").Look} Look
 * @typedef {import("../editing/edits.js").Corners} Corners
 */

/** Return a key that no other box has. A page that didn't come over HTTPS has no crypto.randomUUID. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Return what an edit says of a box.
 *
 * @param {Box} box
 * @returns {Look}
 */
export function lookOf({ label, name, corners, origin, confirmed, track }) {
  return { label, name, corners, origin, confirmed, track };
}

/**
 * Add a box with the chosen label. Where the team has none yet, it is asked for.
 *
 * @param {Workbench} workbench
 * @param {Corners} corners
 */
export function drawBox(workbench, corners) {
  const { label, number } = workbench;
  if (!label) return workbench.wantLabel(corners);
  const key = newKey();
  /** @type {Look} */
  const after = { label: label.id, name: label.name, corners, origin: "drawn", confirmed: true, track: null };
  workbench.history.do([frameEdit(number, [{ key, before: null, after }])], "draw");
  workbench.select([key]);
}

/**
 * Place boxes anew. A box that a program made is the person's from then on.
 *
 * @param {Workbench} workbench
 * @param {ReadonlyMap<string, Corners>} places by the keys of the boxes
 * @param {string} what
 * @param {Box[]} [seen] the boxes as the person saw them, where others may have placed them anew since
 */
export function placeBoxes(workbench, places, what, seen = []) {
  const was = new Map(seen.map((box) => [box.key, box.corners]));
  const boxes = workbench.frame?.boxes.map((box) => ({ ...box, corners: was.get(box.key) ?? box.corners })) ?? [];
  const changed = boxes.filter((box) => isElsewhere(box, places.get(box.key)));
  edit(workbench, changed, what, (box) => ({
    ...lookOf(box),
    corners: places.get(box.key) ?? box.corners,
    origin: "drawn",
    confirmed: true,
  }));
}

/**
 * Give the chosen boxes a label, and use it for the next one.
 *
 * @param {Workbench} workbench
 * @param {import("../editing/frames.js").Label} label
 */
export function useLabel(workbench, label) {
  workbench.setLabel(label);
  const changed = workbench.chosen.filter((box) => box.label !== label.id);
  edit(workbench, changed, "label", (box) => ({
    ...lookOf(box),
    label: label.id,
    name: label.name,
    confirmed: true,
  }));
}

/** @param {Workbench} workbench */
export function deleteChosen(workbench) {
  const { chosen } = workbench;
  workbench.select([]);
  edit(workbench, chosen, "delete", () => null);
}

/**
 * Copy the boxes of the frame before into this one, but for objects that it has already.
 *
 * @param {Workbench} workbench
 */
export function copyPrevious(workbench) {
  const copied = copyable(workbench).map((box) => ({ key: newKey(), before: null, after: copyOf(box) }));
  workbench.history.do([frameEdit(workbench.number, copied)], "copy");
  workbench.select(copied.map(({ key }) => key));
}

/**
 * Return the boxes of the frame before that aren't in this one.
 *
 * @param {Workbench} workbench
 */
export function copyable({ frames, number, frame }) {
  const here = frame?.boxes ?? [];
  const before = frames.get(number - 1)?.boxes ?? [];
  return before.filter((box) => !here.some((other) => isSameObject(box, other)));
}

/**
 * Change boxes of the shown frame as one step.
 *
 * @param {Workbench} workbench
 * @param {Box[]} boxes
 * @param {string} what
 * @param {(box: Box) => Look | null} after
 */
export function edit(workbench, boxes, what, after) {
  if (!boxes.length) return;
  const edits = boxes.map((box) => ({ key: box.key, before: lookOf(box), after: after(box) }));
  workbench.history.do([frameEdit(workbench.number, edits)], what);
}

/**
 * @param {Box} box
 * @param {Corners | undefined} corners
 */
function isElsewhere(box, corners) {
  return corners?.some((place, number) => place !== box.corners[number]);
}

/** @param {Box} box */
function copyOf(box) {
  return { ...lookOf(box), origin: "drawn", confirmed: true };
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function isSameObject(one, other) {
  if (one.track && one.track === other.track) return true;
  return one.label === other.label && one.corners.every((place, number) => place === other.corners[number]);
}
