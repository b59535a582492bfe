// Runs of trackers: started, watched as their boxes come, stopped, and undone as one step.

import { say } from "../../shared/elements.js";
import { asDrawn, inverse } from "../editing/edits.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../editing/history.js").Step} Step
 * @typedef {import("./asking.js").Asking} Asking
 *
 * `ending` is "" while it is followed; `words` say how far it is, or why it ended. `lost`: the first frame
 * in which it wasn't found. `corrections`: how often it began anew at a corrected box.
 * @typedef {{ track: string, at: number, corrections: number, ending: string, lost: number | null, words: string }} Followed
 * @typedef {{ id: string, mine: boolean, running: boolean, first: number, done: number, objects: Followed[] }} Run
 *
 * A run that this page has started. `before`: what was done last by then. `correction`: what it continues from by itself.
 * @typedef {{ before: Step | undefined, correction: Step | null }} Started
 *
 * @typedef {{ frame: number, boxes: string[], tracker: string }} Wanted
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
  /** Those of this page whose end it hasn't taken yet. @type {Map<string, Started>} */
  #started = new Map();
  #since = ALL;
  #timer = 0;
  /** What is being asked now. @type {Promise<void> | null} */
  #asked = null;
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
    workbench.history.addEventListener("undid", (event) => {
      if (event instanceof CustomEvent) this.#stopAfter(event.detail);
    });
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

  /** The last that is known of an object. @param {string} track */
  newestOf(track) {
    return this.all.flatMap(({ objects }) => objects).findLast((one) => one.track === track);
  }

  /** Which tracking that is, and from which correction on: another text as soon as anything begins anew. @param {string} track */
  beginningOf(track) {
    const run = this.all.findLast(({ objects }) => objects.some((one) => one.track === track));
    return `${run?.id} ${this.newestOf(track)?.corrections}`;
  }

  /**
   * Have boxes followed, and show what comes.
   *
   * @param {Wanted} wanted
   * @param {Step | null} correction of a person who put a box right just now: she stays there, for she may not be done
   */
  async start(wanted, correction = null) {
    if (!correction) say(this.#said, "");
    this.#setStarting(true);
    await this.#start(wanted, correction);
    this.#setStarting(false);
  }

  /** Wait until nothing is about to start, and know how all stand then. */
  async settled() {
    while (this.isStarting) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
    // What is being asked may have been asked too early.
    await this.#asked;
    await this.look();
  }

  /** @param {boolean} isStarting */
  #setStarting(isStarting) {
    this.isStarting = isStarting;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** @param {Wanted} wanted @param {Step | null} correction */
  async #start(wanted, correction) {
    const { history, queue } = this.#workbench;
    if (!(await queue.saved())) return say(this.#said, this.#said.dataset.unsaved ?? "");
    const before = history.last;
    const { run, refused } = await this.#asking.start(wanted);
    say(this.#said, refused ?? "");
    if (refused) return;
    this.#started.set(run, { before, correction });
    if (!correction) this.#shown = wanted.frame;
    else if (history.isTakenBack(correction)) this.#stopAfter(correction);
    await this.look();
    this.dispatchEvent(new CustomEvent("begin"));
  }

  /** Stop what continues from a correction that was taken back. @param {Step} correction */
  #stopAfter({ number }) {
    for (const [run, started] of this.#started) if (started.correction?.number === number) this.#asking.stop(run);
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
    this.#asked ??= this.#look();
    await this.#asked;
  }

  async #look() {
    const answer = await this.#asking.state(this.#since);
    this.#asked = null;
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
    const started = this.#started.get(run.id);
    this.#started.delete(run.id);
    const { edits, refused } = await this.#asking.edits(run.id);
    if (!refused) this.#undoable(run, started, edits);
    const lost = run.objects.find((one) => one.lost !== null)?.lost;
    if (this.#shown === this.#workbench.number && lost != null) this.#show(lost);
    this.dispatchEvent(new CustomEvent("end", { detail: run }));
  }

  /**
   * Have the run be undone as one step, before what was done meanwhile: so a corrected box counts as drawn.
   *
   * Where the correction that it went on from was taken back, what it made goes at once. What is before the correction
   * has gone back with that.
   *
   * @param {Run} run
   * @param {Started | undefined} started
   * @param {import("../editing/edits.js").FrameEdit[]} edits
   */
  #undoable({ objects, first }, started, edits) {
    const { history, queue } = this.#workbench;
    if (started?.correction && history.isTakenBack(started.correction)) {
      queue.add(inverse(edits.filter(({ frame }) => frame > first)));
      return;
    }
    const tracks = new Set(objects.map(({ track }) => track));
    history.changeAfter(started?.before, (done) => asDrawn(done, tracks));
    history.done(edits, "track");
  }

  /** @param {number} number */
  #show(number) {
    this.#workbench.show(number);
    this.#shown = this.#workbench.number;
  }
}
