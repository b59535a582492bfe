// The checkpoints that the sliders move over, by their steps; a slider's value is a place in this list.

import { counted } from "../shared/words.js";

/**
 * One with a file of detections; `detections` is its address.
 * @typedef {object} Checkpoint
 * @property {number} step
 * @property {string} detections
 * @property {number | null} threshold the suggested minimum confidence, null where there is none
 * @property {number | null} mean_precision null where it is not known
 *
 * @typedef {{ checkpoints: Checkpoint[], best_step: number | null }} Told
 */

export class Checkpoints {
  #list;
  #bestStep;

  /** @param {Told} told */
  constructor({ checkpoints, best_step }) {
    this.#list = checkpoints;
    this.#bestStep = best_step;
  }

  get length() {
    return this.#list.length;
  }

  get newestStep() {
    return this.#list.at(-1)?.step ?? 0;
  }

  /** The place to begin at: of the best checkpoint, else of the newest. */
  get first() {
    const best = this.#list.findIndex(({ step }) => step === this.#bestStep);
    return best >= 0 ? best : this.#list.length - 1;
  }

  /**
   * Add those of them that aren't known: newer ones, and the parent's, which comes last and has an earlier step. Places
   * may be others then.
   *
   * @param {Told} told
   */
  add({ checkpoints, best_step }) {
    const known = new Set(this.#list.map(({ step }) => step));
    this.#list.push(...checkpoints.filter(({ step }) => !known.has(step)));
    this.#list.sort((one, other) => one.step - other.step);
    this.#bestStep = best_step;
  }

  /** @param {number} place */
  step(place) {
    return this.#list[place].step;
  }

  /** @param {number} wanted */
  placeOf(wanted) {
    return this.#list.findIndex(({ step }) => step === wanted);
  }

  /** @param {number} place */
  address(place) {
    return this.#list[place].detections;
  }

  /** @param {number} place */
  suggested(place) {
    return this.#list[place].threshold;
  }

  /** @param {number} place */
  words(place) {
    const { step } = this.#list[place];
    return `Step ${counted(step)}${step === this.#bestStep ? " (best)" : ""}`;
  }

  /** @param {number} place */
  longWords(place) {
    const precision = this.#list[place].mean_precision;
    return this.words(place) + (precision === null ? ", mAP not measured" : `, mAP ${precision.toFixed(2)}`);
  }

  /**
   * Let a slider run over all of them and stand at `place`.
   *
   * @param {HTMLInputElement} slider
   * @param {Element} words says where it stands
   * @param {number} place
   */
  show(slider, words, place) {
    slider.max = String(this.length - 1);
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", this.longWords(place));
    words.textContent = this.words(place);
  }
}
