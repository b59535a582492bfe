// A menu made of <details> closes on a click elsewhere or on a link in it, and on Escape.

import { all, closest, find } from "../shared/elements.js";

const openMenus = () => all(document, "details[data-menu][open]", HTMLDetailsElement);

document.addEventListener("click", ({ target }) => {
  for (const menu of openMenus()) {
    const isInside = target instanceof Node && menu.contains(target);
    if (!isInside || closest(target, "a", HTMLElement)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    find(menu, "summary", HTMLElement).focus();
  }
});
