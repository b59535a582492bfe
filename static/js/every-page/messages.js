// Says what went wrong where the person looks: in the open dialog, else at the top of the page.
// The words come from the server or from templates/parts/notice_templates.html.

import { all, closest, copyOf, find, query } from "../shared/elements.js";

const SIGNED_OUT = 401;

function region() {
  const inDialog = query(document, "dialog[open] [data-notices]", HTMLElement);
  return inDialog ?? find(document, "main [data-notices]", HTMLElement);
}

/** @param {string | undefined} key */
function clear(key) {
  for (const notice of all(document, `[data-notices] [data-notice="${key}"]`, HTMLElement)) notice.remove();
}

/** @param {HTMLElement} notice */
function show(notice) {
  clear(notice.dataset.notice);
  region().append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** @param {"broken" | "offline" | "refresh" | "signed-out"} name */
function showTemplate(name) {
  show(copyOf(`notice-${name}`));
}

/** @param {XMLHttpRequest} xhr */
function fromAnswer(xhr) {
  const holder = document.createElement("template");
  holder.innerHTML = xhr.responseText;
  return find(holder.content, "[data-notice]", HTMLElement);
}

/** @param {CustomEvent<import("../globals.d.ts").HtmxRequest>} event */
function unanswered(event) {
  showTemplate(event.detail.elt.hasAttribute("data-live") ? "refresh" : "offline");
}

document.addEventListener("htmx:sendError", unanswered);
document.addEventListener("htmx:timeout", unanswered);

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === SIGNED_OUT) showTemplate("signed-out");
  else if (xhr.getResponseHeader("X-Notice")) show(fromAnswer(xhr));
  else showTemplate("broken");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get" || elt.matches("button")) clear("action");
});

document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) clear("connection");
});

document.addEventListener("click", (event) => {
  const button = closest(event.target, "[data-close-notice]", HTMLElement);
  closest(button, "[data-notice]", HTMLElement)?.remove();
});
