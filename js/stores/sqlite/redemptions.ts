/**
 * `RedemptionRegistry` over SQLite: lists, sums, and the care of old data. Owns its queries, each of them over an index;
 * it must not read a clock.
 */
import type {
  CounterTally, LedgerEntry, Page, PageRequest, RedemptionQuery, RedemptionRegistry, RedemptionState, UnknownCursor,
  UsageFacts, UsageQuery,
} from "../../contract/storage.js";
import { customersOf, looser, renamedCounter, renamedIndex } from "../customer.js";
import { compareNewest, cursorOf, placeOf } from "../order.js";
import type { Place } from "../order.js";
import { page } from "../page.js";
import type { SqliteDriver, SqlStatement, SqlValue } from "./driver.js";
import { entryReader, entryWriter, numberOrNull } from "./entries.js";
import type { EntryReader } from "./entries.js";
import { claimedReader } from "./ledger.js";

const STATES: readonly RedemptionState[] = ["held", "redeemed", "released", "expired", "rolled_back"];

export function sqliteRedemptions(driver: SqliteDriver): RedemptionRegistry {
  const reader = entryReader(driver);
  const list = lister(driver, reader);
  const usageOf = usageReader(driver, reader);
  const tally = tallier(driver);
  const rekey = rekeyer(driver, reader);
  const selectIdle = driver.prepare("SELECT customer FROM customers WHERE last_at < ? ORDER BY last_at, customer LIMIT ?");
  const deleteCounters = driver.prepare("DELETE FROM counters WHERE until <= ?");

  return {
    list: (request) => driver.snapshot(() => list(request)),
    history: (key) => reader.history(key),
    usage: ({ kind, values }) => driver.snapshot(() => values.map((value) => usageOf(kind, value))),
    tally: (request) => driver.snapshot(() => tally(request)),
    rekey: ({ from, to }) => (from === to ? { entries: 0 } : driver.transaction(() => rekey(from, to))),
    idleCustomers: ({ before, limit }) => selectIdle.all(before, limit).map((row) => String(row["customer"])),
    prune: ({ before }) => ({ counters: deleteCounters.run(before) }),
  };
}

/** Each state's part of the list is in order in an index, so a page is merged from the beginnings of them. */
function lister(driver: SqliteDriver, reader: EntryReader): (query: RedemptionQuery) => Page<LedgerEntry> | UnknownCursor {
  const ofAll = partReader(driver, "ledger_newest", "");
  const ofTerm = partReader(driver, "ledger_terms", "kind = ? AND value = ? AND");

  return ({ by, states, after, limit }) => {
    const place = after === null ? null : placeOf(after);
    if (place === undefined) return { unknownCursor: true };
    const wanted = states.length === 0 ? STATES : [...new Set(states)];
    const part = (state: RedemptionState): readonly Place[] => by === null
      ? ofAll([state], place, limit + 1)
      : ofTerm([by.kind, by.value, state], place, limit + 1);
    const places = wanted.flatMap(part).sort(compareNewest).slice(0, limit + 1);
    const { items, next } = page(places, limit, cursorOf);
    return { items: items.map(({ key }) => reader.newest(key) as LedgerEntry), next };
  };
}

function partReader(driver: SqliteDriver, table: "ledger_newest" | "ledger_terms", scope: string) {
  const select = (condition: string) => driver.prepare(
    `SELECT at, key FROM ${table} WHERE ${scope} state = ? ${condition} ORDER BY at DESC, key LIMIT ?`);
  const selectFirst = select("");
  const selectSameInstant = select("AND at = ? AND key > ?");
  const selectEarlier = select("AND at < ?");
  const places = (statement: SqlStatement, ...values: readonly SqlValue[]): readonly Place[] =>
    statement.all(...values).map((row) => ({ at: Number(row["at"]), key: String(row["key"]) }));

  return (which: readonly SqlValue[], after: Place | null, count: number): readonly Place[] => after === null
    ? places(selectFirst, ...which, count)
    : [...places(selectSameInstant, ...which, after.at, after.key, count), ...places(selectEarlier, ...which, after.at, count)];
}

function usageReader(driver: SqliteDriver, reader: EntryReader): (kind: UsageQuery["kind"], value: string) => UsageFacts {
  const countOf = driver.prepare("SELECT count(*) AS found FROM ledger_terms WHERE kind = ? AND value = ? AND state = ?");
  const selectLast = driver.prepare(
    "SELECT key FROM ledger_terms WHERE kind = ? AND value = ? AND state = 'redeemed' ORDER BY at DESC, key DESC LIMIT 1");

  function lastOf(kind: UsageQuery["kind"], value: string): UsageFacts["last"] {
    const row = selectLast.get(kind, value);
    if (row === undefined) return null;
    const { key, at, index } = reader.newest(String(row["key"])) as LedgerEntry;
    return { key, at, order: index.order, customerKeys: index.customerKeys };
  }

  return (kind, value) => {
    const count = (state: RedemptionState): number => Number(countOf.get(kind, value, state)?.["found"]);
    return { redeemed: count("redeemed"), held: count("held"), rolledBack: count("rolled_back"), last: lastOf(kind, value) };
  };
}

function tallier(driver: SqliteDriver): (request: PageRequest) => Page<CounterTally> {
  const names = (comparison: ">=" | ">") => driver.prepare(
    `SELECT name FROM counters WHERE name ${comparison} ? AND until IS NULL UNION ` +
    `SELECT counter FROM live_claims WHERE counter ${comparison} ? ` +
    "AND NOT EXISTS (SELECT 1 FROM counters WHERE name = counter AND until IS NOT NULL) ORDER BY 1 LIMIT ?");
  const selectFirst = names(">=");
  const selectMore = names(">");
  const selectLive = driver.prepare("SELECT coalesce(sum(amount), 0) AS live FROM live_claims WHERE counter = ?");
  const claimedOf = claimedReader(driver);

  return ({ after, limit }) => {
    const from = after ?? "";
    const rows = (after === null ? selectFirst : selectMore).all(from, from, limit + 1);
    const found = rows.map((row) => String(row["name"]));
    const { items, next } = page(found, limit, (counter) => counter);
    const tallyOf = (counter: string): CounterTally =>
      ({ counter, claimed: claimedOf(counter), live: Number(selectLive.get(counter)?.["live"]) });
    return { items: items.map(tallyOf), next };
  };
}

/** The caller holds the write lock. */
function rekeyer(driver: SqliteDriver, reader: EntryReader): (from: string, to: string) => { readonly entries: number } {
  const { reindex } = entryWriter(driver);
  const selectKeys = driver.prepare("SELECT key FROM ledger_customers WHERE customer = ?");
  const moveKeys = driver.prepare(
    "INSERT INTO ledger_customers (customer, key) SELECT ?, key FROM ledger_customers WHERE customer = ? ON CONFLICT DO NOTHING");
  const deleteKeys = driver.prepare("DELETE FROM ledger_customers WHERE customer = ?");
  const moveSeen = driver.prepare(
    "INSERT INTO customers (customer, last_at) SELECT ?, last_at FROM customers WHERE customer = ? " +
    "ON CONFLICT (customer) DO UPDATE SET last_at = max(last_at, excluded.last_at)");
  const deleteSeen = driver.prepare("DELETE FROM customers WHERE customer = ?");
  const renameCounters = counterRenamer(driver);

  return (from, to) => {
    let entries = 0;
    for (const row of selectKeys.all(from)) {
      for (const entry of reader.history(String(row["key"]))) {
        if (!customersOf(entry.index).includes(from)) continue;
        reindex({ ...entry, index: renamedIndex(entry.index, from, to) });
        entries += 1;
      }
    }
    moveKeys.run(to, from);
    deleteKeys.run(from);
    moveSeen.run(to, from);
    deleteSeen.run(from);
    renameCounters(from, to);
    return { entries };
  };
}

/** A counter that both names have becomes one; its next commit says under which ceiling. */
function counterRenamer(driver: SqliteDriver): (from: string, to: string) => void {
  const selectOf = driver.prepare("SELECT name, claimed, until FROM counters WHERE customer = ?");
  const selectOne = driver.prepare("SELECT claimed, until FROM counters WHERE name = ?");
  const remove = driver.prepare("DELETE FROM counters WHERE name = ?");
  const put = driver.prepare(
    "INSERT INTO counters (name, claimed, ceiling, until, customer) VALUES (?, ?, NULL, ?, ?) " +
    "ON CONFLICT (name) DO UPDATE SET claimed = excluded.claimed, ceiling = NULL, until = excluded.until");

  return (from, to) => {
    for (const { name, claimed, until } of selectOf.all(from)) {
      const renamed = renamedCounter(String(name), from, to);
      const there = selectOne.get(renamed);
      const end = there === undefined ? numberOrNull(until) : looser(numberOrNull(there["until"]), numberOrNull(until));
      put.run(renamed, Number(claimed) + Number(there?.["claimed"] ?? 0), end, to);
      remove.run(String(name));
    }
  };
}
