// Edits of frames in the page: shown at once, undone, sent in order, and never lost on the way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asDrawn, combined, frameEdit, inverse } from "../../static/js/labeling/editing/edits.js";
import { Frames } from "../../static/js/labeling/editing/frames.js";
import { History, MOST_STEPS } from "../../static/js/labeling/editing/history.js";
import { Queue } from "../../static/js/labeling/editing/queue.js";
import { EditsInMemory } from "../../static/js/labeling/editing/stored-edits.js";

const LOOK = { label: 1, name: "cone", corners: [10, 10, 50, 50], origin: "drawn", confirmed: true, track: null };
const MOVED = { ...LOOK, corners: [12, 10, 52, 50] };

function frame(number, boxes = [], version = 0) {
  return {
    number,
    width: 640,
    height: 360,
    seconds: null,
    version,
    finished: false,
    ignored: false,
    review: "",
    comments: 0,
    boxes,
  };
}

const drawn = (key, number = 3) => frameEdit(number, [{ key, before: null, after: LOOK }]);
const moved = (key, number = 3) => frameEdit(number, [{ key, before: LOOK, after: MOVED }]);
const keys = (frames, number = 3) => frames.get(number).boxes.map((box) => box.key);

/** A server that keeps boxes as the real one does where nobody else changes them. */
class Server {
  boxes = new Map();
  version = 0;
  requests = [];
  answers = [];

  send = async (body) => {
    this.requests.push(JSON.parse(body));
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    if (typeof answer === "number") return new Response('{"detail": "no"}', { status: answer });
    for (const edit of JSON.parse(body).edits) {
      for (const { key, after } of edit.boxes) after ? this.boxes.set(key, { ...after, key }) : this.boxes.delete(key);
    }
    this.version += 1;
    const frames = [frame(3, [...this.boxes.values()], this.version)];
    return Response.json({ frames, labels: [], conflicts: [], gone: [] });
  };
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function opened() {
  const frames = new Frames();
  frames.take([frame(3)]);
  const server = new Server();
  const store = new EditsInMemory("video", "1/1");
  return { frames, server, store, queue: new Queue(frames, store, server.send) };
}

test("an edit is seen at once, and is still there once it is saved", async () => {
  const { frames, queue, server, store } = opened();
  await queue.add([drawn("a")]);
  assert.deepEqual(keys(frames), ["a"]);
  await until(() => server.boxes.size === 1 && !queue.waiting);
  assert.deepEqual(keys(frames), ["a"]);
  assert.deepEqual(await store.all(), []);
});

test("what couldn't be sent is sent in order once the server is back", async () => {
  const { frames, queue, server } = opened();
  server.answers = [new Error("offline"), 503];
  await queue.add([drawn("a")]);
  await queue.add([moved("a")]);
  await queue.add([drawn("b")]);
  await until(() => !queue.waiting);
  assert.deepEqual([...server.boxes.keys()], ["a", "b"]);
  assert.deepEqual(server.boxes.get("a").corners, MOVED.corners);
  assert.deepEqual(keys(frames), ["a", "b"]);
  assert.equal(queue.stop, "");
});

test("an edit that the browser is still keeping isn't lost when the one before is saved", async () => {
  const { queue, server, store } = opened();
  await queue.add([drawn("a")]);
  const add = store.add.bind(store);
  let keep = () => {};
  const slow = new Promise((resolve) => {
    keep = resolve;
  });
  store.add = async (edits) => {
    await slow;
    return add(edits);
  };
  queue.add([drawn("b")]);
  await until(() => server.boxes.has("a") && queue.waiting === 1);
  keep();
  await until(() => !queue.waiting);
  assert.deepEqual([...server.boxes.keys()], ["a", "b"]);
});

test("a page that was closed leaves its edits to the next", async () => {
  const { server, store, frames } = opened();
  await store.add([drawn("a")]);
  const next = new Queue(frames, store, server.send);
  assert.equal(await next.open(), 1);
  assert.deepEqual(keys(frames), ["a"]);
  await until(() => !next.waiting);
  assert.equal(server.boxes.size, 1);
});

test("what another tab took up isn't sent again by the one that was held up", async () => {
  const { queue, server, store } = opened();
  server.answers = [new Error("offline")];
  await queue.add([drawn("a")]);
  await until(() => queue.stop === "offline");
  const twin = new Queue(new Frames(), store, server.send);
  await twin.open();
  await until(() => !twin.waiting);
  server.boxes.delete("a"); // as a person does in the other tab
  await until(() => !queue.waiting);
  assert.deepEqual([[...server.boxes.keys()], queue.stop, server.requests.length], [[], "", 2]);
});

test("who is signed out is asked once, and nothing is lost", async () => {
  const { queue, server } = opened();
  server.answers = [401];
  const stops = [];
  queue.addEventListener("stopped", (event) => stops.push(event.detail));
  await queue.add([drawn("a")]);
  await until(() => stops.length);
  assert.deepEqual([stops, queue.waiting], [["signed-out"], 1]);
  queue.resume();
  await until(() => !queue.waiting);
  assert.equal(server.boxes.size, 1);
});

test("one edit that the server refuses doesn't hold up the others", async () => {
  const { frames, queue, server } = opened();
  server.answers = [400, 400];
  const refused = [];
  queue.addEventListener("refused", (event) => refused.push(event.detail.why));
  queue.add([drawn("a")]);
  queue.add([drawn("b")]);
  await queue.add([drawn("c")]);
  await until(() => !queue.waiting);
  assert.deepEqual(refused, ["no"]);
  assert.deepEqual([...server.boxes.keys()], ["b", "c"]);
  assert.deepEqual(keys(frames), ["b", "c"]);
});

test("an answer that comes late doesn't bring an older frame back", () => {
  const frames = new Frames();
  frames.take([frame(3, [{ ...LOOK, key: "a", score: null }], 2)]);
  frames.take([frame(3, [], 1)]);
  assert.deepEqual(keys(frames), ["a"]);
});

test("another person's change comes in below one's own", () => {
  const frames = new Frames();
  frames.take([frame(3)]);
  frames.apply([drawn("mine")]);
  frames.take([frame(3, [{ ...LOOK, key: "theirs", score: null }], 1)]);
  assert.deepEqual(keys(frames), ["theirs", "mine"]);
});

test("a frame with a box that nobody confirmed isn't finished", () => {
  const frames = new Frames();
  frames.take([frame(3)]);
  frames.apply([frameEdit(3, [], { finished: { before: false, after: true } })]);
  assert.equal(frames.get(3).finished, true);
  frames.apply([frameEdit(3, [{ key: "p", before: null, after: { ...LOOK, confirmed: false } }])]);
  assert.equal(frames.get(3).finished, false);
});

test("everything is undone and done again, a hundred steps deep", () => {
  const frames = new Frames();
  frames.take([frame(3), frame(4)]);
  const history = new History((edits) => frames.apply(edits));
  history.do([drawn("a", 3)], "draw");
  history.do([moved("a", 3), drawn("b", 4)], "move");
  history.undo();
  assert.deepEqual([keys(frames, 3), keys(frames, 4)], [["a"], []]);
  assert.deepEqual(frames.get(3).boxes[0].corners, LOOK.corners);
  history.redo();
  assert.deepEqual([frames.get(3).boxes[0].corners, keys(frames, 4)], [MOVED.corners, ["b"]]);
  history.undo();
  history.do([drawn("c", 4)], "draw");
  assert.deepEqual([history.next, history.redo(), history.last?.what], [undefined, undefined, "draw"]);
  for (let number = 0; number < 150; number += 1) history.do([drawn(`n${number}`)], "draw");
  let undone = 0;
  while (history.undo()) undone += 1;
  assert.equal(undone, MOST_STEPS);
});

test("undoing and combining fit together", () => {
  const edits = [drawn("a"), moved("a"), frameEdit(3, [], { finished: { before: false, after: true } })];
  assert.deepEqual(combined(edits), [
    frameEdit(3, [{ key: "a", before: null, after: MOVED }], { finished: { before: false, after: true } }),
  ]);
  const [both] = combined([...edits, ...inverse(edits)]);
  assert.deepEqual(
    [both.boxes[0].before, both.boxes[0].after, both.finished],
    [null, null, { before: false, after: false }],
  );
});

test("an edit of a box takes the review back, and of nothing else", () => {
  const frames = new Frames();
  frames.take([{ ...frame(3, [{ ...LOOK, key: "a", score: null }]), finished: true, review: "reviewed" }]);
  frames.apply([frameEdit(3, [], { ignored: { before: false, after: true } })]);
  assert.equal(frames.get(3).review, "reviewed");
  assert.equal(frames.isPending, true);
  frames.apply([moved("a")]);
  assert.equal(frames.get(3).review, "");
});

test("a tracker that was corrected meanwhile is undone with all that it made", () => {
  const applied = [];
  const history = new History((edits) => applied.push(...edits));
  const tracked = { ...LOOK, origin: "tracked", confirmed: false, track: "object" };
  const put = { ...LOOK, track: "object" };
  history.done([frameEdit(0, [{ key: "first", before: null, after: put }])], "box");
  const before = history.last;
  history.do([frameEdit(4, [{ key: "four", before: tracked, after: put }])], "move");
  history.do([frameEdit(6, [{ key: "six", before: tracked, after: null }])], "delete");
  history.do([frameEdit(7, [{ key: "another", before: { ...tracked, track: "other" }, after: null }])], "delete");
  history.changeAfter(before, (edits) => asDrawn(edits, new Set(["object"])));
  history.done([frameEdit(5, [{ key: "five", before: null, after: tracked }])], "track");

  applied.length = 0;
  for (const what of ["track", "delete", "move", "box"]) assert.equal(history.undo()?.what, what);
  const left = applied.map(({ frame, boxes }) => [frame, boxes[0].after?.origin ?? null]);
  assert.deepEqual(left, [
    [5, null],
    [7, "tracked"],
    [4, null],
    [0, null],
  ]);
});

test("a step is told of when it is done, and known to be taken back until it is done again", () => {
  const history = new History(() => {});
  const told = [];
  for (const what of ["did", "undid"]) history.addEventListener(what, ({ detail }) => told.push([what, detail.what]));
  history.do([drawn("a")], "draw");
  const step = history.last;
  history.undo();
  assert.deepEqual(
    [history.isTakenBack(step), told],
    [
      true,
      [
        ["did", "draw"],
        ["undid", "draw"],
      ],
    ],
  );
  history.redo();
  assert.deepEqual([history.isTakenBack(step), told.length], [false, 2], "it isn't done anew");
});
