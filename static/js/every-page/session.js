// Asks the page's own person to sign in again where they are, and then sends again what was refused. The server says whose
// page it is (data-page-of), and refuses what a page of another person or team asks for.

import { all, byId, CATCHES_UP, closest, copyOf, find, query } from "../shared/elements.js";
import { show, showTemplate } from "./messages.js";

const SIGNED_OUT = 401;
const WRONG_PAGE = 409;
// Where a tab tells the others that its person has signed in.
export const SIGNED_IN = "signed-in";
// Without a person in between. More would be a loop, as where the browser keeps no cookies.
const MOST_TRIES = 2;

const { pageOf = "", session: address = "" } = document.body.dataset;

/**
 * What to send again, by what asked for it; `never` says that it won't be.
 *
 * @type {Map<object, { again: () => void, never?: () => void }>}
 */
const held = new Map();
let tries = 0;
/** How often the page asks right now who is signed in. */
let asking = 0;

/** @param {string} token */
function useToken(token) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
  for (const field of all(document, "input[name=csrfmiddlewaretoken]", HTMLInputElement)) field.value = token;
}

/** Return whether the page's own person is signed in, in its own team. Otherwise the person is told or asked. */
async function isSignedIn() {
  asking += 1;
  try {
    return await askServer();
  } finally {
    asking -= 1;
  }
}

async function askServer() {
  const headers = { "HX-Request": "true", "X-Page-Of": pageOf };
  const answer = await fetch(address, { headers, cache: "no-store" });
  if (answer.status === WRONG_PAGE) {
    show(await answer.text());
    return false;
  }
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const { is_signed_in, token } = await answer.json();
  useToken(token);
  if (!is_signed_in) ask();
  return is_signed_in;
}

/** Find out who is signed in, ask where nobody is, and have the page go on once its own person is there. */
export async function comeBack() {
  try {
    if (await isSignedIn()) resume();
  } catch {
    showTemplate("offline");
  }
}

/**
 * Return the answer to what `send` sends. Where nobody is signed in any more, the person is asked, and it's sent again
 * then. Rejects where they don't come back.
 *
 * @param {() => Promise<Response>} send
 * @returns {Promise<Response>}
 */
export async function sentWhenSignedIn(send) {
  const answer = await send();
  if (answer.status !== SIGNED_OUT && !answer.headers.get("X-Stale-Form")) return answer;
  await new Promise((again, never) => {
    held.set({}, { again: () => again(undefined), never: () => never(new Error("signed out")) });
    comeBack();
  });
  return send();
}

function letGo() {
  const dropped = [...held.values()];
  held.clear();
  for (const { never } of dropped) never?.();
}

function resume() {
  const again = [...held.values()];
  held.clear();
  query(document, "#sign-in-again[open]", HTMLDialogElement)?.close();
  for (const notice of all(document, "[data-notice=signed-out], [data-notice=page]", HTMLElement)) notice.remove();
  document.dispatchEvent(new CustomEvent("page-resumed"));
  for (const one of again) one.again();
}

function ask() {
  const dialog = byId("sign-in-again", HTMLDialogElement);
  if (dialog.open) return;
  const form = copyOf("sign-in-form");
  find(dialog, "[data-sign-in]", HTMLElement).replaceChildren(form);
  window.htmx.process(form);
  dialog.showModal();
}

/** @param {import("../shared/globals.d.ts").HtmxRequest} request */
function hold({ elt, requestConfig }) {
  const { verb, path, triggeringEvent } = requestConfig;
  const submitter = triggeringEvent instanceof SubmitEvent ? triggeringEvent.submitter : null;
  const pressed = submitter instanceof HTMLButtonElement && submitter.name;
  const values = pressed ? { [submitter.name]: submitter.value } : {};
  const again = () => {
    if (elt.isConnected) window.htmx.ajax(verb, path, { source: elt, event: triggeringEvent, values });
  };
  held.set(elt, { again });
}

/**
 * Whether a person waits for the answer. A part that refreshes itself, or a plan that follows what is typed, opens no
 * dialog.
 *
 * @param {import("../shared/globals.d.ts").HtmxRequest} request
 */
function isAskedFor({ requestConfig }) {
  return requestConfig.verb !== "get" || requestConfig.triggeringEvent?.type === "click";
}

/** @param {CustomEvent<import("../shared/globals.d.ts").HtmxRequest>} event */
function refused({ detail }) {
  const { elt, xhr } = detail;
  const isSignedOut = xhr.status === SIGNED_OUT || xhr.getResponseHeader("X-Stale-Form");
  const isOtherTeam = xhr.getResponseHeader("X-Wrong-Page") === "team";
  if (!isSignedOut && !isOtherTeam) return;
  // A part that refreshes itself does so again, and the sign-in form is about to.
  if (!elt.matches(CATCHES_UP) && !dialog?.contains(elt)) hold(detail);
  if (isSignedOut) comeBackFrom(detail);
}

/** @param {import("../shared/globals.d.ts").HtmxRequest} request */
function comeBackFrom(request) {
  if (!isAskedFor(request)) {
    if (!dialog?.open) showTemplate("signed-out");
    return;
  }
  tries += 1;
  if (tries <= MOST_TRIES) comeBack();
  else ask();
}

/**
 * A form that the browser sends itself would lose its content on the way to the sign-in page.
 *
 * @param {SubmitEvent} event
 */
function guard(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.hasAttribute("hx-post") || form.hasAttribute("data-leaves")) return;
  event.preventDefault();
  held.set(form, { again: () => send(form, event.submitter) });
  isSignedIn().then(
    (is) => is && resume(),
    (error) => unanswered(form, error),
  );
}

/**
 * Without a network the form stays as it is: the browser's own page would take its place. Where the server doesn't know
 * who is signed in, the form is sent all the same.
 *
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function unanswered(form, error) {
  if (!(error instanceof TypeError)) {
    resume();
    return;
  }
  held.delete(form);
  showTemplate("offline");
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function send(form, submitter) {
  if (submitter instanceof HTMLButtonElement && submitter.name) {
    const pressed = Object.assign(document.createElement("input"), { type: "hidden" });
    pressed.name = submitter.name;
    pressed.value = submitter.value;
    form.append(pressed);
  }
  HTMLFormElement.prototype.submit.call(form);
}

/** @param {MouseEvent} event */
function click({ target }) {
  if (closest(target, "[data-ask-to-sign-in]", HTMLElement)) comeBack();
  if (
    closest(target, "[data-notice=page] [data-close-notice], [data-notice=signed-out] [data-close-notice]", HTMLElement)
  )
    letGo();
  if (closest(target, "[data-close-sign-in]", HTMLElement)) byId("sign-in-again", HTMLDialogElement).close();
}

/** @param {HTMLDialogElement} dialog */
function listen(dialog) {
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    // What refreshes itself while the page asks says nothing of what was refused.
    if (detail.xhr.status >= 400 || asking) return;
    tries = 0;
    // The person came back elsewhere. What was refused before that must not be sent by surprise.
    if (!dialog.open) letGo();
  });
  document.addEventListener("submit", guard);
  document.addEventListener("click", click);
  document.body.addEventListener("signed-in", comeBack);
  document.body.addEventListener("page-resumed", resume);
  // Who signed in in another tab, and comes back to this one, need not do so twice.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && dialog.open) comeBack();
  });
  new BroadcastChannel(SIGNED_IN).addEventListener("message", () => {
    if (dialog.open || query(document, "[data-notice=signed-out]", HTMLElement)) comeBack();
  });
  dialog.addEventListener("close", () => {
    find(dialog, "[data-sign-in]", HTMLElement).replaceChildren();
    find(dialog, "[data-notices]", HTMLElement).replaceChildren();
    if (held.size) showTemplate("signed-out");
  });
}

const dialog = query(document, "#sign-in-again", HTMLDialogElement);
if (dialog) listen(dialog);
