// The frames as this page knows them: what the server said last, with this person's own edits on top until they are saved.

/**
 * @typedef {import("./edits.js").Look} Look
 * @typedef {import("./edits.js").FrameEdit} FrameEdit
 *
 * `score`: how sure a model or a tracker was, null where a person drew it.
 * @typedef {Look & { key: string, score: number | null }} Box
 *
 * A frame as the server sends it. `comments`: how many aren't resolved.
 * @typedef {{ number: number, width: number, height: number, seconds: number | null, version: number, finished: boolean,
 *   ignored: boolean, review: string, comments: number, boxes: Box[] }} Frame
 *
 * @typedef {{ id: number, name: string, color: number }} Label
 */

export class Frames extends EventTarget {
  /** @type {Map<number, Frame>} */
  #known = new Map();
  /** Edits that aren't saved yet, in their order. @type {FrameEdit[]} */
  #pending = [];
  /** What `get` returned, until it changes. @type {Map<number, Frame>} */
  #shown = new Map();

  /**
   * Return a frame as it is to be shown; undefined for one that the server hasn't sent yet.
   *
   * @param {number} number
   * @returns {Frame | undefined}
   */
  get(number) {
    const shown = this.#shown.get(number);
    if (shown) return shown;
    const known = this.#known.get(number);
    if (!known) return undefined;
    const changed = this.#pending.filter((edit) => edit.frame === number).reduce(edited, known);
    this.#shown.set(number, changed);
    return changed;
  }

  /** Return all frames that are known, in the order of their numbers. */
  all() {
    return [...this.#known.keys()].sort((one, other) => one - other).flatMap((number) => this.get(number) ?? []);
  }

  /** Whether edits wait to be saved. */
  get isPending() {
    return this.#pending.length > 0;
  }

  /** Show what the person changed, at once. @param {FrameEdit[]} edits */
  apply(edits) {
    this.#pending.push(...edits);
    this.#tell(edits.map((edit) => edit.frame));
  }

  /**
   * Take frames as the server has them now. An older answer that comes late changes nothing.
   *
   * @param {Frame[]} frames
   */
  take(frames) {
    const newer = frames.filter(({ number, version }) => version >= (this.#known.get(number)?.version ?? 0));
    for (const frame of newer) this.#known.set(frame.number, frame);
    this.#tell(newer.map((frame) => frame.number));
  }

  /**
   * Edits were saved, or can't be: from now on a frame is as the server says.
   *
   * @param {FrameEdit[]} edits
   * @param {Frame[]} frames
   */
  settle(edits, frames) {
    this.#pending = this.#pending.filter((edit) => !edits.includes(edit));
    this.take(frames);
    this.#tell(edits.map((edit) => edit.frame));
  }

  /** @param {number[]} numbers */
  #tell(numbers) {
    if (!numbers.length) return;
    for (const number of numbers) this.#shown.delete(number);
    this.dispatchEvent(new CustomEvent("change", { detail: [...new Set(numbers)] }));
  }
}

/**
 * Return the frame after an edit. A box that is gone meanwhile comes back only by an edit that makes it.
 *
 * @param {Frame} frame
 * @param {FrameEdit} edit
 * @returns {Frame}
 */
export function edited(frame, edit) {
  const boxes = new Map(frame.boxes.map((box) => [box.key, box]));
  for (const { key, after } of edit.boxes) {
    if (after) boxes.set(key, { ...after, key, score: boxes.get(key)?.score ?? null });
    else boxes.delete(key);
  }
  const isMeant = edit.finished ? edit.finished.after : frame.finished;
  const finished = isMeant && [...boxes.values()].every((box) => box.confirmed);
  return {
    ...frame,
    boxes: [...boxes.values()],
    finished,
    review: edit.boxes.length || finished !== frame.finished ? "" : frame.review,
    ignored: edit.ignored ? edit.ignored.after : frame.ignored,
  };
}
