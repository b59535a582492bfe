// Sentences stand in the templates, with [names] in them for what only the browser knows.

/**
 * Return the sentence with the values in place of their names.
 *
 * @param {string | undefined} sentence
 * @param {Record<string, string | number>} values
 */
export function filled(sentence, values) {
  return (sentence ?? "").replace(/\[(\w+)\]/g, (name, key) => String(values[key] ?? name));
}
