// Plays the pictures of a video's frames, each at its time. A picture that isn't there yet holds the time up, so that a slow
// network shows every frame late instead of none.

import { find, query } from "../shared/elements.js";
import { placeAt, told } from "./times.js";

/** @typedef {import("./times.js").TimedFrame} TimedFrame */

// Pictures that are loaded ahead, and those that stay for a step back.
const AHEAD = 16;
const BEHIND = 8;
const PLAY = "Play";
const PAUSE = "Pause";

class Player {
  #root;
  #picture;
  #button;
  #place;
  #speed;
  #time;
  #first;
  /** @type {TimedFrame[]} */
  #frames = [];
  /** @type {Map<number, HTMLImageElement>} */
  #loaded = new Map();
  #seconds = 0;
  #isPlaying = false;
  #before = 0;

  /** @param {HTMLElement} root */
  constructor(root) {
    const dialog = find(document, "#dialog-content", HTMLElement);
    this.#root = root;
    this.#picture = find(root, "#player-picture", HTMLImageElement);
    this.#button = find(dialog, "#player-play", HTMLButtonElement);
    this.#place = find(dialog, "#player-place", HTMLInputElement);
    this.#speed = find(dialog, "#player-speed", HTMLSelectElement);
    this.#time = find(dialog, "#player-time", HTMLOutputElement);
    this.#first = this.#picture.src;
    this.#button.addEventListener("click", () => this.#turnOnOrOff());
    this.#place.addEventListener("input", () => this.#seek(Number(this.#place.value)));
    this.#load(root.dataset.times ?? "").catch(() => {
      find(dialog, "#player-failed", HTMLElement).hidden = false;
    });
  }

  /** @param {string} address */
  async #load(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    this.#frames = (await answer.json()).frames;
    this.#place.max = String(Math.max(0, this.#frames.length - 1));
    this.#seconds = this.#frames[0]?.[1] ?? 0;
    this.#button.disabled = this.#frames.length < 2;
    this.#show(0);
  }

  #turnOnOrOff() {
    if (!this.#isPlaying && Number(this.#place.value) === this.#frames.length - 1) this.#seek(0);
    this.#setPlaying(!this.#isPlaying);
  }

  /** @param {boolean} isPlaying */
  #setPlaying(isPlaying) {
    this.#isPlaying = isPlaying;
    this.#button.textContent = isPlaying ? PAUSE : PLAY;
    if (!isPlaying) return;
    this.#before = performance.now();
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} place */
  #seek(place) {
    this.#seconds = this.#frames[place]?.[1] ?? 0;
    this.#show(place);
  }

  /** @param {number} now */
  #tick(now) {
    if (!this.#isPlaying || !this.#root.isConnected || !this.#root.closest("dialog")?.open) return;
    const passed = ((now - this.#before) / 1000) * Number(this.#speed.value);
    this.#before = now;
    const place = placeAt(this.#frames, this.#seconds + passed);
    this.#loadAround(place);
    if (this.#imageAt(place).complete) {
      this.#seconds += passed;
      if (place !== Number(this.#place.value)) this.#show(place);
    }
    if (place === this.#frames.length - 1 && this.#imageAt(place).complete) this.#setPlaying(false);
    else requestAnimationFrame((next) => this.#tick(next));
  }

  /** @param {number} place */
  #show(place) {
    if (!this.#frames.length) return;
    this.#picture.src = this.#imageAt(place).src;
    this.#place.value = String(place);
    this.#time.textContent = told(this.#seconds);
    this.#place.setAttribute("aria-valuetext", told(this.#seconds));
  }

  /** @param {number} place */
  #loadAround(place) {
    const last = Math.min(place + AHEAD, this.#frames.length - 1);
    for (let next = place; next <= last; next += 1) this.#imageAt(next);
    for (const kept of this.#loaded.keys()) {
      if (kept < place - BEHIND || kept > last) this.#loaded.delete(kept);
    }
  }

  /**
   * Return the picture of a frame, which begins to load.
   *
   * @param {number} place
   */
  #imageAt(place) {
    const known = this.#loaded.get(place);
    if (known) return known;
    const image = new Image();
    image.src = this.#first.replace(/\d+\.jpg/, `${this.#frames[place][0]}.jpg`);
    this.#loaded.set(place, image);
    return image;
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  const root = query(document, "#player:not([data-is-on])", HTMLElement);
  if (!root || !query(root, "#player-picture", HTMLImageElement) || !event.detail.target.contains(root)) return;
  root.dataset.isOn = "";
  new Player(root);
});
