// How the lines of a graph are drawn with uPlot: colors and dashes, dots, marks, and samples for the legend.

import { svgElement } from "../shared/svg.js";
import { figure, smoothed } from "./lines.js";

/**
 * @typedef {import("uplot")} Plot
 * @typedef {import("uplot").Options} Options
 * @typedef {import("uplot").Series} Series
 * @typedef {import("uplot").AlignedData} Table
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./steps.js").Mark} Mark
 */

const MOST_DOTS = 20;
const FAINT = "40";
const LIVE = "80";
// The page's model, then those laid over it: each another color and another dash. Evaluation has dots besides.
const STYLES = [
  { train: color("graph-train"), eval: color("graph-eval"), dash: [] },
  ...[
    [9, 4],
    [2, 3],
    [10, 3, 2, 3],
    [16, 5],
    [4, 2],
  ].map((dash, other) => {
    return { train: color(`graph-${other + 1}`), eval: color(`graph-${other + 1}`), dash };
  }),
];
const MARK = { best: color("amber-ink"), begin: color("ink-soft") };
const FONT = "11px system-ui, sans-serif";
const AXIS = {
  stroke: color("ink-soft"),
  grid: { stroke: color("line-soft") },
  ticks: { stroke: color("line") },
  font: FONT,
  labelFont: FONT,
};

/**
 * Return a color of the palette.
 *
 * @param {string} name
 */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** @param {Line} line */
function styleOf({ place, split, isLive }) {
  const style = STYLES[place];
  if (isLive) return { color: style[split] + LIVE, dash: style.dash };
  return { color: style[split], dash: style.dash };
}

/**
 * Return what uPlot is told of a graph, except its size and what it calls back.
 *
 * @param {Line[]} lines
 * @param {boolean} isLog
 * @param {boolean} isShare
 * @returns {Omit<Options, "width" | "height">}
 */
export function optionsOf(lines, isLog, isShare) {
  return {
    cursor: { sync: { key: "steps", scales: ["x", null], setSeries: false }, drag: { x: true, y: false }, y: false },
    scales: { x: { time: false }, y: isLog ? { distr: 3, range: closeTo } : isShare ? { range: [0, 1] } : {} },
    axes: [
      { label: "Step", labelSize: 20, size: 30, ...AXIS },
      { size: 58, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : figure(tick))), ...AXIS },
    ],
    series: [{ label: "Step", value: (_, step) => step ?? "–" }, ...lines.flatMap(seriesOf)],
    legend: { markers: { width: 0, fill: "transparent" } },
  };
}

/**
 * Return all lines over the same steps, for each the smoothed values and, where they differ, the raw ones.
 *
 * @param {Line[]} lines
 * @param {number} weight
 * @param {boolean} isLog
 */
export function tableOf(lines, weight, isLog) {
  return window.uPlot.join(lines.map((line) => columnsOf(line, weight, isLog)));
}

/**
 * @param {Line} line
 * @param {number} weight
 * @param {boolean} isLog
 * @returns {Table}
 */
function columnsOf({ steps, values }, weight, isLog) {
  const raw = isLog ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;
  return [steps, smoothed(raw, weight), weight ? raw : raw.map(() => null)];
}

/**
 * @param {Line} line
 * @returns {Series[]}
 */
function seriesOf(line) {
  const { color, dash } = styleOf(line);
  const isEvaluation = line.split === "eval";
  const common = { spanGaps: true, dash };
  const hasDots = isEvaluation || line.values.length < 2;
  const dots = { show: hasDots, size: 5, fill: color, filter: hasDots ? someOf : () => [] };
  return [
    { label: line.name, stroke: color, width: isEvaluation ? 2 : 1.5, points: dots, value: withRaw, ...common },
    { class: "is-raw", stroke: color + FAINT, width: 1.5, points: { show: false }, ...common },
  ];
}

/**
 * @param {Plot} plot
 * @param {number} shown
 * @param {number} series
 * @param {number | null} place
 */
function withRaw(plot, shown, series, place) {
  const raw = place === null ? null : plot.data[series + 1][place];
  return raw === null || raw === undefined ? figure(shown) : `${figure(shown)} (raw ${figure(raw)})`;
}

/**
 * On a log scale uPlot would show whole powers of ten.
 *
 * @param {Plot} _plot
 * @param {number} min
 * @param {number} max
 * @returns {[number, number]}
 */
function closeTo(_plot, min, max) {
  return [min / 1.1, max * 1.1];
}

/**
 * Return the places of the values that get a dot, the last one among them.
 *
 * @param {Plot} plot
 * @param {number} series
 */
function someOf(plot, series) {
  const values = Array.from(plot.data[series]);
  const places = values.flatMap((value, place) => (value === null || value === undefined ? [] : [place]));
  const every = Math.ceil(places.length / MOST_DOTS);
  return places.filter((_, i) => (places.length - 1 - i) % every === 0);
}

/**
 * Draw the marks over the lines, each with its words at its right or, where no room is left, at its left.
 *
 * @param {Plot} plot
 * @param {Mark[]} marks
 */
export function drawMarks(plot, marks) {
  const { ctx } = plot;
  const ratio = window.devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  ctx.lineWidth = ratio;
  for (const mark of marks) drawMark(plot, mark, ratio);
  ctx.restore();
}

/**
 * @param {Plot} plot
 * @param {Mark} mark
 * @param {number} ratio
 */
function drawMark({ ctx, bbox, valToPos }, { step, kind, words }, ratio) {
  const x = Math.round(valToPos(step, "x", true));
  const right = bbox.left + bbox.width;
  if (x < bbox.left || x > right) return;
  ctx.strokeStyle = ctx.fillStyle = MARK[kind];
  ctx.setLineDash(kind === "best" ? [3 * ratio, 3 * ratio] : []);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const isAtItsLeft = ctx.measureText(words).width + 4 * ratio > right - x;
  ctx.textAlign = isAtItsLeft ? "right" : "left";
  ctx.fillText(words, x + (isAtItsLeft ? -4 : 4) * ratio, bbox.top + (kind === "best" ? 2 : 15) * ratio);
}

/**
 * Return a short piece of the line, drawn as in the graph.
 *
 * @param {Line} line
 */
export function sampleOf(line) {
  const { color, dash } = styleOf(line);
  const sample = svgElement("svg", { width: 32, height: 12, "aria-hidden": "true" });
  const path = { d: "M0 6h32", stroke: color, "stroke-width": 2, "stroke-dasharray": dash.join(" ") };
  sample.append(svgElement("path", path));
  if (line.split === "eval") sample.append(svgElement("circle", { cx: 16, cy: 6, r: 3, fill: color }));
  return sample;
}
