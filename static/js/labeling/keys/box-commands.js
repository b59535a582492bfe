// The commands of boxes and their labels.

import { deleteChosen, useLabel } from "../acts/boxes.js";
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
      repeats: true,
    },
    {
      name: "previous-box",
      group,
      words: "Select the previous box",
      keys: ["q"],
      run: () => chooseNext(workbench, -1),
      whyNot: noBox,
      repeats: true,
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
      { name: `move-${to}`, group: "Boxes", words, keys: [key], run: run(1), repeats: true },
      {
        name: `move-${to}-far`,
        group: "Boxes",
        words: `Move them 10 pixels ${to}`,
        keys: [`Shift+${key}`],
        run: run(FAR),
        repeats: true,
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
    ["shorter", "ArrowUp", 0, -1],
    ["narrower", "ArrowLeft", -1, 0],
    ["taller", "ArrowDown", 0, 1],
    ["wider", "ArrowRight", 1, 0],
  ];
  return ways.flatMap(([name, key, x, y]) => [
    {
      name,
      group: "Boxes",
      words: `Make the selected boxes ${name}`,
      keys: [`Ctrl+${key}`],
      run: () => stretch(workbench, { x, y }),
      whyNot,
      repeats: true,
    },
    {
      name: `${name}-far`,
      group: "Boxes",
      words: `Make them ${name} by 10 pixels`,
      keys: [`Ctrl+Shift+${key}`],
      run: () => stretch(workbench, { x: x * FAR, y: y * FAR }),
      whyNot,
      repeats: true,
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
  const ask = () => workbench.wantLabel(null);
  return [...ofDigits, { name: "new-label", group: "Labels", words: "New label", keys: ["l"], run: ask }];
}
