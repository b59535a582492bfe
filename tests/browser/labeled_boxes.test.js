import assert from "node:assert/strict";
import { test } from "node:test";
import { modelBoxes, userBoxes } from "../../static/js/images/boxes.js";
import { edgesOf, linesOf, placesOf } from "../../static/js/shared/boxes.js";
import { detection, truth } from "./detections.js";

const PICTURE = { width: 400, height: 300 };
const TEXT = 20;

test("a box is drawn in the pixels of its picture", () => {
  assert.deepEqual(edgesOf([0.1, 0.5, 0.6, 1], { width: 200, height: 100 }), { x: 100, y: 10, width: 100, height: 50 });
});

test("words are the label with its score, and below it the mistake", () => {
  assert.deepEqual(linesOf({ label: "cone", score: "", mistake: "" }), ["cone"]);
  assert.deepEqual(linesOf({ label: "cone", score: "0.90", mistake: "false alarm" }), ["cone 0.90", "false alarm"]);
});

test("a long label is shortened, and its score stays", () => {
  const [line] = linesOf({ label: "L".repeat(60), score: "0.90", mistake: "" });
  assert.equal(line, `${"L".repeat(17)}… 0.90`);
});

test("words stand above their box, and below it where no room is left", () => {
  const [above] = placesOf(["cone"], { x: 50, y: 60, width: 90, height: 40 }, PICTURE, TEXT);
  assert.equal(above.x, 50 + 0.3 * TEXT);
  assert.ok(above.y < 60 && above.y > 60 - TEXT);
  const [below] = placesOf(["cone"], { x: 50, y: 0, width: 90, height: 40 }, PICTURE, TEXT);
  assert.ok(below.y - TEXT >= 40);
  const [inside] = placesOf(["cone"], { x: 50, y: 0, width: 90, height: PICTURE.height }, PICTURE, TEXT);
  assert.equal(inside.y.toFixed(3), (1.1 * TEXT).toFixed(3));
});

test("words of boxes that share a corner don't cover each other", () => {
  /** @type {import("../../static/js/shared/boxes.js").Area[]} */
  const taken = [];
  const sharing = [
    { x: 50, y: 100, width: 60, height: 90 },
    { x: 50, y: 100, width: 200, height: 120 },
    { x: 52, y: 102, width: 90, height: 60 },
  ];
  const [first, second, third] = sharing.map((edges) => placesOf(["cone 0.90"], edges, PICTURE, TEXT, taken)[0]);
  assert.ok(first.y < 100, "the first has the usual place");
  for (const [one, other] of [
    [first, second],
    [first, third],
    [second, third],
  ]) {
    assert.ok(Math.abs(one.x - other.x) >= 9 * 0.58 * TEXT || Math.abs(one.y - other.y) >= TEXT);
  }
  const crowd = Array.from({ length: 20 }, () => placesOf(["cone"], sharing[0], PICTURE, TEXT, taken)[0]);
  assert.deepEqual(crowd.at(-1), crowd.at(-2), "where no place is left, the usual one serves");
});

test("wherever the box lies, its words stay in the picture", () => {
  const words = ["cone 0.90", "seen as cube"];
  for (let x = 0; x <= PICTURE.width; x += 20) {
    for (let y = 0; y <= PICTURE.height; y += 20) {
      const places = placesOf(words, { x, y, width: PICTURE.width - x, height: PICTURE.height - y }, PICTURE, TEXT);
      for (const [number, place] of places.entries()) {
        assert.ok(place.x >= 0 && place.x + words[number].length * 0.58 * TEXT <= PICTURE.width);
        assert.ok(place.y - TEXT >= 0 && place.y <= PICTURE.height);
      }
    }
  }
});

test("words that are longer than the picture begin at its edge", () => {
  const [{ x }] = placesOf(["W".repeat(40)], { x: 300, y: 0, width: 10, height: 10 }, PICTURE, TEXT);
  assert.equal(x, 0);
});

test("the model's boxes count from the threshold on, the surest drawn last", () => {
  const found = {
    detections: [
      detection({ label: "ball", score: 0.9 }),
      detection({ label: "cube", score: 0.5, kind: "false alarm" }),
      detection({ label: "cone", score: 0.4 }),
    ],
    truths: [],
  };
  const shown = modelBoxes(found, 0.5).map(({ label, score, mistake }) => [label, score, mistake]);
  assert.deepEqual(shown, [
    ["cube", "0.50", "false alarm"],
    ["ball", "0.90", ""],
  ]);
});

test("people's boxes say what became of them", () => {
  const truths = [
    truth({ label: "ball", score: 0.9 }),
    truth({ label: "cone", seen_as: "ball", seen_as_score: 0.8 }),
    truth({ label: "cube" }),
  ];
  const mistakes = userBoxes({ detections: [], truths }, 0.5).map(({ mistake }) => mistake);
  assert.deepEqual(mistakes, ["", "seen as ball", "missed"]);
});
