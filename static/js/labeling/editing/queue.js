// Edits on their way to the server: in order, again after every cut, and kept in the browser until they are saved.

import { combined } from "./edits.js";
import { fitting, parts } from "./request-parts.js";

/**
 * @typedef {import("./edits.js").FrameEdit} FrameEdit
 * @typedef {import("./frames.js").Frame} Frame
 * @typedef {import("./frames.js").Label} Label
 * @typedef {import("./stored-edits.js").Entry} Entry
 *
 * A box that another person changed as well: `theirs` is how it is, `yours` what this person wanted.
 * @typedef {{ frame: number, key: string, yours: import("./edits.js").Look | null }} Conflict
 *
 * @typedef {{ frames: Frame[], labels: Label[], conflicts: Conflict[], gone: number[] }} Answer
 *
 * Why nothing is sent now; "" where nothing holds it up.
 * @typedef {"" | "offline" | "signed-out" | "other-page" | "gone"} Stop
 *
 * @typedef {(body: string) => Promise<Response>} Send
 */

const SOON_MS = 120;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const SIGNED_OUT = 401;
const WRONG_PAGE = 409;
const GONE = 404;

export class Queue extends EventTarget {
  /** @type {Entry[]} */
  #waiting = [];
  /** @type {Stop} */
  #stop = "";
  #isSending = false;
  #tries = 0;
  #timer = 0;
  #frames;
  #store;
  #send;
  /** The last entry that is being kept. @type {Promise<unknown>} */
  #kept = Promise.resolve();
  /** The last number of an entry that the store couldn't take. */
  #unstored = 0;
  /** How many are on their way into the store. */
  #keeping = 0;
  /** Whether what waits may have been sent meanwhile, by another page of this person. */
  #wasHeldUp = false;

  /**
   * @param {import("./frames.js").Frames} frames
   * @param {import("./stored-edits.js").EditStore} store
   * @param {Send} send
   */
  constructor(frames, store, send) {
    super();
    this.#frames = frames;
    this.#store = store;
    this.#send = send;
  }

  /** How many edits aren't saved yet. */
  get waiting() {
    return this.#waiting.length + this.#keeping;
  }

  get isSending() {
    return this.#isSending;
  }

  get stop() {
    return this.#stop;
  }

  /** Take up what an earlier page of this person left behind, and send it. */
  async open() {
    const left = await this.#store.all();
    this.#waiting.unshift(...left);
    for (const entry of left) this.#frames.apply(entry.edits);
    this.#told();
    this.flush();
    return left.length;
  }

  /** Show edits, keep them, and send them soon. @param {FrameEdit[]} edits */
  add(edits) {
    this.#frames.apply(edits);
    this.#keeping += 1;
    this.#told();
    this.#kept = this.#kept.then(async () => {
      for (const part of parts(edits)) {
        // First kept, then added: what is saved meanwhile makes a new list of those that wait.
        const entry = await this.#stored(part);
        this.#waiting.push(entry);
      }
      this.#keeping -= 1;
      this.#told();
      if (!this.#timer) this.#later(SOON_MS);
    });
    return this.#kept;
  }

  /**
   * A disk that is full keeps nobody from saving.
   *
   * @param {FrameEdit[]} edits
   * @returns {Promise<Entry>}
   */
  async #stored(edits) {
    try {
      return await this.#store.add(edits);
    } catch {
      this.#unstored -= 1;
      return { id: this.#unstored, video: "", owner: "", edits };
    }
  }

  /** Send all that waits, and return whether it is saved. Nothing is asked for again that something holds up. */
  async saved() {
    await this.#kept;
    while (this.#waiting.length && !this.#stop) {
      if (this.#isSending) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
      else await this.flush();
    }
    return this.#waiting.length === 0;
  }

  /** Send what waits, unless something is on its way. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#isSending || !this.#waiting.length) return;
    this.#isSending = true;
    this.#told();
    try {
      if (this.#wasHeldUp) await this.#leaveToOthers();
      if (this.#waiting.length) await this.#sendSome(fitting(this.#waiting));
    } finally {
      this.#isSending = false;
      this.#told();
    }
    if (this.#waiting.length && !this.#timer && !this.#stop) this.#later(0);
  }

  /** Try again now: the network is back, or the person signed in. */
  resume() {
    this.#stop = "";
    this.#tries = 0;
    this.flush();
  }

  /** What another page took up isn't sent again: it would take back what was done there since. */
  async #leaveToOthers() {
    const kept = await this.#store.all().catch(() => this.#waiting);
    const ids = new Set(kept.map(({ id }) => id));
    const sent = this.#waiting.filter(({ id }) => id > 0 && !ids.has(id));
    if (sent.length) await this.#forget(sent, []);
    if (!this.#waiting.length) this.#released();
  }

  /** @param {Entry[]} entries */
  async #sendSome(entries) {
    const edits = combined(entries.flatMap((entry) => entry.edits));
    let response;
    try {
      response = await this.#send(JSON.stringify({ edits }));
    } catch {
      this.#again("offline");
      return;
    }
    if (response.ok) await this.#saved(entries, await response.json());
    else await this.#failed(entries, response);
  }

  /**
   * @param {Entry[]} entries
   * @param {Answer} answer
   */
  async #saved(entries, answer) {
    await this.#forget(entries, answer.frames);
    this.#released();
    this.dispatchEvent(new CustomEvent("saved", { detail: answer }));
  }

  #released() {
    this.#stop = "";
    this.#tries = 0;
    this.#wasHeldUp = false;
  }

  /**
   * @param {Entry[]} entries
   * @param {Response} response
   */
  async #failed(entries, response) {
    const { status } = response;
    if (status === SIGNED_OUT || response.headers.get("X-Stale-Form")) this.#stopped("signed-out");
    else if (status === WRONG_PAGE) this.#stopped("other-page");
    else if (status === GONE) this.#stopped("gone");
    else if (status >= 500 || status === 429) this.#again("offline");
    else if (entries.length > 1) await this.#sendSome(entries.slice(0, 1));
    else await this.#refused(entries, await words(response));
  }

  /**
   * The server will never take it: it is told, and the others are sent.
   *
   * @param {Entry[]} entries
   * @param {string} why
   */
  async #refused(entries, why) {
    await this.#forget(entries, []);
    this.dispatchEvent(new CustomEvent("refused", { detail: { edits: entries.flatMap(({ edits }) => edits), why } }));
  }

  /**
   * @param {Entry[]} entries
   * @param {Frame[]} frames
   */
  async #forget(entries, frames) {
    this.#waiting = this.#waiting.filter((entry) => !entries.includes(entry));
    this.#frames.settle(
      entries.flatMap((entry) => entry.edits),
      frames,
    );
    // What stays there by mistake is sent once more by the next page, which changes nothing.
    await this.#store.remove(entries.map((entry) => entry.id)).catch(() => {});
  }

  /** @param {Stop} why */
  #stopped(why) {
    this.#stop = why;
    this.#wasHeldUp = true;
    this.dispatchEvent(new CustomEvent("stopped", { detail: why }));
  }

  /** @param {Stop} why */
  #again(why) {
    this.#stop = why;
    this.#wasHeldUp = true;
    this.#later(RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]);
    this.#tries += 1;
  }

  /** @param {number} milliseconds */
  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => this.flush(), milliseconds));
  }

  #told() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}

/** @param {Response} response */
async function words(response) {
  try {
    return String((await response.json()).detail ?? "");
  } catch {
    return "";
  }
}
