// Draws the boxes of one frame over its picture, and says them in words for who cannot see them.

import { svgElement } from "../shared/svg.js";
import { isFound, isSeenAsAnother } from "./mistakes.js";

/**
 * Fractions of the picture.
 * @typedef {[top: number, left: number, bottom: number, right: number]} Corners
 *
 * @typedef {{ width: number, height: number }} Size
 * @typedef {import("./detections.js").Found} Found
 *
 * `score` and `mistake` are words, "" for none.
 * @typedef {{ label: string, box: Corners, score: string, mistake: string }} ShownBox
 */

// Of a letter, as a part of the text's size.
const LETTER_WIDTH = 0.58;
const LINE_HEIGHT = 1.1;
// Longer words would cover the picture.
const MOST_LETTERS = 18;

/**
 * Return what the model found with at least that score; the surest is drawn last, over the others.
 *
 * @param {Found} found
 * @param {number} threshold
 * @returns {ShownBox[]}
 */
export function modelBoxes(found, threshold) {
  const counted = found.detections.filter((one) => one.score >= threshold).reverse();
  return counted.map(({ label, box, score, kind }) => {
    return { label, box, score: score.toFixed(2), mistake: kind === "right" ? "" : kind };
  });
}

/**
 * Return what people labeled, and what of it the model did not find.
 *
 * @param {Found} found
 * @param {number} threshold
 * @returns {ShownBox[]}
 */
export function userBoxes(found, threshold) {
  return found.truths.map((truth) => {
    const { label, box } = truth;
    if (isFound(truth, threshold)) return { label, box, score: "", mistake: "" };
    const isSeen = isSeenAsAnother(truth, threshold);
    return { label, box, score: "", mistake: isSeen ? `seen as ${truth.seen_as}` : "missed" };
  });
}

/** @param {ShownBox[]} boxes */
export function inWords(boxes) {
  const words = boxes.map(({ label, score, mistake }) => [label, score, mistake].filter(Boolean).join(" "));
  return words.join(", ") || "no box";
}

/** @param {string} words */
function short(words) {
  return words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS - 1)}…` : words;
}

/**
 * @param {SVGSVGElement} svg
 * @param {Size} size
 * @param {ShownBox[]} boxes
 * @param {Record<string, number>} colours of the labels
 * @param {number} lines how many lines of text are as high as the picture, fitted into 4:3
 */
export function draw(svg, { width, height }, boxes, colours, lines) {
  const size = Math.max((width * 3) / 4, height) / lines;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...boxes.map((box) => drawn(box, { width, height, size }, colours)));
}

/**
 * @param {ShownBox} box
 * @param {Size & { size: number }} picture
 * @param {Record<string, number>} colours
 */
function drawn({ label, box, score, mistake }, { width, height, size }, colours) {
  const [ymin, xmin, ymax, xmax] = box;
  const lines = [`${short(label)} ${score}`, short(mistake)].filter(Boolean);
  const group = svgElement("g", { class: `box colour-${colours[label]}${mistake ? " is-mistake" : ""}` });
  const edges = { x: xmin * width, y: ymin * height, width: (xmax - xmin) * width, height: (ymax - ymin) * height };
  group.append(svgElement("rect", { ...edges, "vector-effect": "non-scaling-stroke" }));
  const longest = Math.max(...lines.map((line) => line.length)) * LETTER_WIDTH * size;
  const x = Math.max(0, Math.min(edges.x + 0.3 * size, width - longest));
  const y = Math.min(edges.y, height - (lines.length + 0.3) * LINE_HEIGHT * size);
  lines.forEach((line, number) => {
    group.append(svgElement("text", { x, y: y + (number + 1) * LINE_HEIGHT * size, "font-size": size }, line));
  });
  return group;
}
