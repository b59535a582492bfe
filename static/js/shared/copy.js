// A button with data-copy="ID" puts the text of that element on the clipboard, and #ID-copied says so.
// The text as one sees it: what stands in two cells of a table is apart.

import { byId, closest } from "./elements.js";

/** @param {HTMLElement} element */
function select(element) {
  const selection = window.getSelection();
  selection?.selectAllChildren(element);
  return selection;
}

/** @param {HTMLElement} element */
async function copied(element) {
  // A school's server is often reached without https, where browsers have no navigator.clipboard.
  if (navigator.clipboard) {
    // biome-ignore lint/performance/useDomNodeTextContent: textContent has nothing between two cells of a table.
    await navigator.clipboard.writeText(element.innerText);
    return true;
  }
  const selection = select(element);
  const isDone = document.execCommand("copy");
  selection?.removeAllRanges();
  return isDone;
}

/** @param {string} id */
async function copy(id) {
  const element = byId(id, HTMLElement);
  const isDone = await copied(element).catch(() => false);
  if (!isDone) select(element);
  byId(`${id}-copied`, HTMLElement).textContent = isDone
    ? "Copied. Paste it where you need it."
    : "The browser did not allow it. The text is marked now: press Ctrl+C.";
}

document.addEventListener("click", (event) => {
  const id = closest(event.target, "[data-copy]", HTMLElement)?.dataset.copy;
  if (id) copy(id);
});
