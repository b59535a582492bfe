// The commands of reviews: approve, send back, comment, and the ways to the frames that wait for somebody.

import { isToReview, isUnlabeled, nextThat } from "../acts/going.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("../workbench.js").Command} Command
 * @typedef {import("../editing/frames.js").Frame} Frame
 */

const GROUP = "Review";

/**
 * @param {Workbench} workbench
 * @param {import("./panel.js").ReviewPanel} panel
 * @returns {Command[]}
 */
export function reviewCommands(workbench, panel) {
  return [
    {
      name: "approve",
      group: GROUP,
      words: "Approve, next frame to review",
      keys: ["Shift+r"],
      run: () => {
        panel.approve(workbench.number, workbench.number, "reviewed");
        workbench.show(nextThat(workbench, isToReview) ?? workbench.number);
      },
      whyNot: () => whyNotApprove(workbench.frame),
    },
    {
      name: "take-back",
      group: GROUP,
      words: "Take the approval back",
      keys: ["Shift+v"],
      run: () => panel.approve(workbench.number, workbench.number, ""),
      whyNot: () => (workbench.frame?.review === "reviewed" ? "" : "This frame isn't reviewed"),
    },
    {
      name: "send-back",
      group: GROUP,
      words: "Send back, with a comment that says what to change",
      keys: ["Shift+b"],
      run: () => panel.sendBack(),
      whyNot: () => (workbench.frame?.ignored ? "This frame is ignored" : ""),
    },
    { name: "comment", group: GROUP, words: "Write a comment", keys: ["/"], run: () => panel.write() },
    {
      name: "next-comment",
      group: GROUP,
      words: "Next frame that was sent back or has an open comment",
      keys: [";"],
      run: () => workbench.show(nextThat(workbench, isToMend) ?? workbench.number),
      whyNot: () => (nextThat(workbench, isToMend) === undefined ? "No other frame has an open comment" : ""),
    },
  ];
}

/**
 * @param {Workbench} workbench
 * @param {() => [first: number, last: number][]} mine the ranges of frames that are assigned to this person
 * @returns {Command}
 */
export function myNextCommand(workbench, mine) {
  /** @param {Frame} frame */
  const isMine = (frame) =>
    isUnlabeled(frame) && mine().some(([first, last]) => first <= frame.number && frame.number <= last);
  return {
    name: "my-next",
    group: "Frames",
    words: "My next unlabeled frame",
    keys: ["Shift+l"],
    run: () => workbench.show(nextThat(workbench, isMine) ?? workbench.number),
    whyNot: () => {
      if (!mine().length) return "No frames are assigned to you";
      return nextThat(workbench, isMine) === undefined ? "No other frame of yours is unlabeled" : "";
    },
  };
}

/** @param {Frame} frame */
function isToMend({ comments, review, ignored }) {
  return !ignored && (comments > 0 || review === "sent_back");
}

/** @param {Frame | undefined} frame */
function whyNotApprove(frame) {
  if (!frame?.finished || frame.ignored) return "Finish this frame first";
  return frame.review === "reviewed" ? "This frame is reviewed already" : "";
}
