// The Upload dialog: choose or drop files, say what they are called, and which frames to take. The tray does the rest.

import { closeDialog } from "../../dialog/dialog.js";
import { all, byId, closest, copyOf, find, query } from "../../shared/elements.js";
import { filled } from "../../shared/words.js";
import { droppedFiles, grouped } from "./chosen-files.js";

/** @typedef {import("./chosen-files.js").Group} Group */

export class UploadDialog {
  /** @type {Group[]} */
  #groups = [];
  /** @type {File[]} what was dropped onto the page, until the dialog is there */
  #dropped = [];
  #tray;

  /** @param {import("./tray.js").Tray} tray */
  constructor(tray) {
    this.#tray = tray;
    document.addEventListener("change", (event) => this.#chosen(event));
    document.addEventListener("input", (event) => this.#typed(event));
    document.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("submit", (event) => this.#submit(event), { capture: true });
    document.addEventListener("htmx:afterSettle", ({ detail }) => this.#opened(detail.target));
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", (event) => this.#drop(event));
  }

  /** Return what the dialog says of every file. */
  static metadata() {
    const frames = query(form(), "[name=frames]:checked", HTMLInputElement)?.value ?? "";
    return { frames, every: find(form(), "[name=every]", HTMLInputElement).value };
  }

  /** @param {Element} target */
  #opened(target) {
    if (target.id !== "dialog-content" || !query(target, "#upload-form", HTMLFormElement)) return;
    this.#groups = [];
    showEvery();
    if (this.#dropped.length) this.#take(this.#dropped);
    this.#dropped = [];
  }

  /** @param {Event} event */
  #chosen({ target }) {
    if (!(target instanceof HTMLInputElement) || target.form?.id !== "upload-form") return;
    if (target.name === "frames") showEvery();
    if (target.type === "file" && target.files?.length) this.#take([...target.files]);
  }

  /** @param {File[]} files */
  #take(files) {
    this.#groups = grouped(files, form().dataset);
    const list = byId("chosen-files", HTMLElement);
    list.replaceChildren(
      ...this.#groups.map((group) => {
        const row = copyOf("chosen-file");
        const { files: own, description } = group;
        const several = filled(list.dataset.pictures, { count: own.length });
        find(row, "[data-name]", HTMLElement).textContent = own.length > 1 ? several : own[0].name;
        find(row, "input", HTMLInputElement).value = description;
        return row;
      }),
    );
    this.#showButton();
  }

  /** @param {Event} event */
  #typed(event) {
    const row = closest(event.target, ".chosen-file", HTMLElement);
    if (!row || !(event.target instanceof HTMLInputElement)) return;
    this.#groups[rows().indexOf(row)].description = event.target.value;
    this.#showButton();
  }

  #showButton() {
    const isReady = this.#groups.length > 0 && this.#groups.every(({ description }) => description.trim());
    byId("upload-submit", HTMLButtonElement).disabled = !isReady;
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    if (closest(target, "#choose-folder", HTMLElement)) byId("folder", HTMLInputElement).click();
    const row = closest(closest(target, "[data-remove]", HTMLElement), ".chosen-file", HTMLElement);
    if (!row) return;
    this.#groups.splice(rows().indexOf(row), 1);
    row.remove();
    this.#showButton();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    if (!(event.target instanceof HTMLFormElement) || event.target.id !== "upload-form") return;
    event.preventDefault();
    event.stopPropagation();
    if (byId("upload-submit", HTMLButtonElement).disabled) return;
    const common = UploadDialog.metadata();
    const chosen = this.#groups.map(({ kind, files, description }) => ({
      name: description.trim(),
      kind,
      sources: files,
      metadata: { ...common, description: description.trim() },
    }));
    closeDialog(byId("dialog", HTMLDialogElement));
    this.#tray.add(chosen);
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    document.body.classList.remove("is-dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault(); // the browser would leave the page to open the file
    const files = await droppedFiles(event.dataTransfer);
    if (query(document, "#upload-submit", HTMLElement)) return this.#take(files);
    if (query(document, "dialog[open]", HTMLDialogElement)) return;
    this.#dropped = files;
    query(document, "button#upload:not([aria-disabled])", HTMLButtonElement)?.click();
  }
}

const form = () => byId("upload-form", HTMLFormElement);
const rows = () => all(document, ".chosen-file", HTMLElement);

/** The number of frames is asked for where it matters. */
function showEvery() {
  const field = closest(find(form(), "[name=every]", HTMLInputElement), ".field", HTMLElement);
  if (field) field.hidden = query(form(), "[name=frames]:checked", HTMLInputElement)?.value !== "every_nth";
}

/** @param {DragEvent} event */
function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("is-dropping");
}

/** @param {DragEvent} event */
function leave(event) {
  if (!event.relatedTarget) document.body.classList.remove("is-dropping");
}
