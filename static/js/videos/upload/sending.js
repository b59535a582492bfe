// One file on its way, by tus-js-client: in parts that fit the network, again after a cut, and from where it was.

import { checkedRequests } from "./checked-requests.js";
import { nextSize, SMALLEST } from "./part-size.js";

// After them the upload waits for the network, and tries by itself now and then.
const RETRY_MS = [0, 1_000, 3_000, 5_000, 10_000];
const SECONDS_BETWEEN_TRIES = 15;
const SIGNED_OUT = 401;
const CONFLICT = 409;
const BUSY = [429, 503];
// A part that was changed on its way, or came while another was written.
const ANOTHER_TRY = [CONFLICT, 423, 460, ...BUSY];

/**
 * What a file is told to be, and by whom it is sent. `headers`: of each request, as they are now. `key`: tells it from
 * all other files, so that choosing it again resumes it; "" for what can't be chosen again.
 * @typedef {{ endpoint: string, headers: () => Record<string, string>, key: string, metadata: Record<string, string>,
 *   keepsKey: boolean }} Plan
 *
 * Why a file isn't going on: no network; the server can't now; nobody is signed in; it was refused, which the words say;
 * this browser can't read it anymore.
 * @typedef {"offline" | "broken" | "signed-out" | "refused" | "unreadable"} Stop
 *
 * @typedef {{ progress: (sent: number) => void, done: () => void, stopped: (stop: Stop, words: string) => void }} Listener
 */

class SignedOut extends Error {}

export class Sending {
  #upload;
  #listener;
  #isPaused = false;
  #isRunning = false;
  #timer = 0;
  #began = 0;
  #isLocalFile;

  /**
   * @param {File | ReadableStreamDefaultReader<Uint8Array>} source
   * @param {Plan} plan
   * @param {Listener} listener
   */
  constructor(source, plan, listener) {
    this.#listener = listener;
    this.#isLocalFile = source instanceof File;
    this.#upload = new window.tus.Upload(source, {
      endpoint: plan.endpoint,
      metadata: plan.metadata,
      chunkSize: SMALLEST,
      retryDelays: RETRY_MS,
      uploadLengthDeferred: !this.#isLocalFile,
      storeFingerprintForResuming: Boolean(plan.key),
      removeFingerprintOnSuccess: !plan.keepsKey,
      fingerprint: async () => plan.key,
      httpStack: checkedRequests(),
      onBeforeRequest: (request) => {
        for (const [name, value] of Object.entries(plan.headers())) request.setHeader(name, value);
        this.#began = performance.now();
      },
      onAfterResponse: (request, response) => this.#answered(request.getMethod(), response),
      onShouldRetry: (error) => {
        // A server that refuses a large part may cut the connection before it can say so.
        this.#upload.options.chunkSize = SMALLEST;
        return shouldRetry(error);
      },
      onProgress: (sent) => listener.progress(sent),
      onSuccess: () => {
        this.#isRunning = false;
        listener.done();
      },
      onError: (error) => this.#failed(error),
    });
  }

  /** Return what this browser knows of an earlier try with the same file. */
  async earlier() {
    const [latest = null] = this.#isLocalFile ? await this.#upload.findPreviousUploads() : [];
    return latest;
  }

  /** Begin, or go on where it was. Nothing happens while it goes on: two would send the same parts. */
  async start() {
    this.#isPaused = false;
    clearTimeout(this.#timer);
    if (this.#isRunning) return;
    this.#isRunning = true;
    const earlier = this.#upload.url ? null : await this.earlier();
    if (earlier) this.#upload.resumeFromPreviousUpload(earlier);
    if (!this.#isPaused) this.#upload.start();
  }

  /** Use these words for the video that the file belongs to. @param {Record<string, string>} metadata */
  describe(metadata) {
    Object.assign(this.#upload.options.metadata ?? {}, metadata);
  }

  pause() {
    this.#isPaused = true;
    this.#isRunning = false;
    clearTimeout(this.#timer);
    return this.#upload.abort();
  }

  /** Stop, and have the server forget the video. */
  async cancel() {
    await this.pause();
    await this.#upload.abort(true).catch(() => {});
    await this.forget();
  }

  /** Have this browser forget the file, so that choosing it again begins anew. */
  async forget() {
    const { urlStorage } = this.#upload.options;
    const earlier = await this.earlier();
    if (earlier) await urlStorage?.removeUpload(earlier.urlStorageKey);
  }

  /**
   * @param {string} method
   * @param {import("tus-js-client").HttpResponse} response
   */
  #answered(method, response) {
    const status = response.getStatus();
    const isStale = Boolean(response.getHeader("X-Stale-Form"));
    if (status === SIGNED_OUT || isStale || response.getHeader("X-Wrong-Page")) throw new SignedOut();
    const { options } = this.#upload;
    const size = options.chunkSize ?? SMALLEST;
    if (method === "PATCH" && status < 400 && this.#isLocalFile)
      options.chunkSize = nextSize(size, performance.now() - this.#began);
  }

  /** @param {Error | import("tus-js-client").DetailedError} error */
  #failed(error) {
    this.#isRunning = false;
    if (isSignedOut(error)) {
      this.#listener.stopped("signed-out", "");
      return;
    }
    if (isUnreadable(error)) {
      this.#listener.stopped("unreadable", "");
      return;
    }
    const response = "originalResponse" in error ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
    if (status >= 400 && status < 500 && !ANOTHER_TRY.includes(status)) {
      this.#listener.stopped("refused", wordsOf(response));
      return;
    }
    this.#listener.stopped(status ? "broken" : "offline", wordsOf(response));
    this.#timer = window.setTimeout(() => this.start(), SECONDS_BETWEEN_TRIES * 1000);
  }
}

/** @param {Error | import("tus-js-client").DetailedError} error */
function isSignedOut(error) {
  return error instanceof SignedOut || ("causingError" in error && error.causingError instanceof SignedOut);
}

/**
 * Whether the file was changed or removed since it was chosen, or is a folder.
 *
 * @param {Error | import("tus-js-client").DetailedError} error
 */
function isUnreadable(error) {
  const cause = "causingError" in error ? error.causingError : error;
  return cause instanceof DOMException && ["NotReadableError", "NotFoundError"].includes(cause.name);
}

/** What an answer says to people, "" where it is a page. @param {import("tus-js-client").HttpResponse | null} response */
function wordsOf(response) {
  return response?.getHeader("Content-Type")?.startsWith("text/plain") ? response.getBody() : "";
}

/** @param {import("tus-js-client").DetailedError} error */
function shouldRetry(error) {
  if (isSignedOut(error) || isUnreadable(error)) return false;
  const status = error.originalResponse?.getStatus() ?? 0;
  return navigator.onLine && (status < 400 || status >= 500 || ANOTHER_TRY.includes(status));
}
