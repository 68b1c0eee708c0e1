/**
 * The list of entries: what is bundled from which source into which file.
 *
 * Each entry becomes a file of its own, so that nothing an entry imports can reach another one. Only those that are the
 * engine share a file: the shim, of which they are the ways to start it. One that works on the engine imports the main
 * entry by the package's name: an engine of its own would weigh as much again, and would have to be started apart.
 * The names here and the paths of the exports map in ../package.json are the same.
 */

/**
 * @typedef {object} Entry
 * @property {string} name output path under dist/, without extension
 * @property {string} source path from the root of the repository
 * @property {("esm" | "cjs")[]} formats
 * @property {boolean} types whether it has type declarations of its own
 * @property {"neutral" | "node"} platform only a `node` entry may import `node:` modules
 * @property {boolean} [usesMain] whether it works on the engine of the main entry
 * @property {boolean} [startsShim] whether it is a way to start the shim
 */

/** @type {readonly Entry[]} */
export const entries = [
  { name: "index", source: "js/entries/index.ts", formats: ["esm", "cjs"], types: true, platform: "neutral", startsShim: true },
  { name: "workerd", source: "js/entries/workerd.ts", formats: ["esm"], types: false, platform: "neutral", startsShim: true },
  { name: "edge-light", source: "js/entries/edge-light.ts", formats: ["esm"], types: false, platform: "neutral", startsShim: true },
  { name: "slim", source: "js/entries/slim.ts", formats: ["esm", "cjs"], types: true, platform: "neutral", startsShim: true },
  { name: "conformance", source: "js/conformance/index.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "lint", source: "js/lint/index.ts", formats: ["esm", "cjs"], types: true, platform: "neutral", usesMain: true },
  { name: "messages/de", source: "js/messages/de.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "messages/en", source: "js/messages/en.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "stores/memory", source: "js/stores/memory.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "stores/postgres", source: "js/stores/postgres.ts", formats: ["esm", "cjs"], types: true, platform: "neutral" },
  { name: "stores/sqlite", source: "js/stores/sqlite.ts", formats: ["esm", "cjs"], types: true, platform: "node" },
];

/** Beside the entries, and none itself: the exports map does not have it. */
export const shim = { name: "shim", source: "js/entries/shim.ts", formats: ["esm", "cjs"], types: false, platform: "neutral" };

/** In the package of the trap test, this stands where index stands. */
export const trapSource = "js/entries/trap.ts";
