// What every request of a page says, as htmx sends it: whose page it is, and that the page itself asks.

/** @returns {Record<string, string>} */
export function requestHeaders() {
  return { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
}
