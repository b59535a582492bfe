// The frame on the page: its picture, its boxes, and what a person is doing to them.

import { svgElement } from "../../shared/svg.js";
import { BoxesLayer } from "./boxes-layer.js";
import { drawOverlay } from "./overlay.js";
import { View } from "./view.js";

/**
 * @typedef {import("./geometry.js").Corners} Corners
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("../editing/frames.js").Frame} Frame
 */

// A picture that comes faster than that comes without a word.
const LOADING_MS = 200;
const PIXELS_SEEN_FROM = 4;

export class Stage extends EventTarget {
  view = new View();
  areBoxesHidden = false;
  hasGuides = true;
  brightness = 1;
  /** Boxes that are being moved, by their keys. @type {ReadonlyMap<string, Corners>} */
  moving = new Map();
  /** @type {Corners | null} */
  draft = null;
  /** @type {Corners | null} */
  marquee = null;
  /** @type {Point | null} */
  pointer = null;
  #boxes = svgElement("svg", { class: "stage-boxes", "aria-hidden": "true" });
  #overlay = svgElement("svg", { class: "stage-overlay", "aria-hidden": "true" });
  #layer = new BoxesLayer(this.#boxes);
  /** The number of the frame whose picture is shown. */
  #shown = -1;
  #isAsked = false;
  #loading = 0;

  /**
   * @param {HTMLElement} element
   * @param {import("../workbench.js").Workbench} workbench
   * @param {import("./pictures.js").Pictures} pictures
   */
  constructor(element, workbench, pictures) {
    super();
    this.element = element;
    this.workbench = workbench;
    this.pictures = pictures;
    element.append(this.#boxes, this.#overlay);
    new ResizeObserver(() => this.draw()).observe(element);
    workbench.addEventListener("selection", () => this.draw());
    workbench.addEventListener("labels", () => this.draw());
    workbench.addEventListener("label-wanted", () => this.draw());
    workbench.frames.addEventListener("change", () => this.draw());
    pictures.addEventListener("loaded", () => this.#picture());
    pictures.addEventListener("online", () => this.show());
  }

  /** Whether the picture of the shown frame is there: nobody draws on one that they don't see. */
  get isReady() {
    return this.#shown === this.workbench.number && this.workbench.frame !== undefined;
  }

  /** Show the frame of the workbench. */
  show() {
    this.pictures.retry(this.workbench.number);
    this.#picture();
    this.draw();
  }

  /** Draw everything anew before the browser shows the next picture. */
  draw() {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#drawNow();
    });
  }

  /**
   * Return the point of the window below a pointer.
   *
   * @param {{ clientX: number, clientY: number }} event
   */
  at({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #picture() {
    const { number } = this.workbench;
    if (this.#shown === number) return;
    clearTimeout(this.#loading);
    const { image, isReady, hasFailed } = this.pictures.get(number);
    this.element.classList.remove("is-loading");
    this.element.classList.toggle("has-failed", hasFailed);
    this.element.querySelector("img")?.remove();
    this.#shown = isReady ? number : -1;
    if (isReady) {
      this.element.prepend(image);
      this.dispatchEvent(new CustomEvent("shown"));
    } else if (!hasFailed) {
      this.#loading = window.setTimeout(() => this.element.classList.add("is-loading"), LOADING_MS);
    }
    this.draw();
  }

  #drawNow() {
    const { frame, selection, label, unnamed } = this.workbench;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!frame || !width || !height) return;
    this.view.look(frame, { width, height });
    const { scale, x, y } = this.view;
    this.#placePicture(frame);
    this.#boxes.setAttribute("viewBox", `${-x / scale} ${-y / scale} ${width / scale} ${height / scale}`);
    const boxes = this.isReady && !this.areBoxesHidden ? this.#boxesOf(frame) : [];
    this.#layer.draw(boxes, frame, { scale, selection, label: (box) => this.workbench.shownLabel(box) });
    drawOverlay(this.#overlay, this.view, {
      chosen: boxes.filter((box) => selection.has(box.key)).map((box) => box.corners),
      draft: this.draft ?? unnamed,
      marquee: this.marquee,
      pointer: this.hasGuides ? this.pointer : null,
      color: label?.color ?? 0,
    });
    this.dispatchEvent(new CustomEvent("drawn"));
  }

  /** @param {Frame} frame */
  #boxesOf({ boxes }) {
    if (!this.moving.size) return boxes;
    return boxes.map((box) => ({ ...box, corners: this.moving.get(box.key) ?? box.corners }));
  }

  /** @param {Frame} frame */
  #placePicture({ width, height }) {
    const image = this.element.querySelector("img");
    if (!image) return;
    const { scale, x, y } = this.view;
    image.style.width = `${width}px`;
    image.style.height = `${height}px`;
    image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    image.style.filter = this.brightness === 1 ? "" : `brightness(${this.brightness})`;
    image.style.imageRendering = scale >= PIXELS_SEEN_FROM ? "pixelated" : "";
  }
}
