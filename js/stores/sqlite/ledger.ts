/**
 * `RedemptionLedger` over SQLite. Owns the one write of a checkout; it must not read a clock and must not look into a
 * body. One file is one shop, so a batch's `partition` needs no column.
 */
import type {
  CommitOutcome, CounterAdd, CounterView, LedgerBatch, LedgerCapabilities, LedgerEntry, LedgerReadRequest, RedemptionLedger,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { EpochMs } from "../../types/money.js";
import { customerOf } from "../customer.js";
import { compareText } from "../order.js";
import type { SqliteDriver } from "./driver.js";
import { entryReader, entryWriter, numberOrNull } from "./entries.js";

const CAPABILITIES: LedgerCapabilities = { atomicCommit: true, maxOperations: 1000, durability: "power" };

export function sqliteLedger(driver: SqliteDriver): RedemptionLedger {
  const claimedOf = claimedReader(driver);
  const counterView = counterReader(driver, claimedOf);
  const { newest } = entryReader(driver);
  const endedKeys = endedHoldsReader(driver);
  const { append } = entryWriter(driver);
  const move = counterMover(driver, claimedOf);

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
    read: ({ at, counters, entries, expiredHolds }) => driver.snapshot(() => ({
      counters: counters.map((counter) => counterView(counter, at)),
      entries: entries.map(newest),
      expiredHolds: expiredHolds === null ? [] : endedKeys(expiredHolds, at).map((key) => newest(key) as LedgerEntry),
    })),
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

export function claimedReader(driver: SqliteDriver): (counter: string) => number {
  const select = driver.prepare("SELECT claimed FROM counters WHERE name = ?");
  return (counter) => Number(select.get(counter)?.["claimed"] ?? 0);
}

function counterReader(
  driver: SqliteDriver,
  claimedOf: (counter: string) => number,
): (counter: string, at: EpochMs) => CounterView {
  const selectLive = driver.prepare(
    "SELECT coalesce(sum(amount), 0) AS held, min(hold_until) AS next_expiry FROM live_claims " +
    "WHERE counter = ? AND held = 1 AND (hold_until IS NULL OR hold_until > ?)");
  const selectEnded = driver.prepare(
    "SELECT coalesce(sum(amount), 0) AS ended FROM live_claims WHERE counter = ? AND held = 1 AND hold_until <= ?");
  return (counter, at) => {
    const live = selectLive.get(counter, at);
    return {
      claimed: claimedOf(counter),
      held: Number(live?.["held"]),
      ended: Number(selectEnded.get(counter, at)?.["ended"]),
      nextExpiry: numberOrNull(live?.["next_expiry"]),
    };
  };
}

/** The keys of holds that have ended, the longest ended first. */
function endedHoldsReader(
  driver: SqliteDriver,
): (wanted: NonNullable<LedgerReadRequest["expiredHolds"]>, at: EpochMs) => readonly string[] {
  const selectAll = driver.prepare(
    "SELECT key FROM ledger_newest WHERE hold_until <= ? ORDER BY hold_until, key LIMIT ?");
  const selectOf = driver.prepare(
    "SELECT key, hold_until FROM live_claims WHERE counter = ? AND held = 1 AND hold_until <= ? ORDER BY hold_until, key LIMIT ?");

  return ({ counters, limit }, at) => {
    if (counters === null) return selectAll.all(at, limit).map((row) => String(row["key"]));
    const ends = new Map<string, number>();
    for (const counter of counters) {
      for (const row of selectOf.all(counter, at, limit)) ends.set(String(row["key"]), Number(row["hold_until"]));
    }
    return [...ends]
      .sort(([key, end], [otherKey, otherEnd]) => end - otherEnd || compareText(key, otherKey))
      .slice(0, limit)
      .map(([key]) => key);
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
    "INSERT INTO counters (name, claimed, ceiling, until, customer) VALUES (?, ?, ?, ?, ?) " +
    "ON CONFLICT (name) DO UPDATE SET claimed = excluded.claimed, ceiling = excluded.ceiling, until = excluded.until");

  return ({ counter, delta, ceiling, until = null }) => {
    const claimed = claimedOf(counter);
    const wanted = claimed + delta;
    if (wanted < 0 || wanted > (ceiling ?? Number.MAX_SAFE_INTEGER)) return claimed;
    if (delta !== 0) put.run(counter, wanted, ceiling, until, customerOf(counter));
    return null;
  };
}
