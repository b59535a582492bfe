import assert from "node:assert/strict";
import { test } from "node:test";
import { pace } from "../../static/js/datasets/pace.js";

test("an upload says how fast it is and how long it still takes", () => {
  assert.equal(pace(30_000_000, 330_000_000, 10), "3.0 MB per second, about 2 minutes left");
  assert.equal(pace(300_000_000, 330_000_000, 100), "3.0 MB per second, less than a minute left");
});
