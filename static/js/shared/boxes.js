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
 * A line of words and where it begins, in pixels of the picture.
 * @typedef {{ line: string, x: number, y: number }} PlacedLine
 *
 * What words cover, in pixels of the picture.
 * @typedef {{ x: number, y: number, width: number, height: number }} Area
 */

/**
 * Draw the boxes in place of those drawn before, the last one over the others. Its words have the first choice of a place.
 *
 * @param {SVGSVGElement} svg lies over the picture
 * @param {Size} size
 * @param {LabeledBox[]} boxes
 * @param {number} lines how many lines of text are as high as the picture, fitted into 4:3
 */
export function drawBoxes(svg, size, boxes, lines) {
  const textSize = Math.max((size.width * 3) / 4, size.height) / lines;
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  /** @type {Area[]} */
  const taken = [];
  const drawn = boxes.toReversed().map((box) => drawnBox(box, size, textSize, placedWords(box, size, textSize, taken)));
  svg.replaceChildren(...drawn.reverse());
}

/**
 * Return one box with its words, to be put into a drawing in pixels of the picture.
 *
 * @param {LabeledBox} labeled
 * @param {Size} size
 * @param {number} textSize in pixels of the picture
 * @param {PlacedLine[]} [words]
 */
export function drawnBox(labeled, size, textSize, words = placedWords(labeled, size, textSize)) {
  const edges = edgesOf(labeled.box, size);
  const group = svgElement("g", { class: `box color-${labeled.color}${labeled.mistake ? " is-mistake" : ""}` });
  group.append(svgElement("rect", { ...edges, "vector-effect": "non-scaling-stroke" }));
  for (const { line, x, y } of words) group.append(svgElement("text", { x, y, "font-size": textSize }, line));
  return group;
}

/**
 * Return a box's words, each line in its place. They cover no other words where another place is left.
 *
 * @param {LabeledBox} labeled
 * @param {Size} size
 * @param {number} textSize in pixels of the picture
 * @param {Area[]} [taken] what other words cover; what these cover is added
 * @returns {PlacedLine[]}
 */
export function placedWords(labeled, size, textSize, taken = []) {
  const words = linesOf(labeled);
  const places = placesOf(words, edgesOf(labeled.box, size), size, textSize, taken);
  return words.map((line, number) => ({ line, ...places[number] }));
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
 * below it; else inside. Never beyond the picture's ends.
 *
 * @param {string[]} words
 * @param {Area} edges
 * @param {Size} size
 * @param {number} textSize
 * @param {Area[]} [taken] what other words cover; what these cover is added
 */
export function placesOf(words, edges, size, textSize, taken = []) {
  const width = Math.max(...words.map((line) => line.length)) * LETTER_WIDTH * textSize;
  const height = (words.length + MARGIN) * LINE_HEIGHT * textSize;
  const fitting = areasFor({ width, height }, edges, size, MARGIN * textSize);
  const area = fitting.find((one) => !taken.some((other) => isOver(one, other))) ?? fitting[0];
  taken.push(area);
  return words.map((_, number) => ({ x: area.x, y: area.y + (number + 1) * LINE_HEIGHT * textSize }));
}

/**
 * Return where words of that size may stand, the best place first: at the left of the box, then at its right.
 *
 * @param {Size} words
 * @param {Area} edges
 * @param {Size} size
 * @param {number} margin
 * @returns {Area[]}
 */
function areasFor(words, edges, size, margin) {
  const within = (/** @type {number} */ place, /** @type {number} */ most) => Math.max(0, Math.min(place, most));
  const below = edges.y + edges.height;
  const outside = [edges.y - words.height, below].filter((y) => y >= 0 && y + words.height <= size.height);
  const inside = [edges.y, below - words.height].map((y) => within(y, size.height - words.height));
  const beside = [edges.x + margin, edges.x + edges.width - margin - words.width];
  return beside
    .map((x) => within(x, size.width - words.width))
    .flatMap((x) => [...outside, ...inside].map((y) => ({ x, y, ...words })));
}

/**
 * @param {Area} one
 * @param {Area} other
 */
function isOver(one, other) {
  const isBeside = one.x + one.width <= other.x || other.x + other.width <= one.x;
  return !isBeside && one.y < other.y + other.height && other.y < one.y + one.height;
}
