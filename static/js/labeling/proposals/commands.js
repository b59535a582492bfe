// What a person can do with the boxes that a model proposes. Enter, which says that a frame is labeled, accepts them too.

import { decide, decideAll, meant, openBoxes, openFrames } from "./open-boxes.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 *
 * What stands in the part about many boxes. `label`: its name, "" for all of them.
 * @typedef {{ label: string, confidence: number, finishes: boolean }} Choice
 */

const GROUP = "Proposals";

/**
 * @param {Workbench} workbench
 * @param {() => Choice} choice
 * @returns {Command[]}
 */
export function proposalCommands(workbench, choice) {
  const none = () => (meant(workbench).length ? "" : "No box is proposed in this frame");
  const noneSure = () => (fitting(workbench, choice()).length ? "" : "No proposal is that sure");
  const noneOfLabel = () =>
    fitting(workbench, { ...choice(), confidence: 0 }).length ? "" : "No proposal has that label";
  return [
    {
      name: "accept-proposals",
      group: GROUP,
      words: "Accept the selected proposals, or all of this frame",
      keys: ["Shift+Enter"],
      run: () => decide(workbench, meant(workbench), true),
      whyNot: none,
    },
    {
      name: "reject-proposals",
      group: GROUP,
      words: "Reject the selected proposals, or all of this frame",
      keys: ["Shift+Delete", "Shift+Backspace"],
      run: () => decide(workbench, meant(workbench), false),
      whyNot: none,
    },
    ...steps(workbench),
    {
      name: "accept-sure",
      group: GROUP,
      words: "Accept all proposals of the chosen label and confidence",
      keys: ["Ctrl+Enter"],
      run: () => decideAll(workbench, fits(choice()), true, choice().finishes),
      whyNot: noneSure,
    },
    {
      name: "reject-all",
      group: GROUP,
      words: "Reject all proposals of the chosen label",
      keys: ["Ctrl+Delete", "Ctrl+Backspace"],
      run: () => decideAll(workbench, fits({ ...choice(), confidence: 0 }), false),
      whyNot: noneOfLabel,
    },
  ];
}

/**
 * Return the boxes of all frames that fit a choice.
 *
 * @param {Workbench} workbench
 * @param {Choice} choice
 */
export function fitting(workbench, choice) {
  return openFrames(workbench).flatMap(openBoxes).filter(fits(choice));
}

/**
 * @param {Choice} choice
 * @returns {(box: import("../editing/frames.js").Box) => boolean}
 */
function fits({ label, confidence }) {
  return (box) => (!label || box.name === label) && (box.score ?? 0) >= confidence;
}

/**
 * @param {Workbench} workbench
 * @returns {Command[]}
 */
function steps(workbench) {
  /** @param {1 | -1} direction */
  const other = (direction) => {
    const numbers = openFrames(workbench)
      .map(({ number }) => number)
      .filter((number) => number !== workbench.number);
    const ordered = direction === 1 ? numbers : numbers.toReversed();
    return ordered.find((number) => (number - workbench.number) * direction > 0) ?? ordered[0];
  };
  const whyNot = () => (other(1) === undefined ? "No other frame has a proposal" : "");
  return [
    {
      name: "next-proposals",
      group: GROUP,
      words: "Next frame with proposals",
      keys: ["."],
      run: () => workbench.show(other(1) ?? workbench.number),
      whyNot,
      repeats: true,
    },
    {
      name: "previous-proposals",
      group: GROUP,
      words: "Previous frame with proposals",
      keys: [","],
      run: () => workbench.show(other(-1) ?? workbench.number),
      whyNot,
      repeats: true,
    },
  ];
}
