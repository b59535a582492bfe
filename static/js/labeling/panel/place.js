// Where a person is: the number of the frame, its time, and what is said of it; in the address of the page as well.

import { byId, find, say } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";
import { told } from "../../videos/times.js";
import { soon } from "../keys/buttons.js";

const ADDRESS_MS = 400;
const SAID_MS = 300;

/** @param {import("../workbench.js").Workbench} workbench */
export function showPlace(workbench) {
  const root = byId("place", HTMLElement);
  const stage = byId("stage", HTMLElement);
  let timer = 0;
  let address = 0;

  const draw = () => {
    const { frame, number, total } = workbench;
    const place = filled(root.dataset.place, { number: counted(number + 1), total: counted(total) });
    const state = frame ? (root.dataset[stateOf(frame)] ?? "") : "";
    say(find(root, "[data-number]", HTMLElement), place);
    say(find(root, "[data-time]", HTMLElement), frame?.seconds == null ? "" : told(frame.seconds));
    const shown = find(root, "[data-state]", HTMLElement);
    say(shown, state);
    shown.dataset.state = frame ? stateOf(frame) : "";
    const boxes = filled(root.dataset.boxes, { count: counted(frame?.boxes.length ?? 0) });
    const all = [place, state, boxes].join(", ");
    stage.setAttribute("aria-label", all);
    clearTimeout(timer);
    timer = window.setTimeout(() => say(find(root, "[role=status]", HTMLElement), all), SAID_MS);
  };

  // A browser refuses a page that writes its address too often, as while it plays.
  workbench.addEventListener("frame", () => {
    clearTimeout(address);
    address = window.setTimeout(() => history.replaceState(null, "", `?frame=${workbench.number}`), ADDRESS_MS);
  });
  const drawSoon = soon(draw);
  workbench.addEventListener("frame", drawSoon);
  workbench.frames.addEventListener("change", drawSoon);
  draw();
}

/** @param {import("../editing/frames.js").Frame} frame */
export function stateOf({ ignored, finished, review, boxes }) {
  if (ignored) return "ignored";
  if (finished && review === "reviewed") return "reviewed";
  if (review === "sent_back") return "returned";
  if (finished) return boxes.length ? "labeled" : "negative";
  return boxes.length ? "begun" : "unlabeled";
}
