// The Images page: one slider over all checkpoints, or one for each picture, moves the boxes of every frame at once. The
// numbers come from the files of detections; the server has matched them.

import { Checkpoints } from "./checkpoints.js";
import { Detections } from "./detections.js";
import { LargePair } from "./enlarged.js";
import { chosen, mistakesOn } from "./mistakes.js";
import { Pair } from "./pair.js";

const FRAMES_A_PAGE = 20;
// Lines of text that are as high as a picture: all pictures of the list are about as large.
const LINES = 17;

const byId = (id) => document.getElementById(id);
const start = JSON.parse(byId("images-start").textContent);
const { frames, colours } = start;
const checkpoints = new Checkpoints(start);
const detections = new Detections(checkpoints, {
  frameCount: frames.length,
  offline: byId("images").dataset.offline,
  arrived: () => drawSoon(),
});
const step = byId("step");
const threshold = byId("threshold");
const choices = ["kind", "label", "order"].map(byId);

// The frames' own places on the slider, where they have one.
const own = new Map();
const cards = new Map();
let numbers = [];
let page = 0;
let isDrawing = false;
// What the job had completed when its checkpoints were last asked for.
let completed = stepsCompleted();

function stepsCompleted() {
  return Number(document.querySelector("[data-steps]").dataset.steps);
}

const placeOf = (number) => own.get(number) ?? Number(step.value);
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
  const [kind, label, order] = choices.map(({ value }) => value);
  const score = Number(threshold.value);
  const judged = frames.map((_, number) => foundOn(number) && mistakesOn(foundOn(number), score, label));
  numbers = chosen(judged, { kind, label, order });
  page = Math.min(page, pageCount() - 1);
  showControls();
  showCards(numbers.slice(page * FRAMES_A_PAGE, (page + 1) * FRAMES_A_PAGE));
  large.draw();
}

function showControls() {
  checkpoints.show(step, byId("step-words"), Number(step.value));
  showAdvice(checkpoints.advised(Number(step.value)));
  const words = detections.trouble;
  byId("trouble").hidden = !words;
  byId("trouble").firstElementChild.textContent = words;
  say("count", `${numbers.length} of ${frames.length} frames`);
  byId("none-left").hidden = numbers.length > 0;
  byId("frame-pages").hidden = pageCount() < 2;
  byId("page-words").textContent = `Page ${page + 1} of ${pageCount()}`;
}

function showAdvice(advised) {
  const shown = Number(threshold.value).toFixed(2);
  const isAdvised = advised !== null && advised.toFixed(2) === shown;
  const advice = advised === null ? "No score can be advised for this step." : `Advised for this step: ${advised.toFixed(2)}`;
  byId("threshold-words").textContent = shown + (isAdvised ? " (advised)" : "");
  threshold.setAttribute("aria-valuetext", shown + (isAdvised ? ", advised" : ""));
  byId("advice-words").textContent = advice;
  byId("use-advised").hidden = advised === null || isAdvised;
}

/** A screen reader says a status when it changes, and only then. */
function say(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
}

function showCards(shown) {
  const wanted = shown.map(cardOf);
  const list = byId("pairs");
  if (wanted.length !== list.children.length || wanted.some(({ item }, place) => item !== list.children[place])) {
    list.replaceChildren(...wanted.map(({ item }) => item));
  }
  shown.forEach(drawCard);
}

function drawCard(number) {
  const { pair, slider, item } = cardOf(number);
  item.querySelector(".own-slider").hidden = !byId("own").checked;
  checkpoints.show(slider, item.querySelector(".own-words"), placeOf(number));
  pair.draw(foundOn(number), Number(threshold.value), LINES);
}

function cardOf(number) {
  if (!cards.has(number)) cards.set(number, newCard(number));
  return cards.get(number);
}

function newCard(number) {
  const item = byId("pair").content.firstElementChild.cloneNode(true);
  const slider = item.querySelector("input");
  item.querySelector(".file-name").textContent = frames[number].name;
  slider.setAttribute("aria-label", `Checkpoint of ${frames[number].name}`);
  slider.addEventListener("input", () => moveOne(number, Number(slider.value)));
  item.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => large.open(number)));
  return { item, slider, pair: new Pair(item, frames[number], colours) };
}

function moveAll(place) {
  step.value = place;
  want();
  drawSoon();
}

/** The frame stays where it is, whatever is filtered and sorted by: nobody could follow it else. */
function moveOne(number, place) {
  own.set(number, place);
  want();
  drawCard(number);
  large.draw();
}

function want() {
  detections.want([...new Set([Number(step.value), ...own.values()])]);
}

const large = new LargePair({
  frames,
  checkpoints,
  colours,
  placeOf,
  foundOn,
  numbers: () => numbers,
  threshold: () => Number(threshold.value),
  move: (number, place) => (byId("own").checked ? moveOne(number, place) : moveAll(place)),
});

function turn(pages) {
  page = (page + pages + pageCount()) % pageCount();
  draw();
  byId("pairs").scrollIntoView();
}

function begin() {
  byId("images").hidden = false;
  byId("images-empty")?.remove();
  step.max = checkpoints.length - 1;
  step.value = checkpoints.first;
  threshold.value = checkpoints.advised(checkpoints.first) ?? threshold.value;
  moveAll(checkpoints.first);
}

/** The head of the page has found that the job is further than what is shown here. */
async function fetchNews() {
  const known = checkpoints.length;
  const now = stepsCompleted();
  const answer = await fetch(`${start.news}?after=${checkpoints.newestStep}`).catch(() => null);
  if (!answer?.ok) return;
  completed = now;
  checkpoints.add(await answer.json());
  if (!known && checkpoints.length) begin();
  else if (known) moveAll(Number(step.value));
}

step.addEventListener("input", () => moveAll(Number(step.value)));
threshold.addEventListener("input", drawSoon);
byId("use-advised").addEventListener("click", () => {
  threshold.value = checkpoints.advised(Number(step.value));
  threshold.focus();
  drawSoon();
});
byId("own").addEventListener("change", () => {
  own.clear();
  moveAll(Number(step.value));
});
for (const choice of choices) {
  choice.addEventListener("change", () => {
    page = 0;
    drawSoon();
  });
}
byId("frame-pages").addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn]");
  if (button) turn(Number(button.dataset.turn));
});
document.addEventListener("htmx:afterSwap", () => {
  if (stepsCompleted() > completed) fetchNews();
});

if (checkpoints.length) begin();
