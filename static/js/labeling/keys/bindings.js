// The keys of the commands: those that they begin with, and in their place the ones that this person chose.

/**
 * @typedef {import("../workbench.js").Workbench} Workbench
 * @typedef {Record<string, string>} Chosen the key that a person chose, by the name of the command
 */

export class Bindings extends EventTarget {
  #workbench;
  #save;
  /** @type {Chosen} */
  #chosen;

  /**
   * @param {Workbench} workbench
   * @param {Chosen} chosen
   * @param {(chosen: Chosen) => Promise<Response>} save
   */
  constructor(workbench, chosen, save) {
    super();
    this.#workbench = workbench;
    this.#chosen = chosen;
    this.#save = save;
    workbench.addEventListener("commands", () => this.#tell());
  }

  get isChanged() {
    return Object.keys(this.#chosen).length > 0;
  }

  /**
   * Return the keys of a command.
   *
   * @param {string} name
   * @returns {string[]}
   */
  keysOf(name) {
    const chosen = this.#chosen[name];
    if (chosen) return [chosen];
    const taken = Object.values(this.#chosen);
    return (this.#workbench.commands.get(name)?.keys ?? []).filter((key) => !taken.includes(key));
  }

  /**
   * Return the command that a key runs.
   *
   * @param {string} key
   */
  commandOf(key) {
    return [...this.#workbench.commands.values()].find(({ name }) => this.keysOf(name).includes(key));
  }

  /**
   * Give a command a key that no other one has; return the command that has it, where it isn't free. The answer of the
   * server comes later, by `refused`.
   *
   * @param {string} name
   * @param {string} key
   */
  choose(name, key) {
    const other = this.commandOf(key);
    if (other && other.name !== name) return other;
    this.#change({ ...this.#chosen, [name]: key });
    return undefined;
  }

  /** Give all commands the keys again that they began with. */
  forget() {
    this.#change({});
  }

  /** @param {Chosen} chosen */
  #change(chosen) {
    const before = this.#chosen;
    this.#chosen = chosen;
    this.#tell();
    this.#save(chosen)
      .then((answer) => answer.ok)
      .catch(() => false)
      .then((isKept) => {
        if (isKept) return;
        this.#chosen = before;
        this.#tell();
        this.dispatchEvent(new CustomEvent("refused"));
      });
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
