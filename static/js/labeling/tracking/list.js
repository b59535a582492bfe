// The list of objects: each with the frames in which it has boxes on a strip, and what trackers say of it.

import { all, byId, closest, copyOf, find, say } from "../../shared/elements.js";
import { showRows } from "../../shared/rows.js";
import { svgElement } from "../../shared/svg.js";
import { counted, filled } from "../../shared/words.js";

/** So long the list waits for the next change, so that a thousand frames aren't read for each one. */
const SOON_MS = 150;

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {import("./tracked.js").Tracked} tracked
 * @param {import("./runs.js").Runs} runs
 */
export function showObjects(workbench, tracked, runs) {
  const part = byId("objects", HTMLElement);
  const list = find(part, "ul", HTMLElement);
  const others = find(part, "#merge-with", HTMLSelectElement);
  let timer = 0;

  const draw = () => {
    const focused = closest(document.activeElement, "#objects [data-track]", HTMLElement)?.dataset.track;
    showRows(list, tracked.things.map(row), "data-track");
    find(part, "[data-none]", HTMLElement).hidden = tracked.things.length > 0;
    const isAnyOpen = tracked.things.some(({ stretches }) => stretches.some(({ isOpen }) => isOpen));
    find(part, "[data-any-open]", HTMLElement).hidden = !isAnyOpen;
    for (const tool of all(part, "[data-with-object]", HTMLElement)) tool.hidden = !tracked.thing;
    find(part, "[data-merge]", HTMLElement).hidden = !tracked.thing || tracked.things.length < 2;
    drawOthers();
    if (focused) find(list, `[data-track="${CSS.escape(focused)}"]`, HTMLElement).focus();
  };

  const drawOthers = () => {
    const chosen = others.value;
    const options = tracked.things
      .filter(({ track }) => track !== tracked.track)
      .map((thing) => new Option(told(thing), thing.track));
    others.replaceChildren(...options);
    if (options.some(({ value }) => value === chosen)) others.value = chosen;
  };

  /** @param {import("./objects.js").Thing} thing */
  const told = (thing) => {
    const { name } = workbench.shownLabel(thing.box);
    const from = counted(thing.stretches[0].first + 1);
    const to = counted((thing.stretches.at(-1)?.last ?? 0) + 1);
    return filled(part.dataset.object, { label: name, first: from, last: to });
  };

  /** @param {import("./objects.js").Thing} thing */
  const row = (thing) => {
    const made = copyOf("object-row");
    const button = find(made, "button", HTMLButtonElement);
    const { color } = workbench.shownLabel(thing.box);
    button.dataset.track = thing.track;
    button.setAttribute("aria-pressed", String(thing.track === tracked.track));
    find(made, "[data-name]", HTMLElement).textContent = told(thing);
    find(made, ".label-color", HTMLElement).classList.add(`color-${color}`);
    find(made, "[data-open]", HTMLElement).hidden = !thing.stretches.some(({ isOpen }) => isOpen);
    find(made, "svg", SVGSVGElement).replaceWith(strip(thing));
    const followed = runs.all.flatMap(({ objects }) => objects).findLast(({ track }) => track === thing.track);
    // How far it is stands above the list.
    find(made, "[data-run]", HTMLElement).textContent = followed?.ending ? followed.words : "";
    return made;
  };

  /** @param {import("./objects.js").Thing} thing */
  const strip = ({ stretches, keyframes }) => {
    const svg = svgElement("svg", {
      class: "object-strip",
      viewBox: `0 0 ${workbench.total} 1`,
      preserveAspectRatio: "none",
    });
    svg.setAttribute("aria-hidden", "true");
    const wide = Math.max(1, workbench.total / 200);
    svg.append(
      ...stretches.map(({ first, last, isOpen }) =>
        svgElement("rect", {
          class: isOpen ? "stretch-open" : "stretch",
          x: first,
          y: 0.25,
          width: last - first + 1,
          height: 0.5,
        }),
      ),
      ...keyframes.map((number) => svgElement("rect", { class: "keyframe", x: number, y: 0, width: wide, height: 1 })),
    );
    return svg;
  };

  list.addEventListener("click", ({ target }) => {
    const track = closest(target, "[data-track]", HTMLElement)?.dataset.track;
    if (!track) return;
    tracked.choose(track);
    tracked.show();
  });
  const readSoon = () => {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      tracked.read();
    }, SOON_MS);
  };
  tracked.addEventListener("change", draw);
  runs.addEventListener("change", draw);
  workbench.addEventListener("labels", draw);
  workbench.frames.addEventListener("change", readSoon);
  tracked.read();
}

/**
 * Say what trackers do, and how they ended, to those who look and to those who listen.
 *
 * @param {HTMLElement} part
 * @param {import("./runs.js").Runs} runs
 */
export function showRuns(part, runs) {
  const progress = find(part, "[data-progress]", HTMLElement);
  const status = find(part, "[role=status]", HTMLElement);
  const stop = find(part, "[data-command=track-stop]", HTMLElement);
  runs.addEventListener("change", () => {
    const running = runs.all.filter((run) => run.running);
    const words = running.flatMap(({ objects }) => objects.filter(({ ending }) => !ending).map((one) => one.words));
    stop.hidden = !running.length;
    progress.hidden = stop.hidden && !runs.isStarting;
    say(find(progress, "[data-words]", HTMLElement), words.join(" · ") || (progress.dataset.starting ?? ""));
    part.classList.toggle("is-tracking", running.length > 0);
  });
  runs.addEventListener("end", (event) => {
    if (!(event instanceof CustomEvent)) return;
    /** @type {import("./runs.js").Run} */
    const run = event.detail;
    say(status, [...new Set(run.objects.map(({ words }) => words))].join(" "));
  });
}
