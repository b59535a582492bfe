// A table that refreshes itself: a column's head sorts, the filter filters and a page's number leads there, all in place;
// the address follows, for a reload or a bookmark.

const list = document.getElementById("list");

function refresh() {
  window.htmx.trigger(list, "refresh");
}

function follow(event) {
  const link = event.target.closest("[data-sort], [data-page]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { sort, page = 1 } = link.dataset;
  if (sort) list.elements.sort.value = sort;
  list.elements.page.value = page;
  if (!sort) list.scrollIntoView();
  refresh();
}

function filter(event) {
  if (event.target.closest("[data-filter]")) list.elements.page.value = 1;
}

// Shift and a press sets every box between this one and the one pressed before.
let lastBox = null;

function tickRange(event) {
  const boxes = [...list.querySelectorAll("tbody .cell-tick input")];
  const here = boxes.indexOf(event.target);
  if (here === -1) return;
  const [first, last] = [here, boxes.indexOf(lastBox)].sort((one, other) => one - other);
  if (event.shiftKey && first !== -1) boxes.slice(first, last + 1).forEach((box) => (box.checked = event.target.checked));
  lastBox = event.target;
}

function untickAll(event) {
  if (!event.target.closest("[data-untick-all]")) return;
  list.querySelectorAll("[data-ticked-elsewhere]").forEach((tick) => tick.remove());
  list.querySelectorAll(".cell-tick input").forEach((box) => (box.checked = false));
  refresh();
}

function showAddress() {
  const { query } = document.getElementById("refresh").dataset;
  if (location.search === (query && `?${query}`)) return;
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

list.addEventListener("click", follow);
list.addEventListener("click", tickRange);
list.addEventListener("click", untickAll);
// Capture: the page is set before htmx, at the form, sends it.
list.addEventListener("input", filter, { capture: true });
list.addEventListener("htmx:afterSwap", showAddress);
