// The cameras of this computer, one of them open at a time.

/**
 * The name of an error of getUserMedia -> the note that says what to do.
 * @type {Record<string, string>}
 */
const NOTES = { NotAllowedError: "denied", NotFoundError: "no-camera", NotReadableError: "busy", AbortError: "busy" };

/** `note` names the sentence that says why, and what to do. */
export class CameraRefused extends Error {
  /** @param {string} note */
  constructor(note) {
    super(note);
    this.note = note;
  }
}

export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;

  /**
   * Open the camera of that id, or the one that the browser prefers, and return its stream. Throws CameraRefused.
   *
   * @param {string} id
   * @param {() => void} ended called when the camera is gone
   */
  async open(id, ended) {
    this.close();
    // Browsers hide cameras from pages that came over a connection that others can read.
    if (!navigator.mediaDevices) throw new CameraRefused("insecure");
    try {
      const video = id ? { deviceId: { exact: id } } : true;
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      stream.getVideoTracks()[0].onended = ended;
      this.#stream = stream;
      return stream;
    } catch (error) {
      throw new CameraRefused((error instanceof DOMException && NOTES[error.name]) || "no-camera");
    }
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  /**
   * Put the cameras into a list; their names are known once one was allowed.
   *
   * @param {HTMLSelectElement} select
   */
  async list(select) {
    const here = this.#stream?.getVideoTracks()[0].getSettings().deviceId;
    const devices = await navigator.mediaDevices.enumerateDevices();
    const cameras = devices.filter(({ kind }) => kind === "videoinput");
    select.replaceChildren(
      ...cameras.map(({ deviceId, label }, number) => {
        const isHere = deviceId === here;
        return new Option(label || `Camera ${number + 1}`, deviceId, isHere, isHere);
      }),
    );
  }
}
