// Buttons that put an advised number into a field, in the dialog that starts a training.

import { byId, closest } from "./elements.js";

/** @param {Event} event */
function putNumber(event) {
  const button = closest(event.target, "[data-put]", HTMLElement);
  if (!button) return;
  const { put = "", into = "" } = button.dataset;
  const field = byId(into, HTMLInputElement);
  field.value = put;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", putNumber);
