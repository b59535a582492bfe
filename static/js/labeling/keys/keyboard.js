// Runs the commands of the keys that are pressed, unless a person types or works with something else that takes keys.

import { closest, query } from "../../shared/elements.js";
import { chordOf } from "./chords.js";

/** Elements that take letters. */
export const TYPED_INTO = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const CLICKED = "a, button, summary, input, label";
const MOVED_BY_ARROWS = "input[type=range], input[type=radio]";
const CLICKS = ["Enter", " "];
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {import("./bindings.js").Bindings} bindings
 */
export function listenToKeys(workbench, bindings) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isTaken(event)) return;
    const command = bindings.commandOf(chordOf(event));
    if (!command) return;
    event.preventDefault();
    // A key that is held too long would do to the next frames what is meant for this one.
    if (event.repeat && !command.repeats) return;
    workbench.run(command.name);
  });
}

/** @param {KeyboardEvent} event */
function isTaken({ key, target }) {
  if (query(document, "dialog[open]", HTMLDialogElement) || closest(target, TYPED_INTO, HTMLElement)) return true;
  if (CLICKS.includes(key)) return closest(target, CLICKED, HTMLElement) !== null;
  return ARROWS.includes(key) && closest(target, MOVED_BY_ARROWS, HTMLElement) !== null;
}
