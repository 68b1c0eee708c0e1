/**
 * Starts the storefront: builds the page, opens the store, stocks it, listens. `node run.mjs`, Ctrl-C stops it.
 *
 * Environment, when run directly: PORT (default 5173, 0 for any free one), DATABASE_URL (`postgres://…`: the shop is kept
 * there, not in files), DEMO_DATA (the folder of the files).
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { createCouponEngine } from "coupon-engine";
import { build } from "vite";

import { earlierOrders, stockDemoShop } from "../shop/index.mjs";
import { loadAssets } from "./server/assets.mjs";
import { openDatabase } from "./server/database/open.mjs";
import { listen } from "./server/http.mjs";
import { shopRoutes } from "./server/routes.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

/** How often holds that have ended are tidied up. Limits hold without it; lists are shorter with it. */
const SWEEP_MS = 60_000;

/**
 * @typedef {object} Options
 * @property {number} [port] 0 takes any that is free.
 * @property {string} [dataDirectory] Of the files, where there is no `databaseUrl`.
 * @property {string | null} [databaseUrl] `postgres://user:password@host:5432/shop`.
 * @property {() => number} [now] The shop's clock, epoch milliseconds.
 */

/**
 * @param {Options} [options]
 * @returns {Promise<{ url: string, keptIn: string, poolCode: string, linkToken: string, close: () => Promise<void> }>}
 */
export async function startStorefront({ port = 0, dataDirectory = path.join(root, "data"), databaseUrl = null, now = Date.now } = {}) {
  const assets = await builtPage();
  const { storage, orders, close } = await openDatabase({
    dataDirectory,
    databaseUrl,
    // Every order goes through the engine, with a code or without: so the engine has the list of those that were paid.
    async priorOrders({ keys, excluding, asOf }) {
      const paid = await Promise.all(keys.map((customer) => engine.redemptions.list({ customer, states: ["redeemed"], limit: 1_000 })));
      const ids = paid.flatMap(({ items }) => items).filter(({ redeemedAt }) => redeemedAt !== null && redeemedAt < asOf).map(({ key }) => key);
      return earlierOrders(keys) + new Set(ids.filter((id) => id !== excluding)).size;
    },
  });
  // Without a policy of its own: the one in the store's settings counts, for every engine on this store.
  const engine = await createCouponEngine({ storage, clock: now });
  const { poolCode, linkToken } = await stockDemoShop(engine);

  const server = await listen({ port, assets, routes: shopRoutes({ engine, ledger: storage.ledger, orders, now }) });
  const sweeping = setInterval(() => engine.sweep().catch((error) => console.error(error)), SWEEP_MS).unref();
  const end = async () => {
    clearInterval(sweeping);
    await server.close();
    await engine.close();
    await close();
  };
  /** @type {Promise<void> | null} */
  let ending = null;
  return {
    url: server.url,
    keptIn: databaseUrl === null ? dataDirectory : "PostgreSQL",
    poolCode,
    linkToken,
    close: () => (ending ??= end()),
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
    databaseUrl: process.env["DATABASE_URL"] || null,
  });
  console.log(`Open ${shop.url}`);
  console.log(`Orders and the use of each code: ${shop.url}/staff`);
  console.log(`Kept in ${shop.keptIn}`);
  console.log(`A code of the newsletter's pool: ${shop.poolCode}`);
  console.log(`A friend's link: ${shop.url}/?coupon=${shop.linkToken}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void shop.close());
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
