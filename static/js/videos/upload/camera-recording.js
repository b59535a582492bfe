// Records from this computer's camera, without sound. The upload runs while it records.

import { Camera, CameraRefused } from "../../shared/camera.js";
import { byId, closest, query } from "../../shared/elements.js";
import { filled } from "../../shared/words.js";
import { UploadDialog } from "./upload-dialog.js";

const TYPES = ["video/mp4;codecs=avc1.42E01F", "video/webm;codecs=vp9", "video/webm"];
const MILLISECONDS_A_PIECE = 1_000;

const camera = new Camera();
/** @type {MediaRecorder | null} */
let recorder = null;
let seconds = 0;

const area = () => byId("recorder", HTMLElement);

async function open() {
  area().hidden = false;
  byId("record-start", HTMLButtonElement).disabled = true;
  note("");
  if (!("MediaRecorder" in window)) return note("unsupported");
  try {
    const view = byId("recorder-view", HTMLVideoElement);
    view.srcObject = await camera.open("", stop);
    await view.play();
    byId("record-start", HTMLButtonElement).disabled = false;
  } catch (error) {
    note(error instanceof CameraRefused ? error.note : "no-camera");
  }
}

/** @param {string} name */
function note(name) {
  const key = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  byId("recorder-note", HTMLElement).textContent = area().dataset[key] ?? "";
}

/** @param {import("./tray.js").Tray} tray */
function start(tray) {
  const view = byId("recorder-view", HTMLVideoElement);
  if (!(view.srcObject instanceof MediaStream)) return;
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  recorder = new MediaRecorder(view.srcObject, { mimeType });
  tray.add([chosen(pieces(recorder), recorder.mimeType)]);
  recorder.start(MILLISECONDS_A_PIECE);
  seconds = 0;
  const timer = setInterval(() => tick(timer), 1000);
  recorder.addEventListener("stop", () => clearInterval(timer));
  showButtons(true);
  showTime();
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {string} type
 * @returns {import("./tray.js").Chosen}
 */
function chosen(reader, type) {
  const time = new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
  const description = `Camera, ${time}`;
  const filename = `camera.${type.includes("mp4") ? "mp4" : "webm"}`;
  const metadata = { ...UploadDialog.metadata(), description, filename };
  return { name: description, kind: "recording", sources: [reader], metadata };
}

/**
 * Return what the camera gives, as it comes.
 *
 * @param {MediaRecorder} source
 */
function pieces(source) {
  /** @type {Promise<void>} */
  let before = Promise.resolve();
  /** @type {ReadableStream<Uint8Array>} */
  const stream = new ReadableStream({
    start(controller) {
      source.addEventListener("dataavailable", ({ data }) => {
        before = before.then(async () => {
          const bytes = new Uint8Array(await data.arrayBuffer());
          if (bytes.length) controller.enqueue(bytes);
        });
      });
      source.addEventListener("stop", () => {
        before = before.then(() => controller.close());
      });
    },
  });
  return stream.getReader();
}

/** @param {ReturnType<typeof setInterval>} timer */
function tick(timer) {
  seconds += 1;
  showTime();
  const most = Number(query(document, "#recorder", HTMLElement)?.dataset.most);
  if (!(seconds < most - 1)) {
    clearInterval(timer);
    stop();
  }
}

function showTime() {
  const time = query(document, "#recorder-time", HTMLOutputElement);
  if (time) time.value = filled(time.dataset.words, { seconds, most: area().dataset.most ?? "" });
}

/** @param {boolean} isRecording */
function showButtons(isRecording) {
  byId("record-start", HTMLElement).hidden = isRecording;
  byId("record-stop", HTMLElement).hidden = !isRecording;
}

function stop() {
  if (recorder?.state === "recording") recorder.stop();
  recorder = null;
  if (query(document, "#record-start", HTMLElement)) showButtons(false);
}

function close() {
  stop();
  camera.close();
}

/** @param {import("./tray.js").Tray} tray */
export function listenToCamera(tray) {
  document.addEventListener("click", ({ target }) => {
    if (closest(target, "#use-camera", HTMLElement)) open();
    if (closest(target, "#record-start", HTMLElement)) start(tray);
    if (closest(target, "#record-stop", HTMLElement)) stop();
  });
  query(document, "#dialog", HTMLDialogElement)?.addEventListener("close", close);
}
