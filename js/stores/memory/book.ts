/**
 * The ledger's data in memory: entries, counters, and what is derived from them so that neither a checkout nor a list
 * walks a history. Owns keeping them in step; it judges nothing and copies nothing.
 */
import type { LedgerEntry, LedgerIndex } from "../../contract/storage.js";
import type { EpochMs } from "../../types/money.js";
import { customersOf } from "../customer.js";
import { entryOf, removeFrom } from "./maps.js";

export interface Counter {
  readonly claimed: number;
  /** May be dropped after this instant; `null`: it is kept. */
  readonly until: EpochMs | null;
}

/** What a key claims of a counter by its newest revision. */
export interface LiveClaim {
  readonly amount: number;
  readonly holdUntil: EpochMs | null;
}

export type TermKind = "coupon" | "code" | "customer" | "order";

export class MemoryBook {
  readonly counters = new Map<string, Counter>();
  /** Per counter, by key. */
  readonly claims = new Map<string, Map<string, LiveClaim>>();
  /** Those of `claims` whose newest revision is a hold. */
  readonly holds = new Map<string, Map<string, LiveClaim>>();
  /** By key, ascending by revision. */
  readonly histories = new Map<string, readonly LedgerEntry[]>();
  /** Newest revisions that are holds. */
  readonly held = new Map<string, LedgerEntry>();
  /** Per term, newest revisions by key. */
  readonly #found = new Map<string, Map<string, LedgerEntry>>();
  /** Per customer, the keys any of whose revisions names it. */
  readonly #naming = new Map<string, Set<string>>();

  newest(key: string): LedgerEntry | undefined {
    return this.histories.get(key)?.at(-1);
  }

  has(key: string, revision: number): boolean {
    return this.histories.get(key)?.some((entry) => entry.revision === revision) === true;
  }

  /** The newest revisions indexed by this; all of them for `null`. */
  found(by: { readonly kind: TermKind; readonly value: string } | null): readonly LedgerEntry[] {
    if (by !== null) return [...this.#found.get(termOf(by.kind, by.value))?.values() ?? []];
    return [...this.histories.values()].flatMap((history) => history.slice(-1));
  }

  append(entry: LedgerEntry): void {
    const history = [...this.histories.get(entry.key) ?? [], entry];
    this.keep(entry.key, history.sort((one, other) => one.revision - other.revision));
  }

  /** Puts a whole history in the place of what there was of its key. */
  keep(key: string, history: readonly LedgerEntry[]): void {
    const before = this.newest(key);
    const now = history.at(-1);
    this.histories.set(key, history);
    for (const { index } of history) {
      for (const customer of customersOf(index)) entryOf(this.#naming, customer, () => new Set<string>()).add(key);
    }
    if (before === now) return;
    if (before !== undefined) this.#forget(before);
    if (now !== undefined) this.#derive(now);
  }

  /** The keys any of whose revisions names this customer, which none of them will any more: the caller renames it. */
  takeNaming(customer: string): ReadonlySet<string> {
    const keys = this.#naming.get(customer) ?? new Set<string>();
    this.#naming.delete(customer);
    return keys;
  }

  #forget({ key, index }: LedgerEntry): void {
    for (const term of termsOf(index)) removeFrom(this.#found, term, key);
    for (const { counter } of index.claims) {
      removeFrom(this.claims, counter, key);
      removeFrom(this.holds, counter, key);
    }
    this.held.delete(key);
  }

  #derive(entry: LedgerEntry): void {
    const { key, index, state, holdUntil } = entry;
    for (const term of termsOf(index)) entryOf(this.#found, term, () => new Map<string, LedgerEntry>()).set(key, entry);
    for (const { counter, amount } of index.claims) {
      const claim = { amount, holdUntil };
      entryOf(this.claims, counter, () => new Map<string, LiveClaim>()).set(key, claim);
      if (state === "held") entryOf(this.holds, counter, () => new Map<string, LiveClaim>()).set(key, claim);
    }
    if (state === "held") this.held.set(key, entry);
  }
}

function termsOf({ coupons, codes, customerKeys, order }: LedgerIndex): readonly string[] {
  return [
    ...coupons.map((coupon) => termOf("coupon", coupon)),
    ...codes.map((code) => termOf("code", code)),
    ...customerKeys.map((customer) => termOf("customer", customer)),
    ...(order === null ? [] : [termOf("order", order)]),
  ];
}

function termOf(kind: TermKind, value: string): string {
  return `${kind}/${value}`;
}
