// Says in a word over the frame why a key did nothing.

import { byId, say } from "../../shared/elements.js";

const SEEN_MS = 2_500;

/** @param {import("../workbench.js").Workbench} workbench */
export function showSaid(workbench) {
  const said = byId("stage-said", HTMLElement);
  let timer = 0;
  const clear = () => say(said, "");
  workbench.addEventListener("cannot", (event) => {
    if (!(event instanceof CustomEvent)) return;
    say(said, event.detail);
    clearTimeout(timer);
    timer = window.setTimeout(clear, SEEN_MS);
  });
}
