// How large the parts of an upload become on networks of several speeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSize, SMALLEST } from "../../static/js/videos/upload/part-size.js";

/**
 * Return the sizes of the parts on a network of that speed.
 *
 * @param {number} bytesASecond
 * @param {number} delay of each request, in milliseconds
 */
function sizes(bytesASecond, delay = 20) {
  const found = [SMALLEST];
  while (found.length < 20) {
    const size = found[found.length - 1];
    found.push(nextSize(size, delay + (1000 * size) / bytesASecond));
  }
  return found;
}

test("a slow network has parts that the server reads before they cost a thread", () => {
  assert.equal(Math.max(...sizes(50_000)), SMALLEST);
});

test("a fast network has large parts after a few small ones", () => {
  assert.deepEqual(
    sizes(20_000_000)
      .slice(0, 8)
      .map((size) => size / SMALLEST),
    [1, 2, 4, 8, 16, 32, 64, 64],
  );
});

test("a network that slows down has small parts again", () => {
  assert.equal(nextSize(4 * 1024 * 1024, 80_000), 1024 * 1024);
  assert.equal(nextSize(SMALLEST, 80_000), SMALLEST);
});
