// Draws what was found over the picture, and lists it as text.

import { svgElement } from "../shared/svg.js";

/**
 * Something found, the surest first in a list of them; `colour` is the number of its label's color.
 * @typedef {{ name: string, colour: number, score: number, box: import("../images/boxes.js").Corners }} Found
 *
 * @typedef {{ width: number, height: number }} Size
 */

// The height of a label's text, as a part of the width of a 4:3 picture.
const TEXTS_ACROSS = 32;

/**
 * @param {Found} found
 * @param {Size} picture in pixels
 */
function drawn({ name, colour, score, box }, { width, height }) {
  const [top, left, bottom, right] = box;
  const [x, y] = [left * width, top * height];
  const group = svgElement("g", { class: `box colour-${colour}` });
  const sides = { width: (right - left) * width, height: (bottom - top) * height };
  const size = Math.max(width, (height * 4) / 3) / TEXTS_ACROSS;
  const words = `${name} ${score.toFixed(2)}`;
  group.append(
    svgElement("rect", { x, y, ...sides, "vector-effect": "non-scaling-stroke" }),
    svgElement("text", { x, y, dx: "0.3em", dy: "1.1em", "font-size": size }, words),
  );
  return group;
}

/**
 * The surest is drawn last, over the others.
 *
 * @param {SVGSVGElement} place
 * @param {Found[]} found
 * @param {Size} size
 */
export function draw(place, found, size) {
  place.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  place.replaceChildren(...found.map((one) => drawn(one, size)).reverse());
}

/**
 * List what was found, with the color of its label.
 *
 * @param {HTMLElement} place
 * @param {Found[]} found
 */
export function list(place, found) {
  place.replaceChildren(
    ...found.map(({ name, colour, score }) => {
      const item = document.createElement("li");
      item.append(span(name, `label-chip found-label colour-${colour}`), span(score.toFixed(2), ""));
      return item;
    }),
  );
}

/**
 * @param {string} words
 * @param {string} classes
 */
function span(words, classes) {
  return Object.assign(document.createElement("span"), { className: classes, textContent: words });
}

/**
 * Return "Found: 2 × ball, 1 × cube."
 *
 * @param {Pick<Found, "name">[]} found
 * @param {number} threshold
 */
export function sentence(found, threshold) {
  if (!found.length) return `Nothing found with a score of at least ${threshold.toFixed(2)}.`;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `Found: ${[...counts].map(([name, count]) => `${count} × ${name}`).join(", ")}.`;
}
