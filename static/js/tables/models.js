// The Models tab. Who leaves it has seen what had ended: the title counts anew.

import "./table.js";
import { all, byId, find } from "../shared/elements.js";

const list = byId("list", HTMLFormElement);

function forgetEnds() {
  const newest = all(list, "[data-end]", HTMLElement).at(-1);
  if (document.hidden && newest) find(list, "[name=since]", HTMLInputElement).value = newest.dataset.end ?? "";
}

document.addEventListener("visibilitychange", forgetEnds);
