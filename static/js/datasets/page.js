// The dataset page: draws the boxes; in a frame's dialog the arrow keys turn; a link to the near-duplicates opens them.

import "../shared/labeled-frames.js";
import "../shared/turning.js";
import { closest, query } from "../shared/elements.js";

const nearDuplicates = query(document, "#near-duplicates", HTMLDetailsElement);

function openNearDuplicates() {
  if (nearDuplicates && location.hash === "#near-duplicates") nearDuplicates.open = true;
}

window.addEventListener("hashchange", openNearDuplicates);
document.addEventListener("click", (event) => {
  if (nearDuplicates && closest(event.target, 'a[href="#near-duplicates"]', HTMLElement)) nearDuplicates.open = true;
});
window.addEventListener("load", openNearDuplicates); // not before htmx listens
