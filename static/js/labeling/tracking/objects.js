// The objects of the video as the page's frames show them: which boxes carry a track, and where.

/**
 * @typedef {import("../editing/frames.js").Box} Box
 * @typedef {import("../editing/frames.js").Frames} Frames
 *
 * Frames in a row with a box of the object. `isOpen`: one that nobody has confirmed yet.
 * @typedef {{ first: number, last: number, isOpen: boolean }} Stretch
 *
 * `box` is its first one, `keyframes` are the numbers of frames in which a person set it.
 * @typedef {{ track: string, box: Box, stretches: Stretch[], keyframes: number[] }} Thing
 */

/**
 * Return the objects in the order in which they appear.
 *
 * @param {Frames} frames
 * @returns {Thing[]}
 */
export function thingsOf(frames) {
  /** @type {Map<string, Thing>} */
  const things = new Map();
  for (const { number, boxes } of frames.all()) {
    for (const box of boxes) if (box.track) add(things, box.track, box, number);
  }
  return [...things.values()];
}

/**
 * Return the box of an object in a frame.
 *
 * @param {Frames} frames
 * @param {number} number
 * @param {string} track
 */
export function boxOf(frames, number, track) {
  return frames.get(number)?.boxes.find((box) => box.track === track);
}

/**
 * Return the frames in a row around a frame that have a box of the object, confirmed or not; null where it has none there.
 *
 * @param {Thing} thing
 * @param {number} number
 */
export function rowAround({ stretches }, number) {
  let place = stretches.findIndex(({ first, last }) => first <= number && number <= last);
  if (place < 0) return null;
  let end = place;
  while (stretches[place - 1]?.last === stretches[place].first - 1) place -= 1;
  while (stretches[end + 1]?.first === stretches[end].last + 1) end += 1;
  return { first: stretches[place].first, last: stretches[end].last };
}

/**
 * @param {Map<string, Thing>} things
 * @param {string} track
 * @param {Box} box
 * @param {number} number
 */
function add(things, track, box, number) {
  const thing = things.get(track) ?? { track, box, stretches: [], keyframes: [] };
  things.set(track, thing);
  const last = thing.stretches.at(-1);
  if (last && last.last === number - 1 && last.isOpen === !box.confirmed) last.last = number;
  else thing.stretches.push({ first: number, last: number, isOpen: !box.confirmed });
  if (box.origin === "drawn" || box.origin === "imported") thing.keyframes.push(number);
}
