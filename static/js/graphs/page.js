// The Graphs page: asks for the curves, draws a graph for each metric, and adds what is new while the training runs.

import { all, byId, find, query } from "../shared/elements.js";
import { Chart } from "./chart.js";
import { append, isKnown, linesOf } from "./lines.js";
import { extent, isUnmeasured, marksInWords, marksOf, newestStep } from "./steps.js";

/**
 * @typedef {import("./steps.js").Extent} Extent
 * @typedef {import("./lines.js").Answer} Answer
 */

const page = byId("graphs", HTMLElement);
const trouble = byId("graphs-trouble", HTMLElement);
const smoothing = byId("smoothing", HTMLInputElement);
const logScale = byId("log-scale", HTMLInputElement);
const wholeLineage = query(document, "#whole-lineage", HTMLInputElement);
const resetZoom = byId("reset-zoom", HTMLButtonElement);
const compare = query(document, "#compare", HTMLFormElement);

const charts = all(page, "[data-graph]", HTMLElement).map((section) => new Chart(section, zoomed));
/** @type {Answer | null} */
let answer = null;
/** @type {Extent | null} */
let zoom = null;
let asked = 0;
let answered = 0;

/**
 * Ask for the curves and hand them to `use`, unless something else has been asked for meanwhile.
 *
 * @param {URLSearchParams} question
 * @param {(told: Answer) => void} use
 */
async function ask(question, use) {
  const mine = ++asked;
  try {
    const response = await fetch(`${page.dataset.curves}?${question}`);
    const told = await response.json();
    if (mine !== asked) return;
    sayTrouble(response.ok ? "" : told.detail);
    if (response.ok) use(told);
  } catch {
    if (mine === asked) sayTrouble(trouble.dataset.offline ?? "");
  } finally {
    if (mine === asked) answered = mine;
  }
}

/** @param {string} words */
function sayTrouble(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

/** The other models that are selected, as the address names them. */
function choice() {
  const boxes = compare ? all(compare, "input:checked", HTMLInputElement) : [];
  return new URLSearchParams(boxes.map((box) => [box.name, box.value]));
}

function load() {
  return ask(choice(), (told) => {
    answer = told;
    zoom = null;
    drawAll(told);
  });
}

/** @param {Answer} known */
function loadNewer(known) {
  const since = newestStep(known) - (isUnmeasured(known) ? 1 : 0);
  return ask(new URLSearchParams({ since: String(since) }), ({ lineage, live }) => {
    known.live = live;
    lineage.forEach((newer, place) => {
      append(known.lineage[place], newer);
    });
    drawAll(known);
  });
}

/** The head refreshes itself and says how many steps are done. What is asked for already is waited for. */
function headIsNew() {
  if (asked !== answered) return;
  const done = Number(byId("refresh", HTMLElement).dataset.steps);
  if (!answer) load();
  else if (done > newestStep(answer) || answer.live.is_running || isUnmeasured(answer)) loadNewer(answer);
}

function isWhole() {
  return wholeLineage?.checked ?? false;
}

/** @param {Answer} told */
function drawAll(told) {
  const settings = {
    weight: Number(smoothing.value),
    shown: zoom ?? extent(told, isWhole()),
    marks: marksOf(told, isWhole()),
  };
  for (const chart of charts) {
    const { graph: tag = "", log, share } = chart.section.dataset;
    const lines = linesOf(told, tag, isWhole());
    chart.section.hidden = !isKnown(told, tag);
    find(chart.section, ".graph-absent", HTMLElement).hidden = lines.length > 0;
    chart.holder.hidden = lines.length === 0;
    chart.section.classList.toggle("is-folded", lines.length === 0);
    const isLog = logScale.checked && log !== undefined;
    if (lines.length) chart.draw(lines, { ...settings, isLog, isShare: share !== undefined });
  }
  byId("graphs-none", HTMLElement).hidden = charts.some((chart) => !chart.section.hidden);
  offerReset();
  byId("graphs-marks", HTMLElement).textContent = marksInWords(told, isWhole());
}

/** A button that is off says why. */
function offerReset() {
  resetZoom.disabled = !zoom;
  resetZoom.title = zoom ? "" : (resetZoom.dataset.why ?? "");
}

/** @param {Extent} shown */
function zoomed([min, max]) {
  if (!answer) return;
  const [first, last] = extent(answer, isWhole());
  zoom = min > first || max < last ? [min, max] : null;
  offerReset();
  for (const chart of charts) if (!chart.holder.hidden) chart.show(zoom ?? [first, last]);
}

/** @param {HTMLFormElement} form */
function choose(form) {
  const chosen = choice().toString();
  history.replaceState(null, "", chosen ? `?${chosen}` : location.pathname);
  limitChoice(form);
  load();
}

/**
 * No more can be selected than the server would show.
 *
 * @param {HTMLFormElement} form
 */
function limitChoice(form) {
  const boxes = all(form, "input", HTMLInputElement);
  const isFull = boxes.filter((box) => box.checked).length >= Number(form.dataset.most);
  for (const box of boxes) box.disabled = isFull && !box.checked;
}

function drawAgain() {
  if (answer) drawAll(answer);
}

smoothing.addEventListener("input", () => {
  find(document, "output[for=smoothing]", HTMLOutputElement).textContent = smoothing.value;
  drawAgain();
});
logScale.addEventListener("change", drawAgain);
wholeLineage?.addEventListener("change", () => {
  zoom = null;
  drawAgain();
});
resetZoom.addEventListener("click", () => {
  if (answer) zoomed(extent(answer, isWhole()));
});
byId("list", HTMLElement).addEventListener("htmx:afterSettle", headIsNew);
if (compare) {
  compare.addEventListener("change", () => choose(compare));
  limitChoice(compare);
}
load();
