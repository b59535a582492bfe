// The page that compares two models: draws what each of them finds over its copy of a frame.

import { drawBoxes } from "../shared/boxes.js";
import { all, byId } from "../shared/elements.js";

/**
 * One frame of the page, with the boxes of both models; the server has decided what is a mistake.
 * @typedef {object} Compared
 * @property {number} width
 * @property {number} height
 * @property {import("../shared/boxes.js").LabeledBox[][]} sides
 */

// Of text that are as high as a picture.
const LINES = 17;

/** @type {Compared[]} */
const frames = JSON.parse(byId("compare-start", HTMLScriptElement).textContent);

all(document, "#frames > li", HTMLElement).forEach((item, number) => {
  const { sides, ...size } = frames[number];
  all(item, "svg", SVGSVGElement).forEach((svg, side) => {
    drawBoxes(svg, size, sides[side], LINES);
  });
});
