// The code in the Upload dialog that a phone scans: it works as long as the dialog is open.

import { byId, query } from "../../shared/elements.js";
import { requestHeaders } from "./request-headers.js";

/** @type {string | null} */
let ticket = null;

function end() {
  if (!ticket) return;
  // Also while the page is left.
  fetch(ticket, { method: "POST", headers: requestHeaders(), keepalive: true }).catch(() => {});
  ticket = null;
}

export function listenToPhoneCode() {
  document.addEventListener("htmx:afterSettle", () => {
    const shown = query(document, "[data-ticket]", HTMLElement)?.dataset.ticket ?? null;
    if (shown === ticket) return;
    if (shown) end();
    ticket = shown ?? ticket;
  });
  // What has come stands in the table.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target instanceof Element && target.matches("[data-arriving]")) {
      document.body.dispatchEvent(new CustomEvent("list-changed"));
    }
  });
  byId("dialog", HTMLDialogElement).addEventListener("close", end);
  addEventListener("pagehide", end);
}
