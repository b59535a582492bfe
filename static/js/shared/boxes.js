// Draws boxes with their labels over a picture: the one way in which every page does it. Its style is in css/boxes.css.

import { svgElement } from "./svg.js";

/**
 * Fractions of the picture.
 * @typedef {[top: number, left: number, bottom: number, right: number]} Corners
 *
 * In pixels of the picture.
 * @typedef {{ width: number, height: number }} Size
 *
 * `color` is the number of the label's color. `score` and `mistake` are words, "" for none.
 * @typedef {{ label: string, box: Corners, color: number, score: string, mistake: string }} LabeledBox
 */

// Of a letter, as a part of the text's size.
const LETTER_WIDTH = 0.58;
const LINE_HEIGHT = 1.1;
// Between the edges of a box and its words, as a part of the text's size.
const MARGIN = 0.3;
// Longer words would cover the picture.
const MOST_LETTERS = 18;

/**
 * Draw the boxes in place of those drawn before, the last one over the others.
 *
 * @param {SVGSVGElement} svg lies over the picture
 * @param {Size} size
 * @param {LabeledBox[]} boxes
 * @param {number} lines how many lines of text are as high as the picture, fitted into 4:3
 */
export function drawBoxes(svg, size, boxes, lines) {
  const textSize = Math.max((size.width * 3) / 4, size.height) / lines;
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  svg.replaceChildren(...boxes.map((box) => drawnBox(box, size, textSize)));
}

/**
 * Return one box with its words, to be put into a drawing in pixels of the picture.
 *
 * @param {LabeledBox} labeled
 * @param {Size} size
 * @param {number} textSize in pixels of the picture
 */
export function drawnBox(labeled, size, textSize) {
  const words = linesOf(labeled);
  const edges = edgesOf(labeled.box, size);
  const group = svgElement("g", { class: `box color-${labeled.color}${labeled.mistake ? " is-mistake" : ""}` });
  group.append(svgElement("rect", { ...edges, "vector-effect": "non-scaling-stroke" }));
  placesOf(words, edges, size, textSize).forEach((place, number) => {
    group.append(svgElement("text", { ...place, "font-size": textSize }, words[number]));
  });
  return group;
}

/** @param {Pick<LabeledBox, "label" | "score" | "mistake">} labeled */
export function linesOf({ label, score, mistake }) {
  return [`${shortened(label)} ${score}`.trim(), shortened(mistake)].filter(Boolean);
}

/** @param {string} words */
function shortened(words) {
  return words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS - 1)}…` : words;
}

/**
 * Return the box in pixels of the picture.
 *
 * @param {Corners} corners
 * @param {Size} size
 */
export function edgesOf([top, left, bottom, right], { width, height }) {
  return { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
}

/**
 * Return where each line of words begins: above the box, so that what is in it can be seen; where no room is left there,
 * below it; inside at its top where the box is as high as the picture. Never beyond the picture's ends.
 *
 * @param {string[]} words
 * @param {{ x: number, y: number, height: number }} edges
 * @param {Size} size
 * @param {number} textSize
 */
export function placesOf(words, edges, { width, height }, textSize) {
  const longest = Math.max(...words.map((line) => line.length)) * LETTER_WIDTH * textSize;
  const x = Math.max(0, Math.min(edges.x + MARGIN * textSize, width - longest));
  const room = (words.length + MARGIN) * LINE_HEIGHT * textSize;
  const below = edges.y + edges.height;
  const inside = Math.max(0, Math.min(edges.y, height - room));
  const outside = edges.y >= room ? edges.y - room : below;
  const top = outside + room <= height ? outside : inside;
  return words.map((_, number) => ({ x, y: top + (number + 1) * LINE_HEIGHT * textSize }));
}
