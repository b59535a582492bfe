// From the curves that the server sends to the lines of one graph.

/**
 * One value for each step, null where there is none.
 * @typedef {(number | null)[]} Values
 *
 * @typedef {"train" | "eval"} Split
 *
 * One model's metrics: of a split, by its tag, a value for each of the steps.
 * @typedef {object} Curves
 * @property {string} description
 * @property {number} first_step
 * @property {number | null} best_step
 * @property {number[]} steps
 * @property {Partial<Record<Split, Record<string, Values>>>} series
 *
 * The total loss between checkpoints of the page's model.
 * @typedef {{ steps: number[], values: number[], is_running: boolean }} Live
 *
 * The model and those before it, the oldest first; the models laid over it; and what comes between checkpoints.
 * @typedef {{ lineage: Curves[], compared: Curves[], live: Live }} Answer
 *
 * One line of one graph: place 0 is the page's model.
 * @typedef {{ name: string, place: number, split: Split, isLive?: boolean, steps: number[], values: Values }} Line
 */

/** @type {Split[]} */
const SPLITS = ["train", "eval"];
const LIVE_TAG = "Loss/total_loss";
const SPLIT_NAMES = { train: "training", eval: "evaluation" };

/**
 * Append what is newer to a model's curves: new rows at the end of every column, in place of those of the same steps.
 *
 * @param {Curves} curves
 * @param {Curves} newer
 */
export function append(curves, newer) {
  const before = curves.steps.filter((step) => step < (newer.steps[0] ?? Number.POSITIVE_INFINITY)).length;
  curves.steps.length = before;
  for (const columns of Object.values(curves.series))
    for (const column of Object.values(columns)) column.length = before;
  curves.steps.push(...newer.steps);
  for (const split of SPLITS) {
    curves.series[split] ??= {};
    const columns = curves.series[split];
    const added = newer.series[split] ?? {};
    for (const tag of new Set([...Object.keys(columns), ...Object.keys(added)])) {
      columns[tag] ??= nothing(before);
      columns[tag].push(...(added[tag] ?? nothing(newer.steps.length)));
    }
  }
  curves.best_step = newer.best_step;
}

/**
 * Return a column without a value.
 *
 * @param {number} length
 * @returns {Values}
 */
function nothing(length) {
  return Array.from({ length }, () => null);
}

/**
 * Return an exponential moving average as TensorBoard draws it: without the pull of a start at nothing.
 *
 * @param {Values} values
 * @param {number} weight
 * @returns {Values}
 */
export function smoothed(values, weight) {
  let average = 0;
  let seen = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = average * weight + value * (1 - weight);
    seen += 1;
    return average / (1 - weight ** seen);
  });
}

/**
 * Return the lines of one metric: this model, its ancestors before it if wanted, and one place for each other model.
 *
 * @param {Answer} answer
 * @param {string} tag
 * @param {boolean} wholeLineage
 * @returns {Line[]}
 */
export function linesOf(answer, tag, wholeLineage) {
  const own = wholeLineage ? answer.lineage : answer.lineage.slice(-1);
  const models = [own, ...answer.compared.map((other) => [other])];
  const lines = models.flatMap((pieces, place) =>
    SPLITS.map((split) => ({
      name: nameOf(pieces[pieces.length - 1], split, models.length > 1),
      place,
      split,
      steps: pieces.flatMap((piece) => piece.steps),
      values: pieces.flatMap((piece) => piece.series[split]?.[tag] ?? nothing(piece.steps.length)),
    })).filter((line) => line.values.some((value) => value !== null)),
  );
  const { steps, values } = answer.live;
  return tag === LIVE_TAG && steps.length > 0
    ? [...lines, { name: "training, between checkpoints", place: 0, split: "train", isLive: true, steps, values }]
    : lines;
}

/**
 * @param {Curves} model
 * @param {Split} split
 * @param {boolean} isOneOfMany
 */
function nameOf(model, split, isOneOfMany) {
  return isOneOfMany ? `${model.description} · ${SPLIT_NAMES[split]}` : SPLIT_NAMES[split];
}

/**
 * Return whether any model has this metric, be it only to say that it could not be measured.
 *
 * @param {Answer} answer
 * @param {string} tag
 */
export function isKnown(answer, tag) {
  if (tag === LIVE_TAG && answer.live.steps.length > 0) return true;
  return [...answer.lineage, ...answer.compared].some((model) =>
    Object.values(model.series).some((columns) => tag in columns),
  );
}

/**
 * Say the line in words: where it begins and ends, and its best value, where one is better than another.
 *
 * @param {Line} line with a value at least
 * @param {string | undefined} best "highest" or "lowest"
 */
export function inWords(line, best) {
  const points = line.steps.flatMap((step, i) => {
    const value = line.values[i];
    return value === null ? [] : [{ step, value }];
  });
  const first = points[0];
  const last = points[points.length - 1];
  const words = `${line.name}: ${at(first)}, ${at(last)}`;
  if (!best) return words;
  const sign = best === "highest" ? 1 : -1;
  return `${words}, ${best} ${at(points.reduce((a, b) => (sign * b.value > sign * a.value ? b : a)))}`;
}

/**
 * Say the line's newest value: "training 0.21".
 *
 * @param {Line} line
 */
export function latestOf(line) {
  return `${line.name} ${figure(line.values.findLast((value) => value !== null))}`;
}

/** @param {{ step: number, value: number }} point */
function at({ step, value }) {
  return `${figure(value)} at step ${step}`;
}

/**
 * Write a value as people read it.
 *
 * @param {number | null | undefined} value
 */
export function figure(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}
