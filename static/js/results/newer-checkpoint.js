// While the job runs: the first results show themselves, later ones are announced, for somebody may be reading.

import { byId, find, query } from "../shared/elements.js";

const completed = stepsCompleted();
const place = query(document, "#newer", HTMLElement);

function stepsCompleted() {
  return find(document, "[data-steps]", HTMLElement).dataset.steps;
}

function announce() {
  if (!place) location.reload();
  else if (!place.hasChildNodes()) {
    place.append(byId("newer-words", HTMLTemplateElement).content.cloneNode(true));
  }
}

document.addEventListener("htmx:afterSwap", () => {
  if (stepsCompleted() !== completed) announce();
});
