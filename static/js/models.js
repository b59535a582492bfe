// The Models tab: a column's head sorts and the filter filters, in place; the address follows, for a reload or a bookmark.

const list = document.getElementById("list");

function goToFirstPage() {
  list.elements.page.value = 1;
}

function sort(event) {
  const head = event.target.closest("[data-sort]");
  if (!head || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  list.elements.sort.value = head.dataset.sort;
  goToFirstPage();
  window.htmx.trigger(list, "refresh");
}

function filter(event) {
  if (event.target.closest("[data-filter]")) goToFirstPage();
}

function showAddress() {
  const { query } = document.getElementById("refresh").dataset;
  if (location.search === (query && `?${query}`)) return;
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

// Whoever leaves has seen what had ended: the title counts anew.
function forgetEnds() {
  const ends = list.querySelectorAll("[data-end]");
  if (document.hidden && ends.length) list.elements.since.value = [...ends].at(-1).dataset.end;
}

list.addEventListener("click", sort);
// Capture: the page is set before htmx, at the form, sends it.
list.addEventListener("input", filter, { capture: true });
list.addEventListener("htmx:afterSwap", showAddress);
document.addEventListener("visibilitychange", forgetEnds);
