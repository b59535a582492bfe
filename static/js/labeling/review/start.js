// Starts the part of the label page where a second person looks at frames, and where coaches share them out.

import { byId, query } from "../../shared/elements.js";
import { myNextCommand, reviewCommands } from "./commands.js";
import { ReviewPanel } from "./panel.js";

/** @typedef {import("../workbench.js").Workbench} Workbench */

// How far the members are is asked for again after a while in which frames changed.
const AGAIN_MS = 20_000;

/**
 * @param {Workbench} workbench
 * @param {HTMLElement} root
 */
export function start(workbench, root) {
  const panel = new ReviewPanel(workbench);
  const assigned = byId("assigned", HTMLElement);
  const button = query(root, "[data-command=my-next]", HTMLElement);
  workbench.register([...reviewCommands(workbench, panel), myNextCommand(workbench, () => mine(assigned))]);
  assigned.addEventListener("htmx:afterSettle", () => {
    if (button) button.hidden = !mine(assigned).length;
    workbench.dispatchEvent(new CustomEvent("changed"));
  });
  refreshNowAndThen(workbench, assigned);
}

/**
 * Return the ranges of frames that are assigned to this person.
 *
 * @param {HTMLElement} assigned
 * @returns {[first: number, last: number][]}
 */
function mine(assigned) {
  return JSON.parse(query(assigned, "[data-mine]", HTMLElement)?.dataset.mine ?? "[]");
}

/**
 * @param {Workbench} workbench
 * @param {HTMLElement} assigned
 */
function refreshNowAndThen({ frames }, assigned) {
  let isOld = false;
  frames.addEventListener("change", () => {
    isOld = true;
  });
  setInterval(() => {
    if (!isOld || document.hidden || !query(assigned, "progress", HTMLElement)) return;
    isOld = false;
    assigned.dispatchEvent(new CustomEvent("refresh"));
  }, AGAIN_MS);
}
