// A model in its worker: loaded once, then asked about one picture after the other.

/**
 * What the model found; `label` is a number among its labels.
 * @typedef {{ label: number, score: number, box: import("../shared/boxes.js").Corners }} Detection
 *
 * @typedef {{ detections: Detection[], milliseconds: number }} Look
 *
 * What the worker is asked. All addresses are whole; `litert` is that of the folder with LiteRT.js.
 * @typedef {{ model: string, litert: string, mean: number, std: number }} Model
 * @typedef {{ kind: "load" } & Model | { kind: "look", number: number, picture: ImageBitmap }} Question
 *
 * What it tells; `note` names the sentence that says why it failed.
 * @typedef {{ kind: "progress", loaded: number, total: number }} Progress
 * @typedef {{ kind: "loaded" }} Loaded
 * @typedef {{ kind: "failed", note: string }} Failed
 * @typedef {{ kind: "found", number: number } & Look} Answer
 * @typedef {Progress | Loaded | Failed} News
 */

export class Detector {
  #worker;
  /** @type {Map<number, (look: Look) => void>} */
  #waiting = new Map();
  #number = 0;

  /**
   * @param {Model & { worker: string }} settings
   * @param {(news: News) => void} told called with what the worker tells besides its answers
   */
  constructor({ worker, ...model }, told) {
    this.#worker = new Worker(worker);
    this.#worker.addEventListener("message", (/** @type {MessageEvent<News | Answer>} */ { data }) => {
      if (data.kind === "found") this.#found(data);
      else told(data);
    });
    this.#worker.addEventListener("error", () => told({ kind: "failed", note: "not-run" }));
    this.#ask({ kind: "load", ...model });
  }

  /**
   * Return what is on a picture or a video now. The answer of a closed detector never comes.
   *
   * @param {HTMLImageElement | HTMLVideoElement} element
   * @returns {Promise<Look>}
   */
  async look(element) {
    const picture = await createImageBitmap(element);
    const number = ++this.#number;
    return new Promise((answer) => {
      this.#waiting.set(number, answer);
      this.#ask({ kind: "look", number, picture }, [picture]);
    });
  }

  /** Give the memory of the model and of LiteRT.js back. */
  close() {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  /**
   * @param {Question} question
   * @param {Transferable[]} transferred
   */
  #ask(question, transferred = []) {
    this.#worker.postMessage(question, transferred);
  }

  /** @param {Answer} answer */
  #found({ number, detections, milliseconds }) {
    this.#waiting.get(number)?.({ detections, milliseconds });
    this.#waiting.delete(number);
  }
}
