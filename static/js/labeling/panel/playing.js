// Plays the frames forward and back, each as long as it was in the video. A picture that isn't there yet is waited for.

import { byId, say } from "../../shared/elements.js";

/** @typedef {import("../workbench.js").Command} Command */

// Of a frame without a time, as in a set of pictures.
const SECONDS = 0.25;
const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];
const AS_FILMED = 3;

export class Playing {
  #workbench;
  #pictures;
  #speed = AS_FILMED;
  /** 1 forward, -1 back, 0 while it stands still. */
  #direction = 0;
  #due = 0;
  /** The frame that playing itself shows. */
  #shown = -1;

  /**
   * @param {import("../workbench.js").Workbench} workbench
   * @param {import("../canvas/pictures.js").Pictures} pictures
   */
  constructor(workbench, pictures) {
    this.#workbench = workbench;
    this.#pictures = pictures;
    workbench.addEventListener("frame", () => {
      if (workbench.number !== this.#shown) this.stop();
    });
    this.#tellSpeed();
  }

  /** @returns {Command[]} */
  get commands() {
    const group = "Playing";
    return [
      {
        name: "play",
        group,
        words: "Play, or stop",
        keys: ["p"],
        run: () => this.#turn(1),
        isOn: () => this.#direction === 1,
      },
      {
        name: "play-back",
        group,
        words: "Play backward, or stop",
        keys: ["Shift+p"],
        run: () => this.#turn(-1),
        isOn: () => this.#direction === -1,
      },
      { name: "slower", group, words: "Play slower", keys: ["["], run: () => this.#change(-1) },
      { name: "faster", group, words: "Play faster", keys: ["]"], run: () => this.#change(1) },
    ];
  }

  stop() {
    if (!this.#direction) return;
    this.#direction = 0;
    this.#tell();
  }

  /** @param {number} direction */
  #turn(direction) {
    const isOn = this.#direction === direction;
    this.#direction = isOn ? 0 : direction;
    this.#tell();
    if (isOn) return;
    this.#due = performance.now() + this.#gap();
    requestAnimationFrame((now) => this.#tick(now, direction));
  }

  /** @param {number} by */
  #change(by) {
    this.#speed = Math.max(0, Math.min(this.#speed + by, SPEEDS.length - 1));
    this.#tellSpeed();
  }

  /**
   * @param {number} now
   * @param {number} direction
   */
  #tick(now, direction) {
    if (this.#direction !== direction) return;
    const next = this.#workbench.number + direction;
    if (next < 0 || next >= this.#workbench.total) return this.stop();
    if (now >= this.#due && this.#pictures.isReady(next) && this.#workbench.frames.get(next)) {
      this.#shown = next;
      this.#workbench.show(next);
      // After a wait the frames come as fast as before, not all at once.
      this.#due = Math.max(this.#due, now - this.#gap()) + this.#gap();
    }
    requestAnimationFrame((later) => this.#tick(later, direction));
  }

  /** How long the shown frame stays, in milliseconds. */
  #gap() {
    const { frames, number } = this.#workbench;
    const here = frames.get(number)?.seconds;
    const next = frames.get(number + this.#direction)?.seconds;
    const seconds = here == null || next == null ? SECONDS : Math.abs(next - here);
    return (seconds * 1000) / SPEEDS[this.#speed];
  }

  #tellSpeed() {
    say(byId("play-speed", HTMLElement), `${SPEEDS[this.#speed]}×`);
  }

  #tell() {
    this.#workbench.dispatchEvent(new CustomEvent("changed"));
  }
}
