// A dialog that takes long to come says so at once. Closing it meanwhile calls it off.

import { byId, copyOf, query, selectFocused } from "../shared/elements.js";

const SOON = 150;

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} content
 */
function listen(dialog, content) {
  let timer = 0;
  let isLoading = false;
  /** @type {Element | null} */
  let opener = null;

  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, target, requestConfig } }) => {
    if (target !== content || requestConfig.verb !== "get" || dialog.open) return;
    opener = elt;
    timer = window.setTimeout(() => {
      isLoading = true;
      content.replaceChildren(copyOf("dialog-loading"));
      dialog.showModal();
    }, SOON);
  });

  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (elt !== opener) return;
    clearTimeout(timer);
    opener = null;
    // What went wrong stands in the dialog instead, by messages.js.
    if (!successful) query(content, ".loading-lines", HTMLElement)?.remove();
  });

  document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
    if (target !== content || !isLoading) return;
    isLoading = false;
    // As a dialog does that opens with its content.
    const first = query(content, "[autofocus]", HTMLElement) ?? query(content, "button, input, select", HTMLElement);
    first?.focus();
    selectFocused();
  });

  dialog.addEventListener("closing", () => {
    isLoading = false;
    if (opener) window.htmx.trigger(opener, "htmx:abort");
  });
}

const dialog = query(document, "#dialog", HTMLDialogElement);
if (dialog) listen(dialog, byId("dialog-content", HTMLElement));
