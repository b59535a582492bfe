// The operator's banner goes when its button is clicked. The server then leaves it out, for this person in this browser.

import { find, query } from "../shared/elements.js";

const DAYS_KEPT = 30;
const banner = query(document, ".banner", HTMLElement);

if (banner) {
  const button = find(banner, "[data-hide-banner]", HTMLButtonElement);
  button.addEventListener("click", () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https, which a school's server may lack.
    document.cookie = `hidden_banner=${button.dataset.hideBanner}; path=/; max-age=${DAYS_KEPT * 86400}; SameSite=Lax`;
    banner.remove();
  });
}
