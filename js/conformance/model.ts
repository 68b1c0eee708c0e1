/**
 * The reference that an adapter is held against: the contract read as plainly as possible, over a set and two maps. Owns
 * correctness, not speed: everything that is derived is derived anew at each read.
 */
import type {
  CommitOutcome, CounterView, LedgerBatch, LedgerEntry, LedgerReadRequest, LedgerView,
} from "../contract/storage.js";

export class ModelLedger {
  /** By key and revision. */
  readonly #written = new Set<string>();
  readonly #newest = new Map<string, LedgerEntry>();
  readonly #claimed = new Map<string, number>();

  commit({ insert, add }: LedgerBatch): CommitOutcome {
    const taken = insert.findIndex((entry) => this.#written.has(identityOf(entry)));
    if (taken !== -1) return { status: "exists", insert: taken };
    for (const [place, { counter, delta, ceiling }] of add.entries()) {
      const claimed = this.claimed(counter);
      const wanted = claimed + delta;
      if (wanted < 0 || (ceiling !== null && wanted > ceiling)) return { status: "ceiling", add: place, claimed };
    }
    for (const entry of insert) {
      this.#written.add(identityOf(entry));
      const before = this.#newest.get(entry.key);
      if (before === undefined || before.revision < entry.revision) this.#newest.set(entry.key, entry);
    }
    for (const { counter, delta } of add) this.#claimed.set(counter, this.claimed(counter) + delta);
    return { status: "committed" };
  }

  read({ at, counters, entries, expiredHolds }: LedgerReadRequest): LedgerView {
    return {
      counters: counters.map((counter) => this.#counter(counter, at)),
      entries: entries.map((key) => this.newest(key)),
      expiredHolds: expiredHolds === null ? [] : this.#ended(at, expiredHolds.counters).slice(0, expiredHolds.limit),
    };
  }

  newest(key: string): LedgerEntry | null {
    return this.#newest.get(key) ?? null;
  }

  claimed(counter: string): number {
    return this.#claimed.get(counter) ?? 0;
  }

  /** What newest revisions claim of a counter. */
  live(counter: string): number {
    return [...this.#newest.values()].reduce((sum, entry) => sum + amountOf(entry, counter), 0);
  }

  #holdsOf(counter: string): LedgerEntry[] {
    return [...this.#newest.values()].filter((entry) => entry.state === "held" && amountOf(entry, counter) > 0);
  }

  #counter(counter: string, at: number): CounterView {
    const holds = this.#holdsOf(counter);
    const live = holds.filter((entry) => !hasEnded(entry, at));
    const sum = (of: readonly LedgerEntry[]): number => of.reduce((total, entry) => total + amountOf(entry, counter), 0);
    const ends = live.map((entry) => entry.holdUntil ?? Infinity);
    return {
      claimed: this.claimed(counter),
      held: sum(live),
      ended: sum(holds) - sum(live),
      nextExpiry: ends.length === 0 ? null : Math.min(...ends),
    };
  }

  #ended(at: number, counters: readonly string[] | null): LedgerEntry[] {
    const wanted = (entry: LedgerEntry): boolean =>
      entry.index.claims.some(({ counter }) => counters === null || counters.includes(counter));
    return [...this.#newest.values()]
      .filter((entry) => entry.state === "held" && hasEnded(entry, at) && wanted(entry))
      .sort((left, right) => (left.holdUntil ?? 0) - (right.holdUntil ?? 0));
  }
}

function identityOf({ key, revision }: LedgerEntry): string {
  return `${revision} ${key}`;
}

function hasEnded({ holdUntil }: LedgerEntry, at: number): boolean {
  return holdUntil !== null && holdUntil <= at;
}

function amountOf(entry: LedgerEntry, counter: string): number {
  return entry.index.claims.find((claim) => claim.counter === counter)?.amount ?? 0;
}
