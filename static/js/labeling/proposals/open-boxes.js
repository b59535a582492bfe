// The boxes that a model proposes and no one has looked at yet: found, accepted and rejected, each time as one step.

import { frameEdit } from "../editing/edits.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/frames.js").Frame} Frame
 * @typedef {import("../editing/frames.js").Box} Box
 * @typedef {import("../editing/edits.js").Look} Look
 * @typedef {import("../editing/edits.js").FrameEdit} FrameEdit
 */

/** @param {Box} box */
export function isOpen({ origin, confirmed }) {
  return origin === "proposed" && !confirmed;
}

/**
 * Return the proposals of a frame that wait.
 *
 * @param {Frame | undefined} frame
 */
export function openBoxes(frame) {
  return frame && !frame.ignored ? frame.boxes.filter(isOpen) : [];
}

/**
 * Return the frames that have some, in their order.
 *
 * @param {Workbench} workbench
 */
export function openFrames({ frames }) {
  return frames.all().filter((frame) => openBoxes(frame).length);
}

/**
 * Return what a command is about: the selected proposals, or all of the frame that is shown.
 *
 * @param {Workbench} workbench
 */
export function meant({ frame, selection }) {
  const open = openBoxes(frame);
  const selected = open.filter((box) => selection.has(box.key));
  return selected.length ? selected : open;
}

/**
 * Accept proposals of one frame, or reject them.
 *
 * @param {Workbench} workbench
 * @param {Box[]} boxes of the frame that is shown
 * @param {boolean} accepts
 */
export function decide(workbench, boxes, accepts) {
  const { frame, history } = workbench;
  if (!frame || !boxes.length) return;
  history.do([decided(frame, boxes, accepts, false)], accepts ? "accept" : "reject");
  if (!accepts) workbench.select([]);
}

/**
 * Accept or reject all proposals that fit, in all frames, as one step.
 *
 * @param {Workbench} workbench
 * @param {(box: Box) => boolean} fits
 * @param {boolean} accepts
 * @param {boolean} [finishes] whether a frame in which nothing else waits is labeled from then on
 */
export function decideAll(workbench, fits, accepts, finishes = false) {
  const edits = openFrames(workbench).flatMap((frame) => {
    const boxes = openBoxes(frame).filter(fits);
    return boxes.length ? [decided(frame, boxes, accepts, finishes)] : [];
  });
  workbench.history.do(edits, accepts ? "accept" : "reject");
}

/**
 * @param {Frame} frame
 * @param {Box[]} boxes
 * @param {boolean} accepts
 * @param {boolean} finishes
 * @returns {FrameEdit}
 */
function decided(frame, boxes, accepts, finishes) {
  const keys = new Set(boxes.map(({ key }) => key));
  const othersWait = frame.boxes.some((box) => !box.confirmed && !keys.has(box.key));
  const marks = finishes && !frame.finished && !othersWait ? { finished: { before: false, after: true } } : {};
  const edits = boxes.map((box) => {
    const before = lookOf(box);
    return { key: box.key, before, after: accepts ? { ...before, confirmed: true } : null };
  });
  return frameEdit(frame.number, edits, marks);
}

/**
 * @param {Box} box
 * @returns {Look}
 */
function lookOf({ label, name, corners, origin, confirmed, track }) {
  return { label, name, corners, origin, confirmed, track };
}
