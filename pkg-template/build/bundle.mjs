/**
 * Bundles every entry with esbuild: `node bundle.mjs <generated folder> <output folder> [--trap]`.
 *
 * Owns the flags of the bundler. It must not share code between entries.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { entries, trapSource } from "./entries.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [generated, output, flag] = process.argv.slice(2);
const trap = flag === "--trap";

/** The glue and the inlined wasm of this build, which for the trap build are not those in js/generated/. */
const generatedModules = {
  name: "generated-modules",
  setup(build) {
    build.onResolve({ filter: /\/generated\/[^/]+$/ }, ({ path: imported }) => ({
      path: path.join(generated, path.basename(imported)),
      // An entry that does not use the inlined wasm must not carry it.
      sideEffects: false,
    }));
  },
};

/** One engine and one class of errors in a process: both are the main entry's, whichever file of it the runtime takes. */
const mainEntry = {
  name: "main-entry",
  setup(build) {
    const meant = new Set(["js/index.ts", "js/errors.ts"].map((file) => path.join(root, file)));
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path: imported, resolveDir }) => {
      const source = path.resolve(resolveDir, imported).replace(/\.js$/, ".ts");
      return meant.has(source) ? { path: "coupon-engine", external: true } : undefined;
    });
  },
};

const jobs = entries.flatMap((entry) =>
  entry.formats.map((format) =>
    esbuild.build({
      absWorkingDir: root,
      entryPoints: [trap && entry.name === "index" ? trapSource : entry.source],
      outfile: path.join(output, `${entry.name}.${format === "cjs" ? "cjs" : "js"}`),
      bundle: true,
      format,
      platform: entry.platform,
      target: "es2022",
      // Names and lines stay, so that a stack trace from a shop is readable; they cost little after compression. Node
      // prints the whole line an error came from.
      minifySyntax: true,
      minifyWhitespace: true,
      lineLimit: 160,
      charset: "utf8",
      legalComments: "none",
      external: ["./engine.wasm", "./engine.wasm?module"],
      define: { __INJECT_TRAP__: String(trap) },
      plugins: entry.usesMain ? [mainEntry] : [generatedModules],
      logLevel: "warning",
    }),
  ),
);
// esbuild has said what is wrong; its stack trace would bury that.
await Promise.all(jobs).catch(() => process.exit(1));
