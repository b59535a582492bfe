import assert from "node:assert/strict";
import { test } from "node:test";
import { Checkpoints } from "../../static/js/images/checkpoints.js";

function checkpoint(step, fields = {}) {
  return { step, detections: `/detections/${step}.json`, threshold: 0.4, mean_precision: 0.5, ...fields };
}

function several(best_step = 200) {
  return new Checkpoints({ checkpoints: [100, 200, 1300].map((step) => checkpoint(step)), best_step });
}

test("the sliders begin at the best checkpoint, else at the newest", () => {
  assert.equal(several().first, 1);
  assert.equal(several(null).first, 2);
});

test("newer ones are added once", () => {
  const checkpoints = several();
  const told = { checkpoints: [1300, 1400].map((step) => checkpoint(step)), best_step: 1400 };

  checkpoints.add(told);
  checkpoints.add(told);

  assert.equal(checkpoints.length, 4);
  assert.equal(checkpoints.newestStep, 1400);
  assert.equal(checkpoints.first, 3);
});

test("several new ones at once are all added", () => {
  const checkpoints = new Checkpoints({ checkpoints: [], best_step: null });
  assert.equal(checkpoints.newestStep, 0);

  checkpoints.add({ checkpoints: [100, 200].map((step) => checkpoint(step)), best_step: 100 });

  assert.equal(checkpoints.length, 2);
});

test("a place is said in words", () => {
  const checkpoints = several();
  assert.equal(checkpoints.words(1), "Step 200 (best)");
  assert.equal(checkpoints.longWords(2), "Step 1,300, mAP 0.50");
  const unmeasured = new Checkpoints({ checkpoints: [checkpoint(100, { mean_precision: null })], best_step: null });
  assert.equal(unmeasured.longWords(0), "Step 100, mAP not measured");
});
