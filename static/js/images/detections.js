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
  /** @type {Map<string, Found[]>} */
  #files = new Map();
  /** @type {Map<string, string>} */
  #reasons = new Map();
  /** @type {Set<string>} */
  #busy = new Set();
  /** @type {string[]} */
  #wanted = [];
  #middle = 0;
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
    return this.#files.get(this.#checkpoints.address(place))?.[number];
  }

  /** Why one of the wanted files is not there; "" where it is, or is still on its way. */
  get trouble() {
    const reason = this.#wanted.map((address) => this.#reasons.get(address)).find(Boolean);
    const isMissing = this.#wanted.some((address) => !this.#files.has(address));
    return reason ?? (this.#isOffline && isMissing ? this.#offline : "");
  }

  /**
   * Ask for the places that are looked at.
   *
   * @param {number[]} places the most important one first
   */
  want(places) {
    this.#wanted = places.map((place) => this.#checkpoints.address(place));
    this.#middle = places[0];
    this.#isOffline = false;
    this.#fetchMore();
  }

  #fetchMore() {
    while (this.#busy.size < AT_ONCE && !this.#isOffline) {
      const address = [...this.#wanted, ...this.#near()].find((candidate) => this.#isMissing(candidate));
      if (address === undefined) return;
      this.#fetch(address);
    }
  }

  /** @param {string} address */
  #isMissing(address) {
    return !this.#files.has(address) && !this.#busy.has(address) && !this.#reasons.has(address);
  }

  /** The files around the most important one, the nearest first, so many as are kept. */
  #near() {
    const middle = this.#middle;
    const places = Array.from({ length: this.#checkpoints.length }, (_, place) => place);
    places.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
    const nearest = places.slice(0, Math.max(1, Math.floor(KEPT_FRAMES / this.#frameCount)));
    return nearest.map((place) => this.#checkpoints.address(place));
  }

  /** @param {string} address */
  async #fetch(address) {
    this.#busy.add(address);
    try {
      const answer = await fetch(address);
      if (answer.ok) this.#keep(address, (await answer.json()).frames);
      else if (answer.status === 404) this.#reasons.set(address, (await answer.json()).detail);
      else this.#isOffline = true;
    } catch {
      this.#isOffline = true;
    }
    this.#busy.delete(address);
    if (this.#wanted.includes(address)) this.#arrived();
    this.#fetchMore();
  }

  /**
   * @param {string} address
   * @param {Found[]} frames
   */
  #keep(address, frames) {
    this.#files.set(address, frames.slice(0, this.#frameCount));
    const kept = new Set([...this.#wanted, ...this.#near()]);
    for (const old of this.#files.keys()) if (!kept.has(old)) this.#files.delete(old);
  }
}
