// The Try it page: runs the model here, on what a person shows it. Nothing of that is sent anywhere.

import { Camera } from "./camera.js";
import { Detector } from "./detector.js";
import { Announcer, note } from "./notes.js";
import { draw, list, sentence } from "./overlay.js";
import { Speed } from "./speed.js";
import { Stage } from "./stage.js";

const part = (id) => document.getElementById(id);
const { labels, mean, std } = JSON.parse(part("trial").textContent);
const whole = (address) => new URL(address, location.href).href;

const variant = part("variant");
const threshold = part("threshold");
const files = { chosen: [], place: 0 };
const announcer = new Announcer(part("found-sentence"));
const speed = new Speed(part("milliseconds"), part("frames-a-second"));
const camera = new Camera();
const stage = new Stage(look);
let detector = null;
let failure = ""; // the note that says why there is no model, which stays until another is loaded
let latest = null; // what was found last: {detections, size}
let shown = 0; // counts what is shown, so that an answer about something else is told apart

// --- the model ---

const told = {
  progress({ loaded, total }) {
    if (total) part("load-bar").value = loaded / total;
    if (loaded === total) part("load-bar").removeAttribute("value");
  },
  loaded() {
    part("loading").hidden = true;
    part("ready").hidden = false;
  },
  failed({ note: name }) {
    part("loading").hidden = true;
    failure = name;
    note(failure);
  },
};

function loadModel() {
  detector?.close();
  failure = "";
  note(failure);
  part("loading").hidden = false;
  part("ready").hidden = true;
  const { worker, litert } = part("loading").dataset;
  const addresses = { worker: whole(worker), litert: whole(litert), model: whole(variant.value) };
  detector = new Detector({ ...addresses, mean, std }, (message) => told[message.kind](message));
}

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
  draw(part("boxes"), found, latest.size);
  list(part("found"), found);
  announcer.say(sentence(found, least));
}

// Makes room for something else to look at, with the tools of that kind alone.
function clear(...tools) {
  shown++;
  latest = null;
  note(failure);
  announcer.clear();
  camera.close();
  stage.clear();
  speed.clear();
  part("boxes").replaceChildren();
  part("found").replaceChildren();
  part("welcome").hidden = true;
  showTools(...tools);
}

function showTools(...tools) {
  for (const id of ["start-camera", "camera-tools", "video-tools", "file-tools"]) part(id).hidden = !tools.includes(id);
}

// --- pictures and videos ---

async function showFile() {
  const file = files.chosen[files.place];
  const isVideo = file.type.startsWith("video/");
  clear("start-camera", "file-tools", ...(isVideo ? ["video-tools"] : []));
  part("file-name").textContent = `${files.place + 1} of ${files.chosen.length}: ${file.name}`;
  part("previous-file").disabled = files.place === 0;
  part("next-file").disabled = files.place === files.chosen.length - 1;
  await stage.showFile(file).catch(() => note(isVideo ? "no-video" : "no-picture"));
}

function choose(chosen) {
  if (!chosen.length) return;
  Object.assign(files, { chosen: [...chosen], place: 0 });
  showFile();
}

function go(step) {
  files.place += step;
  showFile();
}

function showFrame(event) {
  const button = event.target.closest("[data-picture]");
  if (!button) return;
  clear("start-camera");
  stage.showPicture(button.dataset.picture).catch(() => note("no-picture"));
}

function drag(event) {
  event.preventDefault();
  part("stage").classList.toggle("is-over", event.type === "dragover");
  if (event.type === "drop") choose(event.dataTransfer.files);
}

// --- the camera ---

async function startCamera() {
  try {
    const wanted = part("camera").value;
    clear();
    const stream = await camera.open(wanted, loseCamera);
    showTools("camera-tools");
    await camera.list(part("camera"));
    await stage.showStream(stream);
  } catch (error) {
    stopCamera();
    note(error.note ?? "no-camera");
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

variant.addEventListener("change", () => {
  loadModel();
  stage.again();
});
threshold.addEventListener("input", show);
part("files").addEventListener("change", ({ target }) => {
  choose(target.files);
  target.value = ""; // so that the same file can be chosen again
});
part("previous-file").addEventListener("click", () => go(-1));
part("next-file").addEventListener("click", () => go(1));
part("frames").addEventListener("click", showFrame);
part("video-tools").addEventListener("click", (event) => stage.step(Number(event.target.dataset.seconds ?? 0)));
part("start-camera").addEventListener("click", startCamera);
part("stop-camera").addEventListener("click", stopCamera);
part("camera").addEventListener("change", startCamera);
["dragover", "dragleave", "drop"].forEach((kind) => window.addEventListener(kind, drag));
addEventListener("pagehide", leave);
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

show();
loadModel();
