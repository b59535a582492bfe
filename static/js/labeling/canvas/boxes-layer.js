// The boxes over the picture. One that didn't change isn't drawn again, so that fifty of them follow a finger.

import { drawnBox } from "../../shared/boxes.js";

/**
 * @typedef {import("../editing/frames.js").Box} Box
 * @typedef {import("./geometry.js").Size} Size
 * @typedef {{ color: number, name: string }} Shown how the label of a box is shown
 */

const TEXT_PIXELS = 14;

export class BoxesLayer {
  #svg;
  /** @type {Map<string, { told: string, drawn: SVGGElement }>} */
  #drawn = new Map();

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.#svg = svg;
  }

  /**
   * @param {Box[]} boxes
   * @param {Size} frame
   * @param {{ scale: number, selection: ReadonlySet<string>, label: (box: Box) => Shown }} how
   */
  draw(boxes, frame, { scale, selection, label }) {
    const textSize = TEXT_PIXELS / scale;
    const before = this.#drawn;
    this.#drawn = new Map();
    for (const box of boxes) {
      const shown = label(box);
      const isChosen = selection.has(box.key);
      const told = [...box.corners, shown.name, shown.color, box.confirmed, box.score, isChosen, textSize].join();
      const known = before.get(box.key);
      const drawn = known?.told === told ? known.drawn : group(box, shown, frame, textSize, isChosen);
      this.#drawn.set(box.key, { told, drawn });
    }
    const groups = [...this.#drawn.values()].map(({ drawn }) => drawn);
    const { children } = this.#svg;
    const isSame = groups.length === children.length && groups.every((one, place) => one === children[place]);
    if (!isSame) this.#svg.replaceChildren(...groups);
  }
}

/**
 * @param {Box} box
 * @param {Shown} shown
 * @param {Size} frame
 * @param {number} textSize
 * @param {boolean} isChosen
 */
function group(box, shown, frame, textSize, isChosen) {
  const [xmin, ymin, xmax, ymax] = box.corners;
  const { width, height } = frame;
  const score = box.confirmed || box.score === null ? "" : `${Math.round(box.score * 100)}%`;
  const drawn = drawnBox(
    {
      label: shown.name,
      box: [ymin / height, xmin / width, ymax / height, xmax / width],
      color: shown.color,
      score,
      mistake: "",
    },
    frame,
    textSize,
  );
  drawn.classList.toggle("is-chosen", isChosen);
  drawn.classList.toggle("is-unconfirmed", !box.confirmed);
  drawn.dataset.key = box.key;
  return drawn;
}
