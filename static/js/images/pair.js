// One frame twice: what the model found beside what people labeled. In the list, and large in the dialog.

import { drawBoxes } from "../shared/boxes.js";
import { find } from "../shared/elements.js";
import { inWords, modelBoxes, userBoxes } from "./boxes.js";
import { inWords as mistakesInWords, mistakesOn } from "./mistakes.js";

/**
 * @typedef {import("./detections.js").Found} Found
 *
 * One of the evaluation frames; `picture` is its address, `fix` where its labels are fixed.
 * @typedef {{ name: string, picture: string, fix: string, width: number, height: number }} Frame
 *
 * What the page shows, and how the slider of a frame moves.
 * @typedef {object} Shown
 * @property {Frame[]} frames
 * @property {import("./checkpoints.js").Checkpoints} checkpoints
 * @property {Record<string, number>} colors
 * @property {(number: number) => number} placeOf
 * @property {(number: number) => Found | undefined} foundOn
 * @property {() => number[]} numbers of the frames in the list
 * @property {() => number} threshold
 * @property {() => boolean} isEachItsOwn whether each frame has its own slider
 * @property {(number: number, place: number) => void} move
 */

export class Pair {
  #root;
  #frame;
  #sides;
  #colors;

  /**
   * @param {HTMLElement} root holds the two figures
   * @param {Frame} frame
   * @param {Record<string, number>} colors of the labels
   */
  constructor(root, frame, colors) {
    this.#root = root;
    this.#colors = colors;
    this.#sides = ["model", "user"].map((side) => find(root, `[data-side=${side}]`, HTMLElement));
    this.#frame = frame;
    this.change(frame);
  }

  /**
   * Show another frame, without boxes until it is drawn.
   *
   * @param {Frame} frame
   */
  change(frame) {
    this.#frame = frame;
    find(this.#root, ".fix-label", HTMLAnchorElement).href = frame.fix;
    for (const side of this.#sides) {
      const picture = find(side, "img", HTMLImageElement);
      Object.assign(picture, { width: frame.width, height: frame.height, src: frame.picture });
    }
  }

  /** Pixels that a picture is high on the screen. */
  get height() {
    return find(this.#sides[0], "svg", SVGSVGElement).clientHeight;
  }

  /**
   * @param {Found | undefined} found what the file of detections says of this frame, undefined while it is not there
   * @param {number} threshold
   * @param {number} lines how many lines of text are as high as a picture
   */
  draw(found, threshold, lines) {
    const boxes = found ? [modelBoxes(found, threshold), userBoxes(found, threshold)] : [[], []];
    this.#sides.forEach((side, number) => {
      const labeled = boxes[number].map((box) => ({ ...box, color: this.#colors[box.label] }));
      drawBoxes(find(side, "svg", SVGSVGElement), this.#frame, labeled, lines);
      const who = find(side, "figcaption", HTMLElement).textContent;
      const what = found ? inWords(boxes[number]) : "loading";
      find(side, "img", HTMLImageElement).alt = `${this.#frame.name}, ${who}: ${what}`;
    });
    const mistakes = found && mistakesOn(found, threshold, "");
    const verdict = find(this.#root, ".pair-verdict", HTMLElement);
    verdict.textContent = mistakes ? mistakesInWords(mistakes) : "loading…";
    verdict.classList.toggle("has-mistakes", Boolean(mistakes?.total));
  }
}
