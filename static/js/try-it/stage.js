// The picture or the video that the model looks at: shown one at a time, looked at again when it changes.

import { byId } from "../shared/elements.js";

/**
 * @typedef {import("../shared/boxes.js").Size} Size
 *
 * Called with what is to be looked at; ends when that is done.
 * @typedef {(element: HTMLImageElement | HTMLVideoElement, size: Size, isMoving: boolean) => Promise<void>} LookAt
 */

const picture = byId("picture", HTMLImageElement);
const video = byId("video", HTMLVideoElement);

/**
 * Without requestVideoFrameCallback a frame of a paused video is looked at more than once.
 *
 * @param {() => void} act
 */
function onNextFrame(act) {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(act);
  else requestAnimationFrame(act);
}

export class Stage {
  #look;
  #address = "";
  #showing = 0; // counts what was shown, so that an answer about something else is told apart

  /** @param {LookAt} look */
  constructor(look) {
    this.#look = look;
  }

  clear() {
    this.#showing++;
    video.pause();
    video.removeAttribute("src");
    video.srcObject = null;
    picture.removeAttribute("src");
    URL.revokeObjectURL(this.#address);
    this.#address = "";
    picture.hidden = video.hidden = true;
  }

  /**
   * Show a picture. Throws what decode() throws for a file that is none.
   *
   * @param {string} address
   */
  async showPicture(address) {
    this.clear();
    picture.src = address;
    if (!(await this.#stillShown(picture.decode()))) return;
    picture.hidden = false;
    await this.again();
  }

  /** @param {File} file */
  showFile(file) {
    const address = URL.createObjectURL(file);
    const shown = file.type.startsWith("video/") ? this.#showVideo({ src: address }) : this.showPicture(address);
    this.#address = address;
    return shown;
  }

  /** @param {MediaStream} stream */
  showStream(stream) {
    return this.#showVideo({ srcObject: stream });
  }

  /** Look once more at what is shown, which a new model asks for. */
  async again() {
    const { naturalWidth: width, naturalHeight: height } = picture;
    if (!picture.hidden) await this.#look(picture, { width, height }, false);
    if (video.hidden) return;
    this.#follow(++this.#showing);
    if (video.paused) await this.#lookAtVideo();
  }

  /** @param {number} seconds */
  step(seconds) {
    video.pause();
    video.currentTime += seconds;
  }

  /**
   * Show a video. Throws what play() throws for a file that cannot be played.
   *
   * @param {{ src: string } | { srcObject: MediaStream }} source
   */
  async #showVideo(source) {
    this.clear();
    Object.assign(video, source);
    video.hidden = false;
    video.controls = "src" in source;
    this.#follow(this.#showing);
    await this.#stillShown(video.play());
  }

  /**
   * Return whether what is being loaded is wanted when it is there; a failure counts only then.
   *
   * @param {Promise<void>} loading
   */
  async #stillShown(loading) {
    const showing = this.#showing;
    try {
      await loading;
    } catch (error) {
      if (showing === this.#showing) throw error;
    }
    return showing === this.#showing;
  }

  async #lookAtVideo() {
    const { videoWidth: width, videoHeight: height } = video;
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await this.#look(video, { width, height }, true);
  }

  /**
   * Look at each new frame; at the newest alone of those that come during a look, so that a paused video's is never missed.
   *
   * @param {number} showing
   */
  #follow(showing) {
    let isLooking = false;
    let hasNewFrame = false;
    const look = async () => {
      hasNewFrame = true;
      if (isLooking) return;
      isLooking = true;
      while (hasNewFrame && showing === this.#showing) {
        hasNewFrame = false;
        await this.#lookAtVideo();
      }
      isLooking = false;
    };
    const next = () =>
      onNextFrame(() => {
        if (showing !== this.#showing) return;
        next();
        look();
      });
    next();
    // A browser that is busy may not tell of the frame that a paused video jumps to.
    video.onseeked = look;
  }
}
