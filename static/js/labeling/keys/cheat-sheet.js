// The cheat sheet: every command with its keys, which a person can change here.

import { byId, closest, copyOf, find } from "../../shared/elements.js";
import { filled } from "../../shared/words.js";
import { chordOf, toldChord } from "./chords.js";

/**
 * @typedef {import("../workbench.js").Command} Command
 * @typedef {import("./bindings.js").Bindings} Bindings
 */

export class CheatSheet {
  #workbench;
  #bindings;
  #dialog = byId("cheat-sheet", HTMLDialogElement);
  #words = find(this.#dialog, "[data-said]", HTMLElement);
  /** The name of the command that waits for its new key. */
  #waiting = "";

  /**
   * @param {import("../workbench.js").Workbench} workbench
   * @param {Bindings} bindings
   */
  constructor(workbench, bindings) {
    this.#workbench = workbench;
    this.#bindings = bindings;
    this.#dialog.addEventListener("click", (event) => this.#click(event));
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#dialog.addEventListener("close", () => this.#say("", {}));
    bindings.addEventListener("change", () => this.#dialog.open && this.#draw());
    bindings.addEventListener("refused", () => this.#say("refused", {}));
  }

  /** @returns {Command} */
  get command() {
    return { name: "cheat-sheet", group: "Help", words: "All keys", keys: ["?"], run: () => this.#open() };
  }

  #open() {
    this.#waiting = "";
    this.#draw();
    this.#dialog.showModal();
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    if (closest(target, "[data-close-sheet]", HTMLElement)) this.#dialog.close();
    if (closest(target, "[data-first-keys]", HTMLElement)) this.#bindings.forget();
    const button = closest(target, "[data-change]", HTMLButtonElement);
    if (button) this.#wait(button.dataset.change ?? "");
  }

  /** @param {string} name */
  #wait(name) {
    this.#waiting = name;
    this.#draw();
    this.#say("press", { command: this.#workbench.commands.get(name)?.words ?? "" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#waiting) return;
    const key = chordOf(event);
    if (!key || key === "Tab" || key === "Shift+Tab") return;
    event.preventDefault();
    const name = this.#waiting;
    this.#waiting = "";
    if (key === "Escape") this.#say("", {});
    else this.#choose(name, key);
    this.#draw();
    this.#focus(name);
  }

  /**
   * @param {string} name
   * @param {string} key
   */
  #choose(name, key) {
    const other = this.#bindings.choose(name, key);
    const command = this.#workbench.commands.get(other?.name ?? name)?.words ?? "";
    this.#say(other ? "taken" : "changed", { key: toldChord(key), command });
  }

  /** @param {string} name */
  #focus(name) {
    find(this.#dialog, `[data-change="${CSS.escape(name)}"]`, HTMLButtonElement).focus();
  }

  /**
   * @param {"" | "press" | "taken" | "changed" | "refused"} what
   * @param {Record<string, string>} values
   */
  #say(what, values) {
    this.#words.textContent = what && filled(this.#dialog.dataset[what], values);
  }

  #draw() {
    const commands = [...this.#workbench.commands.values()];
    const groups = [...new Set(commands.map(({ group }) => group))];
    const parts = groups.map((group) =>
      this.#part(
        group,
        commands.filter((one) => one.group === group),
      ),
    );
    const focused = closest(document.activeElement, "[data-change]", HTMLElement)?.dataset.change;
    find(this.#dialog, "[data-groups]", HTMLElement).replaceChildren(...parts);
    find(this.#dialog, "[data-first-keys]", HTMLButtonElement).hidden = !this.#bindings.isChanged;
    if (focused) this.#focus(focused);
  }

  /**
   * @param {string} group
   * @param {Command[]} commands
   */
  #part(group, commands) {
    const part = copyOf("sheet-group");
    find(part, "h3", HTMLElement).textContent = group;
    find(part, "ul", HTMLElement).append(...commands.map((command) => this.#row(command)));
    return part;
  }

  /** @param {Command} command */
  #row({ name, words }) {
    const row = copyOf("sheet-row");
    const button = find(row, "button", HTMLButtonElement);
    find(row, "[data-command-words]", HTMLElement).textContent = words;
    find(button, "[data-of]", HTMLElement).textContent = words;
    button.dataset.change = name;
    button.classList.toggle("is-waiting", name === this.#waiting);
    for (const key of this.#bindings.keysOf(name)) {
      button.append(" ", Object.assign(document.createElement("kbd"), { textContent: toldChord(key) }));
    }
    return row;
  }
}
