// All frames as a strip: labeled, ignored, begun or not, where this person is and where the others are.

import { byId, find, say } from "../../shared/elements.js";
import { svgElement } from "../../shared/svg.js";
import { counted, filled } from "../../shared/words.js";
import { stateOf } from "./place.js";

/** How long the strip waits for the next change, so that a thousand frames aren't drawn for each one. */
const SOON_MS = 80;

/** @param {import("../workbench.js").Workbench} workbench */
export function showStrip(workbench) {
  const root = byId("strip", HTMLElement);
  const slider = find(root, "input", HTMLInputElement);
  const svg = find(root, "svg", SVGSVGElement);
  const count = byId("strip-count", HTMLElement);
  let timer = 0;
  svg.setAttribute("viewBox", `0 0 ${workbench.total} 1`);
  slider.max = String(workbench.total - 1);

  const draw = () => {
    timer = 0;
    const runs = runsOf(workbench);
    svg.replaceChildren(
      ...runs.map(({ state, first, length }) =>
        svgElement("rect", { class: `strip-${state}`, x: first, y: 0, width: length, height: 1 }),
      ),
      ...workbench.people.map(({ frame }) =>
        svgElement("rect", {
          class: "strip-person",
          x: frame,
          y: 0,
          width: Math.max(1, workbench.total / 250),
          height: 1,
        }),
      ),
    );
    say(count, filled(root.dataset.count, counts(workbench)));
  };
  const drawSoon = () => {
    if (!timer) timer = window.setTimeout(draw, SOON_MS);
  };
  const follow = () => {
    slider.value = String(workbench.number);
    slider.setAttribute("aria-valuetext", counted(workbench.number + 1));
  };

  slider.addEventListener("input", () => workbench.show(Number(slider.value)));
  workbench.addEventListener("frame", follow);
  workbench.addEventListener("people", drawSoon);
  workbench.frames.addEventListener("change", drawSoon);
  follow();
  draw();
}

/** @param {import("../workbench.js").Workbench} workbench */
function runsOf({ frames, total }) {
  /** @type {{ state: string, first: number, length: number }[]} */
  const runs = [];
  for (let number = 0; number < total; number += 1) {
    const frame = frames.get(number);
    const state = frame ? stateOf(frame) : "unlabeled";
    const last = runs.at(-1);
    if (last?.state === state) last.length += 1;
    else runs.push({ state, first: number, length: 1 });
  }
  return runs;
}

/** @param {import("../workbench.js").Workbench} workbench */
function counts({ frames, total }) {
  const known = frames.all();
  const ignored = known.filter((frame) => frame.ignored).length;
  const labeled = known.filter((frame) => frame.finished && !frame.ignored).length;
  return { labeled: counted(labeled), ignored: counted(ignored), left: counted(total - labeled - ignored) };
}
