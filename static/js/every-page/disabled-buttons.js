// A button that is off keeps the focus and its tooltip, which says why; a click on it does nothing. Escape hides the tooltip.

import { all, closest } from "../shared/elements.js";

const DISMISSED = "is-dismissed";

document.addEventListener(
  "click",
  (event) => {
    if (!closest(event.target, "[aria-disabled=true]", HTMLElement)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const shown of all(document, ".action:is(:hover, :focus-within)", HTMLElement)) shown.classList.add(DISMISSED);
});

for (const ends of ["pointerout", "focusout"]) {
  document.addEventListener(ends, ({ target }) => {
    closest(target, `.${DISMISSED}`, HTMLElement)?.classList.remove(DISMISSED);
  });
}
