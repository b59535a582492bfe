// While the job runs, and while its last checkpoint is measured: the first results show themselves, later ones are
// announced, for somebody may be reading.

import { byId, find, query } from "../shared/elements.js";

const place = query(document, "#newer", HTMLElement);
const seen = stateOfJob();

/** What has to change for new results; without any, why there are none may change with each checkpoint and stage. */
function stateOfJob() {
  const { steps, measured, stage } = find(document, "[data-measured]", HTMLElement).dataset;
  return place ? measured : `${measured} of ${steps}, ${stage}`;
}

function announce() {
  if (!place) location.reload();
  else if (!place.hasChildNodes()) {
    place.append(byId("newer-words", HTMLTemplateElement).content.cloneNode(true));
  }
}

document.addEventListener("htmx:afterSwap", () => {
  if (stateOfJob() !== seen) announce();
});
