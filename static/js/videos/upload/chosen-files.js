// Files that a person has chosen or dropped: videos become one each, pictures one together, and a zip file one as well.

/** @typedef {import("./video-upload.js").Chosen} Chosen */

/**
 * @typedef {{ kind: string, files: File[], description: string }} Group
 */

/**
 * Return what the files become. What a file is its name says, or else the browser.
 *
 * @param {File[]} files
 * @param {DOMStringMap} kinds the endings of names, as the server has them
 * @returns {Group[]}
 */
export function grouped(files, kinds) {
  const { pictures = "", archives = "", longest = "" } = kinds;
  /** @type {Group[]} */
  const groups = [];
  for (const file of files) {
    if (isOfSystem(file)) continue;
    const kind = kindOf(file, pictures, archives);
    const set = kind === "pictures" ? groups.find((group) => group.kind === kind) : null;
    if (set) set.files.push(file);
    else groups.push({ kind, files: [file], description: describe(file, kind, Number(longest)) });
  }
  return groups;
}

/**
 * Return the files that were dropped, with those of folders, each of which knows its path as a chosen one does.
 *
 * @param {DataTransfer} dropped
 */
export async function droppedFiles(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...dropped.files];
  return (await Promise.all(entries.map((entry) => (entry ? filesBelow(entry) : [])))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function filesBelow(entry) {
  if (entry.isFile) {
    const { file: read } = /** @type {FileSystemFileEntry} */ (entry);
    const file = await new Promise((resolve, reject) => read.call(entry, resolve, reject));
    return [Object.defineProperty(file, "webkitRelativePath", { value: entry.fullPath.replace(/^\//, "") })];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const inside = [];
  // A browser tells some of a folder's entries at a time, and none at its end.
  for (let some = await next(reader); some.length; some = await next(reader)) inside.push(...some);
  return (await Promise.all(inside.map(filesBelow))).flat();
}

/**
 * @param {FileSystemDirectoryReader} reader
 * @returns {Promise<FileSystemEntry[]>}
 */
function next(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/**
 * Return what tells each file from all others, so that choosing it again resumes it; "" for what comes from a camera.
 *
 * Of copies in several folders, which look the same, each has its number.
 *
 * @param {(File | ReadableStreamDefaultReader<Uint8Array>)[]} sources
 */
export function keysOf(sources) {
  /** @type {Map<string, number>} */
  const times = new Map();
  return sources.map((source) => {
    if (!(source instanceof File)) return "";
    const key = `${source.name} ${source.size} ${source.lastModified}`;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return time > 1 ? `${key} ${time}` : key;
  });
}

/** Whether a system keeps the file in folders for itself. @param {File} file */
function isOfSystem(file) {
  return Boolean(file.webkitRelativePath) && /^(\..*|thumbs\.db|desktop\.ini)$/i.test(file.name);
}

/**
 * @param {File} file
 * @param {string} pictures
 * @param {string} archives
 */
function kindOf(file, pictures, archives) {
  const name = file.name.toLowerCase();
  /** @param {string} endings */
  const ends = (endings) => endings.split(",").some((ending) => ending && name.endsWith(ending));
  if (ends(archives)) return "archive";
  return ends(pictures) || file.type.startsWith("image/") ? "pictures" : "video";
}

/**
 * @param {File} file
 * @param {string} kind
 * @param {number} longest
 */
function describe(file, kind, longest) {
  const folder = kind === "pictures" ? file.webkitRelativePath.split("/")[0] : "";
  const words = (folder || file.name.replace(/\.\w+$/, "")).replace(/[_\s]+/g, " ").trim();
  return words.slice(0, longest).trim();
}
