// The files of detections, one for each checkpoint: those that are shown are fetched first, then, while nothing else is
// waited for, the others outward from there. They never change, so they are kept, as far as memory allows.

/**
 * @typedef {import("./checkpoints.js").Checkpoints} Checkpoints
 * @typedef {import("../shared/boxes.js").Corners} Corners
 *
 * What the model found: `truth` is the place of the object that it is about, -1 for none.
 * @typedef {object} Detection
 * @property {string} label
 * @property {Corners} box
 * @property {number} score
 * @property {"right" | "wrong label" | "false alarm"} kind
 * @property {number} truth
 *
 * What people labeled: the score with which it was found, and the label that it was taken for, "" for none.
 * @typedef {object} Truth
 * @property {string} label
 * @property {Corners} box
 * @property {number} score
 * @property {string} seen_as
 * @property {number} seen_as_score
 *
 * Both on one frame; of the detections the surest first.
 * @typedef {{ detections: Detection[], truths: Truth[] }} Found
 *
 * @typedef {object} Settings
 * @property {number} frameCount
 * @property {string} offline what to say while the server does not answer
 * @property {() => void} arrived called whenever something can be shown that could not be before, or why it cannot
 */

const AT_ONCE = 2;
const KEPT_FRAMES = 20_000;

export class Detections {
  #checkpoints;
  #frameCount;
  #arrived;
  #offline;
  /** @type {Map<number, Found[]>} */
  #files = new Map();
  /** @type {Map<number, string>} */
  #reasons = new Map();
  /** @type {Set<number>} */
  #busy = new Set();
  /** @type {number[]} */
  #wanted = [];
  #isOffline = false;

  /**
   * @param {Pick<Checkpoints, "length" | "address">} checkpoints
   * @param {Settings} settings
   */
  constructor(checkpoints, { frameCount, offline, arrived }) {
    this.#checkpoints = checkpoints;
    this.#frameCount = frameCount;
    this.#offline = offline;
    this.#arrived = arrived;
  }

  /**
   * Return what the checkpoint at `place` found on frame `number`; undefined while that is not known.
   *
   * @param {number} place
   * @param {number} number
   */
  on(place, number) {
    return this.#files.get(place)?.[number];
  }

  /** Why one of the wanted files is not there; "" where it is, or is still on its way. */
  get trouble() {
    const reason = this.#wanted.map((place) => this.#reasons.get(place)).find(Boolean);
    return reason ?? (this.#isOffline && this.#wanted.some((place) => !this.#files.has(place)) ? this.#offline : "");
  }

  /**
   * Ask for the places that are looked at.
   *
   * @param {number[]} places the most important one first
   */
  want(places) {
    this.#wanted = places;
    this.#isOffline = false;
    this.#fetchMore();
  }

  #fetchMore() {
    while (this.#busy.size < AT_ONCE && !this.#isOffline) {
      const place = [...this.#wanted, ...this.#near()].find((candidate) => this.#isMissing(candidate));
      if (place === undefined) return;
      this.#fetch(place);
    }
  }

  /** @param {number} place */
  #isMissing(place) {
    return !this.#files.has(place) && !this.#busy.has(place) && !this.#reasons.has(place);
  }

  /** Of the places around the most important one, the nearest first, so many as are kept. */
  #near() {
    const [middle] = this.#wanted;
    const places = Array.from({ length: this.#checkpoints.length }, (_, place) => place);
    places.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
    return places.slice(0, Math.max(1, Math.floor(KEPT_FRAMES / this.#frameCount)));
  }

  /** @param {number} place */
  async #fetch(place) {
    this.#busy.add(place);
    try {
      const answer = await fetch(this.#checkpoints.address(place));
      if (answer.ok) this.#keep(place, (await answer.json()).frames);
      else if (answer.status === 404) this.#reasons.set(place, (await answer.json()).detail);
      else this.#isOffline = true;
    } catch {
      this.#isOffline = true;
    }
    this.#busy.delete(place);
    if (this.#wanted.includes(place)) this.#arrived();
    this.#fetchMore();
  }

  /**
   * @param {number} place
   * @param {Found[]} frames
   */
  #keep(place, frames) {
    this.#files.set(place, frames.slice(0, this.#frameCount));
    const kept = new Set([...this.#wanted, ...this.#near()]);
    for (const old of this.#files.keys()) if (!kept.has(old)) this.#files.delete(old);
  }
}
