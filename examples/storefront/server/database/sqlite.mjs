/**
 * The shop in two files of one folder: the engine's, and the shop's own table of orders. Owns that table's SQL.
 */
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { sqliteStorage } from "coupon-engine/stores/sqlite";
import Database from "libsql";

/**
 * @param {string} folder
 * @param {import("./open.mjs").PriorOrders} priorOrders
 * @returns {Promise<import("./open.mjs").Shelter>}
 */
export async function openSqlite(folder, priorOrders) {
  await mkdir(folder, { recursive: true });
  const storage = await sqliteStorage({ path: path.join(folder, "shop.sqlite"), priorOrders });
  const database = new Database(path.join(folder, "orders.sqlite"));
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT");
  const write = database.prepare("INSERT INTO orders (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body");
  const read = database.prepare("SELECT body FROM orders WHERE id = ?");
  return {
    storage,
    orders: {
      async put(order) {
        write.run([order.id, JSON.stringify(order)]);
      },
      async get(id) {
        const row = /** @type {{ body: string } | undefined} */ (read.get([id]));
        return row === undefined ? null : JSON.parse(row.body);
      },
    },
    async close() {
      database.close();
    },
  };
}
