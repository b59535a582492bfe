// Frames that help most, and what an audit of the labels found: each opens its frame.

import { all, closest } from "../../shared/elements.js";
import { drawBox } from "../acts/boxes.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 */

/**
 * @param {Workbench} workbench
 * @param {HTMLElement} place
 */
export function listenToFound(workbench, place) {
  place.addEventListener("click", ({ target }) => {
    const button = closest(target, "button[data-frame]", HTMLElement);
    if (!button) return;
    workbench.show(Number(button.dataset.frame));
    const { key, add, label } = button.dataset;
    if (key) workbench.select([key]);
    if (add) drawLabeled(workbench, JSON.parse(add), label ?? "");
  });
}

/**
 * @param {Workbench} workbench
 * @param {HTMLElement} place
 * @returns {Command[]}
 */
export function foundCommands(workbench, place) {
  const numbers = () =>
    all(place, "#helpful-frames [data-frame]", HTMLElement).map((button) => Number(button.dataset.frame));
  const next = () => {
    const here = numbers();
    const behind = here.slice(here.indexOf(workbench.number) + 1);
    return [...behind, ...here].find(
      (number) => number !== workbench.number && !workbench.frames.get(number)?.finished,
    );
  };
  return [
    {
      name: "next-helpful",
      group: "Proposals",
      words: "Next frame that helps the model most",
      keys: ["Shift+m"],
      run: () => workbench.show(next() ?? workbench.number),
      whyNot: () => (next() === undefined ? "Choose “Show Me the Frames That Help Most” first" : ""),
    },
  ];
}

/**
 * Draw a box with the label of that name.
 *
 * @param {Workbench} workbench
 * @param {import("../editing/edits.js").Corners} corners
 * @param {string} name
 */
function drawLabeled(workbench, corners, name) {
  const label = workbench.labels.find((one) => one.name === name);
  if (label) workbench.setLabel(label);
  drawBox(workbench, corners);
}
