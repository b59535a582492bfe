// Says at every moment whether the edits are saved, and asks the person to sign in again where that holds them up.

import { comeBack } from "../../every-page/session.js";
import { byId, find, say } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";
import { tell } from "./notices.js";

const ICONS = new Map([
  ["saved", "bi bi-cloud-check"],
  ["saving", "bi bi-cloud-arrow-up"],
  ["several", "bi bi-cloud-arrow-up"],
]);
const NEEDS_A_PERSON = ["signed-out", "other-page"];

/** @param {import("../workbench.js").Workbench} workbench */
export function showSaving({ queue }) {
  const root = byId("saving", HTMLElement);
  const words = find(root, "[data-words]", HTMLElement);
  const said = find(root, "[role=status]", HTMLElement);
  const guard = find(root, "[data-guard]", HTMLElement);
  const signIn = find(root, "[data-ask-to-sign-in]", HTMLElement);
  let isAsking = false;

  const draw = () => {
    const { waiting, stop, isSending } = queue;
    const state = stop || (waiting || isSending ? (waiting > 1 ? "several" : "saving") : "saved");
    if (root.dataset.state === state && !waiting && guard.hidden) return;
    const wasHeldUp = said.textContent !== "";
    root.dataset.state = state;
    find(root, "i", HTMLElement).className = ICONS.get(state) ?? "bi bi-cloud-slash";
    say(words, filled(root.dataset[told(state)], { waiting: counted(waiting) }));
    guard.hidden = waiting === 0;
    signIn.hidden = !NEEDS_A_PERSON.includes(stop);
    // Every edit would be said otherwise. A count that grows is no news.
    if (stop) say(said, filled(root.dataset[told(`said-${stop}`)], {}));
    else if (wasHeldUp && state === "saved") say(said, words.textContent ?? "");
  };

  queue.addEventListener("change", draw);
  queue.addEventListener("stopped", () => {
    draw();
    if (isAsking || !NEEDS_A_PERSON.includes(queue.stop)) return;
    isAsking = true;
    comeBack();
  });
  queue.addEventListener("refused", (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { why, edits } = event.detail;
    tell("refused", { frame: counted(edits[0].frame + 1), why });
  });
  queue.addEventListener("saved", (event) => {
    if (event instanceof CustomEvent && event.detail.gone.length) tell("gone");
  });
  const goOn = () => {
    isAsking = false;
    queue.resume();
  };
  document.addEventListener("page-resumed", goOn);
  addEventListener("online", goOn);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && queue.stop === "offline") queue.resume();
  });
  draw();
}

/** Return the name of a data attribute in the dataset. @param {string} state */
function told(state) {
  return state.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}
