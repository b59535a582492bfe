// Says in a word over the frame why a key did nothing, and how to begin where nobody has drawn yet.

import { byId, say } from "../../shared/elements.js";
import { soon } from "../keys/buttons.js";

const SEEN_MS = 2_500;

/** @param {import("../workbench.js").Workbench} workbench */
export function showSaid(workbench) {
  const said = byId("stage-said", HTMLElement);
  const stage = byId("stage", HTMLElement);
  let timer = 0;
  const clear = () => say(said, "");
  workbench.addEventListener("cannot", (event) => {
    if (!(event instanceof CustomEvent)) return;
    say(said, event.detail);
    clearTimeout(timer);
    timer = window.setTimeout(clear, SEEN_MS);
  });
  const begin = soon(() => {
    const isTouched =
      workbench.unnamed || workbench.frames.all().some(({ boxes, finished }) => boxes.length || finished);
    stage.classList.toggle("is-untouched", !isTouched);
    if (isTouched) workbench.frames.removeEventListener("change", begin);
  });
  workbench.frames.addEventListener("change", begin);
  workbench.addEventListener("label-wanted", begin);
  begin();
}
