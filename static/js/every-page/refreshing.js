// A part of the page that refreshes itself as often as the server says. While nobody looks it does so only where the
// server says how often then: something on it is waited for.

const SIGNED_OUT = 401;
const SECONDS_AFTER_A_FAILURE = 5;

const list = document.querySelector("[data-live]");
let timer = 0;

// Infinity: not before somebody looks again.
function secondsBetween() {
  const { refreshSeconds, hiddenSeconds = Infinity } = list.querySelector("[data-refresh-seconds]").dataset;
  return Number(document.hidden ? hiddenSeconds : refreshSeconds);
}

function refreshIn(seconds) {
  clearTimeout(timer);
  if (seconds < Infinity) timer = setTimeout(() => window.htmx.trigger(list, "refresh"), seconds * 1000);
}

function answered(event) {
  if (event.detail.elt !== list) return;
  if (event.detail.xhr.status === SIGNED_OUT) return clearTimeout(timer);
  refreshIn(event.detail.successful ? secondsBetween() : Math.max(SECONDS_AFTER_A_FAILURE, secondsBetween()));
}

// A focus whose button has gone, or cannot be used any more, would fall back to the top of the page.
function keepFocus(event) {
  const focused = document.activeElement;
  if (event.target !== event.detail.target || !list.contains(focused)) return;
  event.target.addEventListener("htmx:afterSwap", () => {
    if (!focused.isConnected || focused.disabled) document.getElementById("content").focus({ preventScroll: true });
  }, { once: true });
}

function tickAll(event) {
  if (!event.target.matches("[data-tick-all]")) return;
  list.querySelectorAll(".cell-tick input").forEach((box) => (box.checked = event.target.checked));
}

if (list) {
  // Capture: the boxes are set before htmx, at the form, sends what is ticked.
  list.addEventListener("change", tickAll, { capture: true });
  list.addEventListener("htmx:afterRequest", answered);
  list.addEventListener("htmx:beforeSwap", keepFocus);
  document.addEventListener("visibilitychange", () => refreshIn(document.hidden ? secondsBetween() : 0));
  refreshIn(secondsBetween());
}

// What the reader has opened stays open, and a time already shown in the reader's zone stays as it is.
Object.assign(window.Idiomorph.defaults.callbacks, {
  beforeAttributeUpdated: (name, element) => !(name === "open" && element.tagName === "DETAILS"),
  beforeNodeMorphed: (old, fresh) => !(old.tagName === "TIME" && old.dateTime === fresh.dateTime),
});
