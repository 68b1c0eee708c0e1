/**
 * The published types, as a strict program of a consumer sees them.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { install, run, tool } from "./support/package.mjs";

const OPTIONS = {
  target: "es2022",
  lib: ["es2022", "dom"],
  module: "nodenext",
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  skipLibCheck: false,
  noEmit: true,
};

for (const [name, options] of [
  ["nodenext", {}],
  ["bundler", { module: "esnext", moduleResolution: "bundler" }],
]) {
  test(`a strict consumer type-checks: ${name}`, async (context) => {
    const files = name === "bundler" ? ["consumer.ts"] : ["consumer.ts", "consumer.cts"];
    const folder = await install(context, files);
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, files }));
    await run(tool("tsc"), ["-p", "."], folder);
  });
}
