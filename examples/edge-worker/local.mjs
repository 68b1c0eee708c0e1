/**
 * The worker in workerd on this machine, bundled as wrangler bundles it. Owns the development set-up only; what is
 * deployed is `wrangler.jsonc`.
 *
 *     node local.mjs        serves http://localhost:8787
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";

const folder = fileURLToPath(new URL(".", import.meta.url));
/** What wrangler resolves packages with: it leads to the entry whose wasm the platform has compiled. */
const CONDITIONS = ["workerd", "worker", "browser"];

/** Options for Miniflare; `overrides` are its own, for instance `port`, `bindings` or `outboundService`. */
export async function workerOptions(overrides) {
  const wasm = new URL(import.meta.resolve("coupon-engine/engine.wasm"));
  return {
    compatibilityDate: "2026-04-01",
    modules: [
      { type: "ESModule", path: "worker.js", contents: await bundledWorker() },
      { type: "CompiledWasm", path: "engine.wasm", contents: await readFile(wasm) },
    ],
    bindings: { SHOP_ORIGIN: "https://shop.example" },
    cf: false,
    ...overrides,
  };
}

async function bundledWorker() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ["worker.js"],
    bundle: true,
    format: "esm",
    conditions: CONDITIONS,
    external: ["./engine.wasm"],
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

async function serve() {
  const port = 8787;
  const origin = `http://localhost:${port}`;
  const outboundService = (request) => new Response(`The shop's page ${request.url}\n`);
  const miniflare = new Miniflare(await workerOptions({ port, bindings: { SHOP_ORIGIN: origin }, outboundService }));
  await miniflare.ready;
  console.log(`${origin}/shoes?coupon=SPRING-LINK&utm_source=mail`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve();
