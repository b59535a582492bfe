// What files become, and what tells each from all others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, keysOf } from "../../static/js/videos/upload/chosen-files.js";

const KINDS = { pictures: ".jpg", archives: ".zip", longest: "30" };

/**
 * @param {string} path
 * @param {string} content
 */
function file(path, content = "a") {
  const made = new File([content], path.split("/").at(-1) ?? "", { lastModified: 7 });
  return Object.assign(made, { webkitRelativePath: path.includes("/") ? path : "" });
}

test("what a system keeps in a folder for itself is no video", () => {
  const folder = ["cones/1.jpg", "cones/.DS_Store", "cones/Thumbs.db", "cones/2.jpg"].map((path) => file(path));
  assert.deepEqual(
    grouped(folder, KINDS).map(({ kind, files }) => [kind, files.length]),
    [["pictures", 2]],
  );
});

test("copies in several folders are several files", () => {
  const keys = keysOf([file("a/1.jpg"), file("b/1.jpg"), file("b/2.jpg")]);
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(keysOf([file("a/1.jpg"), file("b/1.jpg")]), keys.slice(0, 2), "the same when chosen again");
});
