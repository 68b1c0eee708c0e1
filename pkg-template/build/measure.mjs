/**
 * Prints `raw gzip brotli` in bytes, one line per file: `node measure.mjs <file>...`.
 */
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const content = readFileSync(file);
  const gzip = gzipSync(content, { level: 9 });
  const brotli = brotliCompressSync(content);
  console.log(content.length, gzip.length, brotli.length);
}
