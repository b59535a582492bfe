// Buttons with data-command run that command. Their tooltips say what it does, by which key, and why it can't be done now.

import { all, byId, closest, say } from "../../shared/elements.js";
import { toldChord } from "./chords.js";
import { TYPED_INTO } from "./keyboard.js";

const TIP_GAP = 6;
// What a hand has done with when it lets go.
const GIVES_BACK = "button:not([type=submit]), input[type=range]";

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {import("./bindings.js").Bindings} bindings
 */
export function listenToButtons(workbench, bindings) {
  const tip = byId("label-tip", HTMLElement);
  const root = byId("label", HTMLElement);
  const stage = byId("stage", HTMLElement);
  const hide = () => {
    tip.hidden = true;
  };

  /** @param {Event} event */
  const point = ({ target }) => {
    const button = closest(target, "[data-command]", HTMLElement);
    const words = button && told(workbench, bindings, button.dataset.command ?? "");
    if (!button || !words) return hide();
    say(tip, words);
    tip.hidden = false;
    place(tip, button);
  };

  const refresh = () => {
    for (const button of all(document, "[data-command]", HTMLElement)) {
      const name = button.dataset.command ?? "";
      const command = workbench.commands.get(name);
      if (!command) continue;
      button.setAttribute("aria-disabled", String(Boolean(command.whyNot?.())));
      button.setAttribute("aria-keyshortcuts", bindings.keysOf(name).map(shortcut).join(" "));
      if (!button.textContent?.trim()) button.setAttribute("aria-label", command.words);
      if (command.now) button.setAttribute("aria-description", command.now());
      if (command.isOn) button.setAttribute("aria-pressed", String(command.isOn()));
    }
  };

  // Captured, and by the window: the document takes the click from a button that is off, which is to say why.
  window.addEventListener(
    "click",
    (event) => {
      const button = closest(event.target, "[data-command]", HTMLElement);
      if (!button) return;
      const isOff = button.getAttribute("aria-disabled") === "true";
      workbench.run(button.dataset.command ?? "");
      if (isOff) point(event);
      else hide();
    },
    { capture: true },
  );
  // The next key is for the frame, unless the keyboard is what clicked.
  root.addEventListener("pointerup", ({ target }) => {
    if (closest(target, GIVES_BACK, HTMLElement)) setTimeout(() => giveBack(stage));
  });
  document.addEventListener("pointerover", (event) => {
    // A finger points nowhere; it asks a button that is off.
    const isAsked = closest(event.target, "[data-command][aria-disabled=true]", HTMLElement) !== null;
    if (event.pointerType === "mouse" || isAsked) point(event);
    else hide();
  });
  document.addEventListener("focusin", (event) => {
    // The frame gets the focus after every click: what the click has asked stays.
    if (closest(event.target, "[data-command]:focus-visible", HTMLElement)) point(event);
    else if (event.target !== stage) hide();
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  for (const what of ["frame", "selection", "labels", "changed"]) workbench.addEventListener(what, soon(refresh));
  workbench.frames.addEventListener("change", soon(refresh));
  bindings.addEventListener("change", soon(refresh));
  refresh();
}

/** @param {HTMLElement} stage */
function giveBack(stage) {
  const isTyping = closest(document.activeElement, TYPED_INTO, HTMLElement) !== null;
  if (!isTyping && !document.querySelector("dialog[open]")) stage.focus({ preventScroll: true });
}

/**
 * Several changes in a row are one.
 *
 * @param {() => void} run
 */
export function soon(run) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      run();
    });
  };
}

/**
 * @param {import("../workbench.js").Workbench} workbench
 * @param {import("./bindings.js").Bindings} bindings
 * @param {string} name
 */
function told({ commands }, bindings, name) {
  const command = commands.get(name);
  if (!command) return "";
  const keys = bindings.keysOf(name).slice(0, 2).map(toldChord).join(" or ");
  const words = command.now?.() || command.words;
  return [keys ? `${words} (${keys})` : words, command.whyNot?.()].filter(Boolean).join(". ");
}

/** @param {string} key */
function shortcut(key) {
  return key.replace("Ctrl+", "Control+").replace(/ $/, "Space");
}

/**
 * @param {HTMLElement} tip
 * @param {HTMLElement} button
 */
function place(tip, button) {
  const { left, top, bottom } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const isBelow = bottom + TIP_GAP + height < window.innerHeight;
  tip.style.left = `${Math.max(TIP_GAP, Math.min(left, window.innerWidth - width - TIP_GAP))}px`;
  tip.style.top = `${isBelow ? bottom + TIP_GAP : top - TIP_GAP - height}px`;
}
