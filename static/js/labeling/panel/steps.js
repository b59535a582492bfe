// What a step did, in words for the buttons that undo it and do it again.

import { byId } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";

/** @param {import("../editing/history.js").Step} step */
export function toldStep({ what, edits }) {
  const { [nameOf(what)]: words, box, boxes, frame, frames } = byId("step-words", HTMLElement).dataset;
  const numbers = [...new Set(edits.map((edit) => edit.frame))];
  const keys = new Set(edits.flatMap((edit) => edit.boxes.map(({ key }) => key)));
  return filled(words, {
    boxes: filled(keys.size === 1 ? box : boxes, { count: counted(keys.size) }),
    frames:
      numbers.length === 1
        ? filled(frame, { number: counted(numbers[0] + 1) })
        : filled(frames, { count: counted(numbers.length) }),
  });
}

/** Return the name of a step's words in the dataset. @param {string} what */
function nameOf(what) {
  const [first, ...more] = `step-${what}`.split("-");
  return [first, ...more.map((part) => part[0].toUpperCase() + part.slice(1))].join("");
}
