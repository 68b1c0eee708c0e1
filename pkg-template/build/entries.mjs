/**
 * The list of entries: what is bundled from which source into which file.
 *
 * Each entry becomes files of its own (no shared chunks), so that nothing an entry imports can reach another one.
 * The names here and the paths of the exports map in ../package.json are the same.
 */

/**
 * @typedef {object} Entry
 * @property {string} name output path under dist/, without extension
 * @property {string} source path from the root of the repository
 * @property {("esm" | "cjs")[]} formats
 * @property {boolean} types whether it has type declarations of its own
 * @property {"neutral" | "node"} platform only a `node` entry may import `node:` modules
 */

/** @type {readonly Entry[]} */
export const entries = [
  { name: "index", source: "js/entries/index.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "workerd", source: "js/entries/workerd.ts", formats: ["esm"], types: false, platform: "neutral" },
  { name: "edge-light", source: "js/entries/edge-light.ts", formats: ["esm"], types: false, platform: "neutral" },
  { name: "slim", source: "js/entries/slim.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "messages/de", source: "js/messages/de.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "messages/en", source: "js/messages/en.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "stores/memory", source: "js/stores/memory.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "stores/sqlite", source: "js/stores/sqlite.ts", formats: ["esm", "cjs"], types: true, platform: "node" },
];

/** In the package of the trap test, this stands where index stands. */
export const trapSource = "js/entries/trap.ts";
