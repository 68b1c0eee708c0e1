/**
 * Writes one flat type declaration per entry: `node types.mjs <output folder>`.
 *
 * An entry that hands on all of the index refers to the index's declaration rather than repeating it. The CommonJS
 * declaration is the same text; only the extensions tell TypeScript the format.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

import { entries } from "./entries.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [output] = process.argv.slice(2);
const index = path.join(root, "js/index.ts");

/** Keeps `export * from "../index.js"` as a reference to the declaration beside. */
function besideIndex(entry) {
  return {
    name: "beside-index",
    resolveId(source, importer) {
      if (entry.name === "index" || importer === undefined) return null;
      const meant = path.resolve(path.dirname(importer), source).replace(/\.js$/, ".ts");
      return meant === index ? { id: "./index.js", external: true } : null;
    },
  };
}

for (const entry of entries.filter(({ types }) => types)) {
  const bundle = await rollup({
    input: path.join(root, entry.source),
    plugins: [besideIndex(entry), dts({ tsconfig: path.join(root, "tsconfig.json") })],
    external: [/^node:/],
    onwarn(warning) {
      throw new Error(`${entry.name}: ${warning.message}`);
    },
  });
  const file = path.join(output, `${entry.name}.d.ts`);
  await bundle.write({ file, format: "es" });
  await bundle.close();
  if (entry.formats.includes("cjs")) {
    const declaration = await readFile(file, "utf8");
    await writeFile(path.join(output, `${entry.name}.d.cts`), declaration.replaceAll("./index.js", "./index.cjs"));
  }
}
