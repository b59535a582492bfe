// The Graphs page: asks for the curves, draws a graph for each metric, and adds what is new while the training runs.
import { Chart } from "./chart.js";
import { append, isKnown, linesOf } from "./lines.js";

const page = document.getElementById("graphs");
const trouble = document.getElementById("graphs-trouble");
const smoothing = document.getElementById("smoothing");
const logScale = document.getElementById("log-scale");
const wholeLineage = document.getElementById("whole-lineage");
const resetZoom = document.getElementById("reset-zoom");
const compare = document.getElementById("compare");

const charts = [...page.querySelectorAll("[data-graph]")].map((section) => new Chart(section, zoomed));
let answer = null;
let zoom = null;
let asked = 0;
let answered = 0;

/** Ask for the curves and hand them to `use`, unless something else has been asked for meanwhile. */
async function ask(query, use) {
  const mine = ++asked;
  try {
    const response = await fetch(`${page.dataset.curves}?${query}`);
    const told = await response.json();
    if (mine !== asked) return;
    say(response.ok ? "" : told.detail);
    if (response.ok) use(told);
  } catch {
    if (mine === asked) say(trouble.dataset.offline);
  } finally {
    if (mine === asked) answered = mine;
  }
}

function say(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

function load() {
  const chosen = compare ? new URLSearchParams(new FormData(compare)) : new URLSearchParams();
  return ask(chosen, (told) => {
    answer = told;
    zoom = null;
    drawAll();
  });
}

function newestStep() {
  return Math.max(0, ...answer.lineage.map((model) => model.steps.at(-1) ?? 0));
}

function loadNewer() {
  return ask(new URLSearchParams({ since: newestStep() }), ({ lineage }) => {
    lineage.forEach((newer, place) => append(answer.lineage[place], newer));
    drawAll();
  });
}

/** The head refreshes itself and says how many steps are done. What is asked for already is waited for. */
function headIsNew() {
  if (asked !== answered) return;
  if (!answer) load();
  else if (Number(document.getElementById("refresh").dataset.steps) > newestStep()) loadNewer();
}

function isWhole() {
  return wholeLineage?.checked ?? false;
}

function shownModels() {
  return [...(isWhole() ? answer.lineage : answer.lineage.slice(-1)), ...answer.compared];
}

/** The first and the last step of all that is drawn. */
function extent() {
  const steps = shownModels().flatMap((model) => [model.steps[0], model.steps.at(-1)]).filter((step) => step !== undefined);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  return first < last ? [first, last] : [first - 1, first + 1];
}

function marks() {
  const own = answer.lineage.at(-1);
  const begins = isWhole() ? answer.lineage.slice(1) : [];
  return [
    ...begins.map((model) => ({ step: model.first_step, kind: "begin", words: model.description })),
    ...(own.best_step ? [{ step: own.best_step, kind: "best", words: "best" }] : []),
  ];
}

function sayMarks() {
  const own = answer.lineage.at(-1);
  const best = own.best_step ? `Best checkpoint: step ${own.best_step} (dotted line).` : "";
  const names = answer.lineage.map((model, place) => (place ? `${model.description} from step ${model.first_step}` : model.description));
  const line = isWhole() ? `One curve: ${names.join(", then ")}.` : "";
  document.getElementById("graphs-marks").textContent = `${best} ${line}`.trim();
}

function drawAll() {
  const settings = { weight: Number(smoothing.value), shown: zoom ?? extent(), marks: marks() };
  for (const chart of charts) {
    const tag = chart.section.dataset.graph;
    const lines = linesOf(answer, tag, isWhole());
    chart.section.hidden = !isKnown(answer, tag);
    chart.section.querySelector(".graph-absent").hidden = lines.length > 0;
    chart.holder.hidden = lines.length === 0;
    const isLog = logScale.checked && "log" in chart.section.dataset;
    if (lines.length) chart.draw(lines, { ...settings, isLog });
  }
  document.getElementById("graphs-none").hidden = charts.some((chart) => !chart.section.hidden);
  resetZoom.disabled = !zoom;
  sayMarks();
}

function zoomed([min, max]) {
  const [first, last] = extent();
  zoom = min > first || max < last ? [min, max] : null;
  resetZoom.disabled = !zoom;
  for (const chart of charts) if (chart.plot && !chart.holder.hidden) chart.show(zoom ?? [first, last]);
}

function choose() {
  const chosen = new URLSearchParams(new FormData(compare)).toString();
  history.replaceState(null, "", chosen ? `?${chosen}` : location.pathname);
  limitChoice();
  load();
}

/** No more can be ticked than the server would show. */
function limitChoice() {
  const boxes = [...compare.elements];
  const isFull = boxes.filter((box) => box.checked).length >= Number(compare.dataset.most);
  boxes.forEach((box) => (box.disabled = isFull && !box.checked));
}

smoothing.addEventListener("input", () => {
  smoothing.parentElement.querySelector("output").textContent = smoothing.value;
  if (answer) drawAll();
});
logScale.addEventListener("change", () => answer && drawAll());
wholeLineage?.addEventListener("change", () => {
  zoom = null;
  if (answer) drawAll();
});
resetZoom.addEventListener("click", () => zoomed(extent()));
compare?.addEventListener("change", choose);
document.getElementById("list").addEventListener("htmx:afterSettle", headIsNew);
if (compare) limitChoice();
load();
