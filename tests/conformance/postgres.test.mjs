/**
 * The kit on the PostgreSQL store: each further connection is in a process of its own.
 */
import { after, describe, test } from "node:test";
import { Pool } from "pg";
import { startPostgres } from "../stores/postgres-server.mjs";
import { entry } from "./support/package.mjs";
import { openStore } from "./support/stores.mjs";
import { WorkerPool } from "./support/workers.mjs";

const { runLedgerConformance } = await entry("conformance");
const { connectionString, stop } = await startPostgres({ max_connections: 200 });
const admin = new Pool({ connectionString, max: 2 });
const pool = new WorkerPool(8);
after(async () => {
  await pool.stop();
  await admin.end();
  await stop();
});

let schemas = 0;
describe("postgres", () => {
  runLedgerConformance({
    test,
    load: 1000,
    async open() {
      const store = { kind: "postgres", connectionString, schema: `shop_${schemas += 1}` };
      return { store, ...(await openStore(store)) };
    },
    reopen: ({ store }) => pool.connect({ ...store, migrate: false }),
    probe: ({ store: { schema } }) => ({
      async counter(name) {
        const { rows } = await admin.query(`SELECT coalesce(sum(claimed), 0)::text AS claimed FROM ${schema}.counters WHERE name = $1`, [name]);
        return Number(rows[0].claimed);
      },
      async entries() {
        return Number((await admin.query(`SELECT count(*) AS entries FROM ${schema}.ledger_entries`)).rows[0].entries);
      },
    }),
  });
});
