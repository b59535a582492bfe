// The words for how fast an upload is.

const MEGABYTE = 1_000_000;

/**
 * Say how fast it is and how long it still takes.
 *
 * @param {number} loaded
 * @param {number} total
 * @param {number} seconds
 */
export function pace(loaded, total, seconds) {
  const bytesASecond = loaded / seconds;
  const speed = `${(bytesASecond / MEGABYTE).toFixed(1)} MB per second`;
  return `${speed}, ${timeLeft((total - loaded) / bytesASecond)}`;
}

/** @param {number} seconds */
function timeLeft(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return "less than a minute left";
  return `about ${minutes} minutes left`;
}
