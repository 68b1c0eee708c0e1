/**
 * Writes the wasm as a module of text: `node inline.mjs <engine.wasm> <folder>`. js/entries/inlined.ts reads it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const [engine, folder] = process.argv.slice(2);
const text = gzipSync(readFileSync(engine), { level: 9 }).toString("base64");
writeFileSync(path.join(folder, "inline.d.ts"), "export declare const compressedWasm: string;\n");
// Last, because its presence says that the folder is complete.
writeFileSync(path.join(folder, "inline.js"), `export const compressedWasm = "${text}";\n`);
