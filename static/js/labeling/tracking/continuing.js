// Tracking continues by itself where a person puts a tracker's work right after it has ended.

import { boxOf } from "./objects.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/edits.js").BoxEdit} BoxEdit
 * @typedef {import("../editing/history.js").Step} Step
 * @typedef {import("./runs.js").Runs} Runs
 */

/**
 * While a tracker is at work, the server sends it back to a corrected box. Later, the page starts it again from there.
 *
 * @param {Workbench} workbench
 * @param {Runs} runs
 * @param {HTMLSelectElement} tracker
 */
export function continueByItself(workbench, runs, tracker) {
  const { history, queue, frames, total } = workbench;
  /** One after the other: the next one may find that the tracker is at work by then. */
  let turn = Promise.resolve();

  /**
   * @typedef {{ key: string, track: string }} Corrected
   * @param {Step} step
   * @param {number} frame
   * @param {(Corrected & { beginning: string })[]} boxes
   */
  const continueFrom = async (step, frame, boxes) => {
    if (!(await queue.saved())) return;
    await runs.settled();
    // A tracker that was still at work has begun anew there, and may be done by now.
    const left = boxes
      .filter(({ track, beginning }) => !runs.follows(track) && runs.beginningOf(track) === beginning)
      .filter(({ key, track }) => boxOf(frames, frame, track)?.key === key);
    if (!left.length || history.isTakenBack(step)) return;
    await runs.start({ frame, boxes: left.map(({ key }) => key), tracker: tracker.value }, step);
  };
  history.addEventListener("did", (event) => {
    if (!(event instanceof CustomEvent)) return;
    /** @type {Step} */
    const step = event.detail;
    for (const { frame, boxes } of step.edits) {
      const corrected = boxes
        .flatMap(correctedBox)
        .filter(({ track }) => waits(frame, track))
        .map((box) => ({ ...box, beginning: runs.beginningOf(box.track) }));
      if (corrected.length) turn = turn.then(() => continueFrom(step, frame, corrected));
    }
  });

  /** Whether a tracker's work after that frame, up to the next box that a person set, still waits for a look. @param {number} frame @param {string} track */
  const waits = (frame, track) => {
    for (let number = frame + 1; number < total; number += 1) {
      const box = boxOf(frames, number, track);
      if (box?.confirmed || box?.origin === "drawn" || box?.origin === "imported") return false;
      if (box?.origin === "tracked") return true;
    }
    return wasMissed(frame, track);
  };

  /** Whether a tracker has looked for the object there, and didn't find it. @param {number} frame @param {string} track */
  const wasMissed = (frame, track) => {
    const newest = runs.newestOf(track);
    return newest !== undefined && newest.lost !== null && newest.lost <= frame && frame < newest.at;
  };
}

/**
 * Return the box that an edit puts where the object is.
 *
 * @param {BoxEdit} edit
 * @returns {{ key: string, track: string }[]}
 */
function correctedBox({ key, before, after }) {
  if (!after?.track || after.origin !== "drawn" || !after.confirmed) return [];
  const isElsewhere = !before || after.corners.some((place, number) => place !== before.corners[number]);
  return isElsewhere ? [{ key, track: after.track }] : [];
}
