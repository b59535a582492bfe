// The precision-recall curve: drawn from the stored points, and read point by point with the slider or the pointer. Between
// two points nothing is known exactly, so the slider stands on points only.

import { byId } from "../shared/elements.js";
import { svgElement } from "../shared/svg.js";
import { filled } from "../shared/words.js";
import { nearestByPlace, nearestByScore, valuesOf } from "./curve.js";

/** @typedef {import("./curve.js").Point} Point */

const LEFT = 58;
const TOP = 12;
const WIDTH = 450;
const HEIGHT = 244;

/**
 * Label -> its points, the highest score first.
 * @type {Record<string, Point[]>}
 */
const curves = JSON.parse(byId("curves", HTMLScriptElement).textContent);
const slider = byId("curve-threshold", HTMLInputElement);
const label = byId("curve-label", HTMLSelectElement);
const picture = byId("curve", SVGSVGElement);
const words = byId("curve-words", HTMLElement);

const points = () => curves[label.value];
/** @param {number} recall */
const across = (recall) => LEFT + recall * WIDTH;
/** @param {number} precision */
const down = (precision) => TOP + (1 - precision) * HEIGHT;
/** @param {Point} point */
const drawnAt = ([, precision, recall]) => ({ x: across(recall), y: down(precision) });

function drawGrid() {
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const [x, y] = [across(part), down(part)];
    byId("curve-grid", SVGGElement).append(
      svgElement("path", { d: `M${LEFT} ${y}h${WIDTH}M${x} ${TOP}v${HEIGHT}` }),
      svgElement("text", { x, y: TOP + HEIGHT + 16, "text-anchor": "middle" }, String(part)),
      svgElement("text", { x: LEFT - 6, y, dy: "0.35em", "text-anchor": "end" }, String(part)),
    );
  }
}

function drawLine() {
  const corners = points().map((point) => {
    const { x, y } = drawnAt(point);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  byId("curve-line", SVGPathElement).setAttribute("d", `M${corners.join("L")}`);
  slider.max = String(points().length - 1);
  stand(nearestByScore(points(), Number(slider.dataset.suggested)));
}

/**
 * Read the point at that place; the slider runs from the lowest score to the highest.
 *
 * @param {number} place
 */
function stand(place) {
  const point = points()[place];
  const score = point[0].toFixed(2);
  const { x, y } = drawnAt(point);
  slider.value = String(points().length - 1 - place);
  slider.setAttribute("aria-valuetext", score);
  byId("curve-score", HTMLOutputElement).textContent = score;
  words.textContent = filled(words.dataset.words, valuesOf(point));
  byId("curve-point", SVGCircleElement).setAttribute("cx", String(x));
  byId("curve-point", SVGCircleElement).setAttribute("cy", String(y));
}

/**
 * The slider goes to the point of the curve that is nearest to the pointer.
 *
 * @param {PointerEvent} event
 */
function follow(event) {
  const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM()?.inverse());
  stand(nearestByPlace(points(), drawnAt, here));
}

drawGrid();
drawLine();
slider.addEventListener("input", () => stand(points().length - 1 - Number(slider.value)));
label.addEventListener("change", drawLine);
picture.addEventListener("pointermove", follow);
