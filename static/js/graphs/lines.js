// From the curves that the server sends to the lines of one graph.

const SPLITS = { train: "training", eval: "evaluation" };

/** Append what is newer to a model's curves: new rows at the end of every column. */
export function append(curves, newer) {
  const before = curves.steps.length;
  curves.steps.push(...newer.steps);
  for (const split of Object.keys(SPLITS)) {
    const columns = (curves.series[split] ??= {});
    const added = newer.series[split] ?? {};
    for (const tag of new Set([...Object.keys(columns), ...Object.keys(added)])) {
      columns[tag] ??= Array(before).fill(null);
      columns[tag].push(...(added[tag] ?? Array(newer.steps.length).fill(null)));
    }
  }
  curves.best_step = newer.best_step;
}

/** An exponential moving average as TensorBoard draws it: without the pull of a start at nothing. */
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

/** The lines of one metric: this model, its ancestors before it if wanted, and one place for each other model. */
export function linesOf(answer, tag, wholeLineage) {
  const own = wholeLineage ? answer.lineage : answer.lineage.slice(-1);
  const models = [own, ...answer.compared.map((other) => [other])];
  return models.flatMap((pieces, place) =>
    Object.keys(SPLITS)
      .map((split) => ({
        name: nameOf(pieces.at(-1), split, models.length > 1),
        place,
        split,
        steps: pieces.flatMap((piece) => piece.steps),
        values: pieces.flatMap((piece) => piece.series[split]?.[tag] ?? Array(piece.steps.length).fill(null)),
      }))
      .filter((line) => line.values.some((value) => value !== null)),
  );
}

function nameOf(model, split, isOneOfMany) {
  return isOneOfMany ? `${model.description} · ${SPLITS[split]}` : SPLITS[split];
}

/** Whether any model has this metric, be it only to say that it could not be measured. */
export function isKnown(answer, tag) {
  return [...answer.lineage, ...answer.compared].some((model) =>
    Object.values(model.series).some((columns) => tag in columns),
  );
}

/** The line in words: where it begins and ends, and its best value, where one is better than another. */
export function inWords(line, best) {
  const points = line.steps.map((step, i) => [step, line.values[i]]).filter(([, value]) => value !== null);
  const at = ([step, value]) => `${figure(value)} at step ${step}`;
  const words = `${line.name}: ${at(points[0])}, ${at(points.at(-1))}`;
  if (!best) return words;
  const sign = best === "highest" ? 1 : -1;
  return `${words}, ${best} ${at(points.reduce((a, b) => (sign * b[1] > sign * a[1] ? b : a)))}`;
}

export function figure(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}
