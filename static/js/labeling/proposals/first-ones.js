// Says over the frame that a model has proposed boxes: once, from the first ones on until a person turns to them.

import { byId, find, say } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";
import { soon } from "../keys/buttons.js";
import { openBoxes, openFrames } from "./open-boxes.js";

/** @param {import("../workbench.js").Workbench} workbench */
export function tellFirstOnes(workbench) {
  const note = byId("stage-proposed", HTMLElement);
  const words = find(note, "[role=status]", HTMLElement);
  const { told, box, boxes } = note.dataset;
  let before = 0;

  const end = () => {
    note.hidden = true;
    workbench.frames.removeEventListener("change", show);
    workbench.removeEventListener("frame", turned);
  };
  const turned = () => {
    if (before && openBoxes(workbench.frame).length) end();
  };
  const show = soon(() => {
    const count = openFrames(workbench).flatMap(openBoxes).length;
    if (count < before) return end();
    before = count;
    note.hidden = count === 0;
    if (count) say(words, filled(told, { boxes: filled(count === 1 ? box : boxes, { count: counted(count) }) }));
  });
  workbench.frames.addEventListener("change", show);
  workbench.addEventListener("frame", turned);
  show();
}
