// The one page of a phone that scanned a code. The key stands behind the # of its address, which no server is sent.

import { byId, find } from "../../shared/elements.js";
import { filled } from "../../shared/words.js";
import { grouped } from "./chosen-files.js";
import { Tray } from "./tray.js";

const key = location.hash.slice(1);
const page = byId("content", HTMLElement);

/** @returns {Record<string, string>} */
const headers = () => ({ "X-Phone-Ticket": key });

async function begin() {
  const answer = await fetch(page.dataset.ticket ?? "", { headers: headers(), cache: "no-store" });
  if (!answer.ok) return over();
  const { team } = await answer.json();
  const words = byId("phone-words", HTMLElement);
  words.textContent = filled(words.dataset.for, { team });
  byId("phone-ways", HTMLElement).hidden = false;
}

function over() {
  byId("phone-over", HTMLElement).hidden = false;
  byId("phone-ways", HTMLElement).hidden = true;
}

/** @param {Tray} tray */
function listen(tray) {
  const field = find(page, "#film", HTMLInputElement);
  field.addEventListener("change", () => {
    const groups = grouped([...(field.files ?? [])], page.dataset);
    tray.add(
      groups.map(({ kind, files, description }) => ({
        name: description,
        kind,
        sources: files,
        metadata: { description },
      })),
    );
    field.value = "";
  });
}

listen(new Tray({ headers, whose: "phone" }, over));
begin().catch(() => {
  byId("phone-offline", HTMLElement).hidden = false;
});
