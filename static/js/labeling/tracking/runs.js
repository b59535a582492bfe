// Runs of trackers: started, watched as their boxes come, stopped, and undone as one step.

import { say } from "../../shared/elements.js";
import { asDrawn } from "../editing/edits.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/history.js").Step} Step
 * @typedef {import("./asking.js").Asking} Asking
 *
 * `ending` is "" while it is followed; `words` say how far it is, or why it ended. `lost`: the first frame
 * in which it wasn't found.
 * @typedef {{ track: string, at: number, ending: string, lost: number | null, words: string }} Followed
 * @typedef {{ id: string, mine: boolean, running: boolean, first: number, done: number, objects: Followed[] }} Run
 */

const EVERY_MS = 400;
// More than any number of a change: so the first answer brings no frames, for the page has loaded them.
const ALL = 2 ** 31 - 1;

export class Runs extends EventTarget {
  #workbench;
  #asking;
  #said;
  /** @type {Run[]} */
  all = [];
  /** Those that this page has started, and hasn't taken the end of yet; and what was done before. @type {Map<string, Step | undefined>} */
  #started = new Map();
  #since = ALL;
  #timer = 0;
  #isAsking = false;
  /** Whether one was asked for that the server doesn't know yet. */
  isStarting = false;
  /** The frame that the page went to by itself, to show what comes. A person who goes elsewhere is left there. */
  #shown = -1;

  /**
   * @param {Workbench} workbench
   * @param {Asking} asking
   * @param {HTMLElement} said where it is said what went wrong
   */
  constructor(workbench, asking, said) {
    super();
    this.#workbench = workbench;
    this.#asking = asking;
    this.#said = said;
    this.look();
  }

  get isRunning() {
    return this.all.some(({ running }) => running);
  }

  /** The objects of the run that this person has started last. */
  get newest() {
    return [...(this.all.findLast(({ mine }) => mine)?.objects ?? [])];
  }

  /** Whether a tracker follows an object now. @param {string} track */
  follows(track) {
    return this.all.some(
      ({ running, objects }) => running && objects.some((one) => one.track === track && !one.ending),
    );
  }

  /**
   * Have boxes of the shown frame followed.
   *
   * @param {string[]} boxes
   * @param {string} tracker
   */
  async start(boxes, tracker) {
    this.#setStarting(true);
    await this.#start(boxes, tracker);
    this.#setStarting(false);
  }

  /** @param {boolean} isStarting */
  #setStarting(isStarting) {
    this.isStarting = isStarting;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /**
   * @param {string[]} boxes
   * @param {string} tracker
   */
  async #start(boxes, tracker) {
    const { number: frame, queue } = this.#workbench;
    say(this.#said, "");
    if (!(await queue.saved())) return say(this.#said, this.#said.dataset.unsaved ?? "");
    const before = this.#workbench.history.last;
    const { run, refused } = await this.#asking.start({ frame, boxes, tracker });
    if (refused) return say(this.#said, refused);
    this.#started.set(run, before);
    this.#shown = frame;
    await this.look();
    this.dispatchEvent(new CustomEvent("begin"));
  }

  async stop() {
    const { refused } =
      (await Promise.all(this.#running.map(({ id }) => this.#asking.stop(id)))).find((one) => one.refused) ?? {};
    if (refused) say(this.#said, refused);
    await this.look();
  }

  get #running() {
    return this.all.filter(({ running, mine }) => running && mine);
  }

  /** Ask how far they are, and ask again while one runs. */
  async look() {
    clearTimeout(this.#timer);
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answer = await this.#asking.state(this.#since);
    this.#isAsking = false;
    if (!answer.refused) await this.#take(answer);
    if (this.isRunning || this.#started.size) this.#timer = window.setTimeout(() => this.look(), EVERY_MS);
  }

  /** @param {{ changes: number, runs: Run[], frames: import("../editing/frames.js").Frame[] }} answer */
  async #take({ changes, runs, frames }) {
    this.#since = changes;
    this.#workbench.frames.take(frames);
    this.all = runs;
    for (const run of runs) if (this.#started.has(run.id)) await this.#follow(run);
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** Show what comes; where an object is lost, go there. @param {Run} run */
  async #follow(run) {
    const open = run.objects.filter(({ ending }) => !ending).map(({ at }) => at);
    if (this.#shown === this.#workbench.number && open.length) this.#show(Math.min(...open));
    if (run.running) return;
    const before = this.#started.get(run.id);
    this.#started.delete(run.id);
    const { edits, refused } = await this.#asking.edits(run.id);
    if (!refused) this.#undoable(run, before, edits);
    const lost = run.objects.find((one) => one.lost !== null)?.lost;
    if (this.#shown === this.#workbench.number && lost != null) this.#show(lost);
    this.dispatchEvent(new CustomEvent("end", { detail: run }));
  }

  /**
   * Have the run be undone as one step, before what was done meanwhile: so a corrected box counts as drawn.
   *
   * @param {Run} run
   * @param {Step | undefined} before
   * @param {import("../editing/edits.js").FrameEdit[]} edits
   */
  #undoable({ objects }, before, edits) {
    const { history } = this.#workbench;
    const tracks = new Set(objects.map(({ track }) => track));
    history.changeAfter(before, (done) => asDrawn(done, tracks));
    history.done(edits, "track");
  }

  /** @param {number} number */
  #show(number) {
    this.#workbench.show(number);
    this.#shown = this.#workbench.number;
  }
}
