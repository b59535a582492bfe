// Draws what was found over the picture, and lists it as text.

const SVG = "http://www.w3.org/2000/svg";
// The height of a label's text, as a part of the width of a 4:3 picture.
const TEXTS_ACROSS = 32;

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// `box`: [top, left, bottom, right] as fractions of a picture of width x height pixels.
function drawn({ name, colour, score, box }, { width, height }) {
  const [top, left, bottom, right] = box;
  const [x, y] = [left * width, top * height];
  const group = svg("g", { class: `box colour-${colour}` });
  const sides = { width: (right - left) * width, height: (bottom - top) * height };
  const size = Math.max(width, (height * 4) / 3) / TEXTS_ACROSS;
  const text = svg("text", { x, y, dx: "0.3em", dy: "1.1em", "font-size": size });
  text.textContent = `${name} ${score.toFixed(2)}`;
  group.append(svg("rect", { x, y, ...sides, "vector-effect": "non-scaling-stroke" }), text);
  return group;
}

// `found`: the surest first, which is drawn last, over the others.
export function draw(place, found, size) {
  place.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  place.replaceChildren(...found.map((one) => drawn(one, size)).reverse());
}

export function list(place, found) {
  place.replaceChildren(
    ...found.map(({ name, colour, score }) => {
      const [item, chip, number] = ["li", "span", "span"].map((tag) => document.createElement(tag));
      chip.className = `label-chip found-label colour-${colour}`;
      chip.textContent = name;
      number.textContent = score.toFixed(2);
      item.append(chip, number);
      return item;
    }),
  );
}

// "Found: 2 × ball, 1 × cube."
export function sentence(found, threshold) {
  if (!found.length) return `Nothing found with a score of at least ${threshold.toFixed(2)}.`;
  const counts = new Map();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `Found: ${[...counts].map(([name, count]) => `${count} × ${name}`).join(", ")}.`;
}
