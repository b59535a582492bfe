// The dataset page: draws the boxes; in a frame's dialog the arrow keys turn to the frame before and the one behind; a link to the
// near-duplicates opens them.

import "./labeled-frames.js";
import { byId, closest, query } from "../shared/elements.js";

const dialog = byId("dialog", HTMLDialogElement);
const nearDuplicates = query(document, "#near-duplicates", HTMLDetailsElement);

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

function openNearDuplicates() {
  if (nearDuplicates && location.hash === "#near-duplicates") nearDuplicates.open = true;
}

document.addEventListener("keydown", turn);
dialog.addEventListener("htmx:afterSettle", keepFocus);
window.addEventListener("hashchange", openNearDuplicates);
document.addEventListener("click", (event) => {
  if (nearDuplicates && closest(event.target, 'a[href="#near-duplicates"]', HTMLElement)) nearDuplicates.open = true;
});
window.addEventListener("load", openNearDuplicates); // not before htmx listens
