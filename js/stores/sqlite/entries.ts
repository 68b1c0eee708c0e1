/**
 * The ledger's entries in SQLite, and the tables derived from them: what the newest revision of a key is, is found by
 * and claims. Owns keeping them in step; the caller holds the file's write lock. It must not look into a body.
 */
import type { LedgerEntry, LedgerIndex } from "../../contract/storage.js";
import { customersOf } from "../customer.js";
import type { Row, SqliteDriver } from "./driver.js";

/** What `ledgerEntryOf` reads, of the table `ledger_entries` or its alias `e`. */
const COLUMNS = "e.key, e.revision, e.state, e.at, e.hold_until, e.index_record, e.body";

export interface EntryReader {
  newest(key: string): LedgerEntry | null;
  /** Oldest first. */
  history(key: string): readonly LedgerEntry[];
}

export function entryReader(driver: SqliteDriver): EntryReader {
  const selectNewest = driver.prepare(
    `SELECT ${COLUMNS} FROM ledger_newest AS n JOIN ledger_entries AS e ON e.key = n.key AND e.revision = n.revision WHERE n.key = ?`);
  const selectHistory = driver.prepare(`SELECT ${COLUMNS} FROM ledger_entries AS e WHERE e.key = ? ORDER BY e.revision`);
  return {
    newest(key) {
      const row = selectNewest.get(key);
      return row === undefined ? null : ledgerEntryOf(row);
    },
    history: (key) => selectHistory.all(key).map(ledgerEntryOf),
  };
}

function ledgerEntryOf(row: Row): LedgerEntry {
  return {
    key: String(row["key"]),
    revision: Number(row["revision"]),
    state: row["state"] as LedgerEntry["state"],
    at: Number(row["at"]),
    holdUntil: numberOrNull(row["hold_until"]),
    body: String(row["body"]),
    index: JSON.parse(String(row["index_record"])) as LedgerIndex,
  };
}

export function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

export interface EntryWriter {
  /** Writes one revision; `false` if it is there already. */
  append(entry: LedgerEntry): boolean;
  /** Writes another index for a revision that is there. */
  reindex(entry: LedgerEntry): void;
}

export function entryWriter(driver: SqliteDriver): EntryWriter {
  const insertEntry = driver.prepare(
    "INSERT INTO ledger_entries (key, revision, state, at, hold_until, index_record, body) VALUES (?, ?, ?, ?, ?, ?, ?) " +
    "ON CONFLICT DO NOTHING");
  const updateIndex = driver.prepare("UPDATE ledger_entries SET index_record = ? WHERE key = ? AND revision = ?");
  const selectNewest = driver.prepare("SELECT revision FROM ledger_newest WHERE key = ?");
  const insertCustomer = driver.prepare("INSERT INTO ledger_customers (customer, key) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const seeCustomer = driver.prepare(
    "INSERT INTO customers (customer, last_at) VALUES (?, ?) " +
    "ON CONFLICT (customer) DO UPDATE SET last_at = excluded.last_at WHERE excluded.last_at > last_at");
  const derive = newestWriter(driver);

  return {
    append(entry) {
      const { key, revision, state, at, holdUntil, index, body } = entry;
      if (insertEntry.run(key, revision, state, at, holdUntil, JSON.stringify(index), body) === 0) return false;
      for (const customer of customersOf(index)) insertCustomer.run(customer, key);
      for (const customer of index.customerKeys) seeCustomer.run(customer, at);
      if (revision > Number(selectNewest.get(key)?.["revision"] ?? -1)) derive(entry);
      return true;
    },
    reindex(entry) {
      updateIndex.run(JSON.stringify(entry.index), entry.key, entry.revision);
      if (selectNewest.get(entry.key)?.["revision"] === entry.revision) derive(entry);
    },
  };
}

/** Puts a revision in the place of the one that was the newest of its key. */
function newestWriter(driver: SqliteDriver): (entry: LedgerEntry) => void {
  const putNewest = driver.prepare(
    "INSERT INTO ledger_newest (key, revision, state, at, hold_until) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET " +
    "revision = excluded.revision, state = excluded.state, at = excluded.at, hold_until = excluded.hold_until");
  const deleteTerms = driver.prepare("DELETE FROM ledger_terms WHERE key = ?");
  const insertTerm = driver.prepare(
    "INSERT INTO ledger_terms (key, kind, value, state, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const deleteClaims = driver.prepare("DELETE FROM live_claims WHERE key = ?");
  const insertClaim = driver.prepare(
    "INSERT INTO live_claims (key, counter, amount, held, hold_until) VALUES (?, ?, ?, ?, ?)");

  return ({ key, revision, state, at, holdUntil, index }) => {
    const held = state === "held";
    putNewest.run(key, revision, state, at, held ? holdUntil : null);
    deleteTerms.run(key);
    const terms: readonly (readonly [kind: string, values: readonly string[]])[] = [
      ["coupon", index.coupons],
      ["code", index.codes],
      ["customer", index.customerKeys],
      ["order", index.order === null ? [] : [index.order]],
    ];
    for (const [kind, values] of terms) {
      for (const value of values) insertTerm.run(key, kind, value, state, at);
    }
    deleteClaims.run(key);
    for (const { counter, amount } of index.claims) insertClaim.run(key, counter, amount, held ? 1 : 0, holdUntil);
  };
}
