// The picture or the video that the model looks at: shown one at a time, looked at again when it changes.

const picture = document.getElementById("picture");
const video = document.getElementById("video");

function sizeOf(element) {
  return { width: element.naturalWidth || element.videoWidth, height: element.naturalHeight || element.videoHeight };
}

// Without requestVideoFrameCallback a frame of a paused video is looked at more than once.
function onNextFrame(act) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(act);
  else requestAnimationFrame(act);
}

export class Stage {
  #look;
  #address = "";
  #showing = 0; // counts what was shown, so that an answer about something else is told apart

  // `look(element, size, isMoving)`: called with what is to be looked at; a promise that ends when that is done.
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

  // Throws what decode() throws for a file that is no picture.
  async showPicture(address) {
    this.clear();
    picture.src = address;
    if (!(await this.#stillShown(picture.decode()))) return;
    picture.hidden = false;
    await this.again();
  }

  showFile(file) {
    const address = URL.createObjectURL(file);
    const shown = file.type.startsWith("video/") ? this.#showVideo({ src: address }) : this.showPicture(address);
    this.#address = address;
    return shown;
  }

  showStream(stream) {
    return this.#showVideo({ srcObject: stream });
  }

  // Looks once more at what is shown, which a new model asks for.
  async again() {
    if (!picture.hidden) await this.#look(picture, sizeOf(picture), false);
    if (video.hidden) return;
    this.#follow(++this.#showing);
    if (video.paused) await this.#lookAtVideo();
  }

  step(seconds) {
    video.pause();
    video.currentTime += seconds;
  }

  // Throws what play() throws for a file that cannot be played.
  async #showVideo(source) {
    this.clear();
    Object.assign(video, source);
    video.hidden = false;
    video.controls = !source.srcObject;
    this.#follow(this.#showing);
    await this.#stillShown(video.play());
  }

  // Whether what is being loaded is wanted when it is there; a failure counts only then.
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
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await this.#look(video, sizeOf(video), true);
  }

  // Looks at each new frame; at the newest alone of those that come during a look, so that a paused video's is never missed.
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
  }
}
