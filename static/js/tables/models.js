// The Models tab. Whoever leaves has seen what had ended: the title counts anew.
import "./table.js";

const list = document.getElementById("list");

function forgetEnds() {
  const ends = list.querySelectorAll("[data-end]");
  if (document.hidden && ends.length) list.elements.since.value = [...ends].at(-1).dataset.end;
}

document.addEventListener("visibilitychange", forgetEnds);
