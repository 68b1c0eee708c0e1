/**
 * Bundles every entry with esbuild: `node bundle.mjs <generated folder> <output folder> [--trap]`.
 *
 * Owns the flags of the bundler, and that nothing but the shim is shared between entries.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { entries, shim, trapSource } from "./entries.mjs";

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

/**
 * Leaves what the shim has in the shim. The names are bound anew and not handed on, because a bundler takes a name that is
 * handed on from where it comes from, and leaves out the entry in between: the one that knows where the wasm is.
 */
function besideShim(extension) {
  return {
    name: "beside-shim",
    setup(build) {
      build.onResolve({ filter: /^\.\.\/(index|wasm\/instance)\.js$/ }, ({ path: imported, resolveDir }) => ({
        path: path.resolve(resolveDir, imported.replace(/\.js$/, ".ts")),
        namespace: "shim",
      }));
      build.onResolve({ filter: /^shim$/, namespace: "shim" }, () => ({ path: `./shim.${extension}`, external: true }));
      build.onLoad({ filter: /.*/, namespace: "shim" }, async ({ path: source }) => {
        const names = await namesOf(source);
        const bindings = names.map((name) => `export const ${name} = shim.${name};`);
        return { contents: ['import * as shim from "shim";', ...bindings].join("\n") };
      });
    },
  };
}

/** What a module exports, types aside. */
async function namesOf(source) {
  const { metafile } = await esbuild.build({
    entryPoints: [source],
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    plugins: [generatedModules],
  });
  return Object.values(metafile.outputs)[0].exports;
}

function pluginsOf(entry, format) {
  if (entry.usesMain) return [mainEntry];
  return entry.startsShim ? [besideShim(format === "cjs" ? "cjs" : "js"), generatedModules] : [generatedModules];
}

const jobs = [...entries, shim].flatMap((entry) =>
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
      external: ["./engine.wasm", "./engine.wasm?module", "pg"],
      define: { __INJECT_TRAP__: String(trap) },
      plugins: pluginsOf(entry, format),
      logLevel: "warning",
    }),
  ),
);
// esbuild has said what is wrong; its stack trace would bury that.
await Promise.all(jobs).catch(() => process.exit(1));
