// Every command of the frame, its boxes and the view: the one list that buttons, keys, tooltips and the cheat sheet follow.

import { copyable, copyPrevious, deleteChosen, useLabel } from "../acts/boxes.js";
import { isToReview, isUnlabeled, nextThat, turnBack } from "../acts/going.js";
import { finish, nothingHere, reopen, turnIgnored } from "../acts/marks.js";
import { chooseNext, drawInTheMiddle, nudge, stretch } from "../canvas/nudging.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 * @typedef {import("../canvas/stage.js").Stage} Stage
 */

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
const FAR = 10;
const PAN_PIXELS = 60;

/**
 * @param {Workbench} workbench
 * @returns {Command[]}
 */
export function frameCommands(workbench) {
  const { total } = workbench;
  const group = "Frames";
  /** @param {number} by */
  const step = (by) => () => workbench.show(workbench.number + by);
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
    { name: "next", group, words: "Next frame", keys: ["ArrowRight"], run: step(1), whyNot: atEnd },
    { name: "previous", group, words: "Previous frame", keys: ["ArrowLeft"], run: step(-1), whyNot: atStart },
    { name: "ahead", group, words: "10 frames ahead", keys: ["Shift+ArrowRight"], run: step(FAR), whyNot: atEnd },
    { name: "back", group, words: "10 frames back", keys: ["Shift+ArrowLeft"], run: step(-FAR), whyNot: atStart },
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
 * @param {Workbench} workbench
 * @returns {Command[]}
 */
export function markCommands(workbench) {
  const group = "This frame";
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
      whyNot: () => (workbench.frame?.boxes.length ? "" : "Draw a box first, or choose “Nothing here”"),
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
      whyNot: () => (workbench.history.last ? "" : "Nothing to undo"),
    },
    {
      name: "redo",
      group,
      words: "Redo",
      keys: ["Ctrl+Shift+z", "Ctrl+y"],
      run: () => turnBack(workbench, "redo"),
      whyNot: () => (workbench.history.next ? "" : "Nothing to redo"),
    },
  ];
}

/**
 * @param {Workbench} workbench
 * @param {Stage} stage
 * @param {() => void} cancel leaves what a pointer is doing
 * @returns {Command[]}
 */
export function boxCommands(workbench, stage, cancel) {
  const group = "Boxes";
  const noneChosen = () => (workbench.chosen.length ? "" : "Select a box first");
  const noBox = () => (workbench.frame?.boxes.length ? "" : "This frame has no box");
  const all = () => workbench.frame?.boxes.map((box) => box.key) ?? [];
  return [
    {
      name: "draw",
      group,
      words: "New box in the middle",
      keys: ["b"],
      run: () => drawInTheMiddle(workbench, stage.view),
    },
    {
      name: "delete",
      group,
      words: "Delete the selected boxes",
      keys: ["Delete", "Backspace"],
      run: () => deleteChosen(workbench),
      whyNot: noneChosen,
    },
    {
      name: "next-box",
      group,
      words: "Select the next box",
      keys: ["e"],
      run: () => chooseNext(workbench, 1),
      whyNot: noBox,
    },
    {
      name: "previous-box",
      group,
      words: "Select the previous box",
      keys: ["q"],
      run: () => chooseNext(workbench, -1),
      whyNot: noBox,
    },
    {
      name: "all-boxes",
      group,
      words: "Select all boxes",
      keys: ["Ctrl+a"],
      run: () => workbench.select(all()),
      whyNot: noBox,
    },
    { name: "cancel", group, words: "Stop drawing, or select nothing", keys: ["Escape"], run: cancel },
    ...moves(workbench, stage),
    ...stretches(workbench, noneChosen),
  ];
}

/**
 * Keys in a cross that move: the chosen boxes, else the view.
 *
 * @param {Workbench} workbench
 * @param {Stage} stage
 * @returns {Command[]}
 */
function moves(workbench, stage) {
  /** @type {[string, string, number, number][]} */
  const directions = [
    ["up", "w", 0, -1],
    ["left", "a", -1, 0],
    ["down", "s", 0, 1],
    ["right", "d", 1, 0],
  ];
  return directions.flatMap(([to, key, x, y]) => {
    /** @param {number} far */
    const run = (far) => () => {
      if (workbench.chosen.length) nudge(workbench, { x: x * far, y: y * far });
      else stage.view.pan({ x: -x * PAN_PIXELS, y: -y * PAN_PIXELS });
      stage.draw();
    };
    const words = `Move the selected boxes ${to}, or the view`;
    return [
      { name: `move-${to}`, group: "Boxes", words, keys: [key], run: run(1) },
      {
        name: `move-${to}-far`,
        group: "Boxes",
        words: `Move them 10 pixels ${to}`,
        keys: [`Shift+${key}`],
        run: run(FAR),
      },
    ];
  });
}

/**
 * @param {Workbench} workbench
 * @param {() => string} whyNot
 * @returns {Command[]}
 */
function stretches(workbench, whyNot) {
  /** @type {[string, string, number, number][]} */
  const ways = [
    ["shorter", "t", 0, -1],
    ["narrower", "f", -1, 0],
    ["taller", "g", 0, 1],
    ["wider", "h", 1, 0],
  ];
  return ways.flatMap(([name, key, x, y]) => [
    {
      name,
      group: "Boxes",
      words: `Make the selected boxes ${name}`,
      keys: [key],
      run: () => stretch(workbench, { x, y }),
      whyNot,
    },
    {
      name: `${name}-far`,
      group: "Boxes",
      words: `Make them ${name} by 10 pixels`,
      keys: [`Shift+${key}`],
      run: () => stretch(workbench, { x: x * FAR, y: y * FAR }),
      whyNot,
    },
  ]);
}

/**
 * @param {Workbench} workbench
 * @returns {Command[]}
 */
export function labelCommands(workbench) {
  const ofDigits = DIGITS.map((key, place) => ({
    name: `label-${place + 1}`,
    group: "Labels",
    words: `Label number ${place + 1}`,
    keys: [key],
    run: () => useLabel(workbench, workbench.labels[place]),
    whyNot: () => (workbench.labels[place] ? "" : `There is no label number ${place + 1}`),
  }));
  const ask = () => workbench.dispatchEvent(new CustomEvent("label-wanted", { detail: null }));
  return [...ofDigits, { name: "new-label", group: "Labels", words: "New label", keys: ["l"], run: ask }];
}
