// Runs the model beside the page's thread, so that the page answers while the model is loaded and while it looks.
// A classic worker: LiteRT.js loads its WebAssembly by importScripts, which module workers lack.
//
// In:  {kind: "load", model, litert, mean, std}, once; then {kind: "look", number, picture: ImageBitmap}
// Out: {kind: "progress", loaded, total}, {kind: "loaded"}, {kind: "failed", note},
//      {kind: "found", number, detections: [{label, score, box: [top, left, bottom, right]}], milliseconds}

let LiteRt, model, size, canvas, input, scaling;

// LiteRT.js names its helper as a bundler finds it, and a worker has no import map: put the address in.
async function imported(litert) {
  const answer = await fetch(`${litert}core/dist/index.js`);
  const text = (await answer.text()).replaceAll('"@litertjs/wasm-utils"', `"${litert}wasm-utils/dist/index.js"`);
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Who is not signed in any more is led elsewhere, which is no model.
async function downloaded(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} at ${answer.url}`);
  const total = Number(answer.headers.get("Content-Length"));
  const parts = [];
  let loaded = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    loaded += value.length;
    postMessage({ kind: "progress", loaded, total });
  }
}

async function load({ model: address, litert, mean, std }) {
  const [file, program] = await Promise.all([downloaded(address), imported(litert)]).catch((error) => {
    throw Object.assign(error, { note: "not-downloaded" });
  });
  LiteRt = program;
  // It would look for its WebAssembly beside this file.
  self.Module = { locateFile: (name) => `${litert}core/wasm/${name}` };
  await LiteRt.loadLiteRt(`${litert}core/wasm/`);
  model = await LiteRt.loadAndCompile(file, { accelerator: "wasm" });
  size = model.getInputDetails()[0].shape[1];
  canvas = new OffscreenCanvas(size, size).getContext("2d", { alpha: false, willReadFrequently: true });
  canvas.globalCompositeOperation = "copy";
  input = new Float32Array(size * size * 3);
  scaling = { mean, std };
  await run(); // the first run takes several times as long as those that follow
  postMessage({ kind: "loaded" });
}

function fillInput() {
  const { data } = canvas.getImageData(0, 0, size, size);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (let colour = 0; colour < 3; colour++) input[to++] = (data[from + colour] - scaling.mean) / scaling.std;
  }
}

async function run() {
  fillInput();
  const tensor = new LiteRt.Tensor(input, [1, size, size, 3]);
  const outputs = await model.run(tensor);
  const [boxes, labels, scores, count] = outputs.map((output) => output.toTypedArray().slice());
  [tensor, ...outputs].forEach((one) => one.delete());
  return Array.from({ length: count[0] }, (_, row) => ({
    label: labels[row],
    score: scores[row],
    box: [...boxes.subarray(4 * row, 4 * row + 4)],
  }));
}

async function look({ number, picture }) {
  const began = performance.now();
  canvas.drawImage(picture, 0, 0, size, size);
  picture.close();
  const detections = await run();
  postMessage({ kind: "found", number, detections, milliseconds: performance.now() - began });
}

// What waits after a failure has no model to wait for.
function fail(error) {
  console.error(error);
  postMessage({ kind: "failed", note: error.note ?? "not-run" });
  close();
}

// One message after the other: a picture that comes while the model is loaded waits.
const verbs = { load, look };
let turn = Promise.resolve();
onmessage = ({ data }) => {
  turn = turn.then(() => verbs[data.kind](data)).catch(fail);
};
