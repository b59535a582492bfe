// Shows every time of the server in the reader's own zone.

import { all } from "../shared/elements.js";

const format = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });

/** @param {ParentNode} root */
function localize(root) {
  for (const time of all(root, "time[datetime]", HTMLTimeElement)) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}

localize(document);
document.addEventListener("htmx:afterSwap", (event) => localize(event.detail.target));
