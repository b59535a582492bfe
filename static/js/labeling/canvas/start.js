// The frame that is shown: its picture, its boxes, and everything that a pointer does there.

import { byId } from "../../shared/elements.js";
import { Gestures } from "./gestures.js";
import { Pictures } from "./pictures.js";
import { Stage } from "./stage.js";

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {Pictures} pictures
 */
export function startCanvas(workbench, pictures) {
  const stage = new Stage(byId("stage", HTMLElement), workbench, pictures);
  const gestures = new Gestures(stage);
  fitWindow(stage);
  let before = workbench.number;
  const show = () => {
    pictures.lookAhead(workbench.number, workbench.number < before ? -1 : 1);
    before = workbench.number;
    stage.show();
  };
  workbench.addEventListener("frame", show);
  byId("load-again", HTMLButtonElement).addEventListener("click", show);
  listenToBrightness(stage);
  stage.addEventListener("shown", () => performance.mark("first-frame"), { once: true });
  show();
  return { stage, cancel: () => gestures.cancel() || leave(workbench) };
}

/** On a phone the frame takes no more of the page than it needs. @param {Stage} stage */
function fitWindow({ element, workbench: { frame } }) {
  if (frame) element.parentElement?.style.setProperty("--frame-shape", String(frame.width / frame.height));
}

/** @param {import("../workbench.js").Workbench} workbench */
function leave(workbench) {
  workbench.forgetUnnamed();
  workbench.select([]);
}

/** @param {Stage} stage */
function listenToBrightness(stage) {
  const slider = byId("brightness", HTMLInputElement);
  slider.addEventListener("input", () => {
    stage.brightness = Number(slider.value);
    stage.draw();
  });
  stage.workbench.addEventListener("changed", () => {
    slider.value = String(stage.brightness);
  });
}
