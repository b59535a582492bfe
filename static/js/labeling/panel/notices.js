// Notices of the label page. Their words stand in templates/videos/label/parts/words.html.

import { show } from "../../every-page/messages.js";
import { copyOf, find } from "../../shared/elements.js";
import { filled } from "../../shared/words.js";

/**
 * Show a notice with the values in place of their names.
 *
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function tell(name, values = {}) {
  const notice = copyOf(`notice-${name}`);
  const words = find(notice, "p", HTMLElement);
  words.textContent = filled(words.textContent ?? "", values);
  show(notice.outerHTML);
}
