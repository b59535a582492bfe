// The precision-recall curve: drawn from the stored points, and read at any threshold with the slider or the pointer.

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
  byId("curve-line").setAttribute("d", corners.length ? `M${corners.join("L")}` : "");
  read();
}

/** What counts from the slider's score on: the last point that is not below it. */
function read() {
  const threshold = Number(slider.value);
  show(threshold, points().findLast(([score]) => score >= threshold));
}

function show(threshold, point) {
  byId("curve-score").textContent = threshold.toFixed(2);
  byId("curve-point").toggleAttribute("hidden", !point);
  byId("curve-words").textContent = point ? inWords(point) : "No box has such a score: nothing is found.";
  if (!point) return;
  byId("curve-point").setAttribute("cx", across(point[2]));
  byId("curve-point").setAttribute("cy", down(point[1]));
}

function inWords([, precision, recall]) {
  const [right, found] = [precision, recall].map((part) => Math.round(100 * part));
  return (
    `Precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}: of 100 boxes ${right} are right, ` +
    `and of 100 objects ${found} are found.`
  );
}

/** The slider goes to the point of the curve that is nearest to the pointer. */
function follow(event) {
  const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(byId("curve").getScreenCTM().inverse());
  const distance = ([, precision, recall]) => Math.hypot(across(recall) - here.x, down(precision) - here.y);
  const [nearest] = [...points()].sort((one, other) => distance(one) - distance(other));
  if (!nearest) return;
  [slider.value] = nearest;
  show(nearest[0], nearest);
}

drawGrid();
drawLine();
slider.addEventListener("input", read);
byId("curve-label").addEventListener("change", drawLine);
byId("curve").addEventListener("pointermove", follow);
