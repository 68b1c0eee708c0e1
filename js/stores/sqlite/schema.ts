/**
 * The tables, and how a file gets from the version it has to the version this code needs. Owns all DDL; it must not
 * read or write a record.
 */
import { CouponError } from "../../errors.js";
import { customerOf } from "../customer.js";
import type { SqliteDriver } from "./driver.js";

/** Statements, and what no statement can say. */
type Migration = string | readonly [statements: string, after: (driver: SqliteDriver) => void];

/** The n-th entry brings a file from version n to version n + 1. Entries are never edited once released. */
const MIGRATIONS: readonly Migration[] = [
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
  [`
  -- index_record: the contract's index as JSON, from which the tables below are derived. It stands before the body, so
  -- that it is read without it. Only a renamed customer ever changes it.
  CREATE TABLE ledger_entries_3 (
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    hold_until INTEGER,
    index_record TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, revision)
  ) STRICT;
  -- Version 2 knew no amounts: one redemption each, under no known limit.
  INSERT INTO ledger_entries_3 (key, revision, state, at, hold_until, index_record, body)
  SELECT key, revision, state, at, hold_until, json_object(
    'claims', json((SELECT json_group_array(json_object('counter', value, 'amount', 1, 'ceiling', NULL)) FROM ledger_index AS i
      WHERE kind = 'counter' AND i.key = e.key AND i.revision = e.revision)),
    'coupons', json((SELECT json_group_array(value) FROM ledger_index AS i
      WHERE kind = 'coupon' AND i.key = e.key AND i.revision = e.revision)),
    'codes', json((SELECT json_group_array(value) FROM ledger_index AS i
      WHERE kind = 'code' AND i.key = e.key AND i.revision = e.revision)),
    'customerKeys', json((SELECT json_group_array(value) FROM ledger_index AS i
      WHERE kind = 'customer' AND i.key = e.key AND i.revision = e.revision)),
    'order', (SELECT value FROM ledger_index AS i
      WHERE kind = 'order' AND i.key = e.key AND i.revision = e.revision)
  ), body FROM ledger_entries AS e;

  -- Of each key its newest revision. hold_until: only of holds.
  CREATE TABLE ledger_newest (
    key TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    hold_until INTEGER CHECK (hold_until IS NULL OR state = 'held')
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ledger_newest (key, revision, state, at, hold_until)
  SELECT key, max(revision), state, at, iif(state = 'held', hold_until, NULL) FROM ledger_entries GROUP BY key;
  CREATE INDEX ledger_newest_by_time ON ledger_newest (state, at DESC, key);
  CREATE INDEX ledger_newest_by_end ON ledger_newest (hold_until, key) WHERE hold_until IS NOT NULL;

  -- What newest revisions are found by. kind: coupon, code, customer or order.
  CREATE TABLE ledger_terms (
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (key, kind, value)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ledger_terms (key, kind, value, state, at)
  SELECT n.key, i.kind, i.value, n.state, n.at FROM ledger_newest AS n JOIN ledger_index AS i ON i.key = n.key AND i.revision = n.revision
  WHERE i.kind <> 'counter';
  CREATE INDEX ledger_terms_by_value ON ledger_terms (kind, value, state, at DESC, key);

  -- What newest revisions claim of counters. held: the newest revision is a hold.
  CREATE TABLE live_claims (
    key TEXT NOT NULL,
    counter TEXT NOT NULL,
    amount INTEGER NOT NULL,
    held INTEGER NOT NULL CHECK (held IN (0, 1)),
    hold_until INTEGER,
    PRIMARY KEY (key, counter)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO live_claims (key, counter, amount, held, hold_until)
  SELECT n.key, i.value, 1, n.state = 'held', n.hold_until FROM ledger_newest AS n
  JOIN ledger_index AS i ON i.key = n.key AND i.revision = n.revision WHERE i.kind = 'counter';
  CREATE INDEX live_claims_by_counter ON live_claims (counter, held, hold_until, key, amount);

  -- Whose entries, of any revision, name this customer: in their index, or by a counter that they claim.
  CREATE TABLE ledger_customers (
    customer TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (customer, key)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ledger_customers (customer, key)
  SELECT DISTINCT value, key FROM ledger_index WHERE kind = 'customer';

  -- When each customer was last seen in an index.
  CREATE TABLE customers (
    customer TEXT NOT NULL PRIMARY KEY,
    last_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO customers (customer, last_at)
  SELECT i.value, max(e.at) FROM ledger_index AS i JOIN ledger_entries AS e ON e.key = i.key AND e.revision = i.revision
  WHERE i.kind = 'customer' GROUP BY i.value;
  CREATE INDEX customers_by_last_at ON customers (last_at, customer);

  DROP TABLE live_holds;
  DROP TABLE ledger_index;
  DROP TABLE ledger_entries;
  ALTER TABLE ledger_entries_3 RENAME TO ledger_entries;

  -- until: of no use after this instant. customer: whose counter it is, of the others NULL.
  ALTER TABLE counters ADD COLUMN until INTEGER;
  ALTER TABLE counters ADD COLUMN customer TEXT;
  CREATE INDEX counters_by_end ON counters (until) WHERE until IS NOT NULL;
  CREATE INDEX counters_by_customer ON counters (customer) WHERE customer IS NOT NULL;
  `, nameCustomers],
];

/** Version 2 did not say whose a counter is. */
function nameCustomers(driver: SqliteDriver): void {
  const addKey = driver.prepare("INSERT INTO ledger_customers (customer, key) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const claims = driver.prepare(
    "SELECT DISTINCT e.key, json_extract(c.value, '$.counter') AS counter FROM ledger_entries AS e, json_each(e.index_record, '$.claims') AS c");
  for (const { key, counter } of claims.all()) {
    const customer = customerOf(String(counter));
    if (customer !== null) addKey.run(customer, String(key));
  }
  const nameOf = driver.prepare("UPDATE counters SET customer = ? WHERE name = ?");
  for (const { name } of driver.prepare("SELECT name FROM counters").all()) {
    const customer = customerOf(String(name));
    if (customer !== null) nameOf.run(customer, String(name));
  }
}

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
    for (const migration of MIGRATIONS.slice(version)) {
      const [statements, after] = typeof migration === "string" ? [migration] : migration;
      driver.exec(statements);
      after?.(driver);
    }
    driver.prepare("UPDATE meta SET schema_version = ?").run(MIGRATIONS.length);
  });
}

/** 0 is a file without tables. */
function storedVersion(driver: SqliteDriver): number {
  const created = driver.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
  if (created === undefined) return 0;
  return Number(driver.prepare("SELECT schema_version FROM meta").get()?.["schema_version"]);
}
