// While the job runs: the first results show themselves, later ones are announced, for somebody may be reading.

const completed = stepsCompleted();
const place = document.getElementById("newer");

function stepsCompleted() {
  return document.querySelector("[data-steps]").dataset.steps;
}

function announce() {
  if (!place) return location.reload();
  if (!place.hasChildNodes()) place.append(document.getElementById("newer-words").content.cloneNode(true));
}

document.addEventListener("htmx:afterSwap", () => {
  if (stepsCompleted() !== completed) announce();
});
