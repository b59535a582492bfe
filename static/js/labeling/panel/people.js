// The other people who label this video now, and the frames that they look at.

import { byId, closest, copyOf, find } from "../../shared/elements.js";
import { showRows } from "../../shared/rows.js";
import { counted, filled } from "../../shared/words.js";

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {import("../editing/live.js").Live} live
 */
export function showPeople(workbench, live) {
  const root = byId("people", HTMLElement);
  let told = "[]";
  live.addEventListener("news", (event) => {
    if (!(event instanceof CustomEvent)) return;
    /** @type {import("../editing/live.js").Person[]} */
    const people = event.detail.people;
    const now = JSON.stringify(people);
    if (now === told) return;
    told = now;
    workbench.setPeople(people);
    showRows(
      root,
      people.map((person) => shown(root, person)),
      "data-name",
    );
  });
  root.addEventListener("click", ({ target }) => {
    const number = closest(target, "[data-number]", HTMLElement)?.dataset.number;
    if (number) workbench.show(Number(number));
  });
}

/**
 * @param {HTMLElement} root
 * @param {import("../editing/live.js").Person} person
 */
function shown(root, { name, frame }) {
  const made = copyOf("label-person");
  const button = find(made, "button", HTMLButtonElement);
  button.dataset.name = name;
  button.dataset.number = String(frame);
  button.textContent = filled(root.dataset.person, { name, frame: counted(frame + 1) });
  return made;
}
