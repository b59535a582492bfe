// Shows what has data-while-sending in a form while the form is being sent, such as "Adding people…".

import { all } from "../shared/elements.js";

/**
 * @param {Element} form
 * @param {boolean} isSending
 */
function show(form, isSending) {
  for (const words of all(form, "[data-while-sending]", HTMLElement)) words.hidden = !isSending;
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => show(detail.elt, true));
// Before the answer is looked at: it may lead to another page, and then nothing is left to guard.
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => show(detail.elt, false));
document.addEventListener("htmx:afterRequest", ({ detail }) => show(detail.elt, false));
