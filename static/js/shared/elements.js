// Elements of the page, of the kind that a script counts on. One that is missing, or of another kind, is an error.

/**
 * @template {Element} Kind
 * @typedef {{new (): Kind, prototype: Kind}} KindOf
 */

/**
 * Return the first element below `root` that fits, or null.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {KindOf<Kind>} kind
 */
export function query(root, selector, kind) {
  const found = root.querySelector(selector);
  return found && of(kind, found, selector);
}

/**
 * Return the first element below `root` that fits.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {KindOf<Kind>} kind
 */
export function find(root, selector, kind) {
  return of(kind, root.querySelector(selector), selector);
}

/**
 * Return all elements below `root` that fit.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {KindOf<Kind>} kind
 */
export function all(root, selector, kind) {
  return [...root.querySelectorAll(selector)].map((found) => of(kind, found, selector));
}

/**
 * Return the element with that id.
 *
 * @template {Element} Kind
 * @param {string} id
 * @param {KindOf<Kind>} kind
 */
export function byId(id, kind) {
  return of(kind, document.getElementById(id), `#${id}`);
}

/**
 * Return the element around what an event is about, or that itself, that fits; null where there is none.
 *
 * @template {Element} Kind
 * @param {EventTarget | null} target
 * @param {string} selector
 * @param {KindOf<Kind>} kind
 */
export function closest(target, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found && of(kind, found, selector);
}

/** Put the words there, unless they stand there: a screen reader says a status when it changes, and only then.
 *
 * @param {Element} element
 * @param {string} words
 */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/**
 * Return a copy of the first element in a <template>.
 *
 * @param {string} id
 */
export function copyOf(id) {
  const { firstElementChild } = byId(id, HTMLTemplateElement).content;
  return of(HTMLElement, firstElementChild?.cloneNode(true) ?? null, `#${id} > *`);
}

/**
 * @template {Element} Kind
 * @param {KindOf<Kind>} kind
 * @param {Node | null} found
 * @param {string} selector
 * @returns {Kind}
 */
function of(kind, found, selector) {
  if (found instanceof kind) return found;
  throw new TypeError(`${selector} is ${found ? found.nodeName : "missing"}, and no ${kind.name}.`);
}

/** Parts that ask again by themselves: of a page, and the plan in a dialog. */
export const CATCHES_UP = "[data-live], [data-catches-up]";

/** Typing replaces what stands in the field that has the focus. */
export function selectFocused() {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.select();
}
