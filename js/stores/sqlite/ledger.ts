/**
 * `RedemptionLedger` over SQLite. Owns the one write of a checkout; it must not read a clock and must not look into a
 * body. One file is one shop, so a batch's `partition` needs no column.
 */
import type {
  CommitOutcome, CounterAdd, LedgerBatch, LedgerCapabilities, LedgerInsert, RedemptionLedger,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { SqliteDriver } from "./driver.js";

const CAPABILITIES: LedgerCapabilities = { atomicCommit: true, maxOperations: 1000, durability: "power" };

export function sqliteLedger(driver: SqliteDriver): RedemptionLedger {
  const selectClaimed = driver.prepare("SELECT claimed FROM counters WHERE name = ?");
  const selectHolds = driver.prepare(
    "SELECT count(*) AS held, min(hold_until) AS next_expiry FROM live_holds WHERE counter = ?");
  const append = entryAppender(driver);
  const move = counterMover(driver, claimedOf);

  function claimedOf(counter: string): number {
    return Number(selectClaimed.get(counter)?.["claimed"] ?? 0);
  }

  function apply(batch: LedgerBatch): CommitOutcome {
    for (const [insert, entry] of batch.insert.entries()) {
      if (!append(entry)) return { status: "exists", insert };
    }
    for (const [add, request] of batch.add.entries()) {
      const refusedAt = move(request);
      if (refusedAt !== null) return { status: "ceiling", add, claimed: refusedAt };
    }
    return { status: "committed" };
  }

  return {
    capabilities: CAPABILITIES,
    read: (request) => ({
      counters: request.counters.map((counter) => {
        const holds = selectHolds.get(counter);
        const nextExpiry = holds?.["next_expiry"] ?? null;
        return {
          claimed: claimedOf(counter),
          held: Number(holds?.["held"]),
          nextExpiry: nextExpiry === null ? null : Number(nextExpiry),
        };
      }),
    }),
    commit(batch) {
      if (batch.insert.length + batch.add.length > CAPABILITIES.maxOperations) {
        throw new CouponError({ code: "too_large", message: `a commit carries at most ${CAPABILITIES.maxOperations} operations` });
      }
      try {
        return driver.transaction(() => apply(batch), (outcome) => outcome.status === "committed");
      } catch (error) {
        if (driver.isBusy(error)) return { status: "busy" };
        throw error;
      }
    },
  };
}

/** Writes one revision with its index; `false` if it is there already. */
function entryAppender(driver: SqliteDriver): (entry: LedgerInsert) => boolean {
  const insertEntry = driver.prepare(
    "INSERT INTO ledger_entries (key, revision, state, at, hold_until, body) VALUES (?, ?, ?, ?, ?, ?) " +
    "ON CONFLICT DO NOTHING");
  const insertIndex = driver.prepare(
    "INSERT INTO ledger_index (kind, value, key, revision) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const selectNewest = driver.prepare("SELECT max(revision) AS revision FROM ledger_entries WHERE key = ?");
  const deleteHolds = driver.prepare("DELETE FROM live_holds WHERE key = ?");
  const insertHold = driver.prepare(
    "INSERT INTO live_holds (counter, key, hold_until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");

  return ({ key, revision, state, at, holdUntil, body, index }) => {
    if (insertEntry.run(key, revision, state, at, holdUntil, body) === 0) return false;
    const terms: readonly (readonly [kind: string, values: readonly string[]])[] = [
      ["counter", index.counters],
      ["coupon", index.coupons],
      ["code", index.codes],
      ["customer", index.customerKeys],
      ["order", index.order === null ? [] : [index.order]],
    ];
    for (const [kind, values] of terms) {
      for (const value of values) insertIndex.run(kind, value, key, revision);
    }
    if (selectNewest.get(key)?.["revision"] === revision) {
      deleteHolds.run(key);
      if (state === "held") for (const counter of index.counters) insertHold.run(counter, key, holdUntil);
    }
    return true;
  };
}

/**
 * Moves one counter; answers what it stood at if that is refused. The caller holds the write lock, so nothing comes
 * between reading and writing. The sum is written, not a delta: SQLite checks the row an upsert would insert before it
 * looks for the row to update, so a delta of −1 would always fail the table's CHECK, which stays as the last guard.
 */
function counterMover(
  driver: SqliteDriver,
  claimedOf: (counter: string) => number,
): (add: CounterAdd) => number | null {
  const put = driver.prepare(
    "INSERT INTO counters (name, claimed, ceiling) VALUES (?, ?, ?) " +
    "ON CONFLICT (name) DO UPDATE SET claimed = excluded.claimed, ceiling = excluded.ceiling");

  return ({ counter, delta, ceiling }) => {
    const claimed = claimedOf(counter);
    const wanted = claimed + delta;
    if (wanted < 0 || wanted > (ceiling ?? Number.MAX_SAFE_INTEGER)) return claimed;
    put.run(counter, wanted, ceiling);
    return null;
  };
}
