// Undo and redo of everything that a person changed, across frames.

import { inverse } from "./edits.js";

/**
 * @typedef {import("./edits.js").FrameEdit} FrameEdit
 * @typedef {{ edits: FrameEdit[], what: string }} Step `what` was done: its words stand in templates/videos/label/parts/words.html
 */

export const MOST_STEPS = 100;

export class History {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  #apply;

  /** @param {(edits: FrameEdit[]) => void} apply shows and saves edits */
  constructor(apply) {
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
  }

  /**
   * Take up a step that the server has done already, so that it can be undone.
   *
   * @param {FrameEdit[]} edits
   * @param {string} what
   */
  done(edits, what) {
    if (!edits.length) return;
    this.#done = [...this.#done, { edits, what }].slice(-MOST_STEPS);
    this.#undone = [];
  }

  /**
   * Change what is known of the steps that were done after one, or of all where that isn't known any more.
   *
   * @param {Step | undefined} before
   * @param {(edits: FrameEdit[]) => FrameEdit[]} change
   */
  changeAfter(before, change) {
    const first = before ? this.#done.indexOf(before) + 1 : 0;
    this.#done = this.#done.flatMap((step, place) => {
      if (place < first) return [step];
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
    return step;
  }

  /** Do the step again that was undone last, and return it. */
  redo() {
    const step = this.#undone.pop();
    if (!step) return undefined;
    this.#apply(step.edits);
    this.#done.push(step);
    return step;
  }
}
