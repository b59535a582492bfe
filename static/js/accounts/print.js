// A button with data-print opens the browser's print dialog.

import { closest } from "../shared/elements.js";

document.addEventListener("click", (event) => {
  if (closest(event.target, "[data-print]", HTMLElement)) window.print();
});
