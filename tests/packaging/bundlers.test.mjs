/**
 * The package through bundlers without a line of configuration about it, run in Chromium or by Node.
 */
import assert from "node:assert/strict";
import { cp, readdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import * as esbuild from "esbuild";
import { build, createServer } from "vite";
import webpack from "webpack";

import { outcomeOf } from "./support/browser.mjs";
import { purchased } from "./support/figures.mjs";
import { answerOf, install, temporaryFolder } from "./support/package.mjs";
import { serve } from "./support/server.mjs";

const PAGE = ["index.html", "page.mjs", "purchase.mjs"];
/** What a strict shop sends: wasm is allowed, `eval` and its kind are not. */
const POLICY = { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };

test("Vite builds it, Chromium runs it under a strict content security policy", async (context) => {
  const folder = await install(context, PAGE);
  const output = path.join(folder, "built");
  await build({ root: folder, logLevel: "error", build: { outDir: output, assetsDir: "." } });
  assert.deepEqual(await outcomeOf(await serve(context, output, POLICY)), purchased);
});

test("Vite's development server pre-bundles it", async (context) => {
  const folder = await install(context, PAGE);
  const server = await createServer({ root: folder, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  context.after(() => server.close());
  await server.listen();
  assert.deepEqual(await outcomeOf(server.resolvedUrls.local[0]), purchased);
  const bundled = await readdir(path.join(folder, "node_modules/.vite/deps"));
  assert.ok(bundled.includes("coupon-engine.js"), `pre-bundled: ${bundled}`);
});

test("webpack builds it, Chromium runs it", async (context) => {
  const folder = await install(context, PAGE);
  const output = path.join(folder, "built");
  const compiler = webpack({
    context: folder,
    mode: "production",
    entry: "./page.mjs",
    output: { path: output, filename: "page.mjs" },
    performance: false,
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
  assert.deepEqual(stats.toJson({ errors: true, warnings: true }).warnings, []);
  await cp(path.join(folder, "index.html"), path.join(output, "index.html"));
  assert.deepEqual(await outcomeOf(await serve(context, output)), purchased);
});

test("esbuild makes a classic script of it, Chromium runs it", async (context) => {
  const folder = await install(context, PAGE);
  const output = path.join(folder, "built");
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["page.mjs"],
    outfile: path.join(output, "page.mjs"),
    bundle: true,
    format: "iife",
    logLevel: "error",
  });
  await cp(path.join(folder, "index.html"), path.join(output, "index.html"));
  assert.deepEqual(await outcomeOf(await serve(context, output)), purchased);
});

test("esbuild bundles it for a function that runs elsewhere, without its package", async (context) => {
  const folder = await install(context, ["main.cjs", "purchase.mjs"]);
  const elsewhere = await temporaryFolder(context);
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["main.cjs"],
    outfile: path.join(elsewhere, "function.cjs"),
    bundle: true,
    platform: "node",
    logLevel: "error",
  });
  assert.deepEqual(await answerOf("node", ["function.cjs"], elsewhere), purchased);
});

test("a bundle that uses one function of a store carries no engine", async (context) => {
  const folder = await install(context, ["page.mjs"]);
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    stdin: { contents: 'import "coupon-engine"; export { memoryStorage } from "coupon-engine/stores/memory";', resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  assert.ok(!outputFiles[0].text.includes("createCouponEngine"));
  assert.ok(outputFiles[0].text.length < 50_000, `${outputFiles[0].text.length} characters`);
});
