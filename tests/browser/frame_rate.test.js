import assert from "node:assert/strict";
import { test } from "node:test";
import { Rate } from "../../static/js/try-it/speed.js";

test("one frame has no rate yet", () => {
  assert.equal(new Rate().count(5), null);
});

test("frames that come evenly have that rate, however many came before", () => {
  const rate = new Rate();
  for (let frame = 0; frame < 40; frame++) {
    const shown = rate.count(1000 + frame * 40);
    if (frame) assert.equal(shown.toFixed(6), "25.000000");
  }
});

test("only the last frames count, so that a change shows", () => {
  const rate = new Rate();
  for (let frame = 0; frame < 20; frame++) rate.count(1000 * frame);
  const shown = Array.from({ length: 10 }, (_, frame) => rate.count(20_000 + 100 * frame));
  assert.equal(shown.at(-1), 10);
});

test("after a clear it counts anew", () => {
  const rate = new Rate();
  rate.count(0);
  rate.clear();
  assert.equal(rate.count(60_000), null);
});
