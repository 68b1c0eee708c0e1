/**
 * The built page, read once at start. A request can only name what was read then, so no path leads anywhere else.
 */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

/** @typedef {{ content: Buffer, type: string, isForever: boolean }} Asset */

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * @param {string} folder
 * @returns {Promise<ReadonlyMap<string, Asset>>} By request path.
 */
export async function loadAssets(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const assets = await Promise.all(files.map(async (file) => {
    const name = `/${path.relative(folder, file).split(path.sep).join("/")}`;
    const type = TYPES[path.extname(file)] ?? "application/octet-stream";
    // The builder puts a hash of the content into the names of this folder.
    const asset = { content: await readFile(file), type, isForever: name.startsWith("/assets/") };
    return /** @type {const} */ ([pathOf(name), asset]);
  }));
  return new Map(assets);
}

/** A page is found without its ending: `/staff.html` is `/staff`, `/index.html` is `/`. */
function pathOf(/** @type {string} */ name) {
  return name === "/index.html" ? "/" : name.replace(/\.html$/, "");
}
