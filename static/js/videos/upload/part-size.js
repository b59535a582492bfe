// How large the parts of an upload are: small on a slow network, so that a part is quickly sent, and large on a fast one.

// The server reads a request up to this size before it costs a thread, and never counts it among the large ones.
export const SMALLEST = 64 * 1024;
const LARGEST = 4 * 1024 * 1024;
const QUICK_MS = 400;
const SLOW_MS = 2_000;

/**
 * Return the size of the next part, by how long the one before took.
 *
 * @param {number} size
 * @param {number} milliseconds
 */
export function nextSize(size, milliseconds) {
  if (milliseconds < QUICK_MS) return Math.min(LARGEST, size * 2);
  return milliseconds > SLOW_MS ? Math.max(SMALLEST, size / 4) : size;
}
