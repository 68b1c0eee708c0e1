/**
 * The package where compiling bytes is forbidden: Cloudflare's workerd, and a realm like the edge runtime of Next.js.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import vm from "node:vm";

import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";

import { purchased } from "./support/figures.mjs";
import { install, installedPackage } from "./support/package.mjs";

/** What wrangler resolves with. */
const WORKER_CONDITIONS = ["workerd", "worker", "browser"];

test("workerd runs the workerd entry", async (context) => {
  assert.deepEqual(await answerOfWorker(context, WORKER_CONDITIONS), purchased);
});

test("workerd refuses the inlined entry: the workerd condition is needed", async (context) => {
  const { error, cause } = await answerOfWorker(context, ["browser"]);
  assert.match(`${error} ${cause}`, /Wasm code generation disallowed/);
});

test("a realm without code generation runs the edge-light entry with a module of another realm", async (context) => {
  const folder = await install(context, ["worker.mjs", "purchase.mjs"]);
  const source = await bundle(folder, ["edge-light", "browser"], "iife");
  const module = await WebAssembly.compile(await readFile(path.join(installedPackage(folder), "dist/engine.wasm")));

  const sandbox = vm.createContext(
    {
      engineModule: module, AbortController, AbortSignal, Response, TextDecoder, TextEncoder, URL, atob, clearTimeout,
      crypto, queueMicrotask, setTimeout, structuredClone,
    },
    { codeGeneration: { strings: false, wasm: false } },
  );
  vm.runInContext(`${source}\nglobalThis.answer = worker.default.fetch().then((response) => response.text());`, sandbox);
  assert.deepEqual(JSON.parse(await sandbox.answer), purchased);
});

async function answerOfWorker(context, conditions) {
  const folder = await install(context, ["worker.mjs", "purchase.mjs"]);
  const wasm = await readFile(path.join(installedPackage(folder), "dist/engine.wasm"));
  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01",
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: await bundle(folder, conditions, "esm") },
      { type: "CompiledWasm", path: "engine.wasm", contents: wasm },
    ],
    cf: false,
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    return await response.json();
  } finally {
    await miniflare.dispose();
  }
}

async function bundle(folder, conditions, format) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["worker.mjs"],
    bundle: true,
    format,
    globalName: "worker",
    conditions,
    external: ["./engine.wasm"],
    plugins: [compiledImports],
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** What Next.js makes of an import of `…?module`: a compiled module that comes from outside. */
const compiledImports = {
  name: "compiled-imports",
  setup(builder) {
    builder.onResolve({ filter: /\.wasm\?module$/ }, () => ({ path: "engine", namespace: "compiled" }));
    builder.onLoad({ filter: /.*/, namespace: "compiled" }, () => ({ contents: "export default engineModule;" }));
  },
};
