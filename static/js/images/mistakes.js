// What is wrong on a frame, counted from the kinds and scores in the file of detections: a score below the threshold does
// not count, and nothing else is decided here.

/**
 * @typedef {import("./detections.js").Found} Found
 * @typedef {import("./detections.js").Detection} Detection
 * @typedef {import("./detections.js").Truth} Truth
 *
 * How often what is wrong, the score of the surest mistake, and whether the frame has to do with the chosen label.
 * @typedef {object} Mistakes
 * @property {number} missed
 * @property {number} wrongLabels
 * @property {number} falseAlarms
 * @property {number} total
 * @property {number} surest
 * @property {boolean} isAbout
 *
 * @typedef {"missed" | "falseAlarms" | "wrongLabels"} Kind
 *
 * Which frames, "" for all of them; and in which order.
 * @typedef {{ kind: Kind | "", label: string, order: "" | "worst" }} Choice
 */

/** @type {Kind[]} */
const KINDS = ["missed", "falseAlarms", "wrongLabels"];

/**
 * Read a kind of mistake as the page's list of them has it; "" for all.
 *
 * @param {string} name
 */
export function kindOf(name) {
  return KINDS.find((kind) => kind === name) ?? "";
}

/**
 * @param {Truth} truth
 * @param {number} threshold
 */
export function isFound(truth, threshold) {
  return truth.score >= threshold;
}

/**
 * @param {Truth} truth
 * @param {number} threshold
 */
export function isSeenAsAnother(truth, threshold) {
  return !isFound(truth, threshold) && truth.seen_as !== "" && truth.seen_as_score >= threshold;
}

/**
 * @param {Truth} truth
 * @param {number} threshold
 */
export function isMissed(truth, threshold) {
  return !isFound(truth, threshold) && !isSeenAsAnother(truth, threshold);
}

/**
 * Count what is wrong on a frame.
 *
 * @param {Found} found
 * @param {number} threshold
 * @param {string} label count only what has to do with it; "" counts everything
 * @returns {Mistakes}
 */
export function mistakesOn(found, threshold, label) {
  const counted = found.detections.filter((one) => one.score >= threshold);
  /** @param {Detection} one */
  const isAbout = (one) => !label || one.label === label || found.truths[one.truth]?.label === label;
  const wrong = counted.filter((one) => one.kind !== "right" && isAbout(one));
  const missed = found.truths.filter((truth) => isMissed(truth, threshold) && (!label || truth.label === label)).length;
  const wrongLabels = wrong.filter((one) => one.kind === "wrong label").length;
  return {
    missed,
    wrongLabels,
    falseAlarms: wrong.length - wrongLabels,
    total: missed + wrong.length,
    surest: wrong[0]?.score ?? 0,
    isAbout: [...found.truths, ...counted].some((one) => !label || one.label === label),
  };
}

/** @param {Pick<Mistakes, Kind>} mistakes */
export function inWords({ missed, falseAlarms, wrongLabels }) {
  const parts = [
    missed && `${missed} missed`,
    falseAlarms && `${falseAlarms} false alarm${falseAlarms === 1 ? "" : "s"}`,
    wrongLabels && `${wrongLabels} wrong label${wrongLabels === 1 ? "" : "s"}`,
  ].filter(Boolean);
  return parts.join(", ") || "no mistakes";
}

/**
 * Return the numbers of the frames to show, in their order.
 *
 * @param {(Mistakes | undefined)[]} judged the mistakes of each frame, undefined while unknown
 * @param {Choice} choice
 */
export function chosen(judged, { kind, label, order }) {
  const numbers = [...judged.keys()].filter((number) => {
    const mistakes = judged[number];
    if (!kind && !label) return true;
    return mistakes && (kind ? mistakes[kind] > 0 : mistakes.isAbout);
  });
  if (order !== "worst") return numbers;
  /** @param {number} number */
  const weight = (number) => judged[number] ?? { total: -1, surest: 0 };
  return numbers.sort(
    (one, other) => weight(other).total - weight(one).total || weight(other).surest - weight(one).surest || one - other,
  );
}
