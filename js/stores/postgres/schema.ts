/**
 * How a schema gets from the version it has to the version this code needs. Owns the list of migrations and their order;
 * it must not read or write a record.
 */
import { CouponError } from "../../errors.js";
import type { Database, Query } from "./connection.js";
import { routines } from "./routines.js";
import { tables } from "./tables.js";
import { views } from "./views.js";

/** The n-th entry brings a schema from version n to version n + 1. Entries are never edited once released. */
const MIGRATIONS: readonly ((schema: string) => string)[] = [
  (schema) => tables(schema) + views(schema) + routines(schema),
];

/** A schema that is up to date is only read, so that opening it needs no right to change it. */
export async function bringUpToDate(database: Database, migrate: boolean): Promise<void> {
  const { schema, query, transaction } = database;
  const found = await storedVersion(database, query);
  if (found === MIGRATIONS.length) return;
  refuseNewer(found);
  if (!migrate) {
    const message = `is off, and the schema has version ${found} where ${MIGRATIONS.length} is needed`;
    throw new CouponError({ code: "not_supported", path: "migrate", message });
  }
  await transaction(async (queryIn) => {
    // Whoever comes second waits here until the first is done, and then finds nothing left to do.
    await queryIn("SELECT pg_advisory_xact_lock(hashtextextended('coupon-engine: migration', 0))");
    const version = await storedVersion(database, queryIn);
    refuseNewer(version);
    if (version === 0) await createSchema(database, queryIn);
    for (const [at, migration] of [...MIGRATIONS.entries()].slice(version)) {
      await queryIn(migration(schema));
      await queryIn(`INSERT INTO ${schema}.migrations (version) VALUES ($1)`, [at + 1]);
    }
  });
}

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new CouponError({
    code: "schema_too_new",
    message: `the schema has version ${version}, this package knows ${MIGRATIONS.length}; update coupon-engine`,
  });
}

/** One that is there, made by whoever has the right to, is taken as it is. */
async function createSchema({ schema, schemaName }: Database, query: Query): Promise<void> {
  const found = await query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", [schemaName]);
  if (found.length === 0) await query(`CREATE SCHEMA ${schema}`);
}

/** 0 is a schema without tables, or none. Asked of the catalog itself: `to_regclass` may answer from before a wait. */
async function storedVersion({ schema, schemaName }: Database, query: Query): Promise<number> {
  const table = await query(
    "SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'migrations'", [schemaName]);
  if (table.length === 0) return 0;
  const [row] = await query(`SELECT max(version)::text AS version FROM ${schema}.migrations`);
  return Number(row?.["version"] ?? 0);
}
