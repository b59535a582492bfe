// Sends what a second person says of frames, once this person's own edits are saved: a later edit would take it back.

import { sentWhenSignedIn } from "../../every-page/session.js";
import { requestHeaders } from "../../videos/upload/request-headers.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {{ frames: import("../editing/frames.js").Frame[], count?: number, detail?: string }} Told
 */

const SAVED_WITHIN_MS = 8_000;

/**
 * Send it, and show the frames as they are then. Returns what the server said; `detail` says why it was refused.
 *
 * @param {Workbench} workbench
 * @param {string} address
 * @param {Record<string, string>} fields
 * @returns {Promise<Told>}
 */
export async function sent(workbench, address, fields) {
  if (!(await allSaved(workbench))) throw new Error("edits wait");
  const body = new URLSearchParams(fields);
  const send = () => fetch(address, { method: "POST", headers: requestHeaders(), body });
  const response = await sentWhenSignedIn(send);
  if (!response.ok && response.status !== 400) throw new Error(`${address}: ${response.status}`);
  /** @type {Told} */
  const told = await response.json();
  workbench.frames.take(told.frames ?? []);
  return told;
}

/**
 * Wait until no edit is on its way. Returns whether that is so.
 *
 * @param {Workbench} workbench
 * @returns {Promise<boolean>}
 */
function allSaved({ frames, queue }) {
  if (!frames.isPending) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      frames.removeEventListener("change", look);
      resolve(!frames.isPending);
    };
    const look = () => !frames.isPending && end();
    const timer = setTimeout(end, SAVED_WITHIN_MS);
    frames.addEventListener("change", look);
    queue.flush();
  });
}
