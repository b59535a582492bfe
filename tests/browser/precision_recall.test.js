import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, nearestByPlace, nearestByScore } from "../../static/js/results/curve.js";

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

test("a point in words", () => {
  assert.equal(
    inWords(POINTS[1]),
    "Precision 0.80, recall 0.60: of 100 boxes 80 are right, and of 100 objects 60 are found.",
  );
});
