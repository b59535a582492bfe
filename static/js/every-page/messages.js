// Says what went wrong where the person looks: in the open dialog, else at the top of the page.
// The words come from the server or from templates/parts/notice_templates.html.

const SIGNED_OUT = 401;

function region() {
  return document.querySelector("dialog[open] [data-notices]") ?? document.querySelector("main [data-notices]");
}

function clear(key) {
  document.querySelectorAll(`[data-notices] [data-notice="${key}"]`).forEach((notice) => notice.remove());
}

function show(notice) {
  clear(notice.dataset.notice);
  region().append(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function fromTemplate(name) {
  return document.getElementById(`notice-${name}`).content.firstElementChild.cloneNode(true);
}

function fromAnswer(xhr) {
  const holder = document.createElement("template");
  holder.innerHTML = xhr.responseText;
  return holder.content.firstElementChild;
}

function isRefresh(event) {
  return event.detail.elt.hasAttribute("data-live");
}

function unanswered(event) {
  show(fromTemplate(isRefresh(event) ? "refresh" : "offline"));
}

document.addEventListener("htmx:sendError", unanswered);
document.addEventListener("htmx:timeout", unanswered);

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === SIGNED_OUT) show(fromTemplate("signed-out"));
  else show(xhr.getResponseHeader("X-Notice") ? fromAnswer(xhr) : fromTemplate("broken"));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get" || elt.matches("button")) clear("action");
});

document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) clear("connection");
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-close-notice]")?.closest("[data-notice]").remove();
});
