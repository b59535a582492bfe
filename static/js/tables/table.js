// A table that refreshes itself: a column's heading sorts, the filter filters and a page's number leads there, all in place.
// The address follows, for a reload or a bookmark, and Back undoes each step.

import { all, byId, closest, find } from "../shared/elements.js";

const list = byId("list", HTMLFormElement);

/**
 * What the person does to the table becomes an entry of the browser's history; letters typed into one field become one.
 *
 * @type {"pushState" | "replaceState"}
 */
let entry = "replaceState";
/** @type {EventTarget | null} */
let typedInto = null;

/**
 * Set what the next refresh asks for. The fields are looked up each time: a refresh may bring new ones.
 *
 * @param {"page" | "sort"} name
 * @param {string} value
 */
function ask(name, value) {
  find(list, `input[name=${name}]`, HTMLInputElement).value = value;
}

function refresh() {
  window.htmx.trigger(list, "refresh");
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = closest(event.target, "[data-sort], [data-page]", HTMLElement);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { sort, page = "1" } = link.dataset;
  if (sort) ask("sort", sort);
  ask("page", page);
  entry = "pushState";
  typedInto = null;
  if (!sort) list.scrollIntoView();
  refresh();
}

/** @param {Event} event */
function filter(event) {
  if (!closest(event.target, "[data-filter]", HTMLElement)) return;
  ask("page", "1");
  if (typedInto !== event.target) entry = "pushState";
  typedInto = event.target instanceof HTMLInputElement ? event.target : null;
}

/** @type {HTMLInputElement | null} */
let lastBox = null;

/**
 * Shift and a click set every box between this one and the one clicked before.
 *
 * @param {MouseEvent} event
 */
function selectRange(event) {
  const box = closest(event.target, "tbody .cell-select input", HTMLInputElement);
  if (!box) return;
  const boxes = all(list, "tbody .cell-select input", HTMLInputElement);
  const before = lastBox ? boxes.indexOf(lastBox) : -1;
  const [first, last] = [boxes.indexOf(box), before].sort((one, other) => one - other);
  if (event.shiftKey && first !== -1) {
    for (const between of boxes.slice(first, last + 1)) between.checked = box.checked;
  }
  lastBox = box;
}

/** @param {MouseEvent} event */
function unselectAll(event) {
  if (!closest(event.target, "[data-unselect-all]", HTMLElement)) return;
  for (const hidden of all(list, "[data-selected-elsewhere]", HTMLElement)) hidden.remove();
  for (const box of all(list, ".cell-select input", HTMLInputElement)) box.checked = false;
  refresh();
}

function showAddress() {
  const { query } = byId("refresh", HTMLElement).dataset;
  if (location.search === (query && `?${query}`)) return;
  history[entry](null, "", query ? `?${query}` : location.pathname);
  entry = "replaceState";
}

/** Show the table of the address that Back or Forward leads to. */
function restore() {
  const asked = new URLSearchParams(location.search);
  const controls = "[data-filter] :is(input, select), input[name=sort], input[name=page]";
  for (const control of list.querySelectorAll(controls)) {
    if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
      control.value = asked.get(control.name) ?? "";
    }
  }
  typedInto = null;
  refresh();
}

list.addEventListener("click", follow);
list.addEventListener("click", selectRange);
list.addEventListener("click", unselectAll);
// Capture: the page is set before htmx, at the form, sends it.
list.addEventListener("input", filter, { capture: true });
list.addEventListener("htmx:afterSwap", showAddress);
addEventListener("popstate", restore);
