import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../static/js/try-it/overlay.js";

test("what was found is counted by label, the surest label first", () => {
  const found = ["ball", "cube", "ball"].map((name) => ({ name }));
  assert.equal(sentence(found, 0.5), "Found: 2 × ball, 1 × cube.");
});

test("nothing found says from which score on", () => {
  assert.equal(sentence([], 0.5), "Nothing found with confidence 0.50 or higher.");
});
