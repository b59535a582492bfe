// What the part about objects and trackers asks of the server: a refusal comes back in words.

import { filled } from "../../shared/words.js";
import { asked, posted } from "../opening.js";

export class Asking {
  #addresses;
  #offline;

  /** @param {HTMLElement} part has the addresses, and the words for a server that doesn't answer */
  constructor({ dataset: { start = "", state = "", change = "", stop = "", edits = "", offline = "" } }) {
    this.#addresses = { start, state, change, stop, edits };
    this.#offline = offline;
  }

  /** @param {{ frame: number, boxes: string[], tracker: string }} wanted */
  start(wanted) {
    return this.#answered(posted(this.#addresses.start, JSON.stringify(wanted)));
  }

  /** @param {number} since the number of the change up to which the page knows all */
  state(since) {
    return this.#answered(asked(`${this.#addresses.state}?since=${since}`));
  }

  /** @param {Record<string, unknown>} wanted */
  change(wanted) {
    return this.#answered(posted(this.#addresses.change, JSON.stringify(wanted)));
  }

  /** @param {string} run */
  stop(run) {
    return this.#answered(posted(filled(this.#addresses.stop, { run }), "{}"));
  }

  /** @param {string} run */
  edits(run) {
    return this.#answered(asked(filled(this.#addresses.edits, { run })));
  }

  /**
   * Return what the server says, with `refused` as the reason where it doesn't do it.
   *
   * @param {Promise<Response>} request
   * @returns {Promise<any>}
   */
  async #answered(request) {
    try {
      const response = await request;
      const answer = await response.json();
      return response.ok ? answer : { refused: String(answer.detail ?? this.#offline) };
    } catch {
      return { refused: this.#offline };
    }
  }
}
