// One graph: uPlot with our colours, marks, keys, and words for who cannot see it.
import { figure, inWords, smoothed } from "./lines.js";

const HEIGHT = 230;
const MOST_DOTS = 20;
const FAINT = "40";
// The page's model, then those laid over it: each another colour and another dash. Evaluation has dots besides.
const STYLES = [
  { train: "#0f766e", eval: "#c2410c", dash: [] },
  { train: "#1d4ed8", eval: "#1d4ed8", dash: [9, 4] },
  { train: "#be185d", eval: "#be185d", dash: [2, 3] },
  { train: "#6d28d9", eval: "#6d28d9", dash: [10, 3, 2, 3] },
  { train: "#3f6212", eval: "#3f6212", dash: [16, 5] },
  { train: "#475569", eval: "#475569", dash: [4, 2] },
];
const MARK = { best: "#7a4a03", begin: "#52636a" };

export class Chart {
  /** `onZoom` is called with [first step, last step] when the reader has changed what is shown. */
  constructor(section, onZoom) {
    this.section = section;
    this.onZoom = onZoom;
    this.holder = section.querySelector(".graph-plot");
    this.title = section.querySelector("h3").firstChild.textContent.trim();
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(this.holder);
  }

  size() {
    return { width: this.holder.clientWidth, height: HEIGHT };
  }

  /** `shown`: the first and last step to show. `marks`: [{step, kind, words}]. */
  draw(lines, { weight, isLog, shown, marks }) {
    this.lines = lines;
    this.marks = marks;
    const shape = JSON.stringify([lines.map((line) => [line.name, line.place, line.split]), isLog]);
    const table = tableOf(lines, weight, isLog);
    if (shape !== this.shape) {
      this.plot?.destroy();
      this.shown = null;
      this.plot = new window.uPlot(this.options(isLog), table, this.holder);
      this.shape = shape;
      this.dress();
    } else this.plot.setData(table);
    this.show(shown);
  }

  show([min, max]) {
    this.shown = [min, max];
    this.plot.setScale("x", { min, max });
    this.describe(min, max);
  }

  isShown() {
    const { min, max } = this.plot.scales.x;
    return min === this.shown[0] && max === this.shown[1];
  }

  /** uPlot says so after every change, our own as well. */
  scaled(plot, key) {
    if (key === "x" && this.shown && !this.isShown()) this.onZoom([plot.scales.x.min, plot.scales.x.max]);
  }

  options(isLog) {
    return {
      ...this.size(),
      cursor: { sync: { key: "steps", scales: ["x", null], setSeries: false }, drag: { x: true, y: false }, y: false },
      scales: { x: { time: false }, y: isLog ? { distr: 3, range: closeTo } : {} },
      axes: [
        { label: "Step", labelSize: 20, size: 30, ...AXIS },
        { size: 58, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : figure(tick))), ...AXIS },
      ],
      series: [{ label: "Step", value: (_, step) => step ?? "–" }, ...this.lines.flatMap(seriesOf)],
      legend: { markers: { width: 0, fill: "transparent" } },
      hooks: {
        draw: [(plot) => this.drawMarks(plot)],
        setScale: [(plot, key) => this.scaled(plot, key)],
        setSeries: [hideRawToo],
      },
    };
  }

  /** What uPlot leaves open: the lines themselves in the legend, words for screen readers, and keys. */
  dress() {
    const rows = [...this.plot.root.querySelectorAll(".u-legend .u-series:not(.is-raw)")].slice(1);
    rows.forEach((row, i) => row.querySelector(".u-marker").replaceChildren(sampleOf(this.lines[i])));
    this.picture = this.plot.root.querySelector(".u-wrap");
    Object.assign(this.picture, { tabIndex: 0, role: "img" });
    this.picture.addEventListener("keydown", (event) => this.pressed(event));
  }

  describe(min, max) {
    const words = this.lines.map((line) => inWords(line, this.section.dataset.best)).join(". ");
    this.picture.ariaLabel = `${this.title}, steps ${Math.round(min)} to ${Math.round(max)}. ${words}.`;
  }

  pressed(event) {
    const { plot } = this;
    const { min, max } = plot.scales.x;
    const here = plot.cursor.idx ?? plot.valToIdx(min);
    const middle = plot.data[0][here];
    const zoomTo = (half) => this.onZoom([Math.max(plot.data[0][0], middle - half), Math.min(plot.data[0].at(-1), middle + half)]);
    const actions = {
      ArrowRight: () => this.pointAt(Math.min(here + 1, plot.data[0].length - 1)),
      ArrowLeft: () => this.pointAt(Math.max(here - 1, 0)),
      "+": () => zoomTo((max - min) / 4),
      "-": () => zoomTo(max - min),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  pointAt(place) {
    this.plot.setCursor({ left: this.plot.valToPos(this.plot.data[0][place], "x"), top: 10 });
  }

  drawMarks(plot) {
    const { ctx, bbox } = plot;
    const ratio = window.devicePixelRatio;
    ctx.save();
    ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "top";
    ctx.lineWidth = ratio;
    for (const { step, kind, words } of this.marks) {
      const x = Math.round(plot.valToPos(step, "x", true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = ctx.fillStyle = MARK[kind];
      ctx.setLineDash(kind === "best" ? [3 * ratio, 3 * ratio] : []);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const room = bbox.left + bbox.width - x;
      ctx.textAlign = ctx.measureText(words).width + 4 * ratio > room ? "right" : "left";
      const top = bbox.top + (kind === "best" ? 2 : 15) * ratio;
      ctx.fillText(words, x + (ctx.textAlign === "left" ? 4 : -4) * ratio, top);
    }
    ctx.restore();
  }
}

const AXIS = { stroke: "#52636a", grid: { stroke: "#e9eeec" }, ticks: { stroke: "#dbe2e0" }, font: "11px system-ui, sans-serif", labelFont: "11px system-ui, sans-serif" };

/** All lines over the same steps, for each the smoothed values and, where they differ, the raw ones. */
function tableOf(lines, weight, isLog) {
  const drawable = (values) => (isLog ? values.map((value) => (value > 0 ? value : null)) : values);
  return window.uPlot.join(
    lines.map(({ steps, values }) => {
      const raw = drawable(values);
      return [steps, smoothed(raw, weight), weight ? raw : Array(raw.length).fill(null)];
    }),
  );
}

function seriesOf(line) {
  const style = STYLES[line.place];
  const colour = style[line.split];
  const isEvaluation = line.split === "eval";
  const common = { spanGaps: true, dash: style.dash };
  const hasDots = isEvaluation || line.values.length < 2;
  const dots = { show: hasDots, size: 5, fill: colour, filter: hasDots ? someOf : () => [] };
  const value = (plot, shown, series, place) => {
    const raw = place === null ? null : plot.data[series + 1][place];
    return raw === null || raw === undefined ? figure(shown) : `${figure(shown)} (raw ${figure(raw)})`;
  };
  return [
    { label: line.name, stroke: colour, width: isEvaluation ? 2 : 1.5, points: dots, value, ...common },
    { class: "is-raw", stroke: colour + FAINT, width: 1.5, points: { show: false }, ...common },
  ];
}

/** A click in the legend hides a line; its raw values are the series after it. */
function hideRawToo(plot, series, { show }) {
  if (show !== undefined && series % 2) plot.setSeries(series + 1, { show });
}

/** On a log scale uPlot would show whole powers of ten. */
function closeTo(plot, min, max) {
  return [min / 1.1, max * 1.1];
}

function someOf(plot, series) {
  const places = plot.data[series].flatMap((value, place) => (value === null || value === undefined ? [] : [place]));
  const every = Math.ceil(places.length / MOST_DOTS);
  return places.filter((_, i) => (places.length - 1 - i) % every === 0);
}

/** A short piece of the line, drawn as in the graph. */
function sampleOf(line) {
  const style = STYLES[line.place];
  const colour = style[line.split];
  const holder = document.createElement("template");
  const dot = line.split === "eval" ? `<circle cx="16" cy="6" r="3" fill="${colour}"/>` : "";
  holder.innerHTML = `<svg width="32" height="12" aria-hidden="true"><path d="M0 6h32" stroke="${colour}" stroke-width="2" stroke-dasharray="${style.dash.join(" ")}"/>${dot}</svg>`;
  return holder.content;
}
