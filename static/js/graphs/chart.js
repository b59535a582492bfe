// One graph: uPlot with keys, and words for who cannot see it.

import { all, find, say } from "../shared/elements.js";
import { drawMarks, optionsOf, sampleOf, tableOf } from "./drawing.js";
import { inWords, latestOf } from "./lines.js";

/**
 * @typedef {import("uplot")} Plot
 * @typedef {import("./lines.js").Line} Line
 * @typedef {import("./steps.js").Extent} Extent
 * @typedef {import("./steps.js").Mark} Mark
 *
 * How to draw: the weight of the smoothing, the scale, whether it runs from 0 to 1, what part is shown, and what is marked.
 * @typedef {{ weight: number, isLog: boolean, isShare: boolean, shown: Extent, marks: Mark[] }} Settings
 */

const HEIGHT = 230;

export class Chart {
  #onZoom;
  #title;
  /** @type {Plot | null} */
  #plot = null;
  /** @type {Extent | null} */
  #shown = null;
  /** @type {Line[]} */
  #lines = [];
  /** @type {Mark[]} */
  #marks = [];
  #shape = "";

  /**
   * @param {HTMLElement} section
   * @param {(shown: Extent) => void} onZoom called when the reader has changed what is shown
   */
  constructor(section, onZoom) {
    this.section = section;
    this.holder = find(section, ".graph-plot", HTMLElement);
    this.#onZoom = onZoom;
    this.#title = find(section, "h3", HTMLElement).firstChild?.textContent?.trim() ?? "";
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.holder);
  }

  #size() {
    return { width: this.holder.clientWidth, height: HEIGHT };
  }

  /**
   * @param {Line[]} lines
   * @param {Settings} settings
   */
  draw(lines, { weight, isLog, isShare, shown, marks }) {
    this.#lines = lines;
    this.#marks = marks;
    const shape = JSON.stringify([lines.map((line) => [line.name, line.place, line.split]), isLog]);
    const table = tableOf(lines, weight, isLog);
    if (this.#plot && shape === this.#shape) this.#plot.setData(table);
    else {
      this.#plot?.destroy();
      this.#shown = null;
      this.#plot = this.#newPlot(table, isLog, isShare);
      this.#shape = shape;
    }
    say(find(this.section, "[data-latest]", HTMLElement), lines.map(latestOf).join(", "));
    this.show(shown);
  }

  /**
   * Show those steps; nothing where nothing was drawn yet.
   *
   * @param {Extent} shown
   */
  show([min, max]) {
    if (!this.#plot) return;
    this.#shown = [min, max];
    this.#plot.setScale("x", { min, max });
    const words = this.#lines.map((line) => inWords(line, this.section.dataset.best)).join(". ");
    pictureOf(this.#plot).ariaLabel = `${this.#title}, steps ${Math.round(min)} to ${Math.round(max)}. ${words}.`;
  }

  /**
   * @param {import("uplot").AlignedData} table
   * @param {boolean} isLog
   * @param {boolean} isShare
   */
  #newPlot(table, isLog, isShare) {
    /** @type {import("uplot").Options} */
    const options = {
      ...this.#size(),
      ...optionsOf(this.#lines, isLog, isShare),
      hooks: {
        draw: [(plot) => drawMarks(plot, this.#marks)],
        setScale: [(plot, key) => this.#scaled(plot, key)],
        setSeries: [hideRawToo],
      },
    };
    const plot = new window.uPlot(options, table, this.holder);
    this.#complete(plot);
    return plot;
  }

  /**
   * Add what uPlot leaves open: the lines themselves in the legend, words for screen readers, and keys.
   *
   * @param {Plot} plot
   */
  #complete(plot) {
    const rows = all(plot.root, ".u-legend .u-series:not(.is-raw)", HTMLElement).slice(1);
    rows.forEach((row, i) => {
      find(row, ".u-marker", HTMLElement).replaceChildren(sampleOf(this.#lines[i]));
    });
    const picture = pictureOf(plot);
    Object.assign(picture, { tabIndex: 0, role: "img" });
    picture.addEventListener("keydown", (event) => this.#pressed(plot, event));
  }

  /**
   * uPlot says so after every change, our own as well.
   *
   * @param {Plot} plot
   * @param {string} key
   */
  #scaled(plot, key) {
    if (key !== "x" || !this.#shown) return;
    const { min, max } = extentOf(plot);
    if (min !== this.#shown[0] || max !== this.#shown[1]) this.#onZoom([min, max]);
  }

  /**
   * @param {Plot} plot
   * @param {KeyboardEvent} event
   */
  #pressed(plot, event) {
    const { min, max } = extentOf(plot);
    const steps = plot.data[0];
    const last = steps.length - 1;
    const here = plot.cursor.idx ?? plot.valToIdx(min);
    /** @param {number} half */
    const zoomTo = (half) => {
      this.#onZoom([Math.max(steps[0], steps[here] - half), Math.min(steps[last], steps[here] + half)]);
    };
    /** @type {Partial<Record<string, () => void>>} */
    const actions = {
      ArrowRight: () => pointAt(plot, Math.min(here + 1, last)),
      ArrowLeft: () => pointAt(plot, Math.max(here - 1, 0)),
      "+": () => zoomTo((max - min) / 4),
      "-": () => zoomTo(max - min),
    };
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/** @param {Plot} plot */
function pictureOf(plot) {
  return find(plot.root, ".u-wrap", HTMLElement);
}

/** @param {Plot} plot */
function extentOf(plot) {
  const { min = 0, max = 0 } = plot.scales.x;
  return { min, max };
}

/**
 * @param {Plot} plot
 * @param {number} place
 */
function pointAt(plot, place) {
  plot.setCursor({ left: plot.valToPos(plot.data[0][place], "x"), top: 10 });
}

/**
 * A click in the legend hides a line; its raw values are the series after it.
 *
 * @param {Plot} plot
 * @param {number | null} series
 * @param {import("uplot").Series} changed
 */
function hideRawToo(plot, series, { show }) {
  if (show !== undefined && series && series % 2) plot.setSeries(series + 1, { show });
}
