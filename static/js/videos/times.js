// Which frame a moment of a video shows. Frames that nobody took leave gaps, in which the one before stays.

/**
 * A frame's number and the second of the video at which it begins.
 * @typedef {[number: number, seconds: number]} TimedFrame
 */

/**
 * Return the place in `frames` of the last one that has begun at that moment, at least 0.
 *
 * @param {TimedFrame[]} frames in their order
 * @param {number} seconds
 */
export function placeAt(frames, seconds) {
  let first = 0;
  let behind = frames.length;
  while (behind - first > 1) {
    const middle = (first + behind) >> 1;
    if (frames[middle][1] <= seconds) first = middle;
    else behind = middle;
  }
  return first;
}

/**
 * Return the seconds as "1:02.5".
 *
 * @param {number} seconds
 */
export function told(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const rest = String(tenths % 600).padStart(3, "0");
  return `${Math.floor(tenths / 600)}:${rest.slice(0, -1)}.${rest.slice(-1)}`;
}
