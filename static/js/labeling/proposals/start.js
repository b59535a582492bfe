// The team's models as helpers: what they propose, which frames help them most, and what they make of the labels.

import { byId, closest, query } from "../../shared/elements.js";
import { soon } from "../keys/buttons.js";
import { AsOpened } from "./as-opened.js";
import { proposalCommands } from "./commands.js";
import { tellFirstOnes } from "./first-ones.js";
import { foundCommands, listenToFound } from "./found.js";
import { chosen, showWaiting } from "./waiting.js";

// From so many labeled frames on, a quick assistant can learn: the panel offers it then.
const ENOUGH = 20;

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {HTMLElement} root
 */
export function start(workbench, root) {
  const place = byId("helpers-place", HTMLElement);
  if (!root.contains(place)) return;
  workbench.register([...proposalCommands(workbench, () => chosen(place)), ...foundCommands(workbench, place)]);
  listenToFound(workbench, place);
  tellFirstOnes(workbench);
  place.addEventListener("click", ({ detail, target }) => {
    // The next key is for the frame, unless the keyboard is what clicked. Until then htmx asks which button has the focus.
    if (detail && closest(target, "button, [type=checkbox]", HTMLElement)) {
      setTimeout(() => byId("stage", HTMLElement).focus({ preventScroll: true }));
    }
  });
  const asOpened = new AsOpened(workbench, place);
  const show = soon(() => {
    showWaiting(workbench, place);
    offerWhenEnough(workbench, place);
  });
  workbench.frames.addEventListener("change", show);
  place.addEventListener("input", show);
  place.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target === place) asOpened.opened();
    else showNewModel(place);
    show();
  });
  if (query(place, "#helpers", HTMLElement)) asOpened.opened();
  show();
}

/**
 * Ask for the panel again once the team has a newer model, which is then chosen.
 *
 * @param {HTMLElement} place
 */
function showNewModel(place) {
  const panel = query(place, "#helpers", HTMLElement);
  const news = query(place, "#helpers-news", HTMLElement);
  if (panel && news && panel.dataset.newest !== news.dataset.newest) place.dispatchEvent(new Event("models-changed"));
}

/**
 * Ask for the panel again once enough frames are labeled, for it then offers the quick assistant.
 *
 * @param {import("../workbench.js").Workbench} workbench
 * @param {HTMLElement} place
 */
function offerWhenEnough({ frames, queue }, place) {
  const news = query(place, "#helpers-news[data-to-go]", HTMLElement);
  if (!news || queue.waiting) return;
  const labeled = frames.all().filter(({ finished, ignored }) => finished && !ignored).length;
  if (labeled < ENOUGH) return;
  delete news.dataset.toGo;
  news.dispatchEvent(new Event("asked-again"));
}
