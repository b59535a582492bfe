// What the parts of the label page share: the frames, the one that is shown, the boxes that are chosen, and every command.

import { History } from "./editing/history.js";

/**
 * A thing that a person can do. `words` stand in tooltips and on the cheat sheet, `group` is its part there. `keys` are the
 * keys that it begins with, such as "ArrowRight" or "Shift+ArrowRight". `whyNot` says why it can't be done now, "" where it can. `isOn`: of
 * one that turns something on and off. `now` says what it would do now, in place of `words`. `repeats`: it is done again and
 * again while its key is held down.
 * @typedef {{ name: string, group: string, words: string, keys: string[], run: () => void, whyNot?: () => string,
 *   isOn?: () => boolean, now?: () => string, repeats?: boolean }} Command
 *
 * @typedef {import("./editing/frames.js").Label} Label
 */

export class Workbench extends EventTarget {
  /** @type {Map<string, Command>} */
  commands = new Map();
  /** @type {Label[]} */
  labels = [];
  /** The label that the next box gets. @type {Label | null} */
  label = null;
  /** The frame that is shown. */
  number = 0;
  /** A box that waits for the team's first label. @type {import("./editing/edits.js").Corners | null} */
  unnamed = null;
  /** The others who have the video open. @type {import("./editing/live.js").Person[]} */
  people = [];
  /** The keys of the boxes that are chosen. @type {ReadonlySet<string>} */
  selection = new Set();

  /**
   * @param {import("./editing/frames.js").Frames} frames
   * @param {import("./editing/queue.js").Queue} queue
   * @param {number} total how many frames the video has: their numbers are 0 to total - 1
   */
  constructor(frames, queue, total) {
    super();
    this.frames = frames;
    this.queue = queue;
    this.total = total;
    this.history = new History((edits) => queue.add(edits));
  }

  /** The frame that is shown, undefined until it has come. */
  get frame() {
    return this.frames.get(this.number);
  }

  /** The chosen boxes of the frame that is shown. */
  get chosen() {
    return this.frame?.boxes.filter((box) => this.selection.has(box.key)) ?? [];
  }

  /** Show a frame; one beyond the ends is the first or the last. @param {number} number */
  show(number) {
    const shown = Math.max(0, Math.min(number, this.total - 1));
    if (shown === this.number) return;
    this.number = shown;
    this.unnamed = null;
    this.select([]);
    this.#tell("frame");
  }

  /** Choose boxes. @param {Iterable<string>} keys */
  select(keys) {
    this.selection = new Set(keys);
    this.#tell("selection");
  }

  /**
   * Take the team's labels as they are now: in the order in which they were made, so that each keeps its digit.
   *
   * The one that the person uses stays. If somebody deleted it, the next box makes it again, rather than getting another
   * label unseen.
   *
   * @param {Label[]} labels
   */
  setLabels(labels) {
    const ordered = labels.toSorted((one, other) => one.id - other.id);
    if (JSON.stringify(ordered) === JSON.stringify(this.labels)) return;
    this.labels = ordered;
    this.label = this.#still(this.label) ?? this.label ?? ordered[0] ?? null;
    this.#tell("labels");
  }

  /**
   * Return how a box's label is shown. It may have been renamed, or deleted, since the box was.
   *
   * @param {{ label: number, name: string }} box
   */
  shownLabel({ label, name }) {
    return this.#still({ id: label, name }) ?? { name, color: 0 };
  }

  /** @param {{ id: number, name: string } | null} label */
  #still(label) {
    return this.labels.find(({ id }) => id === label?.id) ?? this.labels.find(({ name }) => name === label?.name);
  }

  /** Use a label for the next box. @param {Label} label */
  setLabel(label) {
    this.label = label;
    this.#tell("labels");
  }

  /** Ask for a new label, which a box may wait for. @param {import("./editing/edits.js").Corners | null} corners */
  wantLabel(corners) {
    this.unnamed = corners;
    this.#tell("label-wanted");
  }

  /** No box waits for a label any more. */
  forgetUnnamed() {
    if (!this.unnamed) return;
    this.unnamed = null;
    this.#tell("selection");
  }

  /** Note where the others are. @param {import("./editing/live.js").Person[]} people */
  setPeople(people) {
    this.people = people;
    this.#tell("people");
  }

  /** @param {Command[]} commands */
  register(commands) {
    for (const command of commands) this.commands.set(command.name, command);
    this.#tell("commands");
  }

  /** Do what a command says; where it can't be done now, the page says why. @param {string} name */
  run(name) {
    const command = this.commands.get(name);
    const why = command?.whyNot?.();
    if (why) this.dispatchEvent(new CustomEvent("cannot", { detail: why }));
    else command?.run();
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new CustomEvent(what));
  }
}
