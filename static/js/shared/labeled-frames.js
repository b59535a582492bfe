// Draws what people labeled over frames. The server says it at each picture, in data-boxes.

import { drawBoxes } from "./boxes.js";
import { all } from "./elements.js";

const FEWEST_LINES = 12;
const TEXT_PIXELS = 16;

/** @typedef {Pick<import("./boxes.js").LabeledBox, "label" | "box" | "color">} Labeled */

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
