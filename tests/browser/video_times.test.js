import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt, told } from "../../static/js/videos/times.js";

const FRAMES = [
  [0, 0],
  [4, 0.5],
  [9, 2],
];

test("a frame is shown from its own time until that of the next", () => {
  const shown = [-1, 0, 0.49, 0.5, 1.99, 2, 100].map((seconds) => FRAMES[placeAt(FRAMES, seconds)][0]);
  assert.deepEqual(shown, [0, 0, 0, 4, 4, 9, 9]);
});

test("a video of one frame shows that", () => {
  assert.equal(placeAt([[3, 1.5]], 0), 0);
});

test("times are told in minutes, seconds and tenths", () => {
  assert.deepEqual([0, 9.96, 62.5, 600].map(told), ["0:00.0", "0:09.9", "1:02.5", "10:00.0"]);
});
