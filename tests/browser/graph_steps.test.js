import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, isUnmeasured, marksInWords, marksOf, newestStep } from "../../static/js/graphs/steps.js";
import { model } from "./graph_models.js";

const PARENT = model({ description: "parent", steps: [100, 200] });
const OWN = model({ description: "child", steps: [300, 400], first_step: 200, best_step: 400 });
const LIVE = { steps: [], values: [], is_running: false };
const ANSWER = { lineage: [PARENT, OWN], compared: [], live: LIVE };

test("the newest step is that of any model of the lineage, 0 before the first", () => {
  assert.equal(newestStep(ANSWER), 400);
  assert.equal(newestStep({ lineage: [PARENT, model({})], compared: [], live: LIVE }), 200);
  assert.equal(newestStep({ lineage: [model({})], compared: [], live: LIVE }), 0);
});

test("a model is measured when its newest step has a value on the evaluation frames", () => {
  const measured = { steps: [100, 200], series: { eval: { Recall: [0.4, 0.5] } } };
  assert.equal(isUnmeasured({ lineage: [PARENT, model(measured)] }), false);
  assert.equal(isUnmeasured({ lineage: [model({ ...measured, series: { eval: { Recall: [0.4, null] } } })] }), true);
  assert.equal(isUnmeasured({ lineage: [model({ steps: [100] })] }), true);
  assert.equal(isUnmeasured({ lineage: [model({})] }), false);
});

test("all that is drawn is shown, and no more", () => {
  assert.deepEqual(extent(ANSWER, true), [100, 400]);
  assert.deepEqual(extent(ANSWER, false), [300, 400]);
  assert.deepEqual(extent({ ...ANSWER, compared: [model({ steps: [50, 900] })] }, false), [50, 900]);
});

test("a single step gets room at both sides", () => {
  assert.deepEqual(extent({ lineage: [model({ steps: [100] })], compared: [], live: LIVE }, false), [99, 101]);
});

test("marked are the best checkpoint and, on one curve, where a model begins", () => {
  const best = { step: 400, kind: "best", words: "best" };
  assert.deepEqual(marksOf(ANSWER, false), [best]);
  assert.deepEqual(marksOf(ANSWER, true), [{ step: 200, kind: "begin", words: "child" }, best]);
  assert.deepEqual(marksOf({ lineage: [PARENT], compared: [], live: LIVE }, true), []);
});

test("the marks are said in words", () => {
  assert.equal(marksInWords(ANSWER, false), "Best checkpoint: step 400 (dotted line).");
  assert.equal(
    marksInWords(ANSWER, true),
    "Best checkpoint: step 400 (dotted line). One curve: parent, then child from step 200.",
  );
});
