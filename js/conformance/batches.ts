/**
 * Batches to send to a ledger under test, as the engine builds them: frozen, because a ledger must not change what it is
 * given. Owns their defaults.
 */
import type { Claim, CounterAdd, LedgerBatch, LedgerEntry, LedgerReadRequest } from "../contract/storage.js";

/** An instant to count from. */
export const NOON = Date.UTC(2026, 10, 20, 12);
export const HOLD = 900_000;

type EntryChanges = Partial<Omit<LedgerEntry, "key" | "revision" | "index">> & { readonly index?: Partial<LedgerEntry["index"]> };

/** A hold of one unit of each counter, until 15 minutes past noon, unless told otherwise. */
export function hold(key: string, counters: readonly string[] = [], changes: EntryChanges = {}): LedgerEntry {
  return entry(key, 0, "held", counters.map((counter) => claim(counter)), changes);
}

export function entry(
  key: string, revision: number, state: LedgerEntry["state"], claims: readonly Claim[] = [], changes: EntryChanges = {},
): LedgerEntry {
  const { index, ...rest } = changes;
  return frozen({
    key, revision, state, at: NOON, holdUntil: state === "held" ? NOON + HOLD : null,
    body: `{"key":${JSON.stringify(key)},"revision":${revision}}`,
    index: { claims, coupons: [], codes: [], customerKeys: [], order: null, ...index },
    ...rest,
  });
}

export function claim(counter: string, amount = 1, ceiling: number | null = null): Claim {
  return { counter, amount, ceiling };
}

export function add(counter: string, delta: number, ceiling: number | null = null): CounterAdd {
  return { counter, delta, ceiling };
}

/** Adds are sorted by name, as the engine sorts them. */
export function batch(insert: readonly LedgerEntry[], adds: readonly CounterAdd[] = []): LedgerBatch {
  return frozen({ partition: "shop", insert, add: [...adds].sort((left, right) => (left.counter < right.counter ? -1 : 1)) });
}

export function request(changes: Partial<LedgerReadRequest>): LedgerReadRequest {
  return frozen({ at: NOON, counters: [], entries: [], expiredHolds: null, ...changes });
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
