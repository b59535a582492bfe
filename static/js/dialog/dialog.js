// The page's one dialog: opens when what htmx has put in is ready for use, closes on request or when the server says that
// it is done. What is unfinished in it is not thrown away unasked.

import { all, byId, closest, find, query, selectFocused } from "../shared/elements.js";
import { forgetQuestion, leaveOrAsk } from "./guard.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} content
 */
function opened(dialog, content) {
  if (!content.firstElementChild) return; // closed before its content was settled
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

/**
 * Close the dialog and empty it at once: its "close" comes later, when the next dialog may be on its way already.
 *
 * @param {HTMLDialogElement} dialog
 */
export function closeDialog(dialog) {
  const content = byId("dialog-content", HTMLElement);
  for (const form of all(content, "form", HTMLFormElement)) window.htmx.trigger(form, "htmx:abort");
  content.replaceChildren();
  find(dialog, "[data-notices]", HTMLElement).replaceChildren();
  forgetQuestion(content);
  dialog.dispatchEvent(new Event("closing"));
  dialog.close();
}

/** @param {HTMLDialogElement} dialog */
function listen(dialog) {
  const content = byId("dialog-content", HTMLElement);
  content.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === content) opened(dialog, content);
    forgetQuestion(content);
  });
  document.body.addEventListener("dialog-done", () => {
    dialog.close();
    // Emptied once htmx is done with the answer: its events begin at the form that was sent.
    queueMicrotask(() => closeDialog(dialog));
  });
  dialog.addEventListener("click", (event) => {
    const button = closest(event.target, "[data-close-dialog]", HTMLElement);
    if (button?.dataset.closeDialog === "done") closeDialog(dialog);
    else if (button) leaveOrAsk(content, () => closeDialog(dialog));
  });
  // The key itself, for a browser lets a page refuse its second "cancel" no more. It may be pressed where nothing has the focus.
  document.addEventListener("keydown", (event) => {
    const isCovered = query(document, "dialog[open]:not(#dialog)", HTMLElement); // by a question, or the sign-in
    if (event.key !== "Escape" || !dialog.open || isCovered) return;
    event.preventDefault();
    leaveOrAsk(content, () => closeDialog(dialog));
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leaveOrAsk(content, () => closeDialog(dialog));
  });
}

const dialog = query(document, "#dialog", HTMLDialogElement);
if (dialog) listen(dialog);
