// Draws what was found over the picture, and lists it as text.

import { drawBoxes } from "../shared/boxes.js";

/**
 * Something found, the surest first in a list of them; `color` is the number of its label's color.
 * @typedef {{ name: string, color: number, score: number, box: import("../shared/boxes.js").Corners }} Found
 *
 * @typedef {import("../shared/boxes.js").Size} Size
 */

// Of text that are as high as the picture.
const LINES = 24;

/**
 * The surest is drawn last, over the others.
 *
 * @param {SVGSVGElement} place
 * @param {Found[]} found
 * @param {Size} size
 */
export function draw(place, found, size) {
  const boxes = found.map(({ name, color, score, box }) => {
    return { label: name, box, color, score: score.toFixed(2), mistake: "" };
  });
  drawBoxes(place, size, boxes.reverse(), LINES);
}

/**
 * List what was found, with the color of its label.
 *
 * @param {HTMLElement} place
 * @param {Found[]} found
 */
export function list(place, found) {
  place.replaceChildren(
    ...found.map(({ name, color, score }) => {
      const item = document.createElement("li");
      item.append(span(name, `label-chip found-label color-${color}`), span(score.toFixed(2), ""));
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
  if (!found.length) return `Nothing found with confidence ${threshold.toFixed(2)} or higher.`;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `Found: ${[...counts].map(([name, count]) => `${count} × ${name}`).join(", ")}.`;
}
