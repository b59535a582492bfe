// A button with data-copy="ID" puts the text of that element on the clipboard, and #ID-copied says so.
// The text as one sees it: what stands in two cells of a table is apart.

function select(element) {
  const selection = window.getSelection();
  selection.selectAllChildren(element);
  return selection;
}

async function copied(element) {
  // A school's server is often reached without https, where browsers have no navigator.clipboard.
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.innerText);
    return true;
  }
  const selection = select(element);
  const isDone = document.execCommand("copy");
  selection.removeAllRanges();
  return isDone;
}

async function copy(button) {
  const element = document.getElementById(button.dataset.copy);
  const isDone = await copied(element).catch(() => false);
  if (!isDone) select(element);
  document.getElementById(`${element.id}-copied`).textContent = isDone
    ? "Copied. Paste it where you need it."
    : "The browser did not allow it. The text is marked now: press Ctrl+C.";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
