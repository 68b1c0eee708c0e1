/**
 * Writes one flat type declaration per entry: `node types.mjs <output folder>`.
 *
 * The CommonJS declaration is a copy: the text is the same, only the extension tells TypeScript the format.
 */
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

import { entries } from "./entries.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [output] = process.argv.slice(2);

for (const entry of entries.filter(({ types }) => types)) {
  const bundle = await rollup({
    input: path.join(root, entry.source),
    plugins: [dts({ tsconfig: path.join(root, "tsconfig.json") })],
    external: [/^node:/],
    onwarn(warning) {
      throw new Error(`${entry.name}: ${warning.message}`);
    },
  });
  const file = path.join(output, `${entry.name}.d.ts`);
  await bundle.write({ file, format: "es" });
  await bundle.close();
  if (entry.formats.includes("cjs")) {
    await copyFile(file, path.join(output, `${entry.name}.d.cts`));
  }
}
