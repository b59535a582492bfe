// A link has its key behind the #, which browsers send to no server. This puts it into the page's form and sends that.
// The address then has no key any more: the next person at this computer doesn't find it in the history.

import { find } from "../shared/elements.js";

const form = find(document, "[data-key-from-address]", HTMLFormElement);
const key = location.hash.slice(1);

if (key) {
  history.replaceState(null, "", location.pathname);
  find(form, "[name=key]", HTMLInputElement).value = key;
  form.requestSubmit();
}
