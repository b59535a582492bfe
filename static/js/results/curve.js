// The points of a precision-recall curve, and which of them is meant.

/**
 * A point that was measured: what counts from this score on.
 * @typedef {[score: number, precision: number, recall: number]} Point
 */

/**
 * Return the place of the point whose score is nearest to this one.
 *
 * @param {Point[]} points
 * @param {number} score
 */
export function nearestByScore(points, score) {
  return placeOfSmallest(points.map(([own]) => Math.abs(own - score)));
}

/**
 * Return the place of the point that is drawn nearest to a place in the picture.
 *
 * @param {Point[]} points
 * @param {(point: Point) => { x: number, y: number }} drawnAt
 * @param {{ x: number, y: number }} here
 */
export function nearestByPlace(points, drawnAt, here) {
  return placeOfSmallest(
    points.map((point) => {
      const { x, y } = drawnAt(point);
      return Math.hypot(x - here.x, y - here.y);
    }),
  );
}

/**
 * Return a point as the values of the page's sentence.
 *
 * @param {Point} point
 */
export function valuesOf([, precision, recall]) {
  const [right, found] = [precision, recall].map((part) => Math.round(100 * part));
  return { precision: precision.toFixed(2), recall: recall.toFixed(2), right, found };
}

/** @param {number[]} numbers */
function placeOfSmallest(numbers) {
  return numbers.indexOf(Math.min(...numbers));
}
