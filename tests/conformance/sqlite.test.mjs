/**
 * The kit on the SQLite store, on every driver that this runtime has. Under Node each further connection is in a process
 * of its own, under Bun beside the first.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { entry } from "./support/package.mjs";
import { openStore } from "./support/stores.mjs";
import { WorkerPool } from "./support/workers.mjs";

const { runLedgerConformance } = await entry("conformance");
const hasNodeSqlite = await import("node:sqlite").then(() => true, () => false);
const folder = mkdtempSync(join(tmpdir(), "coupon-engine-conformance-"));
const pool = process.versions.bun ? null : new WorkerPool(8);
after(async () => {
  await pool?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
for (const driver of hasNodeSqlite ? ["libsql", "node"] : ["libsql"]) {
  const openFile = async (store) => ({ store, ...(await openStore(store)) });
  describe(`sqlite on ${driver}`, () => {
    runLedgerConformance({
      test,
      load: 1000,
      open: () => openFile({ kind: "sqlite", driver, path: join(folder, `shop-${files += 1}.db`) }),
      reopen: ({ store }) => (pool === null ? openFile(store) : pool.connect(store)),
      probe: ({ store }) => rowsOf(driver, store.path),
    });
  });
}

/** Looks into the file past the store. */
async function rowsOf(driver, path) {
  const native = driver === "node" ? new (await import("node:sqlite")).DatabaseSync(path) : new (await import("libsql")).default(path);
  return {
    counter: (name) => native.prepare("SELECT coalesce(sum(claimed), 0) AS claimed FROM counters WHERE name = ?").get(name).claimed,
    entries: () => native.prepare("SELECT count(*) AS entries FROM ledger_entries").get().entries,
    close: () => native.close(),
  };
}
