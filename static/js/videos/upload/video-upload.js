// One video on its way: a file, or the pictures that become one. Two files at a time, each from where it was.

import { keysOf } from "./chosen-files.js";
import { Sending } from "./sending.js";

const AT_A_TIME = 2;

/**
 * @typedef {import("./sending.js").Stop} Stop
 * @typedef {"looks" | "sends" | "paused" | "done" | "gone" | Stop} State
 *
 * `name`: what people call it. `sources`: its files, or the camera. `metadata`: for the server, of the video.
 * @typedef {{ name: string, sources: (File | ReadableStreamDefaultReader<Uint8Array>)[], kind: string,
 *   metadata: Record<string, string> }} Chosen
 *
 * @typedef {{ endpoint: string, headers: () => Record<string, string>, whose: string }} Door
 */

export class VideoUpload {
  /** @type {State} */
  state = "looks";
  /** @type {string[]} of each file that was refused the server's words, or why as a Stop */
  refusals = [];
  /** What the server said where it can't continue now, "" for nothing. */
  words = "";
  #sendings;
  #sizes;
  /** @type {number[]} */
  #sent;
  #isOver;
  #changed;
  #next = 0;
  #running = new Set();
  #isJoined = false;

  /**
   * @param {Chosen} chosen
   * @param {Door} door
   * @param {() => void} changed
   */
  constructor(chosen, door, changed) {
    this.name = chosen.name;
    this.#changed = changed;
    const files = chosen.sources.length;
    const all = {
      ...chosen.metadata,
      kind: chosen.kind,
      files: String(files),
      set: crypto.getRandomValues(new Uint32Array(4)).join("-"),
    };
    this.#sizes = chosen.sources.map((source) => (source instanceof File ? source.size : 0));
    this.#sent = chosen.sources.map(() => 0);
    this.#isOver = chosen.sources.map(() => false);
    const keys = keysOf(chosen.sources);
    this.#sendings = chosen.sources.map((source, place) => {
      const key = keys[place];
      const filename = source instanceof File ? source.name : (chosen.metadata.filename ?? chosen.name);
      const plan = {
        endpoint: door.endpoint,
        headers: door.headers,
        key: key && `ftcml ${door.whose} ${key}`,
        metadata: { ...all, filename, file: key || filename },
        keepsKey: files > 1,
      };
      return new Sending(source, plan, this.#listener(place));
    });
  }

  get total() {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  get sent() {
    return this.#sent.reduce((sum, size) => sum + size, 0);
  }

  get isOver() {
    return ["done", "refused", "gone"].includes(this.state);
  }

  /** Begin, or resume where it was. */
  async start() {
    this.#become("looks");
    await this.#joinEarlier();
    if (this.state !== "looks") return;
    this.#become("sends");
    const waiting = [...this.#running];
    for (const place of waiting) this.#sendings[place].start();
    for (let free = AT_A_TIME - waiting.length; free > 0; free--) this.#startNext();
  }

  async pause() {
    this.#become("paused");
    await Promise.all([...this.#running].map((place) => this.#sendings[place].pause()));
  }

  /** Stop, and have the server forget the video. */
  async cancel() {
    this.#become("gone");
    const begun = this.#sendings.slice(0, this.#next);
    await Promise.all(begun.map((sending) => sending.pause()));
    await begun[0]?.cancel();
    await Promise.all(begun.map((sending) => sending.forget()));
  }

  /** Files that this browser has begun to upload before belong to the same video as then, if those are all of it. */
  async #joinEarlier() {
    if (this.#isJoined) return;
    this.#isJoined = true;
    const earlier = await Promise.all(this.#sendings.map((sending) => sending.earlier()));
    const { set = "", files = "" } = earlier.find((each) => each?.metadata.set)?.metadata ?? {};
    if (!set) return;
    if (files === String(this.#sendings.length)) for (const each of this.#sendings) each.describe({ set });
    else await Promise.all(this.#sendings.map((sending) => sending.forget()));
  }

  #startNext() {
    if (this.state !== "sends" || this.#next >= this.#sendings.length) return;
    const place = this.#next++;
    this.#running.add(place);
    this.#sendings[place].start();
  }

  /** @param {number} place */
  #over(place) {
    this.#running.delete(place);
    this.#isOver[place] = true;
    this.#startNext();
    if (!this.#isOver.every(Boolean)) return;
    for (const sending of this.#sendings) sending.forget();
    this.#become(this.refusals.length === this.#sendings.length ? "refused" : "done");
  }

  /**
   * @param {number} place
   * @returns {import("./sending.js").Listener}
   */
  #listener(place) {
    return {
      progress: (sent) => {
        this.#sent[place] = sent;
        if (["offline", "broken", "signed-out"].includes(this.state)) this.state = "sends";
        this.#changed();
      },
      done: () => {
        if (this.#sizes[place]) this.#sent[place] = this.#sizes[place];
        this.#over(place);
      },
      stopped: (stop, words) => this.#stopped(place, stop, words),
    };
  }

  /**
   * @param {number} place
   * @param {Stop} stop
   * @param {string} words
   */
  #stopped(place, stop, words) {
    if (stop !== "refused" && stop !== "unreadable") {
      this.words = words;
      this.#become(stop);
      return;
    }
    this.refusals.push(words || stop);
    this.#sizes[place] = this.#sent[place] = 0;
    this.#over(place);
  }

  /** @param {State} state */
  #become(state) {
    if (this.state === "gone") return;
    this.state = state;
    this.#changed();
  }
}
