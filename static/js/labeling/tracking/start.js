// Objects through frames, and the trackers that follow them.

import { find } from "../../shared/elements.js";
import { Asking } from "./asking.js";
import { objectCommands, trackCommands } from "./commands.js";
import { continueByItself } from "./continuing.js";
import { showObjects, showRuns } from "./list.js";
import { Runs } from "./runs.js";
import { Tracked } from "./tracked.js";

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {HTMLElement} root
 */
export function start(workbench, root) {
  const part = find(root, "#objects", HTMLElement);
  const asking = new Asking(part);
  const tracked = new Tracked(workbench);
  const runs = new Runs(workbench, asking, find(part, "[role=alert]", HTMLElement));
  workbench.register([
    ...trackCommands(workbench, tracked, runs, part),
    ...objectCommands(workbench, tracked, runs, asking, part),
  ]);
  continueByItself(workbench, runs, find(part, "[data-tracker]", HTMLSelectElement));
  // Where an object wasn't found, a person may have put it since, or taken that back.
  let wasLost = false;
  runs.addEventListener("change", () => {
    wasLost ||= runs.all.some(({ objects }) => objects.some(({ lost }) => lost !== null));
  });
  workbench.queue.addEventListener("saved", () => {
    if (wasLost) runs.look();
  });
  // Buttons ask again whether their commands can be done.
  for (const what of [tracked, runs])
    what.addEventListener("change", () => workbench.dispatchEvent(new Event("changed")));
  const choose = () => {
    tracked.read();
    const [object] = runs.newest.sort((one, other) => rank(one) - rank(other));
    if (object) tracked.choose(object.track);
  };
  runs.addEventListener("end", choose);
  runs.addEventListener("begin", choose);
  showRuns(part, runs);
  showObjects(workbench, tracked, runs);
}

/**
 * One that is lost waits for the person.
 *
 * @param {import("./runs.js").Followed} followed
 */
function rank({ lost }) {
  return lost === null ? 1 : 0;
}
