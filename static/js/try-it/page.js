// The Try it page: runs the model here, on what a person shows it. Nothing of that is sent anywhere.

import { Camera, CameraRefused } from "../shared/camera.js";
import { byId, closest } from "../shared/elements.js";
import { ChosenFiles } from "./chosen-files.js";
import { Detector } from "./detector.js";
import { Announcer, note } from "./notes.js";
import { draw, list, sentence } from "./overlay.js";
import { Speed } from "./speed.js";
import { Stage } from "./stage.js";

/**
 * What the server tells of the model: the place of a label is its number in the model's answers.
 * @typedef {{ labels: { name: string, color: number }[], mean: number, std: number }} Trial
 *
 * @typedef {{ detections: import("./detector.js").Detection[], size: import("./stage.js").Size }} Latest
 */

/** @param {string} id */
const part = (id) => byId(id, HTMLElement);
/** @param {string} address */
const whole = (address) => new URL(address, location.href).href;

/** @type {Trial} */
const { labels, mean, std } = JSON.parse(byId("trial", HTMLScriptElement).textContent);
const variant = byId("variant", HTMLSelectElement);
const threshold = byId("threshold", HTMLInputElement);
const cameras = byId("camera", HTMLSelectElement);
const loadBar = byId("load-bar", HTMLProgressElement);
const files = new ChosenFiles(showFile);
const announcer = new Announcer(part("found-aloud"));
const speed = new Speed(part("milliseconds"), part("frames-a-second"));
const camera = new Camera();
const stage = new Stage(look);
let detector = loadedModel();
let failure = ""; // the note that says why there is no model, which stays until another is loaded
/**
 * What was found last.
 * @type {Latest | null}
 */
let latest = null;
let shown = 0; // counts what is shown, so that an answer about something else is told apart

// --- the model ---

/** @param {import("./detector.js").News} news */
function told(news) {
  if (news.kind === "progress") {
    showProgress(news);
    return;
  }
  part("loading").hidden = true;
  if (news.kind === "loaded") part("ready").hidden = false;
  else {
    failure = news.note;
    note(failure);
  }
}

/** @param {import("./detector.js").Progress} progress */
function showProgress({ loaded, total }) {
  if (total) loadBar.value = loaded / total;
  if (loaded === total) loadBar.removeAttribute("value");
}

function loadedModel() {
  part("loading").hidden = false;
  part("ready").hidden = true;
  const { worker = "", litert = "" } = part("loading").dataset;
  const addresses = { worker: whole(worker), litert: whole(litert), model: whole(variant.value) };
  return new Detector({ ...addresses, mean, std }, told);
}

function changeModel() {
  detector.close();
  failure = "";
  note(failure);
  detector = loadedModel();
  stage.again();
}

/** @type {import("./stage.js").LookAt} */
async function look(element, size, isMoving) {
  const asked = shown;
  const { detections, milliseconds } = await detector.look(element);
  if (asked !== shown) return;
  latest = { detections, size };
  speed.tell(milliseconds, isMoving);
  show();
}

// --- what was found ---

function show() {
  const least = Number(threshold.value);
  part("threshold-value").textContent = least.toFixed(2);
  if (!latest) return;
  const found = latest.detections
    .filter(({ score }) => score >= least)
    .map((detection) => ({ ...detection, ...labels[detection.label] }));
  draw(byId("boxes", SVGSVGElement), found, latest.size);
  list(part("found"), found);
  const words = sentence(found, least);
  part("found-sentence").textContent = words;
  announcer.say(words);
}

/**
 * Make room for something else to look at, with the tools of that kind alone.
 *
 * @param {string[]} tools
 */
function clear(...tools) {
  shown++;
  latest = null;
  note(failure);
  announcer.clear();
  part("found-sentence").textContent = "";
  camera.close();
  stage.clear();
  speed.clear();
  byId("boxes", SVGSVGElement).replaceChildren();
  part("found").replaceChildren();
  part("welcome").hidden = true;
  showTools(...tools);
}

/** @param {string[]} tools */
function showTools(...tools) {
  for (const id of ["start-camera", "camera-tools", "video-tools", "file-tools"]) part(id).hidden = !tools.includes(id);
}

// --- pictures and videos ---

/**
 * Show one of the chosen pictures and videos.
 *
 * @param {File} file
 */
async function showFile(file) {
  const isVideo = file.type.startsWith("video/");
  clear("start-camera", "file-tools", ...(isVideo ? ["video-tools"] : []));
  await stage.showFile(file).catch(() => note(isVideo ? "no-video" : "no-picture"));
}

/** @param {Event} event */
function showFrame(event) {
  const picture = closest(event.target, "[data-picture]", HTMLElement)?.dataset.picture;
  if (!picture) return;
  clear("start-camera");
  stage.showPicture(picture).catch(() => note("no-picture"));
}

/** @param {DragEvent} event */
function drag(event) {
  event.preventDefault();
  part("stage").classList.toggle("is-over", event.type === "dragover");
  if (event.type === "drop") files.choose(event.dataTransfer?.files ?? []);
}

// --- the camera ---

async function startCamera() {
  try {
    const wanted = cameras.value;
    clear();
    const stream = await camera.open(wanted, loseCamera);
    showTools("camera-tools");
    await camera.list(cameras);
    await stage.showStream(stream);
  } catch (error) {
    stopCamera();
    note(error instanceof CameraRefused ? error.note : "no-camera");
  }
}

function stopCamera() {
  clear("start-camera");
  part("welcome").hidden = false;
}

function loseCamera() {
  stopCamera();
  note("no-camera");
}

// --- leaving ---

function leave() {
  camera.close();
  stage.clear();
  detector.close();
}

variant.addEventListener("change", changeModel);
threshold.addEventListener("input", show);
part("frames").addEventListener("click", showFrame);
part("video-tools").addEventListener("click", (event) => {
  stage.step(Number(closest(event.target, "[data-seconds]", HTMLElement)?.dataset.seconds ?? 0));
});
part("start-camera").addEventListener("click", startCamera);
part("stop-camera").addEventListener("click", stopCamera);
cameras.addEventListener("change", startCamera);
window.addEventListener("dragover", drag);
window.addEventListener("dragleave", drag);
window.addEventListener("drop", drag);
addEventListener("pagehide", leave);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

show();
