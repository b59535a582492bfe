import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, inWords, isFound, isMissed, isSeenAsAnother, mistakesOn } from "../../static/js/images/mistakes.js";
import { detection, truth } from "./detections.js";

// A ball that is found, a cone that is taken for a ball, a cube that is missed, and a box on nothing.
const FOUND = {
  detections: [
    detection({ label: "ball", score: 0.9, kind: "right", truth: 0 }),
    detection({ label: "ball", score: 0.8, kind: "wrong label", truth: 1 }),
    detection({ label: "cube", score: 0.6, kind: "false alarm", truth: -1 }),
  ],
  truths: [
    truth({ label: "ball", score: 0.9 }),
    truth({ label: "cone", seen_as: "ball", seen_as_score: 0.8 }),
    truth({ label: "cube" }),
  ],
};

test("every kind of mistake is counted at the threshold", () => {
  const { missed, wrongLabels, falseAlarms, total, surest } = mistakesOn(FOUND, 0.5, "");
  assert.deepEqual(
    { missed, wrongLabels, falseAlarms, total, surest },
    {
      missed: 1,
      wrongLabels: 1,
      falseAlarms: 1,
      total: 3,
      surest: 0.8,
    },
  );
});

test("above all scores everything is missed and nothing else is wrong", () => {
  const { missed, total } = mistakesOn(FOUND, 0.95, "");
  assert.deepEqual([missed, total], [3, 3]);
});

test("a higher threshold never finds more objects nor draws more boxes", () => {
  const counts = Array.from({ length: 101 }, (_, percent) => mistakesOn(FOUND, percent / 100, ""));
  counts.slice(1).forEach((next, place) => {
    assert.ok(next.missed >= counts[place].missed);
    assert.ok(next.wrongLabels + next.falseAlarms <= counts[place].wrongLabels + counts[place].falseAlarms);
  });
});

test("an object is exactly one of found, seen as another, and missed", () => {
  for (const one of FOUND.truths) {
    for (let percent = 0; percent <= 100; percent++) {
      const states = [isFound, isSeenAsAnother, isMissed].filter((state) => state(one, percent / 100));
      assert.equal(states.length, 1);
    }
  }
});

test("a label counts where it was said and where it was meant", () => {
  assert.equal(mistakesOn(FOUND, 0.5, "ball").wrongLabels, 1);
  assert.equal(mistakesOn(FOUND, 0.5, "cone").wrongLabels, 1);
  assert.equal(mistakesOn(FOUND, 0.5, "cube").wrongLabels, 0);
  assert.equal(mistakesOn(FOUND, 0.5, "tree").isAbout, false);
});

test("mistakes are said in words that agree with their number", () => {
  assert.equal(inWords({ missed: 0, falseAlarms: 0, wrongLabels: 0 }), "no mistakes");
  assert.equal(inWords({ missed: 1, falseAlarms: 1, wrongLabels: 1 }), "1 missed, 1 false alarm, 1 wrong label");
  assert.equal(inWords({ missed: 2, falseAlarms: 2, wrongLabels: 2 }), "2 missed, 2 false alarms, 2 wrong labels");
});

const JUDGED = [
  { missed: 0, wrongLabels: 0, falseAlarms: 0, total: 0, surest: 0, isAbout: true },
  undefined,
  { missed: 1, wrongLabels: 0, falseAlarms: 0, total: 1, surest: 0.5, isAbout: false },
  { missed: 0, wrongLabels: 0, falseAlarms: 1, total: 1, surest: 0.9, isAbout: true },
];

test("without a choice every frame is shown, also one that is not judged yet", () => {
  assert.deepEqual(chosen(JUDGED, { kind: "", label: "", order: "" }), [0, 1, 2, 3]);
});

test("a kind, or a label, leaves the frames that have it", () => {
  assert.deepEqual(chosen(JUDGED, { kind: "missed", label: "", order: "" }), [2]);
  assert.deepEqual(chosen(JUDGED, { kind: "", label: "cone", order: "" }), [0, 3]);
});

test("the worst frame is first, the surest mistake of equals before the others, what is not judged last", () => {
  assert.deepEqual(chosen(JUDGED, { kind: "", label: "", order: "worst" }), [3, 2, 0, 1]);
});
