/**
 * Where the shop keeps everything: in a file, or on a PostgreSQL server where an address is given. Owns that choice and
 * nothing else; the rest of the shop does not know which it is.
 */
import { openPostgres } from "./postgres.mjs";
import { openSqlite } from "./sqlite.mjs";

/**
 * What a customer asked for: which products, which codes, which address. What became of it (held, paid, refunded) is the
 * engine's to know, and is not written twice.
 * @typedef {object} Order
 * @property {string} id
 * @property {number} at When payment was first asked for, epoch milliseconds.
 * @property {readonly import("../../../shop/cart.mjs").Choice[]} choices
 * @property {readonly import("../../src/api.js").HeldCode[]} codes
 * @property {string | null} email
 * @property {string} fingerprint Of the quote the customer agreed to.
 */

/**
 * @typedef {object} Orders
 * @property {(order: Order) => Promise<void>} put Replaces the one of this id.
 * @property {(id: string) => Promise<Order | null>} get
 */

/**
 * @typedef {object} Shelter
 * @property {import("coupon-engine").Storage} storage For the engine, which closes it.
 * @property {Orders} orders
 * @property {() => Promise<void>} close Call it after the engine is closed.
 */

/** @typedef {NonNullable<import("coupon-engine").Storage["priorOrders"]>} PriorOrders */

/**
 * @param {{ dataDirectory: string, databaseUrl: string | null, priorOrders: PriorOrders }} options
 * @returns {Promise<Shelter>}
 */
export function openDatabase({ dataDirectory, databaseUrl, priorOrders }) {
  return databaseUrl === null ? openSqlite(dataDirectory, priorOrders) : openPostgres(databaseUrl, priorOrders);
}
