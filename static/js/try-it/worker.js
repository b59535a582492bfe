// Runs the model beside the page's thread, so that the page answers while the model is loaded and while it looks.
// A classic worker: LiteRT.js loads its WebAssembly by importScripts, which module workers lack.
// What it is asked and what it tells stands in detector.js.

/**
 * @typedef {typeof import("@litertjs/core")} LiteRt
 * @typedef {import("@litertjs/core").CompiledModel} CompiledModel
 * @typedef {import("./detector.js").Detection} Detection
 * @typedef {import("./detector.js").Question} Question
 */

/**
 * LiteRT.js names its helper as a bundler finds it, and a worker has no import map: put the address in.
 *
 * @param {string} litert
 * @returns {Promise<LiteRt>}
 */
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

/**
 * Who is not signed in any more is led elsewhere, which is no model.
 *
 * @param {string} address
 */
async function downloaded(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected || !answer.body) throw new Error(`${answer.status} at ${answer.url}`);
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

/** Something went wrong; `note` names the sentence that says so to the person. */
class Failure extends Error {
  /**
   * @param {string} note
   * @param {unknown} cause
   */
  constructor(note, cause) {
    super(note, { cause });
    this.note = note;
  }
}

/** A model that is ready to run, and the picture that it looks at. */
class LoadedModel {
  #litert;
  #model;
  #mean;
  #std;
  #size;
  #canvas;
  #input;

  /**
   * @param {LiteRt} litert
   * @param {CompiledModel} model
   * @param {{ mean: number, std: number }} scaling of the pixels
   */
  constructor(litert, model, { mean, std }) {
    this.#litert = litert;
    this.#model = model;
    this.#mean = mean;
    this.#std = std;
    this.#size = model.getInputDetails()[0].shape[1];
    this.#canvas = newCanvas(this.#size);
    this.#input = new Float32Array(this.#size * this.#size * 3);
  }

  /** @param {ImageBitmap} picture */
  show(picture) {
    this.#canvas.drawImage(picture, 0, 0, this.#size, this.#size);
    picture.close();
  }

  /**
   * Return what is on the picture, the surest first.
   *
   * @returns {Promise<Detection[]>}
   */
  async run() {
    this.#fillInput();
    const tensor = new this.#litert.Tensor(this.#input, [1, this.#size, this.#size, 3]);
    const outputs = await this.#model.run(tensor);
    const [boxes, labels, scores, count] = outputs.map((output) => Array.from(output.toTypedArray(), Number));
    for (const one of [tensor, ...outputs]) one.delete();
    return Array.from({ length: count[0] }, (_, row) => {
      const [top, left, bottom, right] = boxes.slice(4 * row, 4 * row + 4);
      return { label: labels[row], score: scores[row], box: [top, left, bottom, right] };
    });
  }

  #fillInput() {
    const { data } = this.#canvas.getImageData(0, 0, this.#size, this.#size);
    const input = this.#input;
    const [mean, std] = [this.#mean, this.#std];
    for (let from = 0, to = 0; from < data.length; from += 4) {
      for (let color = 0; color < 3; color++) input[to++] = (data[from + color] - mean) / std;
    }
  }
}

/** @param {number} size */
function newCanvas(size) {
  const canvas = new OffscreenCanvas(size, size).getContext("2d", { alpha: false, willReadFrequently: true });
  if (!canvas) throw new Error("This browser gives a worker no canvas.");
  canvas.globalCompositeOperation = "copy";
  return canvas;
}

/** @param {import("./detector.js").Model} asked */
async function load({ model: address, litert, mean, std }) {
  const [file, program] = await Promise.all([downloaded(address), imported(litert)]).catch((error) => {
    throw new Failure("not-downloaded", error);
  });
  // It would look for its WebAssembly beside this file.
  Object.assign(self, { Module: { locateFile: (/** @type {string} */ name) => `${litert}core/wasm/${name}` } });
  await program.loadLiteRt(`${litert}core/wasm/`);
  const compiled = await program.loadAndCompile(file, { accelerator: "wasm" });
  const model = new LoadedModel(program, compiled, { mean, std });
  await model.run(); // the first run takes several times as long as those that follow
  postMessage({ kind: "loaded" });
  return model;
}

/**
 * @param {LoadedModel} model
 * @param {{ number: number, picture: ImageBitmap }} asked
 */
async function look(model, { number, picture }) {
  const began = performance.now();
  model.show(picture);
  const detections = await model.run();
  postMessage({ kind: "found", number, detections, milliseconds: performance.now() - began });
  return model;
}

/**
 * What waits after a failure has no model to wait for.
 *
 * @param {unknown} error
 */
function fail(error) {
  console.error(error);
  postMessage({ kind: "failed", note: error instanceof Failure ? error.note : "not-run" });
  close();
  return null;
}

/**
 * One message after the other: a picture that comes while the model is loaded waits.
 * @type {Promise<LoadedModel | null>}
 */
let turn = Promise.resolve(null);

/**
 * @param {LoadedModel | null} model
 * @param {Question} question
 */
function answer(model, question) {
  if (question.kind === "load") return load(question);
  if (model) return look(model, question);
  throw new Error("No model was loaded.");
}

addEventListener("message", (/** @type {MessageEvent<Question>} */ { data }) => {
  turn = turn.then((model) => answer(model, data)).catch(fail);
});
