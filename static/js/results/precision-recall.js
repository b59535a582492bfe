// The precision-recall curve: drawn from the stored points, and read point by point with the slider or the pointer. Between
// two points nothing is known exactly, so the slider stands on points only.

const SVG = "http://www.w3.org/2000/svg";
const LEFT = 58;
const TOP = 12;
const WIDTH = 450;
const HEIGHT = 244;

const byId = (id) => document.getElementById(id);
// Label -> points [score, precision, recall], the highest score first.
const curves = JSON.parse(byId("curves").textContent);
const slider = byId("curve-threshold");

const points = () => curves[byId("curve-label").value];
const across = (recall) => LEFT + recall * WIDTH;
const down = (precision) => TOP + (1 - precision) * HEIGHT;

function element(name, attributes, words = "") {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.textContent = words;
  return made;
}

function drawGrid() {
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const [x, y] = [across(part), down(part)];
    byId("curve-grid").append(
      element("path", { d: `M${LEFT} ${y}h${WIDTH}M${x} ${TOP}v${HEIGHT}` }),
      element("text", { x, y: TOP + HEIGHT + 16, "text-anchor": "middle" }, part),
      element("text", { x: LEFT - 6, y, dy: "0.35em", "text-anchor": "end" }, part),
    );
  }
}

function drawLine() {
  const corners = points().map(([, precision, recall]) => `${across(recall).toFixed(1)} ${down(precision).toFixed(1)}`);
  byId("curve-line").setAttribute("d", `M${corners.join("L")}`);
  slider.max = points().length - 1;
  stand(advised());
}

/** The place of the point whose score is nearest to the advised one. */
function advised() {
  const away = points().map(([score]) => Math.abs(score - Number(slider.dataset.advised)));
  return away.indexOf(Math.min(...away));
}

/** Read the point at that place; the slider runs from the lowest score to the highest. */
function stand(place) {
  const [score, precision, recall] = points()[place];
  slider.value = points().length - 1 - place;
  slider.setAttribute("aria-valuetext", score.toFixed(2));
  byId("curve-score").textContent = score.toFixed(2);
  byId("curve-words").textContent = inWords(precision, recall);
  byId("curve-point").setAttribute("cx", across(recall));
  byId("curve-point").setAttribute("cy", down(precision));
}

function inWords(precision, recall) {
  const [right, found] = [precision, recall].map((part) => Math.round(100 * part));
  return (
    `Precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}: of 100 boxes ${right} are right, ` +
    `and of 100 objects ${found} are found.`
  );
}

/** The slider goes to the point of the curve that is nearest to the pointer. */
function follow(event) {
  const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(byId("curve").getScreenCTM().inverse());
  const away = points().map(([, precision, recall]) => Math.hypot(across(recall) - here.x, down(precision) - here.y));
  stand(away.indexOf(Math.min(...away)));
}

drawGrid();
drawLine();
slider.addEventListener("input", () => stand(points().length - 1 - Number(slider.value)));
byId("curve-label").addEventListener("change", drawLine);
byId("curve").addEventListener("pointermove", follow);
