// Says what went wrong, or what was done, where the person looks: in the open dialog, else at the top of the page.
// The words come from the server or from templates/parts/notice_templates.html.

import { all, CATCHES_UP, closest, copyOf, find } from "../shared/elements.js";

const SIGNED_OUT = 401;

/** Where a notice is shown: in the dialog that lies on top. */
function region() {
  const inDialogs = all(document, "dialog[open] [data-notices]", HTMLElement);
  return inDialogs.at(-1) ?? find(document, "main [data-notices]", HTMLElement);
}

/** @param {string | undefined} key */
function clear(key) {
  for (const notice of all(document, `[data-notices] [data-notice="${key}"]`, HTMLElement)) notice.remove();
}

/** @param {HTMLElement} notice */
function place(notice) {
  const here = region();
  const { notice: key } = notice.dataset;
  const isSaid = all(here, `[data-notice="${key}"]`, HTMLElement).some((old) => old.innerHTML === notice.innerHTML);
  if (isSaid) return;
  clear(key);
  here.append(notice);
  window.htmx.process(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** @param {"broken" | "offline" | "refresh" | "signed-out"} name */
export function showTemplate(name) {
  place(copyOf(`notice-${name}`));
}

/**
 * Show a notice that the server wrote.
 *
 * @param {string} html
 */
export function show(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  place(find(holder.content, "[data-notice]", HTMLElement));
}

/** @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event */
function unanswered(event) {
  showTemplate(event.detail.elt.matches(CATCHES_UP) ? "refresh" : "offline");
}

document.addEventListener("htmx:sendError", unanswered);
document.addEventListener("htmx:timeout", unanswered);

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  // session.js looks after those.
  if (xhr.status === SIGNED_OUT || xhr.getResponseHeader("X-Stale-Form")) return;
  if (xhr.getResponseHeader("X-Notice")) show(xhr.responseText);
  else showTemplate("broken");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get" || elt.matches("button")) clear("action");
});

document.addEventListener("htmx:afterOnLoad", ({ detail: { xhr } }) => {
  if (xhr.status >= 400) return;
  for (const key of ["connection", "signed-out", "page"]) clear(key);
  if (xhr.getResponseHeader("X-Notice")) show(xhr.responseText);
});

document.addEventListener("click", (event) => {
  const button = closest(event.target, "[data-close-notice]", HTMLElement);
  closest(button, "[data-notice]", HTMLElement)?.remove();
});
