// In the dialog of a frame the arrow keys turn to the frame before and the one behind.

import { byId, query } from "./elements.js";

const dialog = byId("dialog", HTMLDialogElement);

/** @param {KeyboardEvent} event */
function turn(event) {
  if (!dialog.open || event.altKey || event.ctrlKey || event.metaKey) return;
  const button = query(dialog, `[data-turn="${CSS.escape(event.key)}"]:enabled`, HTMLButtonElement);
  if (!button) return;
  event.preventDefault();
  button.click();
}

// At the first and the last frame the button that had the focus cannot keep it.
function keepFocus() {
  if (!dialog.open || dialog.contains(document.activeElement)) return;
  query(dialog, "[data-turn]:enabled", HTMLButtonElement)?.focus();
}

document.addEventListener("keydown", turn);
dialog.addEventListener("htmx:afterSettle", keepFocus);
