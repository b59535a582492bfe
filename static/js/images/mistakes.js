// What is wrong on a frame, counted from the kinds and scores in the file of detections: a score below the threshold does
// not count, and nothing else is decided here.

export function isFound(truth, threshold) {
  return truth.score >= threshold;
}

export function isSeenAsAnother(truth, threshold) {
  return !isFound(truth, threshold) && truth.seen_as !== "" && truth.seen_as_score >= threshold;
}

export function isMissed(truth, threshold) {
  return !isFound(truth, threshold) && !isSeenAsAnother(truth, threshold);
}

/** How often what is wrong, and the score of the surest mistake; with `label`, only what has to do with it. */
export function mistakesOn(found, threshold, label) {
  const counted = found.detections.filter((one) => one.score >= threshold);
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

export function inWords({ missed, falseAlarms, wrongLabels }) {
  const parts = [
    missed && `${missed} missed`,
    falseAlarms && `${falseAlarms} false alarm${falseAlarms === 1 ? "" : "s"}`,
    wrongLabels && `${wrongLabels} wrong label${wrongLabels === 1 ? "" : "s"}`,
  ].filter(Boolean);
  return parts.join(", ") || "no mistake";
}

/** The numbers of the frames to show, in their order. `judged`: the mistakes of each frame, undefined while unknown. */
export function chosen(judged, { kind, label, order }) {
  const numbers = [...judged.keys()].filter((number) => {
    const mistakes = judged[number];
    if (!kind && !label) return true;
    return mistakes && (kind ? mistakes[kind] > 0 : mistakes.isAbout);
  });
  if (order !== "worst") return numbers;
  const weight = (number) => judged[number] ?? { total: -1, surest: 0 };
  return numbers.sort(
    (one, other) => weight(other).total - weight(one).total || weight(other).surest - weight(one).surest || one - other,
  );
}
