// The object that a person is at: that of the box chosen last, or the one chosen in the list.

import { edit, lookOf, newKey } from "../acts/boxes.js";
import { frameEdit } from "../editing/edits.js";
import { boxOf, thingsOf } from "./objects.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("./objects.js").Thing} Thing
 */

export class Tracked extends EventTarget {
  #workbench;
  /** @type {Thing[]} */
  things = [];
  /** The key of its track, "" for none. */
  track = "";

  /** @param {Workbench} workbench */
  constructor(workbench) {
    super();
    this.#workbench = workbench;
    workbench.addEventListener("selection", () => {
      const track = workbench.chosen.find((box) => box.track)?.track;
      if (track) this.choose(track);
    });
  }

  /** Read the objects anew. */
  read() {
    this.things = thingsOf(this.#workbench.frames);
    if (!this.thing) this.track = "";
    this.dispatchEvent(new CustomEvent("change"));
  }

  get thing() {
    return this.things.find(({ track }) => track === this.track);
  }

  /** @param {string} track */
  choose(track) {
    if (track === this.track) return;
    this.track = track;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** Show the object in the frame that is shown, or in the nearest one that has a box of it. */
  show() {
    const { number, frames } = this.#workbench;
    const nearest = this.thing?.stretches
      .map(({ first, last }) => Math.max(first, Math.min(number, last)))
      .sort((one, other) => Math.abs(one - number) - Math.abs(other - number))[0];
    if (nearest === undefined) return;
    this.#workbench.show(nearest);
    const box = boxOf(frames, nearest, this.track);
    if (box) this.#workbench.select([box.key]);
  }

  /** The box of the object here. */
  get here() {
    return boxOf(this.#workbench.frames, this.#workbench.number, this.track);
  }

  /** Put its box here: where it was last, to be moved. */
  put() {
    const { frames, number, history } = this.#workbench;
    const last = this.#last(number);
    if (!last || this.here) return;
    const key = newKey();
    const after = { ...lookOf(last), origin: "drawn", confirmed: true };
    if (frames.get(number)) history.do([frameEdit(number, [{ key, before: null, after }])], "object");
    this.#workbench.select([key]);
  }

  /** Make a box that belongs to no object yet the object's. @param {import("../editing/frames.js").Box} box */
  give(box) {
    edit(this.#workbench, [box], "object", (one) => ({ ...lookOf(one), track: this.track }));
  }

  /** Its box in the last frame before that one, or in the first after it. @param {number} number */
  #last(number) {
    const ends = this.thing?.stretches ?? [];
    const before = ends.findLast(({ first }) => first < number);
    const nearest = before ? Math.min(before.last, number - 1) : ends.find(({ first }) => first > number)?.first;
    return nearest === undefined ? undefined : boxOf(this.#workbench.frames, nearest, this.track);
  }
}
