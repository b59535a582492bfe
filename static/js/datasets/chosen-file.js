// The zip file to import: chosen, or dropped onto the dialog or the page. Its name proposes a description, and one that is too
// large is told before it is sent.

import { byId, closest, query } from "../shared/elements.js";

/** @type {DataTransfer | null} what was dropped onto the page, until the dialog is there */
let dropped = null;
let proposed = "";

/** @param {Event} event */
function chosen(event) {
  const field = closest(event.target, "input[data-max-bytes]", HTMLInputElement);
  if (!field) return;
  const [file] = field.files ?? [];
  // The server refuses a file that is too large, but a browser shows its answer only after the whole upload.
  const isTooLarge = (file?.size ?? 0) > Number(field.dataset.maxBytes);
  byId("too-large", HTMLElement).hidden = !isTooLarge;
  byId("import-submit", HTMLButtonElement).disabled = isTooLarge;
  if (file) propose(file.name);
}

/**
 * Put the file's name into the description, unless the person has written one.
 *
 * @param {string} name
 */
function propose(name) {
  const description = byId("id_description", HTMLInputElement);
  if (description.value !== proposed && description.value) return;
  const words = name
    .replace(/\.zip$/i, "")
    .replace(/[_\s]+/g, " ")
    .trim();
  proposed = words.slice(0, description.maxLength > 0 ? description.maxLength : undefined).trim();
  description.value = proposed;
}

/** @param {DataTransfer} data */
function take(data) {
  const field = byId("id_upload", HTMLInputElement);
  field.files = data.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {DragEvent} event */
function carriesFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files");
}

/** @param {DragEvent} event */
function over(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("is-dropping");
}

/** @param {DragEvent} event */
function leave(event) {
  if (!event.relatedTarget) document.body.classList.remove("is-dropping");
}

/** @param {DragEvent} event */
function drop(event) {
  document.body.classList.remove("is-dropping");
  if (!carriesFiles(event) || !event.dataTransfer?.files.length) return;
  event.preventDefault(); // the browser would leave the page to open the file
  if (query(document, "#upload-progress:not([hidden])", HTMLElement)) return;
  if (query(document, "#import-form", HTMLFormElement)) return take(event.dataTransfer);
  if (query(document, "dialog[open]", HTMLDialogElement)) return;
  // The browser empties the event's own data once this function has ended.
  dropped = new DataTransfer();
  for (const file of event.dataTransfer.files) dropped.items.add(file);
  byId("import", HTMLButtonElement).click();
}

function opened() {
  if (!dropped || !query(document, "#import-form", HTMLFormElement)) return;
  take(dropped);
  dropped = null;
}

document.addEventListener("change", chosen);
document.addEventListener("dragover", over);
document.addEventListener("dragleave", leave);
document.addEventListener("drop", drop);
document.addEventListener("htmx:afterSettle", opened);
