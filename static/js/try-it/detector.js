// A model in its worker: loaded once, then asked about one picture after the other.

export class Detector {
  #worker;
  #waiting = new Map();
  #number = 0;

  // `settings`: {worker, model, litert, mean, std}, all addresses whole. `told`: called with the worker's other messages.
  constructor({ worker, ...settings }, told) {
    this.#worker = new Worker(worker);
    this.#worker.onmessage = ({ data }) => (data.kind === "found" ? this.#found(data) : told(data));
    this.#worker.onerror = () => told({ kind: "failed", note: "not-run" });
    this.#worker.postMessage({ kind: "load", ...settings });
  }

  // What is on an <img> or a <video> now: {detections, milliseconds}. The answer of a closed detector never comes.
  async look(element) {
    const picture = await createImageBitmap(element);
    const number = ++this.#number;
    return new Promise((answer) => {
      this.#waiting.set(number, answer);
      this.#worker.postMessage({ kind: "look", number, picture }, [picture]);
    });
  }

  // Gives the memory of the model and of LiteRT.js back.
  close() {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #found({ number, detections, milliseconds }) {
    this.#waiting.get(number)?.({ detections, milliseconds });
    this.#waiting.delete(number);
  }
}
