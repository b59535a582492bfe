// The Datasets tab: progress of an upload, and files that are too large.

import "./table.js";
import "../shared/put-number.js";
import { byId, closest, query } from "../shared/elements.js";

/** @param {CustomEvent<{ lengthComputable: boolean, loaded: number, total: number }>} event */
function showUpload(event) {
  const { lengthComputable, loaded, total } = event.detail;
  if (!isImport(event) || !lengthComputable || !total) return;
  const percent = Math.floor((100 * loaded) / total);
  byId("upload-progress", HTMLElement).hidden = false;
  byId("upload-bar", HTMLProgressElement).value = percent;
  byId("upload-percent", HTMLOutputElement).value = `${percent} %`;
}

/** @param {Event} event */
function hideUpload(event) {
  if (isImport(event)) query(document, "#upload-progress", HTMLElement)?.setAttribute("hidden", "");
}

/** @param {Event} event */
function isImport({ target }) {
  return target instanceof Element && target.id === "import-form";
}

/**
 * The server refuses a file that is too large, but a browser shows its answer only after the whole upload.
 *
 * @param {Event} event
 */
function sayTooLarge(event) {
  const field = closest(event.target, "input[data-max-bytes]", HTMLInputElement);
  if (!field) return;
  const isTooLarge = (field.files?.[0]?.size ?? 0) > Number(field.dataset.maxBytes);
  byId("too-large", HTMLElement).hidden = !isTooLarge;
  byId("import-submit", HTMLButtonElement).disabled = isTooLarge;
}

document.addEventListener("htmx:xhr:progress", showUpload);
document.addEventListener("htmx:afterRequest", hideUpload);
document.addEventListener("change", sayTooLarge);
