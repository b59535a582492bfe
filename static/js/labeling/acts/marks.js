// What a person says of a frame: all labeled, nothing here, ignored.

import { frameEdit } from "../editing/edits.js";
import { lookOf } from "./boxes.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

/**
 * All objects are labeled. A person who says so has looked at every box.
 *
 * @param {Workbench} workbench
 */
export function finish({ history, frame }) {
  if (!frame || frame.finished) return;
  const boxes = frame.boxes
    .filter((box) => !box.confirmed)
    .map((box) => ({ key: box.key, before: lookOf(box), after: { ...lookOf(box), confirmed: true } }));
  history.do([frameEdit(frame.number, boxes, { finished: { before: false, after: true } })], "finish");
}

/**
 * There is no object in the frame: whatever boxes it has are deleted.
 *
 * @param {Workbench} workbench
 */
export function nothingHere({ history, frame }) {
  if (!frame || (frame.finished && !frame.boxes.length)) return;
  const boxes = frame.boxes.map((box) => ({ key: box.key, before: lookOf(box), after: null }));
  history.do([frameEdit(frame.number, boxes, { finished: { before: frame.finished, after: true } })], "nothing-here");
}

/**
 * The frame isn't finished after all.
 *
 * @param {Workbench} workbench
 */
export function reopen({ history, frame }) {
  if (frame?.finished)
    history.do([frameEdit(frame.number, [], { finished: { before: true, after: false } })], "reopen");
}

/**
 * Leave the frame out of datasets, or take it in again.
 *
 * @param {Workbench} workbench
 */
export function turnIgnored({ history, frame }) {
  if (!frame) return;
  const ignored = { before: frame.ignored, after: !frame.ignored };
  history.do([frameEdit(frame.number, [], { ignored })], frame.ignored ? "take-in" : "ignore");
}
