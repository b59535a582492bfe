// Lists that are drawn again while a person may be pressing one of their rows: a row that stays keeps its elements.

import { query } from "./elements.js";

/**
 * Show the rows in a list. A button that was there before is the same as before, so that a click that began on it counts.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 * @param {string} key the attribute in a row that says which one it is
 */
export function showRows(list, rows, key) {
  const there = /** @type {HTMLElement[]} */ ([...list.children]);
  const known = new Map(there.map((row) => [keyOf(row, key), row]));
  const shown = rows.map((made) => {
    const row = known.get(keyOf(made, key));
    if (row) become(row, made);
    return row ?? made;
  });
  for (const row of there) if (!shown.includes(row)) row.remove();
  shown.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
}

/**
 * @param {HTMLElement} row
 * @param {string} key
 */
function keyOf(row, key) {
  return query(row, `[${key}]`, HTMLElement)?.getAttribute(key);
}

/**
 * Make an element like another of its kind.
 *
 * @param {Element} element
 * @param {Element} made
 */
function become(element, made) {
  for (const name of element.getAttributeNames()) if (!made.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of made.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  const [before, after] = [[...element.childNodes], [...made.childNodes]];
  const isAlike =
    before.length === after.length && before.every(({ nodeName }, place) => nodeName === after[place].nodeName);
  if (!isAlike) return element.replaceChildren(...after);
  before.forEach((node, place) => {
    const other = after[place];
    if (node instanceof Element && other instanceof Element) become(node, other);
    else if (node.nodeValue !== other.nodeValue) node.nodeValue = other.nodeValue;
  });
}
