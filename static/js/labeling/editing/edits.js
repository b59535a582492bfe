// What a person changed in frames: how it is undone, and how several changes become one.

/**
 * Corners in pixels of the frame.
 * @typedef {[xmin: number, ymin: number, xmax: number, ymax: number]} Corners
 *
 * A box as a person sees it. `name`: of its label. `track`: the key of the object that it follows.
 * @typedef {{ label: number, name: string, corners: Corners, origin: string, confirmed: boolean, track: string | null }} Look
 *
 * @typedef {{ key: string, before: Look | null, after: Look | null }} BoxEdit
 * @typedef {{ before: boolean, after: boolean }} Mark
 * Whether an object is said to be gone from the frame on.
 * @typedef {Mark & { track: string }} GoneEdit
 *
 * @typedef {{ frame: number, boxes: BoxEdit[], finished: Mark | null, ignored: Mark | null, gone?: GoneEdit[] }} FrameEdit
 */

/**
 * Return an edit of one frame that changes these boxes.
 *
 * @param {number} frame
 * @param {BoxEdit[]} boxes
 * @param {{ finished?: Mark, ignored?: Mark }} [marks]
 * @returns {FrameEdit}
 */
export function frameEdit(frame, boxes, { finished, ignored } = {}) {
  return { frame, boxes, finished: finished ?? null, ignored: ignored ?? null };
}

/**
 * Return the edits that undo these.
 *
 * @param {FrameEdit[]} edits
 * @returns {FrameEdit[]}
 */
export function inverse(edits) {
  return edits.toReversed().map((edit) => ({
    frame: edit.frame,
    boxes: edit.boxes.toReversed().map(({ key, before, after }) => ({ key, before: after, after: before })),
    finished: turned(edit.finished),
    ignored: turned(edit.ignored),
    ...(edit.gone && { gone: edit.gone.map(({ track, before, after }) => ({ track, before: after, after: before })) }),
  }));
}

/**
 * Return edits of a tracker's boxes as if a person had drawn those that she corrected: there was none before.
 *
 * @param {FrameEdit[]} edits
 * @param {Set<string>} tracks the keys of the objects that the tracker followed
 * @returns {FrameEdit[]}
 */
export function asDrawn(edits, tracks) {
  const isMade = (/** @type {Look | null} */ look) =>
    look?.origin === "tracked" && !look.confirmed && look.track !== null && tracks.has(look.track);
  return edits
    .map((edit) => ({
      ...edit,
      boxes: edit.boxes
        .map((box) => (isMade(box.before) ? { ...box, before: null } : box))
        .filter(({ before, after }) => before || after),
    }))
    .filter(({ boxes, finished, ignored, gone }) => boxes.length || finished || ignored || gone?.length);
}

/**
 * Return the edits as one for each frame and box: from what was seen first to what was left last.
 *
 * @param {FrameEdit[]} edits
 * @returns {FrameEdit[]}
 */
export function combined(edits) {
  /** @type {Map<number, FrameEdit>} */
  const byFrame = new Map();
  for (const edit of edits) {
    const known = byFrame.get(edit.frame);
    byFrame.set(edit.frame, known ? joined(known, edit) : edit);
  }
  return [...byFrame.values()];
}

/** @param {Mark | null} mark */
function turned(mark) {
  return mark && { before: mark.after, after: mark.before };
}

/**
 * @param {FrameEdit} first
 * @param {FrameEdit} second
 * @returns {FrameEdit}
 */
function joined(first, second) {
  const boxes = new Map(first.boxes.map((box) => [box.key, box]));
  for (const box of second.boxes) {
    boxes.set(box.key, { ...box, before: (boxes.get(box.key) ?? box).before });
  }
  return {
    frame: first.frame,
    boxes: [...boxes.values()],
    finished: joinedMark(first.finished, second.finished),
    ignored: joinedMark(first.ignored, second.ignored),
    ...joinedGone(first.gone, second.gone),
  };
}

/**
 * @param {Mark | null} first
 * @param {Mark | null} second
 */
function joinedMark(first, second) {
  return first && second ? { before: first.before, after: second.after } : (second ?? first);
}

/**
 * @param {GoneEdit[] | undefined} first
 * @param {GoneEdit[] | undefined} second
 */
function joinedGone(first = [], second = []) {
  const gone = new Map(first.map((one) => [one.track, one]));
  for (const one of second) gone.set(one.track, { ...one, before: (gone.get(one.track) ?? one).before });
  return gone.size ? { gone: [...gone.values()] } : {};
}
