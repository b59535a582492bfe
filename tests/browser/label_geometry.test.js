// Boxes stay inside the frame whatever a hand does, and the view keeps what is below the pointer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newKey } from "../../static/js/labeling/acts/boxes.js";
import { boxesAt, drawn, handleAt, moved, resized, SMALLEST, touch } from "../../static/js/labeling/canvas/geometry.js";
import { View } from "../../static/js/labeling/canvas/view.js";
import { chordOf, toldChord } from "../../static/js/labeling/keys/chords.js";

const FRAME = { width: 640, height: 360 };
const BOX = [100, 100, 200, 180];
const KEY = { code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

/** The same numbers in every run. */
function* random() {
  for (let seed = 1; ; seed = (seed * 48_271) % 2_147_483_647) yield seed / 2_147_483_647;
}

test("a box is drawn from any corner, in whole pixels, and cut off at the frame", () => {
  assert.deepEqual(drawn({ x: 200.4, y: 180 }, { x: 99.6, y: 100 }, FRAME), BOX);
  assert.deepEqual(drawn({ x: 600, y: 300 }, { x: 900, y: -50 }, FRAME), [600, 0, 640, 300]);
  assert.equal(drawn({ x: -50, y: 10 }, { x: -10, y: 90 }, FRAME), null);
  assert.equal(drawn({ x: 10, y: 10 }, { x: 11, y: 90 }, FRAME), null);
});

test("boxes that are moved together stop at the edge, with their sizes and distances", () => {
  const boxes = [BOX, [300, 20, 340, 60]];
  assert.deepEqual(moved(boxes, { x: -500, y: 10 }, FRAME), [
    [0, 110, 100, 190],
    [200, 30, 240, 70],
  ]);
  assert.deepEqual(moved(boxes, { x: 0, y: -99 }, FRAME)[1], [300, 0, 340, 40]);
});

test("an edge stops before the one on the other side", () => {
  assert.deepEqual(resized(BOX, "w", { x: 500, y: 7 }, FRAME), [200 - SMALLEST, 100, 200, 180]);
  assert.deepEqual(resized(BOX, "se", { x: 999, y: -999 }, FRAME), [100, 100, 640, 100 + SMALLEST]);
});

test("no drag leads out of the frame or to a box without an area", () => {
  const numbers = random();
  const next = () => numbers.next().value * 2_000 - 1_000;
  let corners = BOX;
  for (let turn = 0; turn < 2_000; turn += 1) {
    const handle = ["n", "ne", "e", "se", "s", "sw", "w", "nw", ""][turn % 9];
    const by = { x: next(), y: next() };
    corners = handle ? resized(corners, handle, by, FRAME) : moved([corners], by, FRAME)[0];
    const [xmin, ymin, xmax, ymax] = corners;
    assert.ok(xmin >= 0 && ymin >= 0 && xmax <= 640 && ymax <= 360, String(corners));
    assert.ok(xmax - xmin >= SMALLEST && ymax - ymin >= SMALLEST, String(corners));
  }
});

test("edges and corners are found, and a small box can still be moved by its middle", () => {
  assert.equal(handleAt(BOX, { x: 203, y: 140 }, 7), "e");
  assert.equal(handleAt(BOX, { x: 97, y: 183 }, 7), "sw");
  assert.equal(handleAt(BOX, { x: 150, y: 140 }, 7), "");
  assert.equal(handleAt(BOX, { x: 250, y: 140 }, 7), "");
  assert.equal(handleAt([100, 100, 108, 108], { x: 104, y: 104 }, 20), "");
});

test("the smallest of several boxes is on top, and boxes touch at their edges", () => {
  const boxes = [{ corners: [0, 0, 640, 360] }, { corners: BOX }];
  assert.deepEqual(boxesAt(boxes, { x: 150, y: 140 }), [boxes[1], boxes[0]]);
  assert.ok(touch(BOX, [200, 180, 300, 300]));
  assert.ok(!touch(BOX, [201, 180, 300, 300]));
});

test("zoom keeps the place below the pointer, and a whole frame is in the middle", () => {
  const view = new View();
  view.look(FRAME, { width: 1_304, height: 744 });
  assert.deepEqual([view.scale, view.x, view.y], [2, 12, 12]);
  const before = view.inFrame({ x: 400, y: 300 });
  view.zoom(3, { x: 400, y: 300 });
  const after = view.inFrame({ x: 400, y: 300 });
  assert.ok(Math.abs(before.x - after.x) + Math.abs(before.y - after.y) < 1e-9);
  view.pan({ x: 99_999, y: 0 });
  assert.equal(view.x, 12);
  view.look({ ...FRAME }, { width: 1_304, height: 744 });
  assert.equal(view.scale, 6, "the next frame is seen as this one");
  view.zoom(0.001);
  assert.ok(view.isWhole);
});

test("keys are told apart as they are printed, also on other keyboards", () => {
  assert.equal(chordOf({ ...KEY, key: "Z", ctrlKey: true, shiftKey: true }), "Ctrl+Shift+z");
  assert.equal(chordOf({ ...KEY, key: "z", metaKey: true }), "Ctrl+z");
  assert.equal(chordOf({ ...KEY, key: "?", shiftKey: true }), "?");
  assert.equal(chordOf({ ...KEY, key: "ArrowRight", shiftKey: true }), "Shift+ArrowRight");
  assert.equal(chordOf({ ...KEY, key: "т", code: "KeyN" }), "n");
  assert.equal(chordOf({ ...KEY, key: "Shift", shiftKey: true }), "");
  assert.deepEqual(["Shift+ArrowRight", " ", "Ctrl++", "z"].map(toldChord), ["Shift + →", "Space", "Ctrl + +", "Z"]);
});

test("keys of boxes are as uuid.UUID reads them", () => {
  assert.match(newKey(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
