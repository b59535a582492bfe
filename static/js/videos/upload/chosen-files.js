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
