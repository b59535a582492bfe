// The Datasets tab: progress of an upload, and buttons that put an advised number into a field.
import "./table.js";

function showUpload(event) {
  const { lengthComputable, loaded, total } = event.detail;
  if (event.target.id !== "import-form" || !lengthComputable || !total) return;
  const percent = Math.floor((100 * loaded) / total);
  document.getElementById("upload-progress").hidden = false;
  document.getElementById("upload-bar").value = percent;
  document.getElementById("upload-percent").value = `${percent} %`;
}

function hideUpload(event) {
  if (event.target.id === "import-form") document.getElementById("upload-progress")?.setAttribute("hidden", "");
}

// The server refuses a file that is too large, but a browser shows its answer only after the whole upload.
function sayTooLarge(event) {
  const { maxBytes } = event.target.dataset;
  if (!maxBytes) return;
  const isTooLarge = event.target.files[0]?.size > Number(maxBytes);
  document.getElementById("too-large").hidden = !isTooLarge;
  document.getElementById("import-submit").disabled = isTooLarge;
}

function putNumber(event) {
  const button = event.target.closest("[data-put]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into);
  field.value = button.dataset.put;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("htmx:xhr:progress", showUpload);
document.addEventListener("htmx:afterRequest", hideUpload);
document.addEventListener("change", sayTooLarge);
document.addEventListener("click", putNumber);
