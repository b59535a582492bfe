// The page's one dialog: opens when what htmx has put in is ready for use, closes on request or when the server says that
// it is done.

const dialog = document.getElementById("dialog");
const content = document.getElementById("dialog-content");

function opened() {
  if (!dialog.open) {
    dialog.showModal();
    return;
  }
  const alert = content.querySelector("[role=alert]:not([hidden])");
  alert?.setAttribute("tabindex", "-1");
  alert?.focus();
}

if (dialog) {
  content.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === content) opened();
  });
  document.body.addEventListener("dialog-done", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-dialog]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    content.querySelectorAll("form").forEach((form) => window.htmx.trigger(form, "htmx:abort"));
    content.replaceChildren();
    dialog.querySelector("[data-notices]").replaceChildren();
  });
}
