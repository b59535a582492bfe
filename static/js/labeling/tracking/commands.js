// The commands for objects and trackers: buttons, keys, tooltips and the cheat sheet follow them.

import { find, say } from "../../shared/elements.js";
import { rowAround } from "./objects.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 * @typedef {import("./tracked.js").Tracked} Tracked
 * @typedef {import("./runs.js").Runs} Runs
 */

const GROUP = "Objects";

/**
 * @param {Workbench} workbench
 * @param {Tracked} tracked
 * @param {Runs} runs
 * @param {HTMLElement} part
 * @returns {Command[]}
 */
export function trackCommands(workbench, tracked, runs, part) {
  const tracker = find(part, "[data-tracker]", HTMLSelectElement);
  /** The boxes to follow: those that are chosen, else that of the object. */
  const boxes = () => (workbench.chosen.length || !tracked.here ? workbench.chosen : [tracked.here]);
  const whyNotTrack = () => {
    if (runs.isStarting) return "Tracking is about to start";
    if (!boxes().length) return "Select the boxes to track first";
    if (workbench.number === workbench.total - 1) return "This is the last frame";
    return boxes().some(({ track }) => track && runs.follows(track)) ? "That object is being tracked" : "";
  };
  const track = () => {
    joinLost();
    runs.start({ frame: workbench.number, boxes: boxes().map(({ key }) => key), tracker: tracker.value });
  };
  /** A box that was drawn anew where the object was lost is that object's. */
  const joinLost = () => {
    const [box, ...more] = boxes();
    const isLost = runs.all.some(({ objects }) =>
      objects.some((one) => one.lost !== null && one.track === tracked.track),
    );
    const isSame = box && !box.track && box.label === tracked.thing?.box.label;
    if (isLost && isSame && !more.length && !tracked.here) tracked.give(box);
  };
  return [
    { name: "track", group: GROUP, words: "Track the selected boxes", keys: ["t"], run: track, whyNot: whyNotTrack },
    {
      name: "track-stop",
      group: GROUP,
      words: "Stop tracking",
      keys: ["Shift+t"],
      run: () => runs.stop(),
      whyNot: () => (runs.isRunning ? "" : "Nothing is being tracked"),
    },
    {
      name: "put-object",
      group: GROUP,
      words: "Put the object's box in this frame",
      keys: ["g"],
      run: () => tracked.put(),
      whyNot: () => (tracked.thing ? (tracked.here ? "Its box is here already" : "") : "Select an object first"),
    },
  ];
}

/**
 * @param {Workbench} workbench
 * @param {Tracked} tracked
 * @param {Runs} runs
 * @param {import("./asking.js").Asking} asking
 * @param {HTMLElement} part
 * @returns {Command[]}
 */
export function objectCommands(workbench, tracked, runs, asking, part) {
  const said = find(part, "[role=alert]", HTMLElement);
  const others = find(part, "#merge-with", HTMLSelectElement);
  const finish = find(part, "[data-finish]", HTMLInputElement);
  const noObject = () => (tracked.thing ? "" : "Select an object first");
  const noBoxHere = () => (tracked.here ? "" : "Go to a frame with a box of the object");

  /** Do it on the server, and remember it as one step. @param {string} what @param {Record<string, unknown>} wanted */
  const change = async (what, wanted) => {
    say(said, "");
    if (!(await workbench.queue.saved())) return say(said, said.dataset.unsaved ?? "");
    const { edits, frames, refused } = await asking.change({ ...wanted, shown: workbench.number });
    if (refused) return say(said, refused);
    workbench.frames.take(frames);
    workbench.history.done(edits, what);
    runs.look();
  };
  /** @param {string} action */
  const onObject = (action) => () => change(action, { action, tracks: [tracked.track], frame: workbench.number });
  const confirmRow = () => {
    const row = tracked.thing && rowAround(tracked.thing, workbench.number);
    if (row) change("confirm", confirmed([tracked.track], row.first, row.last));
  };
  const confirmAll = () =>
    change(
      "confirm",
      confirmed(
        tracked.things.map(({ track }) => track),
        0,
        workbench.number,
      ),
    );
  /** @param {string[]} tracks @param {number} frame @param {number} last */
  const confirmed = (tracks, frame, last) => ({ action: "confirm", tracks, frame, last, finish: finish.checked });
  const merge = () =>
    change("merge", { action: "merge", tracks: [tracked.track, others.value], frame: workbench.number });

  return [
    {
      name: "confirm-object",
      group: GROUP,
      words: "Confirm the object's boxes around this frame",
      keys: ["y"],
      run: confirmRow,
      whyNot: noBoxHere,
    },
    {
      name: "confirm-objects",
      group: GROUP,
      words: "Confirm the boxes of all objects up to this frame",
      keys: ["Shift+y"],
      run: confirmAll,
      whyNot: () => (tracked.things.length ? "" : "There is no object yet"),
    },
    {
      name: "end-object",
      group: GROUP,
      words: "End the object before this frame",
      keys: ["o"],
      run: onObject("end"),
      whyNot: noObject,
    },
    {
      name: "split-object",
      group: GROUP,
      words: "Make it another object from this frame on",
      keys: ["h"],
      run: onObject("split"),
      whyNot: noObject,
    },
    {
      name: "merge-objects",
      group: GROUP,
      words: "Merge the object with the one in the list",
      keys: ["f"],
      run: merge,
      whyNot: () => noObject() || (others.value ? "" : "There is no other object"),
    },
    {
      name: "delete-object",
      group: GROUP,
      words: "Delete the object from this frame on",
      keys: ["Shift+x"],
      run: onObject("delete"),
      whyNot: noObject,
    },
  ];
}
