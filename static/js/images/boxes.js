// Draws the boxes of one frame over its picture, and says them in words for who cannot see them.

import { isFound, isSeenAsAnother } from "./mistakes.js";

const SVG = "http://www.w3.org/2000/svg";
// Of a letter, as a part of the text's size.
const LETTER_WIDTH = 0.58;
const LINE_HEIGHT = 1.1;

/** What the model found with at least that score; the surest is drawn last, over the others. */
export function modelBoxes(found, threshold) {
  const counted = found.detections.filter((one) => one.score >= threshold);
  return counted.reverse().map(({ label, score, box, kind }) => {
    const lines = [`${label} ${score.toFixed(2)}`, ...(kind === "right" ? [] : [kind])];
    return { label, box, lines, isMistake: kind !== "right" };
  });
}

/** What people labelled, and what of it the model did not find. */
export function userBoxes(found, threshold) {
  return found.truths.map((truth) => {
    const { label, box } = truth;
    if (isFound(truth, threshold)) return { label, box, lines: [label], isMistake: false };
    const fate = isSeenAsAnother(truth, threshold) ? `seen as ${truth.seen_as}` : "missed";
    return { label, box, lines: [label, fate], isMistake: true };
  });
}

export function inWords(boxes) {
  return boxes.map(({ lines }) => lines.join(" ")).join(", ") || "no box";
}

/** `textsAcross`: how many lines of text are as high as the picture, fitted into 4:3. */
export function draw(svg, { width, height }, boxes, colours, textsAcross) {
  const size = Math.max((width * 3) / 4, height) / textsAcross;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...boxes.map((box) => drawn(box, { width, height, size }, colours)));
}

function drawn({ label, box, lines, isMistake }, { width, height, size }, colours) {
  const [ymin, xmin, ymax, xmax] = box;
  const group = element("g", { class: `box colour-${colours[label]}${isMistake ? " is-mistake" : ""}` });
  const edges = { x: xmin * width, y: ymin * height, width: (xmax - xmin) * width, height: (ymax - ymin) * height };
  group.append(element("rect", { ...edges, "vector-effect": "non-scaling-stroke" }));
  const longest = Math.max(...lines.map((line) => line.length)) * LETTER_WIDTH * size;
  const x = Math.max(0, Math.min(edges.x + 0.3 * size, width - longest));
  const y = Math.min(edges.y, height - (lines.length + 0.3) * LINE_HEIGHT * size);
  lines.forEach((line, number) => {
    const text = element("text", { x, y: y + (number + 1) * LINE_HEIGHT * size, "font-size": size });
    text.textContent = line;
    group.append(text);
  });
  return group;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
