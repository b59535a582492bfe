// The dataset page: in a frame's dialog the arrow keys turn to the frame before and the one behind; a link to the lookalikes opens them.

const dialog = document.getElementById("dialog");
const twins = document.getElementById("twins");

function turn(event) {
  if (!dialog.open || event.altKey || event.ctrlKey || event.metaKey) return;
  const button = dialog.querySelector(`[data-turn="${event.key}"]:enabled`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

// At the first and the last frame the button that had the focus cannot keep it.
function keepFocus() {
  if (dialog.open && !dialog.contains(document.activeElement)) dialog.querySelector("[data-turn]:enabled")?.focus();
}

function openTwins() {
  if (twins && location.hash === "#twins") twins.open = true;
}

document.addEventListener("keydown", turn);
dialog.addEventListener("htmx:afterSettle", keepFocus);
window.addEventListener("hashchange", openTwins);
document.addEventListener("click", (event) => {
  if (twins && event.target.closest('a[href="#twins"]')) twins.open = true;
});
window.addEventListener("load", openTwins); // not before htmx listens
