// Undo and redo of everything that a person changed, across frames.

import { inverse } from "./edits.js";

/**
 * @typedef {import("./edits.js").FrameEdit} FrameEdit
 * @typedef {{ edits: FrameEdit[], what: string, number: number }} Step `what` was done: its words stand in
 * templates/videos/label/parts/words.html. `number` counts the steps
 */

export const MOST_STEPS = 100;

/** Tells of each step that was done ("did") and taken back ("undid"). */
export class History extends EventTarget {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  /** The numbers of steps that were taken back, and not done again. @type {Set<number>} */
  #takenBack = new Set();
  #count = 0;
  #apply;

  /** @param {(edits: FrameEdit[]) => void} apply shows and saves edits */
  constructor(apply) {
    super();
    this.#apply = apply;
  }

  /** The step that undo would take back. */
  get last() {
    return this.#done.at(-1);
  }

  /** The step that redo would do again. */
  get next() {
    return this.#undone.at(-1);
  }

  /**
   * Do something that can be undone as one step.
   *
   * @param {FrameEdit[]} edits
   * @param {string} what
   */
  do(edits, what) {
    if (!edits.length) return;
    this.#apply(edits);
    this.done(edits, what);
    this.dispatchEvent(new CustomEvent("did", { detail: this.last }));
  }

  /**
   * Take up a step that the server has done already, so that it can be undone.
   *
   * @param {FrameEdit[]} edits
   * @param {string} what
   */
  done(edits, what) {
    if (!edits.length) return;
    this.#count += 1;
    this.#done = [...this.#done, { edits, what, number: this.#count }].slice(-MOST_STEPS);
    this.#undone = [];
  }

  /**
   * Change what is known of the steps that were done after one, or of all where there was none.
   *
   * @param {Step | undefined} before
   * @param {(edits: FrameEdit[]) => FrameEdit[]} change
   */
  changeAfter(before, change) {
    this.#done = this.#done.flatMap((step) => {
      if (before && step.number <= before.number) return [step];
      const edits = change(step.edits);
      return edits.length ? [{ ...step, edits }] : [];
    });
  }

  /** Undo the last step and return it. */
  undo() {
    const step = this.#done.pop();
    if (!step) return undefined;
    this.#apply(inverse(step.edits));
    this.#undone.push(step);
    this.#takenBack.add(step.number);
    this.dispatchEvent(new CustomEvent("undid", { detail: step }));
    return step;
  }

  /** Whether a step was taken back. @param {Step} step */
  isTakenBack({ number }) {
    return this.#takenBack.has(number);
  }

  /** Do the step again that was undone last, and return it. */
  redo() {
    const step = this.#undone.pop();
    if (!step) return undefined;
    this.#apply(step.edits);
    this.#done.push(step);
    this.#takenBack.delete(step.number);
    return step;
  }
}
