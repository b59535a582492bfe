// The page's one dialog: opens when what htmx has put in is ready for use, closes on request or when the server says that
// it is done. What is unfinished in it is not thrown away unasked.

import { all, byId, closest, find, query, selectFocused } from "../shared/elements.js";
import { forgetQuestion, leaveOrAsk } from "./guard.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} content
 */
function opened(dialog, content) {
  if (!dialog.open) {
    dialog.showModal();
    selectFocused();
    return;
  }
  const wrong = query(content, "[aria-invalid=true]", HTMLElement);
  if (wrong) {
    wrong.focus();
    return;
  }
  const alert = query(content, "[role=alert]:not([hidden])", HTMLElement);
  alert?.setAttribute("tabindex", "-1");
  alert?.focus();
}

/** @param {HTMLDialogElement} dialog */
function listen(dialog) {
  const content = byId("dialog-content", HTMLElement);
  content.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === content) opened(dialog, content);
    forgetQuestion(content);
  });
  document.body.addEventListener("dialog-done", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    const button = closest(event.target, "[data-close-dialog]", HTMLElement);
    if (button?.dataset.closeDialog === "done") dialog.close();
    else if (button) leaveOrAsk(content, () => dialog.close());
  });
  // The key itself, for a browser lets a page refuse its second "cancel" no more. It may be pressed where nothing has the focus.
  document.addEventListener("keydown", (event) => {
    const isCovered = query(document, "dialog[open]:not(#dialog)", HTMLElement); // by a question, or the sign-in
    if (event.key !== "Escape" || !dialog.open || isCovered) return;
    event.preventDefault();
    leaveOrAsk(content, () => dialog.close());
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leaveOrAsk(content, () => dialog.close());
  });
  dialog.addEventListener("close", () => {
    for (const form of all(content, "form", HTMLFormElement)) window.htmx.trigger(form, "htmx:abort");
    content.replaceChildren();
    find(dialog, "[data-notices]", HTMLElement).replaceChildren();
    forgetQuestion(content);
  });
}

const dialog = query(document, "#dialog", HTMLDialogElement);
if (dialog) listen(dialog);
