// Tells a person who looks elsewhere that a training has ended: by the window's title and, where the person asked for it
// in this browser, by a notification. All words come from the server.

import { all, byId, find, query } from "../shared/elements.js";

const WANTED = "ftcml-tell-me";
const TOLD = "ftcml-told";
const TOLD_ENDS_KEPT = 100;

function isWaitedFor() {
  return "hiddenSeconds" in byId("refresh", HTMLElement).dataset;
}

/** Return the sentence to show, by its data-case. */
function situation() {
  if (!window.isSecureContext || !("Notification" in window)) return "missing";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem(WANTED) ? "wanted" : "unwanted";
}

/** @param {HTMLElement} control */
function showControl(control) {
  const present = situation();
  const button = find(control, "button", HTMLButtonElement);
  control.hidden = !isWaitedFor();
  button.hidden = present === "missing" || present === "denied";
  button.setAttribute("aria-pressed", String(present === "wanted"));
  for (const words of all(control, "[data-case]", HTMLElement)) words.hidden = words.dataset.case !== present;
}

/** @param {HTMLElement} control */
async function changeWish(control) {
  if (situation() === "wanted") localStorage.removeItem(WANTED);
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(WANTED, "yes");
  showControl(control);
}

/**
 * Every end counts as told once it was seen, in whichever tab: who asks later is not told of what is over.
 *
 * @param {string} end
 */
function isNew(end) {
  /** @type {string[]} */
  const told = JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  if (told.includes(end)) return false;
  localStorage.setItem(TOLD, JSON.stringify([...told, end].slice(-TOLD_ENDS_KEPT)));
  return true;
}

/** @param {DOMStringMap} told */
function tell({ end = "", headline = "", words, address = "" }) {
  if (!isNew(end) || situation() !== "wanted") return;
  const notification = new Notification(headline, { body: words, tag: `ftcml-${end}` });
  notification.addEventListener("click", () => {
    window.focus();
    location.assign(address);
  });
}

/** @param {HTMLElement} control */
function read(control) {
  const { title = "" } = byId("news", HTMLElement).dataset;
  if (document.title !== title) document.title = title;
  for (const end of all(document, "#ends [data-end]", HTMLElement)) tell(end.dataset);
  showControl(control);
}

const control = query(document, "[data-tell-me]", HTMLElement);
if (control) {
  find(control, "button", HTMLButtonElement).addEventListener("click", () => changeWish(control));
  byId("list", HTMLElement).addEventListener("htmx:afterSwap", () => read(control));
  read(control);
}
