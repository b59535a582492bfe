// Keys as they are written: "ArrowRight", "Shift+ArrowRight", "Ctrl+z", "?".

const WORDS = new Map([
  ["ArrowRight", "→"],
  ["ArrowLeft", "←"],
  ["ArrowUp", "↑"],
  ["ArrowDown", "↓"],
  [" ", "Space"],
  ["Escape", "Esc"],
]);
const MODIFIERS = ["Control", "Shift", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Unidentified"];

/**
 * Return the key of an event, "" for one that is only held.
 *
 * What Shift makes of a digit or a sign is a key of its own. On keyboards with other letters the place of the key counts.
 *
 * @param {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  if (MODIFIERS.includes(key)) return "";
  const isLetter = /^Key[A-Z]$/.test(code) && (altKey || !/^[\x20-\x7e]$/.test(key));
  const name = isLetter ? code.slice(3).toLowerCase() : key.length === 1 ? key.toLowerCase() : key;
  const isShifted = shiftKey && (name.length > 1 || name === " " || /[a-z]/.test(name));
  const held = [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", isShifted ? "Shift" : ""];
  return [...held.filter(Boolean), name].join("+");
}

/**
 * Return a key as people read it: "Shift + →", "Ctrl + Z".
 *
 * @param {string} chord
 */
export function toldChord(chord) {
  const parts = chord === "+" || chord.endsWith("++") ? [...chord.slice(0, -2).split("+"), "+"] : chord.split("+");
  return parts
    .filter(Boolean)
    .map((part) => WORDS.get(part) ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" + ");
}
