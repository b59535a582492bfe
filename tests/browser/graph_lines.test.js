import assert from "node:assert/strict";
import { test } from "node:test";
import { append, figure, inWords, isKnown, linesOf, smoothed } from "../../static/js/graphs/lines.js";
import { model } from "./graph_models.js";

const LOSS = "Loss/total_loss";
const RECALL = "Recall";
const LIVE = { steps: [], values: [], is_running: false };

test("what is newer is added at the end of every column", () => {
  const curves = model({ steps: [100, 200], series: { train: { [LOSS]: [3, 2] } } });
  const newer = model({ steps: [300], series: { train: { [LOSS]: [1] }, eval: { [RECALL]: [0.5] } }, best_step: 300 });

  append(curves, newer);

  assert.deepEqual(curves.steps, [100, 200, 300]);
  assert.deepEqual(curves.series, { train: { [LOSS]: [3, 2, 1] }, eval: { [RECALL]: [null, null, 0.5] } });
  assert.equal(curves.best_step, 300);
});

test("a metric that is not measured any more gets empty places", () => {
  const curves = model({ steps: [100], series: { eval: { [RECALL]: [0.5] } } });

  append(curves, model({ steps: [200, 300], series: {} }));

  assert.deepEqual(curves.series.eval, { [RECALL]: [0.5, null, null] });
});

test("a step that is known already is replaced, for it may have been measured since", () => {
  const curves = model({ steps: [100, 130], series: { train: { [LOSS]: [3, 2] }, eval: { [RECALL]: [0.4, null] } } });

  append(curves, model({ steps: [130], series: { train: { [LOSS]: [2] }, eval: { [RECALL]: [0.5] } } }));

  assert.deepEqual(curves.steps, [100, 130]);
  assert.deepEqual(curves.series, { train: { [LOSS]: [3, 2] }, eval: { [RECALL]: [0.4, 0.5] } });
});

test("however curves are cut and appended, they are whole again", () => {
  const steps = Array.from({ length: 12 }, (_, place) => 100 * (place + 1));
  const values = steps.map((step) => (step % 300 ? 1 / step : null));
  for (let cut = 0; cut <= steps.length; cut++) {
    const curves = model({ steps: steps.slice(0, cut), series: { train: { [LOSS]: values.slice(0, cut) } } });
    append(curves, model({ steps: steps.slice(cut), series: { train: { [LOSS]: values.slice(cut) } } }));
    assert.deepEqual([curves.steps, curves.series.train[LOSS]], [steps, values], `cut at ${cut}`);
  }
});

test("without weight nothing is smoothed", () => {
  assert.deepEqual(smoothed([3, null, 1], 0), [3, null, 1]);
});

test("smoothing keeps a constant, and stays between the smallest and the largest value", () => {
  const values = Array.from({ length: 50 }, (_, place) => Math.sin(place) * 7);
  for (const weight of [0.1, 0.5, 0.9, 0.99]) {
    for (const value of smoothed([4, 4, null, 4], weight)) assert.ok(value === null || Math.abs(value - 4) < 1e-9);
    for (const value of smoothed(values, weight)) {
      assert.ok(value >= Math.min(...values) - 1e-9 && value <= Math.max(...values) + 1e-9);
    }
  }
});

test("smoothing weighs as TensorBoard does", () => {
  const [first, second] = smoothed([1, 2], 0.5);
  assert.equal(first, 1);
  assert.equal(second, (0.25 * 1 + 0.5 * 2) / 0.75);
});

test("a graph has a line for each split with a value, and none for empty ones", () => {
  const own = model({ steps: [100, 200], series: { train: { [LOSS]: [3, 2] }, eval: { [LOSS]: [null, null] } } });

  const lines = linesOf({ lineage: [own], compared: [], live: LIVE }, LOSS, false);

  assert.deepEqual(lines, [{ name: "training", place: 0, split: "train", steps: [100, 200], values: [3, 2] }]);
});

test("the models before it come before it on the same line, if wanted", () => {
  const parent = model({ steps: [100], series: { train: { [LOSS]: [3] } } });
  const own = model({ steps: [200], series: { train: { [LOSS]: [2] } }, first_step: 100 });

  const [whole] = linesOf({ lineage: [parent, own], compared: [], live: LIVE }, LOSS, true);
  const [alone] = linesOf({ lineage: [parent, own], compared: [], live: LIVE }, LOSS, false);

  assert.deepEqual(
    [whole.steps, whole.values],
    [
      [100, 200],
      [3, 2],
    ],
  );
  assert.deepEqual([alone.steps, alone.values], [[200], [2]]);
});

test("lines of several models say whose they are", () => {
  const own = model({ description: "mine", steps: [100], series: { train: { [LOSS]: [3] } } });
  const other = model({ description: "yours", steps: [100], series: { train: { [LOSS]: [4] } } });

  const lines = linesOf({ lineage: [own], compared: [other], live: LIVE }, LOSS, false);

  assert.deepEqual(
    lines.map(({ name, place }) => [name, place]),
    [
      ["mine · training", 0],
      ["yours · training", 1],
    ],
  );
});

test("a metric is known though it could not be measured", () => {
  const answer = {
    lineage: [model({ steps: [100], series: { eval: { [RECALL]: [null] } } })],
    compared: [],
    live: LIVE,
  };
  assert.ok(isKnown(answer, RECALL));
  assert.ok(!isKnown(answer, LOSS));
});

test("a line in words says where it begins, ends and is best", () => {
  const line = { name: "training", place: 0, split: "train", steps: [100, 200, 300, 400], values: [null, 3, 1, 2] };
  assert.equal(inWords(line, undefined), "training: 3 at step 200, 2 at step 400");
  assert.equal(inWords(line, "lowest"), "training: 3 at step 200, 2 at step 400, lowest 1 at step 300");
  assert.equal(inWords(line, "highest"), "training: 3 at step 200, 2 at step 400, highest 3 at step 200");
});

test("figures have four digits, and small ones their power of ten", () => {
  assert.deepEqual([null, undefined, 0, 0.5, 1.23456, 12345.6, 0.00012345, -0.00012].map(figure), [
    "–",
    "–",
    "0",
    "0.5",
    "1.235",
    "12350",
    "1.2e-4",
    "-1.2e-4",
  ]);
});
