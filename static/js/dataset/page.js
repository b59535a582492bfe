// The dataset page: draws the boxes; in a frame's dialog the arrow keys turn to the frame before and the one behind; a link to the
// lookalikes opens them.

import "./labeled-frames.js";
import { byId, closest, query } from "../shared/elements.js";

const dialog = byId("dialog", HTMLDialogElement);
const twins = query(document, "#twins", HTMLDetailsElement);

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

function openTwins() {
  if (twins && location.hash === "#twins") twins.open = true;
}

document.addEventListener("keydown", turn);
dialog.addEventListener("htmx:afterSettle", keepFocus);
window.addEventListener("hashchange", openTwins);
document.addEventListener("click", (event) => {
  if (twins && closest(event.target, 'a[href="#twins"]', HTMLElement)) twins.open = true;
});
window.addEventListener("load", openTwins); // not before htmx listens
