// The Images page: one slider over all checkpoints, or one for each picture, moves the boxes of every frame at once. The
// numbers come from the files of detections; the server has matched them.

import { byId, closest, find, query, say } from "../shared/elements.js";
import { Cards } from "./cards.js";
import { Checkpoints } from "./checkpoints.js";
import { Detections } from "./detections.js";
import { EnlargedPair } from "./enlarged.js";
import { chosen, kindOf, mistakesOn } from "./mistakes.js";
import { Threshold } from "./threshold.js";

/**
 * What the server tells of the page: `news` is where newer checkpoints are asked for.
 * @typedef {{ frames: import("./pair.js").Frame[], colors: Record<string, number>, news: string }} PageStart
 */

const FRAMES_A_PAGE = 20;

/** @type {PageStart & import("./checkpoints.js").Told} */
const start = JSON.parse(byId("images-start", HTMLScriptElement).textContent);
const { frames, colors } = start;
const checkpoints = new Checkpoints(start);
const detections = new Detections(checkpoints, {
  frameCount: frames.length,
  offline: byId("images", HTMLElement).dataset.offline ?? "",
  arrived: () => drawSoon(),
});
const step = byId("step", HTMLInputElement);
const threshold = new Threshold(drawSoon, () => checkpoints.suggested(Number(step.value)));
const isEachItsOwn = byId("own", HTMLInputElement);
const choices = {
  kind: byId("kind", HTMLSelectElement),
  label: byId("label", HTMLSelectElement),
  order: byId("order", HTMLSelectElement),
};

/**
 * The frames' own places on the slider, where they have one.
 * @type {Map<number, number>}
 */
const own = new Map();
/** @type {number[]} */
let numbers = [];
let page = 0;
let isDrawing = false;
// How many checkpoints of the job were measured when they were last asked for.
let measured = countMeasured();
// While nothing was measured, the page says why: for this stage of the job.
const stageAtFirst = stage();

function countMeasured() {
  return Number(find(document, "[data-measured]", HTMLElement).dataset.measured);
}

function stage() {
  return find(document, "[data-measured]", HTMLElement).dataset.stage;
}

/** @param {number} number */
const placeOf = (number) => own.get(number) ?? Number(step.value);
/** @param {number} number */
const foundOn = (number) => detections.on(placeOf(number), number);

function pageCount() {
  return Math.max(1, Math.ceil(numbers.length / FRAMES_A_PAGE));
}

/** However often it is called, what is shown is drawn once, before the next picture on the screen. */
function drawSoon() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

function draw() {
  const { score } = threshold;
  const label = choices.label.value;
  const judged = frames.map((_, number) => {
    const found = foundOn(number);
    return found && mistakesOn(found, score, label);
  });
  const order = choices.order.value === "worst" ? "worst" : "";
  numbers = chosen(judged, { kind: kindOf(choices.kind.value), label, order });
  page = Math.min(page, pageCount() - 1);
  showControls();
  cards.show(numbers.slice(page * FRAMES_A_PAGE, (page + 1) * FRAMES_A_PAGE));
  enlarged.draw();
}

function showControls() {
  checkpoints.show(step, byId("step-words", HTMLElement), Number(step.value));
  threshold.show();
  byId("trouble", HTMLElement).hidden = !detections.trouble;
  find(document, "#trouble p", HTMLElement).textContent = detections.trouble;
  say(byId("count", HTMLElement), `${numbers.length} of ${frames.length} frames`);
  byId("none-left", HTMLElement).hidden = numbers.length > 0;
  byId("frame-pages", HTMLElement).hidden = pageCount() < 2;
  byId("page-words", HTMLElement).textContent = `Page ${page + 1} of ${pageCount()}`;
}

/** @param {number} place */
function moveAll(place) {
  step.value = String(place);
  want();
  drawSoon();
}

/**
 * The frame stays where it is, whatever is filtered and sorted by: one could not follow it else.
 *
 * @param {number} number
 * @param {number} place
 */
function moveOne(number, place) {
  own.set(number, place);
  want();
  cards.draw(number);
  enlarged.draw();
}

function want() {
  detections.want([...new Set([Number(step.value), ...own.values()])]);
}

/** @type {import("./pair.js").Shown} */
const shown = {
  frames,
  checkpoints,
  colors,
  placeOf,
  foundOn,
  numbers: () => numbers,
  threshold: () => threshold.score,
  isEachItsOwn: () => isEachItsOwn.checked,
  move: (number, place) => (isEachItsOwn.checked ? moveOne(number, place) : moveAll(place)),
};
const enlarged = new EnlargedPair(shown);
const cards = new Cards(shown, (number) => enlarged.open(number));

/** @param {number} pages */
function turn(pages) {
  page = (page + pages + pageCount()) % pageCount();
  draw();
  byId("pairs", HTMLElement).scrollIntoView();
}

function begin() {
  byId("images", HTMLElement).hidden = false;
  query(document, "#images-empty", HTMLElement)?.remove();
  step.max = String(checkpoints.length - 1);
  step.value = String(checkpoints.first);
  threshold.useSuggested();
  moveAll(checkpoints.first);
}

/** The head of the page has found that more was measured than what is shown here. */
async function fetchNews() {
  const now = countMeasured();
  const answer = await fetch(`${start.news}?after=${checkpoints.newestStep}`).catch(() => null);
  if (!answer?.ok) return;
  const newer = await answer.json();
  measured = now;
  if (checkpoints.length) addNewer(newer);
  else {
    checkpoints.add(newer);
    if (checkpoints.length) begin();
  }
}

/**
 * Every slider stays at the step where it stands.
 *
 * @param {import("./checkpoints.js").Told} newer
 */
function addNewer(newer) {
  const stood = checkpoints.step(Number(step.value));
  const ownSteps = [...own].map(([number, place]) => /** @type {const} */ ([number, checkpoints.step(place)]));
  checkpoints.add(newer);
  for (const [number, ownStep] of ownSteps) own.set(number, checkpoints.placeOf(ownStep));
  step.max = String(checkpoints.length - 1);
  moveAll(checkpoints.placeOf(stood));
}

step.addEventListener("input", () => moveAll(Number(step.value)));
isEachItsOwn.addEventListener("change", () => {
  own.clear();
  moveAll(Number(step.value));
});
for (const choice of Object.values(choices)) {
  choice.addEventListener("change", () => {
    page = 0;
    drawSoon();
  });
}
byId("frame-pages", HTMLElement).addEventListener("click", (event) => {
  const button = closest(event.target, "[data-turn]", HTMLElement);
  if (button) turn(Number(button.dataset.turn));
});
document.addEventListener("htmx:afterSwap", () => {
  if (countMeasured() > measured) fetchNews();
  else if (!checkpoints.length && stage() !== stageAtFirst) location.reload();
});

if (checkpoints.length) begin();
