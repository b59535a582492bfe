// A running upload: how far it is, how fast, how long it still takes, and a button that stops it.

import { byId, closest, query } from "../shared/elements.js";
import { pace } from "./pace.js";

// Before that, what a network takes in at once says nothing of its speed.
const MILLISECONDS_TO_MEASURE = 1_000;

let started = 0;

/** @param {Event} event */
function isImport({ target }) {
  return target instanceof Element && target.id === "import-form";
}

/** @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event */
function begin(event) {
  if (!isImport(event) || event.detail.requestConfig.verb !== "post") return;
  started = performance.now();
  show(0, "");
  byId("upload-progress", HTMLElement).hidden = false;
}

/** @param {CustomEvent<{ lengthComputable: boolean, loaded: number, total: number }>} event */
function progress(event) {
  const { lengthComputable, loaded, total } = event.detail;
  if (!isImport(event) || !lengthComputable || !total) return;
  const milliseconds = performance.now() - started;
  const isMeasured = milliseconds > MILLISECONDS_TO_MEASURE && loaded < total;
  show(Math.floor((100 * loaded) / total), isMeasured ? pace(loaded, total, milliseconds / 1000) : "");
}

/**
 * @param {number} percent
 * @param {string} words
 */
function show(percent, words) {
  byId("upload-bar", HTMLProgressElement).value = percent;
  byId("upload-percent", HTMLOutputElement).value = `${percent}%`;
  byId("upload-pace", HTMLElement).textContent = words;
}

/** @param {Event} event */
function end(event) {
  if (isImport(event)) query(document, "#upload-progress", HTMLElement)?.setAttribute("hidden", "");
}

/** @param {Event} event */
function stop(event) {
  const form = closest(closest(event.target, "#stop-upload", HTMLElement), "form", HTMLFormElement);
  if (form) window.htmx.trigger(form, "htmx:abort");
}

document.addEventListener("htmx:beforeRequest", begin);
document.addEventListener("htmx:xhr:progress", progress);
document.addEventListener("htmx:afterRequest", end);
document.addEventListener("click", stop);
