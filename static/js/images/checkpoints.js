// The checkpoints that the sliders move over, by their steps; a slider's value is a place in this list.

const inWords = new Intl.NumberFormat("en-US");

export class Checkpoints {
  #list;
  #bestStep;

  constructor({ checkpoints, best_step }) {
    this.#list = checkpoints;
    this.#bestStep = best_step;
  }

  get length() {
    return this.#list.length;
  }

  get newestStep() {
    return this.#list.at(-1)?.step ?? 0;
  }

  /** The place to begin at: of the best checkpoint, else of the newest. */
  get first() {
    const best = this.#list.findIndex(({ step }) => step === this.#bestStep);
    return best >= 0 ? best : this.#list.length - 1;
  }

  add({ checkpoints, best_step }) {
    this.#list.push(...checkpoints.filter(({ step }) => step > this.newestStep));
    this.#bestStep = best_step;
  }

  address(place) {
    return this.#list[place].detections;
  }

  advised(place) {
    return this.#list[place].threshold;
  }

  words(place) {
    const { step } = this.#list[place];
    return `Step ${inWords.format(step)}${step === this.#bestStep ? " (best)" : ""}`;
  }

  longWords(place) {
    const precision = this.#list[place].mean_precision;
    return this.words(place) + (precision === null ? ", mAP not known" : `, mAP ${precision.toFixed(2)}`);
  }

  /** Let a slider run over all of them and stand at `place`; `words` is the element that says where. */
  show(slider, words, place) {
    slider.max = this.length - 1;
    slider.value = place;
    slider.setAttribute("aria-valuetext", this.longWords(place));
    words.textContent = this.words(place);
  }
}
