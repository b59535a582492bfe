// Draws what people labeled over the frames of a dataset. The server says it at each picture, in data-boxes.

import { drawBoxes } from "../shared/boxes.js";
import { all } from "../shared/elements.js";

const FEWEST_LINES = 12;
const TEXT_PIXELS = 16;

/** @typedef {Pick<import("../shared/boxes.js").LabeledBox, "label" | "box" | "color">} Labeled */

/** @param {ParentNode} root */
function draw(root) {
  for (const svg of all(root, "svg[data-boxes]", SVGSVGElement)) {
    /** @type {Labeled[]} */
    const labeled = JSON.parse(svg.dataset.boxes ?? "[]");
    const boxes = labeled.map((one) => ({ ...one, score: "", mistake: "" }));
    // The words of a large picture are not larger than those of the page.
    drawBoxes(svg, svg.viewBox.baseVal, boxes, Math.max(FEWEST_LINES, svg.clientHeight / TEXT_PIXELS));
  }
}

draw(document);
document.addEventListener("htmx:afterSettle", (event) => draw(event.detail.target));
