// Opens the frames of the page's video: the edits on their way, the news of others, and what the parts of the page share.

import { showTemplate } from "../every-page/messages.js";
import { sentWhenSignedIn } from "../every-page/session.js";
import { query } from "../shared/elements.js";
import { requestHeaders } from "../videos/upload/request-headers.js";
import { Frames } from "./editing/frames.js";
import { Live } from "./editing/live.js";
import { Queue } from "./editing/queue.js";
import { storedEdits } from "./editing/stored-edits.js";
import { Workbench } from "./workbench.js";

/** @typedef {import("./editing/live.js").News} News */

const AGAIN_MS = 3_000;
const SIGNED_OUT = 401;

/**
 * The addresses of the page, as its template gives them.
 *
 * @param {HTMLElement} root
 */
export function addressesOf(root) {
  const { frames = "", changes = "", save = "", picture = "", keys = "", newLabel = "" } = root.dataset;
  return { frames, changes, save, picture, keys, newLabel };
}

/**
 * Return the workbench, and what tells it of others.
 *
 * @param {HTMLElement} root
 */
export async function opened(root) {
  const { video = "", total = "0", first = "0" } = root.dataset;
  const addresses = addressesOf(root);
  const frames = new Frames();
  const store = await storedEdits(video, document.body.dataset.pageOf ?? "");
  const queue = new Queue(frames, store, (body) => post(addresses.save, body));
  const workbench = new Workbench(frames, queue, Number(total));
  workbench.number = Number(first);
  /** @type {News} */
  const news = JSON.parse(root.dataset.news ?? "");
  taken(workbench, news);
  const live = new Live(news.changes, (since) =>
    watched(`${addresses.changes}?since=${since}&frame=${workbench.number}`),
  );
  live.addEventListener("news", (event) => event instanceof CustomEvent && taken(workbench, event.detail));
  return { workbench, live, rest: () => loadRest(workbench, addresses.frames) };
}

/**
 * Load the frames that aren't known yet, those from the shown one on first. Without an answer it is tried again.
 *
 * @param {Workbench} workbench
 * @param {string} address
 */
async function loadRest(workbench, address) {
  /** Numbers without a frame, which aren't asked for again. @type {Set<number>} */
  const absent = new Set();
  for (let missing = nextMissing(workbench, absent); missing !== undefined; missing = nextMissing(workbench, absent)) {
    try {
      taken(workbench, await some(address, missing));
      if (!workbench.frames.get(missing)) absent.add(missing);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/**
 * @param {Workbench} workbench
 * @param {Set<number>} absent
 */
function nextMissing({ frames, number, total }, absent) {
  for (let step = 0; step < total; step += 1) {
    const place = (number + step) % total;
    if (!frames.get(place) && !absent.has(place)) return place;
  }
  return undefined;
}

/**
 * @param {Workbench} workbench
 * @param {News} news
 */
function taken(workbench, news) {
  workbench.frames.take(news.frames);
  workbench.setLabels(news.labels);
}

/**
 * @param {string} address
 * @param {number} first
 * @returns {Promise<News>}
 */
async function some(address, first) {
  const answer = await asked(`${address}?first=${first}`);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/**
 * Ask for news, and say it where nobody is signed in any more: the page would be out of date without a word.
 *
 * @param {string} address
 */
async function watched(address) {
  const answer = await asked(address);
  if (answer.status === SIGNED_OUT && !query(document, "dialog[open]", HTMLElement)) showTemplate("signed-out");
  return answer;
}

/** @param {string} address */
export function asked(address) {
  return fetch(address, { headers: requestHeaders(), cache: "no-store" });
}

/**
 * Send it, also where the person must sign in again before.
 *
 * @param {string} address
 * @param {string} body
 */
export function posted(address, body) {
  return sentWhenSignedIn(() => post(address, body));
}

/**
 * @param {string} address
 * @param {string} body
 */
function post(address, body) {
  return fetch(address, { method: "POST", headers: { ...requestHeaders(), "Content-Type": "application/json" }, body });
}
