import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Detections } from "../../static/js/images/detections.js";

const OFFLINE = "The server does not answer.";
const realFetch = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = realFetch;
});

/** A server that answers when it is told to; `asked` are the addresses in their order. */
function server(answerTo) {
  const asked = [];
  globalThis.fetch = async (address) => {
    asked.push(address);
    return answerTo(address);
  };
  return asked;
}

function file(address) {
  return new Response(JSON.stringify({ frames: [{ detections: [], truths: [], address }] }));
}

/** The files of so many checkpoints; `arrivals` waits for that many. */
function open(length, frameCount = 1) {
  let wake = () => {};
  const detections = new Detections(
    { length, address: (place) => `/${place}.json` },
    { frameCount, offline: OFFLINE, arrived: () => wake() },
  );
  const arrival = () =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return { detections, arrival };
}

test("what is looked at is fetched first, then what lies around it, the nearest first", async () => {
  const asked = server(file);
  const { detections, arrival } = open(5);

  const arrived = arrival();
  detections.want([3]);
  await arrived;
  while (asked.length < 5) await new Promise(setImmediate);

  assert.deepEqual(asked, ["/3.json", "/2.json", "/4.json", "/1.json", "/0.json"]);
  assert.equal(detections.on(3, 0).address, "/3.json");
  assert.equal(detections.trouble, "");
});

test("no more is kept than memory allows", async () => {
  const asked = server(file);
  const { detections, arrival } = open(5, 10_000); // two files at a time
  for (const place of [0, 4]) {
    const arrived = arrival();
    detections.want([place]);
    await arrived;
    while (asked.length < 2 + (place && 2)) await new Promise(setImmediate);
    await new Promise(setImmediate);
  }

  assert.equal(detections.on(0, 0), undefined);
  assert.ok(detections.on(4, 0));
});

test("a file that the server has not says why, and is not asked for again", async () => {
  const asked = server(() => new Response(JSON.stringify({ detail: "It was removed." }), { status: 404 }));
  const { detections, arrival } = open(1);

  const arrived = arrival();
  detections.want([0]);
  await arrived;
  detections.want([0]);

  assert.equal(detections.trouble, "It was removed.");
  assert.deepEqual(asked, ["/0.json"]);
});

test("a server that does not answer is asked again when somebody looks again", async () => {
  let isOffline = true;
  const asked = server((address) => {
    if (isOffline) throw new TypeError("Failed to fetch");
    return file(address);
  });
  const { detections, arrival } = open(1);

  const failed = arrival();
  detections.want([0]);
  await failed;
  assert.equal(detections.trouble, OFFLINE);
  isOffline = false;
  const arrived = arrival();
  detections.want([0]);
  await arrived;

  assert.equal(detections.trouble, "");
  assert.deepEqual(asked, ["/0.json", "/0.json"]);
});
