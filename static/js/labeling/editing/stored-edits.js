// Edits that aren't saved yet, kept in the browser through a closed lid, a crash, or a lost network.

/**
 * `video` and `owner` (the page's person and team) tell whose they are.
 * @typedef {{ id: number, video: string, owner: string, edits: import("./edits.js").FrameEdit[] }} Entry
 *
 * @typedef {{ all(): Promise<Entry[]>, add(edits: import("./edits.js").FrameEdit[]): Promise<Entry>,
 *   remove(ids: number[]): Promise<void> }} EditStore
 */

const DATABASE = "ftcml-labeling";
const EDITS = "edits";

/**
 * Return the store of one page's edits. Where the browser keeps nothing, as in some private windows, they are in memory.
 *
 * @param {string} video
 * @param {string} owner
 * @returns {Promise<EditStore>}
 */
export async function storedEdits(video, owner) {
  try {
    return new StoredEdits(await opened(), video, owner);
  } catch {
    return new EditsInMemory(video, owner);
  }
}

/** @implements {EditStore} */
export class EditsInMemory {
  /** @type {Entry[]} */
  #entries = [];
  #next = 1;

  /**
   * @param {string} video
   * @param {string} owner
   */
  constructor(video, owner) {
    this.video = video;
    this.owner = owner;
  }

  async all() {
    return [...this.#entries];
  }

  /** @param {import("./edits.js").FrameEdit[]} edits */
  async add(edits) {
    const entry = { id: this.#next++, video: this.video, owner: this.owner, edits };
    this.#entries.push(entry);
    return entry;
  }

  /** @param {number[]} ids */
  async remove(ids) {
    this.#entries = this.#entries.filter((entry) => !ids.includes(entry.id));
  }
}

/** @implements {EditStore} */
class StoredEdits {
  #database;

  /**
   * @param {IDBDatabase} database
   * @param {string} video
   * @param {string} owner
   */
  constructor(database, video, owner) {
    this.#database = database;
    this.video = video;
    this.owner = owner;
  }

  /** @returns {Promise<Entry[]>} */
  async all() {
    /** @type {Entry[]} */
    const entries = await done(this.#edits("readonly").getAll());
    return entries.filter((entry) => entry.video === this.video && entry.owner === this.owner);
  }

  /** @param {import("./edits.js").FrameEdit[]} edits */
  async add(edits) {
    const entry = { video: this.video, owner: this.owner, edits };
    const id = Number(await done(this.#edits("readwrite").add(entry)));
    return { ...entry, id };
  }

  /** @param {number[]} ids */
  async remove(ids) {
    const edits = this.#edits("readwrite");
    await Promise.all(ids.map((id) => done(edits.delete(id))));
  }

  /** @param {IDBTransactionMode} mode */
  #edits(mode) {
    // An edit is on the disk before the page says that it is kept.
    return this.#database.transaction(EDITS, mode, { durability: "strict" }).objectStore(EDITS);
  }
}

function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(EDITS, { keyPath: "id", autoIncrement: true });
  return done(request);
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
