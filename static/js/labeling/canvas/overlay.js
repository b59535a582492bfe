// What is drawn over the boxes while a person works: the handles of chosen ones, a box that is being drawn, and guides.

import { svgElement } from "../../shared/svg.js";

/**
 * @typedef {import("./geometry.js").Corners} Corners
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./view.js").View} View
 *
 * `draft`: a box that is being drawn; `marquee`: one that chooses what it touches; `pointer`: in pixels of the window.
 * @typedef {{ chosen: Corners[], draft: Corners | null, marquee: Corners | null, pointer: Point | null,
 *   color: number }} Overlay
 */

const HANDLE_PIXELS = 9;
// With more boxes, handles would hide them.
const MOST_WITH_HANDLES = 8;

/**
 * Draw it in pixels of the window.
 *
 * @param {SVGSVGElement} svg
 * @param {View} view
 * @param {Overlay} overlay
 */
export function drawOverlay(svg, view, { chosen, draft, marquee, pointer, color }) {
  const handles = chosen.length > MOST_WITH_HANDLES ? [] : chosen.flatMap((corners) => handlesOf(edges(corners, view)));
  svg.replaceChildren(
    ...(pointer ? guides(pointer, view.window) : []),
    ...(draft ? [svgElement("rect", { ...edges(draft, view), class: `draft color-${color}` })] : []),
    ...(marquee ? [svgElement("rect", { ...edges(marquee, view), class: "marquee" })] : []),
    ...handles,
  );
}

/**
 * @param {Corners} corners
 * @param {View} view
 */
function edges([xmin, ymin, xmax, ymax], { scale, x, y }) {
  return { x: xmin * scale + x, y: ymin * scale + y, width: (xmax - xmin) * scale, height: (ymax - ymin) * scale };
}

/** @param {{ x: number, y: number, width: number, height: number }} edges */
function handlesOf({ x, y, width, height }) {
  const across = [x, x + width / 2, x + width];
  const down = [y, y + height / 2, y + height];
  const places = across.flatMap((left, column) =>
    down.filter((_, row) => column !== 1 || row !== 1).map((top) => [left, top]),
  );
  return places.map(([left, top]) =>
    svgElement("rect", {
      class: "handle",
      x: left - HANDLE_PIXELS / 2,
      y: top - HANDLE_PIXELS / 2,
      width: HANDLE_PIXELS,
      height: HANDLE_PIXELS,
      rx: 2,
    }),
  );
}

/**
 * @param {Point} pointer
 * @param {import("./geometry.js").Size} window
 */
function guides({ x, y }, { width, height }) {
  const lines = [
    { x1: 0, x2: width, y1: y, y2: y },
    { x1: x, x2: x, y1: 0, y2: height },
  ];
  // Dark below light: seen on every picture.
  return ["guide-below", "guide"].flatMap((name) => lines.map((line) => svgElement("line", { ...line, class: name })));
}
