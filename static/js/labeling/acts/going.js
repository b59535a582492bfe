// From frame to frame.

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/frames.js").Frame} Frame
 */

/** @param {Frame} frame */
export function isUnlabeled(frame) {
  return !frame.finished && !frame.ignored;
}

/** @param {Frame} frame */
export function isToReview(frame) {
  return frame.finished && !frame.ignored && frame.review !== "reviewed";
}

/**
 * Return the number of the next frame that is so, behind this one and then from the start; undefined where none is.
 *
 * @param {Workbench} workbench
 * @param {(frame: Frame) => boolean} is
 * @param {number} direction 1, or -1 for the one before
 */
export function nextThat({ frames, number, total }, is, direction = 1) {
  for (let step = 1; step < total; step += 1) {
    const frame = frames.get((number + step * direction + total) % total);
    if (frame && is(frame)) return frame.number;
  }
  return undefined;
}

/**
 * Take back or do again, and show the frame in which that was.
 *
 * @param {Workbench} workbench
 * @param {"undo" | "redo"} what
 */
export function turnBack(workbench, what) {
  const step = workbench.history[what]();
  if (!step) return;
  const numbers = step.edits.map((edit) => edit.frame);
  if (!numbers.includes(workbench.number)) workbench.show(numbers[0]);
}
