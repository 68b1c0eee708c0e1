/**
 * The shop on a PostgreSQL server: one pool, which the engine's tables and the shop's own table of orders share. Owns
 * that table's SQL.
 */
import { postgresStorage } from "coupon-engine/stores/postgres";

/**
 * @param {string} connectionString
 * @param {import("./open.mjs").PriorOrders} priorOrders
 * @returns {Promise<import("./open.mjs").Shelter>}
 */
export async function openPostgres(connectionString, priorOrders) {
  // Only here, so that a shop in a file needs no `pg`.
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString });
  // A connection that breaks while nobody uses it leaves the pool by itself; without a listener it would end the shop.
  pool.on("error", (error) => console.error(error));
  const storage = await postgresStorage({ pool, priorOrders });
  await pool.query("CREATE TABLE IF NOT EXISTS shop_orders (id text PRIMARY KEY, body jsonb NOT NULL)");
  return {
    storage,
    orders: {
      async put(order) {
        await pool.query(
          "INSERT INTO shop_orders (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
          [order.id, JSON.stringify(order)],
        );
      },
      async get(id) {
        const { rows } = await pool.query("SELECT body FROM shop_orders WHERE id = $1", [id]);
        return /** @type {import("./open.mjs").Order | undefined} */ (rows[0]?.["body"]) ?? null;
      },
    },
    close: () => pool.end(),
  };
}
