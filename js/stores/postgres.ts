/**
 * The PostgreSQL store: one schema a shop, any number of processes and machines. Owns its options, opening and closing.
 * What is stored and how is decided in `postgres/`.
 *
 * Of the package `pg` it uses a pool and plain queries. No state of a session is relied on (no named statements, no
 * settings, no locks beyond a transaction), so that it works behind a pooler that lends connections by transaction.
 */
import { flag, optionalText, refusal, refuseUnknown } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import type { CouponRegistry, LedgerCapabilities, RedemptionRegistry, Storage } from "../contract/storage.js";
import { CouponError } from "../errors.js";
import { priorOrdersOf } from "./options.js";
import { postgresCatalog } from "./postgres/catalog.js";
import { databaseOver, openPool } from "./postgres/connection.js";
import type { Database, PostgresPool } from "./postgres/connection.js";
import { postgresLedger } from "./postgres/ledger.js";
import { postgresRedemptions } from "./postgres/redemptions.js";
import { postgresRegistry } from "./postgres/registry.js";
import { bringUpToDate } from "./postgres/schema.js";

export type { PostgresClient, PostgresPool } from "./postgres/connection.js";

export interface PostgresStorageOptions {
  /** A pool of the package `pg`, which stays the host's: it is not ended. Either this or `connectionString`. */
  readonly pool?: PostgresPool;
  /** As `pg` takes it: `postgres://user:password@host:5432/shop`. The store makes a pool of its own, ended by `close`. */
  readonly connectionString?: string;
  /** Where the shop's tables are, `[a-z_][a-z0-9_]{0,62}`. Default `coupon_engine`. Shops in other schemas are others. */
  readonly schema?: string;
  /** Creates or migrates the tables, which needs the rights to. Default `true`; `false`: they have to be there. */
  readonly migrate?: boolean;
  /** Answers coupons for first orders; see `Storage.priorOrders`. */
  readonly priorOrders?: NonNullable<Storage["priorOrders"]>;
}

/**
 * Connects and brings the tables up to date. Throws with a path for wrong options, `not_supported` without the package
 * `pg`, in a database that is not UTF-8, or where tables are missing and `migrate` is `false`, `schema_too_new` if a
 * later version of this package made them, `storage_failed` if the server cannot be reached. Tell these errors apart by
 * `code`: this entry is bundled by itself, so their class is not the one that the main entry exports.
 */
export async function postgresStorage(
  options: PostgresStorageOptions,
): Promise<Storage & { readonly registry: CouponRegistry; readonly redemptions: RedemptionRegistry }> {
  const { pool, connectionString, schema, migrate, priorOrders } = readOptions(options);
  const own = pool === null ? await openPool(connectionString) : null;
  const database = databaseOver(pool ?? own as PostgresPool, schema);
  try {
    const durability = await durabilityOf(database);
    await bringUpToDate(database, migrate);
    return {
      catalog: postgresCatalog(database),
      ledger: postgresLedger(database, durability),
      registry: postgresRegistry(database),
      redemptions: postgresRedemptions(database),
      ...priorOrders,
      close: () => own?.end(),
    };
  } catch (cause) {
    await own?.end();
    if (cause instanceof CouponError) throw cause;
    throw new CouponError({ code: "storage_failed", message: `cannot open the schema ${schema}: ${String(cause)}`, cause });
  }
}

function readOptions(options: unknown) {
  const { data, lifted } = snapshotObject(options, "", ["priorOrders", "pool"]);
  refuseUnknown(data, ["connectionString", "schema", "migrate"]);
  const pool = poolOf(lifted["pool"]);
  const connectionString = optionalText(data, "connectionString");
  if (pool === null && !connectionString) throw refusal("required", "is required, or a pool", "connectionString");
  if (pool !== null && connectionString !== null) throw refusal("invalid_value", "must be left out with a pool", "connectionString");
  const schema = optionalText(data, "schema") ?? "coupon_engine";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith("pg_")) {
    throw refusal("invalid_value", "must match [a-z_][a-z0-9_]{0,62} and not begin with pg_", "schema");
  }
  const migrate = flag(data, "migrate", true);
  return { pool, connectionString: connectionString ?? "", schema, migrate, priorOrders: priorOrdersOf(lifted) } as const;
}

function poolOf(value: unknown): PostgresPool | null {
  if (value === undefined || value === null) return null;
  const pool = value as Partial<PostgresPool>;
  if (typeof pool.query === "function" && typeof pool.connect === "function") return value as PostgresPool;
  throw refusal("invalid_type", "must be a pool of the package pg", "pool");
}

/**
 * An acknowledged commit survives a power cut if the server flushes its log. A session that does not wait for that
 * (`synchronous_commit = off`) is overruled by each commit; a server that never flushes (`fsync = off`) cannot be.
 */
async function durabilityOf(database: Database): Promise<LedgerCapabilities["durability"]> {
  const [row] = await database.query("SELECT current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync");
  if (row?.["encoding"] !== "UTF8") {
    throw new CouponError({ code: "not_supported", message: `the database has the encoding ${String(row?.["encoding"])}, UTF8 is needed` });
  }
  return row["fsync"] === "on" ? "power" : "process";
}
