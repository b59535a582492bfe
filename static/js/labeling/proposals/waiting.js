// How many proposals wait, and what a person chose for many of them at once.

import { find, query, say } from "../../shared/elements.js";
import { counted, filled } from "../../shared/words.js";
import { fitting } from "./commands.js";
import { openBoxes, openFrames } from "./open-boxes.js";

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {import("./commands.js").Choice} Choice
 */

/**
 * Return what is chosen in the panel.
 *
 * @param {HTMLElement} place
 * @returns {Choice}
 */
export function chosen(place) {
  return {
    label: query(place, "#sure-label", HTMLSelectElement)?.value ?? "",
    confidence: Number(query(place, "#sure-from", HTMLInputElement)?.value ?? 100) / 100,
    finishes: query(place, "#sure-finishes", HTMLInputElement)?.checked ?? false,
  };
}

/**
 * Show how many wait. The part is hidden while none does.
 *
 * @param {Workbench} workbench
 * @param {HTMLElement} place
 */
export function showWaiting(workbench, place) {
  const part = query(place, "#helpers-waiting", HTMLElement);
  if (!part) return;
  const frames = openFrames(workbench);
  const boxes = frames.flatMap(openBoxes);
  part.hidden = boxes.length === 0;
  if (part.hidden) return;
  const { told, box, boxes: several, frame, frames: many, accept, acceptOne } = part.dataset;
  const count = (
    /** @type {number} */ number,
    /** @type {string | undefined} */ one,
    /** @type {string | undefined} */ more,
  ) => filled(number === 1 ? one : more, { count: counted(number) });
  say(
    find(part, "[data-waiting]", HTMLElement),
    filled(told, { boxes: count(boxes.length, box, several), frames: count(frames.length, frame, many) }),
  );
  offerLabels(find(part, "#sure-label", HTMLSelectElement), [...new Set(boxes.map(({ name }) => name))].sort());
  say(find(part, "#sure-shown", HTMLOutputElement), `${find(part, "#sure-from", HTMLInputElement).value}%`);
  say(find(part, "#accept-sure", HTMLElement), count(fitting(workbench, chosen(place)).length, acceptOne, accept));
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} names
 */
function offerLabels(select, names) {
  const offered = [...select.options].slice(1).map(({ value }) => value);
  if (JSON.stringify(offered) === JSON.stringify(names)) return;
  const before = select.value;
  select.length = 1;
  for (const name of names) select.add(new Option(name, name));
  select.value = names.includes(before) ? before : "";
}
