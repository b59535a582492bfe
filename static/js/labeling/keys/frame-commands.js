// The commands of frames: the way from one to the next, what is said of each, and what is undone.

import { copyable, copyPrevious } from "../acts/boxes.js";
import { isToReview, isUnlabeled, nextThat, turnBack } from "../acts/going.js";
import { finish, nothingHere, reopen, turnIgnored } from "../acts/marks.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 */

const FAR = 10;

/**
 * @param {Workbench} workbench
 * @returns {Command[]}
 */
export function frameCommands(workbench) {
  const { total } = workbench;
  const group = "Frames";
  const atStart = () => (workbench.number === 0 ? "This is the first frame" : "");
  const atEnd = () => (workbench.number === total - 1 ? "This is the last frame" : "");
  /**
   * @param {(frame: import("../editing/frames.js").Frame) => boolean} is
   * @param {number} [direction]
   */
  const goTo = (is, direction) => () => workbench.show(nextThat(workbench, is, direction) ?? workbench.number);
  const allLabeled = () => (nextThat(workbench, isUnlabeled) === undefined ? "No other frame is unlabeled" : "");
  const noneToReview = () => (nextThat(workbench, isToReview) === undefined ? "No other frame is to be reviewed" : "");
  return [
    ...steps(workbench, group, atStart, atEnd),
    { name: "first", group, words: "First frame", keys: ["Home"], run: () => workbench.show(0), whyNot: atStart },
    { name: "last", group, words: "Last frame", keys: ["End"], run: () => workbench.show(total - 1), whyNot: atEnd },
    {
      name: "next-unlabeled",
      group,
      words: "Next unlabeled frame",
      keys: ["u"],
      run: goTo(isUnlabeled),
      whyNot: allLabeled,
    },
    {
      name: "previous-unlabeled",
      group,
      words: "Previous unlabeled frame",
      keys: ["Shift+u"],
      run: goTo(isUnlabeled, -1),
      whyNot: allLabeled,
    },
    {
      name: "next-to-review",
      group,
      words: "Next frame to review",
      keys: ["r"],
      run: goTo(isToReview),
      whyNot: noneToReview,
    },
  ];
}

/**
 * Keys that are held down run through the frames.
 *
 * @param {Workbench} workbench
 * @param {string} group
 * @param {() => string} atStart
 * @param {() => string} atEnd
 * @returns {Command[]}
 */
function steps(workbench, group, atStart, atEnd) {
  /** @type {[string, string, string, number][]} */
  const ways = [
    ["next", "Next frame", "ArrowRight", 1],
    ["previous", "Previous frame", "ArrowLeft", -1],
    ["ahead", "10 frames ahead", "Shift+ArrowRight", FAR],
    ["back", "10 frames back", "Shift+ArrowLeft", -FAR],
  ];
  return ways.map(([name, words, key, by]) => ({
    name,
    group,
    words,
    keys: [key],
    run: () => workbench.show(workbench.number + by),
    whyNot: by > 0 ? atEnd : atStart,
    repeats: true,
  }));
}

/**
 * @param {Workbench} workbench
 * @param {(step: import("../editing/history.js").Step) => string} told what a step did, in words
 * @returns {Command[]}
 */
export function markCommands(workbench, told) {
  const group = "This frame";
  const { history } = workbench;
  const goOn = () => workbench.show(workbench.number + 1);
  return [
    {
      name: "finish",
      group,
      words: "All labeled, next frame",
      keys: ["Enter", " "],
      run: () => {
        finish(workbench);
        goOn();
      },
      whyNot: () => (workbench.frame?.boxes.length ? "" : "Draw a box first, or choose “Nothing Here”"),
    },
    {
      name: "nothing-here",
      group,
      words: "Nothing here, next frame",
      keys: ["n"],
      run: () => {
        nothingHere(workbench);
        goOn();
      },
    },
    {
      name: "reopen",
      group,
      words: "Not finished after all",
      keys: ["Shift+n"],
      run: () => reopen(workbench),
      whyNot: () => (workbench.frame?.finished ? "" : "This frame isn't finished"),
    },
    {
      name: "ignore",
      group,
      words: "Ignore this frame, or take it in again",
      keys: ["i"],
      run: () => turnIgnored(workbench),
      isOn: () => workbench.frame?.ignored ?? false,
    },
    {
      name: "copy-previous",
      group,
      words: "Copy the boxes of the previous frame",
      keys: ["c"],
      run: () => copyPrevious(workbench),
      whyNot: () => (copyable(workbench).length ? "" : "The previous frame has no other boxes"),
    },
    {
      name: "undo",
      group,
      words: "Undo",
      keys: ["Ctrl+z"],
      run: () => turnBack(workbench, "undo"),
      whyNot: () => (history.last ? "" : "Nothing to undo"),
      now: () => (history.last ? `Undo: ${told(history.last)}` : ""),
      repeats: true,
    },
    {
      name: "redo",
      group,
      words: "Redo",
      keys: ["Ctrl+Shift+z", "Ctrl+y"],
      run: () => turnBack(workbench, "redo"),
      whyNot: () => (history.next ? "" : "Nothing to redo"),
      now: () => (history.next ? `Redo: ${told(history.next)}` : ""),
      repeats: true,
    },
  ];
}
