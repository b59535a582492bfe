// Sentences stand in the templates, with [names] in them for what only the browser knows.

const NUMBERS = new Intl.NumberFormat("en-US");

/**
 * Return a whole number as people read it: 4,100.
 *
 * @param {number} number
 */
export function counted(number) {
  return NUMBERS.format(number);
}

/**
 * Return the sentence with the values in place of their names.
 *
 * @param {string | undefined} sentence
 * @param {Record<string, string | number>} values
 */
export function filled(sentence, values) {
  return (sentence ?? "").replace(/\[(\w+)\]/g, (name, key) => String(values[key] ?? name));
}
