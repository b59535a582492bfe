// Shows every time of the server in the reader's own zone, in words: "today, 9:53 PM". Also what comes later: parts that
// refresh, dialogs, messages.

import { all } from "../shared/elements.js";

const clock = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" });
const thisYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });
const otherYear = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric" });
const full = new Intl.DateTimeFormat("en-US", { dateStyle: "full", timeStyle: "long" });

const DAYS = new Map([
  [-1, "yesterday"],
  [0, "today"],
  [1, "tomorrow"],
]);

/**
 * Return the day as people say it.
 *
 * @param {Date} moment
 * @param {Date} now
 */
function day(moment, now) {
  const midnights = [moment, now].map((date) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime(),
  );
  // Rounded: a day on which clocks change has 23 or 25 hours.
  const between = Math.round((midnights[0] - midnights[1]) / 86_400_000);
  const format = moment.getFullYear() === now.getFullYear() ? thisYear : otherYear;
  return DAYS.get(between) ?? format.format(moment);
}

/** @param {HTMLTimeElement} time */
function localize(time) {
  const moment = new Date(time.dateTime);
  const words = `${day(moment, new Date())}, ${clock.format(moment)}`;
  if (time.textContent === words) return;
  time.textContent = words;
  time.title = full.format(moment);
}

/** @param {Element} root */
function localizeAll(root) {
  if (root instanceof HTMLTimeElement && root.dateTime) localize(root);
  for (const time of all(root, "time[datetime]", HTMLTimeElement)) localize(time);
}

/** @param {MutationRecord[]} changes */
function localizeChanged(changes) {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes" && target instanceof Element) localizeAll(target);
    for (const node of addedNodes) if (node instanceof Element) localizeAll(node);
  }
}

localizeAll(document.body);
new MutationObserver(localizeChanged).observe(document.body, {
  childList: true,
  subtree: true,
  attributeFilter: ["datetime"],
});
// "Today" is another day for who comes back tomorrow.
document.addEventListener("visibilitychange", () => localizeAll(document.body));
