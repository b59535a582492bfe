// The boxes over the picture. One that didn't change isn't drawn again, so that fifty of them follow a finger.

import { drawnBox, placedWords } from "../../shared/boxes.js";

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
    /** @type {import("../../shared/boxes.js").Area[]} */
    const taken = [];
    for (const box of boxes) {
      const labeled = labeledBox(box, label(box), frame);
      const words = placedWords(labeled, frame, textSize, taken);
      const isChosen = selection.has(box.key);
      const told = JSON.stringify([labeled, words, box.confirmed, isChosen, textSize]);
      const known = before.get(box.key);
      const drawn =
        known?.told === told ? known.drawn : group(box, drawnBox(labeled, frame, textSize, words), isChosen);
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
 * @returns {import("../../shared/boxes.js").LabeledBox}
 */
function labeledBox({ corners, confirmed, score }, { name, color }, { width, height }) {
  const [xmin, ymin, xmax, ymax] = corners;
  return {
    label: name,
    box: [ymin / height, xmin / width, ymax / height, xmax / width],
    color,
    score: confirmed || score === null ? "" : `${Math.round(score * 100)}%`,
    mistake: "",
  };
}

/**
 * @param {Box} box
 * @param {SVGGElement} drawn
 * @param {boolean} isChosen
 */
function group(box, drawn, isChosen) {
  drawn.classList.toggle("is-chosen", isChosen);
  drawn.classList.toggle("is-unconfirmed", !box.confirmed);
  drawn.dataset.key = box.key;
  return drawn;
}
