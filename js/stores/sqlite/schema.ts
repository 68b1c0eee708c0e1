/**
 * The tables, and how a file gets from the version it has to the version this code needs. Owns all DDL; it must not
 * read or write a record.
 */
import { CouponError } from "../../errors.js";
import type { SqliteDriver } from "./driver.js";

/** The n-th entry brings a file from version n to version n + 1. Entries are never edited once released. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    schema_version INTEGER NOT NULL
  ) STRICT;
  INSERT INTO meta (one, schema_version) VALUES (1, 1);

  CREATE TABLE settings (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE coupons (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX coupons_by_creation ON coupons (created_at, seq);

  -- Unique over the whole shop, archived codes included: this key is the judge of every create, import and generation.
  CREATE TABLE codes (
    code TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    coupon_id TEXT NOT NULL,
    batch INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX codes_by_coupon ON codes (coupon_id, code);

  CREATE TABLE batches (
    coupon_id TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    state TEXT NOT NULL,
    requested INTEGER NOT NULL,
    generated INTEGER NOT NULL,
    shape TEXT NOT NULL,
    actor TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (coupon_id, number)
  ) STRICT, WITHOUT ROWID;

  -- Append only. The key is idempotency key, compare-and-swap and audit trail in one.
  CREATE TABLE ledger_entries (
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    hold_until INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (key, revision)
  ) STRICT;

  -- kind: counter, coupon, code, customer or order.
  CREATE TABLE ledger_index (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (kind, value, key, revision),
    FOREIGN KEY (key, revision) REFERENCES ledger_entries (key, revision)
  ) STRICT, WITHOUT ROWID;

  -- Derived from the two above, so that a read never walks the history of a counter: one row per counter that a key
  -- claims while its newest revision is held.
  CREATE TABLE live_holds (
    counter TEXT NOT NULL,
    key TEXT NOT NULL,
    hold_until INTEGER,
    PRIMARY KEY (counter, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX live_holds_by_key ON live_holds (key);

  -- ceiling is that of the last commit, not the coupon's limit: it is here for the check alone.
  CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    claimed INTEGER NOT NULL,
    ceiling INTEGER,
    CHECK (claimed >= 0 AND claimed <= 9007199254740991 AND (ceiling IS NULL OR claimed <= ceiling))
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- automatic: the gate is "automatic" and the state "active"; every checkout reads these.
  CREATE TABLE rules (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rules_by_creation ON rules (created_at, seq);
  CREATE INDEX rules_automatic ON rules (seq) WHERE automatic = 1;
  `,
];

/** A file that is up to date is only read, so that opening it never waits for a writer. */
export function migrate(driver: SqliteDriver): void {
  if (storedVersion(driver) === MIGRATIONS.length) return;
  driver.transaction(() => {
    const version = storedVersion(driver);
    if (version > MIGRATIONS.length) {
      throw new CouponError({
        code: "schema_too_new",
        message: `the file has schema version ${version}, this package knows ${MIGRATIONS.length}; update coupon-engine`,
      });
    }
    for (const migration of MIGRATIONS.slice(version)) driver.exec(migration);
    driver.prepare("UPDATE meta SET schema_version = ?").run(MIGRATIONS.length);
  });
}

/** 0 is a file without tables. */
function storedVersion(driver: SqliteDriver): number {
  const created = driver.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
  if (created === undefined) return 0;
  return Number(driver.prepare("SELECT schema_version FROM meta").get()?.["schema_version"]);
}
