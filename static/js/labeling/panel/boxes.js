// The boxes of the frame as a list: the way to them by keyboard and for a screen reader.

import { byId, closest, copyOf, find } from "../../shared/elements.js";
import { showRows } from "../../shared/rows.js";
import { counted, filled } from "../../shared/words.js";
import { inReadingOrder } from "../canvas/nudging.js";
import { soon } from "../keys/buttons.js";

/** @param {import("../workbench.js").Workbench} workbench */
export function showBoxes(workbench) {
  const root = byId("boxes", HTMLElement);
  const list = find(root, "ul", HTMLElement);

  const draw = () => {
    const boxes = inReadingOrder(workbench.frame?.boxes ?? []);
    const focused = closest(document.activeElement, "#boxes [data-key]", HTMLElement)?.dataset.key;
    showRows(
      list,
      boxes.map((box) => row(box)),
      "data-key",
    );
    find(root, "[data-count]", HTMLElement).textContent = boxes.length ? counted(boxes.length) : "";
    find(root, "[data-none]", HTMLElement).hidden = boxes.length > 0;
    if (focused) find(list, `[data-key="${CSS.escape(focused)}"]`, HTMLElement)?.focus();
  };

  /** @param {import("../editing/frames.js").Box} box */
  const row = (box) => {
    const made = copyOf("box-row");
    const button = find(made, "button", HTMLButtonElement);
    const [xmin, ymin, xmax, ymax] = box.corners.map(Math.round);
    const { name, color } = workbench.shownLabel(box);
    button.dataset.key = box.key;
    button.setAttribute("aria-pressed", String(workbench.selection.has(box.key)));
    find(made, "[data-name]", HTMLElement).textContent = name;
    find(made, "[data-size]", HTMLElement).textContent = `${xmax - xmin} × ${ymax - ymin}`;
    find(made, "[data-place]", HTMLElement).textContent = filled(root.dataset.place, { x: xmin, y: ymin });
    find(made, ".label-color", HTMLElement).classList.add(`color-${color}`);
    find(made, "[data-unconfirmed]", HTMLElement).hidden = box.confirmed;
    return made;
  };

  list.addEventListener("click", (event) => {
    const key = closest(event.target, "[data-key]", HTMLElement)?.dataset.key;
    if (!key) return;
    const selection = new Set(event.shiftKey || event.ctrlKey || event.metaKey ? workbench.selection : []);
    if (!workbench.selection.has(key)) selection.add(key);
    else selection.delete(key);
    workbench.select(selection);
  });
  const drawSoon = soon(draw);
  for (const what of ["frame", "selection", "labels"]) workbench.addEventListener(what, drawSoon);
  workbench.frames.addEventListener("change", drawSoon);
  draw();
}
