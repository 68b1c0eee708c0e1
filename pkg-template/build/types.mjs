/**
 * Writes one flat type declaration per entry: `node types.mjs <output folder>`.
 *
 * What the index declares is declared once: the other entries refer to it. And it is declared in one module format, in
 * the CommonJS one, because an ES module may import from a CommonJS one and not the other way round: the declarations
 * of the ES modules hand on those.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

import { entries } from "./entries.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [output] = process.argv.slice(2);

/** Modules of which every export is an export of the index too. */
const OF_THE_INDEX = /^js\/(index|(contract|types)\/[^/]+|engine\/api)\.ts$/;

/** Leaves imports of what the index declares as imports of the declaration beside. */
function besideIndex(entry) {
  const toIndex = path.posix.relative(path.posix.dirname(entry.name), "index");
  return {
    name: "beside-index",
    resolveId(source, importer) {
      if (entry.name === "index" || importer === undefined || !source.startsWith(".")) return null;
      const meant = path.relative(root, path.resolve(path.dirname(importer), source)).replace(/\.js$/, ".ts");
      if (!OF_THE_INDEX.test(meant.split(path.sep).join("/"))) return null;
      return { id: `${toIndex.startsWith(".") ? "" : "./"}${toIndex}.cjs`, external: true };
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
  await bundle.write({ file: path.join(output, `${entry.name}.d.cts`), format: "es" });
  await bundle.close();
  const handedOn = `export * from "./${path.basename(entry.name)}.cjs";\n`;
  await writeFile(path.join(output, `${entry.name}.d.ts`), handedOn);
}
