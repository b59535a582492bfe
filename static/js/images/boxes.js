// Which boxes are drawn over a frame, and the same in words for who cannot see them.

import { isFound, isSeenAsAnother } from "./mistakes.js";

/**
 * @typedef {import("./detections.js").Found} Found
 * @typedef {Omit<import("../shared/boxes.js").LabeledBox, "color">} ShownBox
 */

/**
 * Return what the model found with at least that score; the surest is drawn last, over the others.
 *
 * @param {Found} found
 * @param {number} threshold
 * @returns {ShownBox[]}
 */
export function modelBoxes(found, threshold) {
  const counted = found.detections.filter((one) => one.score >= threshold).reverse();
  return counted.map(({ label, box, score, kind }) => {
    return { label, box, score: score.toFixed(2), mistake: kind === "right" ? "" : kind };
  });
}

/**
 * Return what people labeled, and what of it the model did not find.
 *
 * @param {Found} found
 * @param {number} threshold
 * @returns {ShownBox[]}
 */
export function userBoxes(found, threshold) {
  return found.truths.map((truth) => {
    const { label, box } = truth;
    if (isFound(truth, threshold)) return { label, box, score: "", mistake: "" };
    const isSeen = isSeenAsAnother(truth, threshold);
    return { label, box, score: "", mistake: isSeen ? `seen as ${truth.seen_as}` : "missed" };
  });
}

/** @param {ShownBox[]} boxes */
export function inWords(boxes) {
  const words = boxes.map(({ label, score, mistake }) => [label, score, mistake].filter(Boolean).join(" "));
  return words.join(", ") || "no boxes";
}
