import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestByPlace, nearestByScore, valuesOf } from "../../static/js/results/curve.js";
import { filled } from "../../static/js/shared/words.js";

// The highest score first: fewer boxes, more of them right.
const POINTS = [
  [0.9, 1, 0.2],
  [0.5, 0.8, 0.6],
  [0.1, 0.4, 0.9],
];

test("the point of a score is the nearest one", () => {
  assert.equal(nearestByScore(POINTS, 0.55), 1);
  assert.equal(nearestByScore(POINTS, 1), 0);
  for (const [place, [score]] of POINTS.entries()) assert.equal(nearestByScore(POINTS, score), place);
});

test("the point at a place of the picture is the nearest one", () => {
  const drawnAt = ([, precision, recall]) => ({ x: 100 * recall, y: 100 * (1 - precision) });
  for (const [place, point] of POINTS.entries()) assert.equal(nearestByPlace(POINTS, drawnAt, drawnAt(point)), place);
  assert.equal(nearestByPlace(POINTS, drawnAt, { x: 0, y: 0 }), 0);
});

test("a point as the values of a sentence", () => {
  const values = valuesOf(POINTS[1]);
  assert.deepEqual(values, { precision: "0.80", recall: "0.60", right: 80, found: 60 });
  assert.equal(filled("[right] of 100 boxes, [found] of 100 objects", values), "80 of 100 boxes, 60 of 100 objects");
});
