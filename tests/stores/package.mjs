/**
 * Where the stores' tests find what they test: the built package, as it is published. Owns that one path and the check
 * that it was built; it must not fall back to the sources.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGE_DIST = new URL("../../dist/package/dist/", import.meta.url);

if (!existsSync(fileURLToPath(PACKAGE_DIST))) throw new Error("the package is not built: run `npm run build` first");

export const { createCouponEngine } = await import(new URL("index.js", PACKAGE_DIST).href);
export const { memoryStorage } = await import(new URL("stores/memory.js", PACKAGE_DIST).href);
export const { postgresStorage } = await import(new URL("stores/postgres.js", PACKAGE_DIST).href);
export const { sqliteStorage } = await import(new URL("stores/sqlite.js", PACKAGE_DIST).href);
