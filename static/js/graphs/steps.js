// Which steps a graph shows, and which of them it marks.

import { counted } from "../shared/words.js";

/**
 * @typedef {import("./lines.js").Answer} Answer
 *
 * The first and the last step of something.
 * @typedef {[first: number, last: number]} Extent
 *
 * A line across the graph at a step: the best checkpoint, or where a model of the lineage begins.
 * @typedef {{ step: number, kind: "best" | "begin", words: string }} Mark
 */

/**
 * Return the page's model, the newest of its lineage.
 *
 * @param {Answer} answer
 */
function ownModel({ lineage }) {
  return lineage[lineage.length - 1];
}

/** @param {Answer} answer */
export function newestStep({ lineage }) {
  return Math.max(0, ...lineage.map((model) => model.steps.at(-1) ?? 0));
}

/**
 * Return whether the page's model has no evaluation at its newest step. It may get one when the training is over.
 *
 * @param {Answer} answer
 */
export function isUnmeasured(answer) {
  const { steps, series } = ownModel(answer);
  return steps.length > 0 && !Object.values(series.eval ?? {}).some((column) => column.at(-1) !== null);
}

/**
 * Return the first and the last step of all that is drawn; one alone gets room at both sides.
 *
 * @param {Answer} answer
 * @param {boolean} wholeLineage
 * @returns {Extent}
 */
export function extent(answer, wholeLineage) {
  const shown = [...(wholeLineage ? answer.lineage : [ownModel(answer)]), ...answer.compared];
  const steps = shown.flatMap((model) => [...model.steps.slice(0, 1), ...model.steps.slice(-1)]);
  steps.push(...answer.live.steps.slice(0, 1), ...answer.live.steps.slice(-1));
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  return first < last ? [first, last] : [first - 1, first + 1];
}

/**
 * @param {Answer} answer
 * @param {boolean} wholeLineage
 * @returns {Mark[]}
 */
export function marksOf(answer, wholeLineage) {
  /** @type {Mark[]} */
  const marks = [];
  for (const model of wholeLineage ? answer.lineage.slice(1) : []) {
    marks.push({ step: model.first_step, kind: "begin", words: model.description });
  }
  const { best_step } = ownModel(answer);
  if (best_step) marks.push({ step: best_step, kind: "best", words: "best" });
  return marks;
}

/**
 * @param {Answer} answer
 * @param {boolean} wholeLineage
 */
export function marksInWords(answer, wholeLineage) {
  const { best_step } = ownModel(answer);
  const best = best_step ? `Best checkpoint: step ${counted(best_step)} (dotted line).` : "";
  const names = answer.lineage.map((model, place) =>
    place ? `${model.description} from step ${counted(model.first_step)}` : model.description,
  );
  const line = wholeLineage ? `One curve: ${names.join(", then ")}.` : "";
  return `${best} ${line}`.trim();
}
