// One frame twice: what the model found beside what people labelled. In the list, and large in the dialog.

import { draw, inWords, modelBoxes, userBoxes } from "./boxes.js";
import { inWords as mistakesInWords, mistakesOn } from "./mistakes.js";

export class Pair {
  #root;
  #frame;
  #sides;
  #colours;

  /** `root` holds the two figures; `colours`: of the labels. */
  constructor(root, frame, colours) {
    this.#root = root;
    this.#colours = colours;
    this.#sides = ["model", "user"].map((side) => root.querySelector(`[data-side=${side}]`));
    this.change(frame);
  }

  /** Show another frame, without boxes until it is drawn. */
  change(frame) {
    this.#frame = frame;
    for (const side of this.#sides) {
      const picture = side.querySelector("img");
      Object.assign(picture, { width: frame.width, height: frame.height, src: frame.picture });
    }
  }

  /** Pixels that a picture is high on the screen. */
  get height() {
    return this.#sides[0].querySelector("svg").clientHeight;
  }

  /**
   * `found`: what the file of detections says of this frame, undefined while it is not there. `lines`: how many lines of
   * text are as high as a picture.
   */
  draw(found, threshold, lines) {
    const boxes = found ? [modelBoxes(found, threshold), userBoxes(found, threshold)] : [[], []];
    this.#sides.forEach((side, number) => {
      draw(side.querySelector("svg"), this.#frame, boxes[number], this.#colours, lines);
      const who = side.querySelector("figcaption").textContent;
      side.querySelector("img").alt = `${this.#frame.name}, ${who}: ${found ? inWords(boxes[number]) : "not known yet"}`;
    });
    const mistakes = found && mistakesOn(found, threshold, "");
    const verdict = this.#root.querySelector(".pair-verdict");
    verdict.textContent = mistakes ? mistakesInWords(mistakes) : "loading…";
    verdict.classList.toggle("has-mistakes", Boolean(mistakes?.total));
  }
}
