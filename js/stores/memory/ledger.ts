/**
 * `RedemptionLedger` in memory. Owns the two guards; one atomic step is one synchronous call that judges everything on
 * the side and then applies it. It must not look into a body.
 */
import type {
  CounterView, LedgerCapabilities, LedgerEntry, LedgerReadRequest, RedemptionLedger,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { EpochMs } from "../../types/money.js";
import { compareText } from "../order.js";
import type { Counter, MemoryBook } from "./book.js";
import { present } from "./maps.js";

const CAPABILITIES: LedgerCapabilities = { atomicCommit: true, maxOperations: 1000, durability: "volatile" };
const UNTOUCHED: Counter = { claimed: 0, until: null };

export function memoryLedger(book: MemoryBook): RedemptionLedger {
  return {
    capabilities: CAPABILITIES,
    read: ({ at, counters, entries, expiredHolds }) => structuredClone({
      counters: counters.map((counter) => counterView(book, counter, at)),
      entries: entries.map((key) => book.newest(key) ?? null),
      expiredHolds: expiredHolds === null ? [] : endedHolds(book, at, expiredHolds),
    }),
    commit(batch) {
      if (batch.insert.length + batch.add.length > CAPABILITIES.maxOperations) {
        throw new CouponError({ code: "too_large", message: `a commit carries at most ${CAPABILITIES.maxOperations} operations` });
      }
      const taken = batch.insert.findIndex(({ key, revision }, index) => book.has(key, revision) ||
        batch.insert.findIndex((other) => other.key === key && other.revision === revision) < index);
      if (taken !== -1) return { status: "exists", insert: taken };

      const moved = new Map<string, Counter>();
      for (const [add, { counter, delta, ceiling, until = null }] of batch.add.entries()) {
        const { claimed } = moved.get(counter) ?? book.counters.get(counter) ?? UNTOUCHED;
        const wanted = claimed + delta;
        if (wanted < 0 || wanted > (ceiling ?? Number.MAX_SAFE_INTEGER)) return { status: "ceiling", add, claimed };
        if (delta !== 0) moved.set(counter, { claimed: wanted, until });
      }

      const inserts = structuredClone(batch.insert); // all of them copied before the first is kept: a copy may fail
      for (const entry of inserts) book.append(entry);
      for (const [name, counter] of moved) book.counters.set(name, counter);
      return { status: "committed" };
    },
  };
}

function counterView(book: MemoryBook, counter: string, at: EpochMs): CounterView {
  let held = 0;
  let ended = 0;
  let nextExpiry: EpochMs | null = null;
  for (const { amount, holdUntil } of book.holds.get(counter)?.values() ?? []) {
    if (hasEnded(holdUntil, at)) {
      ended += amount;
      continue;
    }
    held += amount;
    if (holdUntil !== null && (nextExpiry === null || holdUntil < nextExpiry)) nextExpiry = holdUntil;
  }
  return { claimed: (book.counters.get(counter) ?? UNTOUCHED).claimed, held, ended, nextExpiry };
}

function endedHolds(
  book: MemoryBook,
  at: EpochMs,
  { counters, limit }: NonNullable<LedgerReadRequest["expiredHolds"]>,
): readonly LedgerEntry[] {
  const keys = counters === null
    ? book.held.keys()
    : new Set(counters.flatMap((counter) => [...book.holds.get(counter)?.keys() ?? []]));
  return present(keys, (key) => book.held.get(key))
    .filter(({ holdUntil }) => hasEnded(holdUntil, at))
    .sort((one, other) => Number(one.holdUntil) - Number(other.holdUntil) || compareText(one.key, other.key))
    .slice(0, limit);
}

function hasEnded(holdUntil: EpochMs | null, at: EpochMs): boolean {
  return holdUntil !== null && holdUntil <= at;
}
