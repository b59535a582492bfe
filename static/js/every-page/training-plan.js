// The plan in the dialogs that start a training. The server computes it; here its suggestions are put into fields, and
// it is asked for again after a lost connection.

import { all, byId, closest, query } from "../shared/elements.js";

const SERVER_ERROR = 500;
const SECONDS_AFTER_A_FAILURE = 5;

let timer = 0;

/**
 * Steps and minutes that the person has not changed, also not while the server answered, take what is suggested now.
 *
 * @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event
 */
function follow(event) {
  const { target } = event.detail;
  if (!["plan", "dialog-content"].includes(target.id)) return;
  for (const suggested of all(target, "[data-follows]", HTMLInputElement)) {
    const { follows = "", before } = suggested.dataset;
    const field = byId(follows, HTMLInputElement);
    if (field.value === before) field.value = suggested.value;
  }
}

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

/**
 * A plan that did not come leaves the numbers of the one before beside what is typed now: the page says so.
 *
 * @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event
 */
function failed(event) {
  const { elt, xhr } = event.detail;
  if (elt.id !== "plan") return;
  elt.setAttribute("data-stale", "");
  clearTimeout(timer);
  const mayComeYet = xhr.status === 0 || xhr.status >= SERVER_ERROR;
  if (mayComeYet) timer = window.setTimeout(askAgain, SECONDS_AFTER_A_FAILURE * 1000);
}

/** @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event */
function came(event) {
  const { elt, xhr } = event.detail;
  if (elt.id === "plan" && xhr.status < 400) elt.removeAttribute("data-stale");
}

function askAgain() {
  const stale = query(document, "#plan[data-stale]", HTMLElement);
  if (stale) window.htmx.trigger(stale, "refresh");
}

document.addEventListener("htmx:afterSettle", follow);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:afterOnLoad", came);
document.addEventListener("click", putNumber);
window.addEventListener("online", askAgain);
