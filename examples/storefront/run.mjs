/**
 * Starts the storefront: builds the page, opens the store, stocks it, listens. `node run.mjs`, Ctrl-C stops it.
 *
 * Environment, when run directly: PORT (default 5173, 0 for any free one), DEMO_DATA (the folder of the store's file).
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { createCouponEngine } from "coupon-engine";
import { sqliteStorage } from "coupon-engine/stores/sqlite";
import { build } from "vite";

import { priorOrders, stockDemoShop } from "../shop/index.mjs";
import { loadAssets } from "./server/assets.mjs";
import { listen } from "./server/http.mjs";
import { shopRoutes } from "./server/routes.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

/**
 * @param {{ port?: number, dataDirectory?: string }} [options] Port 0 takes any that is free.
 * @returns {Promise<{ url: string, poolCode: string, linkToken: string, close: () => Promise<void> }>}
 */
export async function startStorefront({ port = 0, dataDirectory = path.join(root, "data") } = {}) {
  const assets = await builtPage();
  await mkdir(dataDirectory, { recursive: true });
  const storage = await sqliteStorage({ path: path.join(dataDirectory, "shop.sqlite"), priorOrders });
  // Without a policy of its own: the one in the store's settings counts, for every engine on this store.
  const engine = await createCouponEngine({ storage });
  const { poolCode, linkToken } = await stockDemoShop(engine);

  const server = await listen({ port, assets, routes: shopRoutes(engine) });
  return {
    url: server.url,
    poolCode,
    linkToken,
    async close() {
      await server.close();
      await engine.close();
    },
  };
}

/** Served from memory, so that the folder it was built into need not stay. */
async function builtPage() {
  const outDir = await mkdtemp(path.join(os.tmpdir(), "storefront-page-"));
  try {
    await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: true } });
    return await loadAssets(outDir);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

async function main() {
  const shop = await startStorefront({
    port: Number(process.env["PORT"] ?? 5173),
    dataDirectory: process.env["DEMO_DATA"] || path.join(root, "data"),
  });
  console.log(`Open ${shop.url}`);
  console.log(`A code of the newsletter's pool: ${shop.poolCode}`);
  console.log(`A friend's link: ${shop.url}/?coupon=${shop.linkToken}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void shop.close());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
