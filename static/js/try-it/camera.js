// The cameras of this computer, one of them open at a time.

// The name of an error of getUserMedia -> the note that says what to do.
const NOTES = { NotAllowedError: "denied", NotFoundError: "no-camera", NotReadableError: "busy", AbortError: "busy" };

// `note` names the sentence that says why, and what to do.
class CameraRefused extends Error {
  constructor(note) {
    super(note);
    this.note = note;
  }
}

export class Camera {
  #stream = null;

  // Opens the camera of that id, or the one that the browser prefers, and returns its stream. Throws CameraRefused.
  async open(id, ended) {
    this.close();
    // Browsers hide cameras from pages that came over a connection that others can read.
    if (!navigator.mediaDevices) throw new CameraRefused("insecure");
    try {
      const video = id ? { deviceId: { exact: id } } : true;
      this.#stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      throw new CameraRefused(NOTES[error.name] ?? "no-camera");
    }
    this.#stream.getVideoTracks()[0].onended = ended;
    return this.#stream;
  }

  close() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
  }

  // Puts the cameras into a <select>; their names are known once one was allowed.
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
