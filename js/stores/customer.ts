/**
 * Where customers stand in what the ledger keeps: in an entry's index and in names of counters. Owns how such a name is
 * taken apart and renamed; it must not store.
 */
import type { Claim, LedgerIndex } from "../contract/storage.js";

const SCOPE = "/customer/";

/** Whose counter this is, as `kind/value`; `null` if it is no customer's. Neither part has a slash in it. */
export function customerOf(counter: string): string | null {
  const at = counter.lastIndexOf(SCOPE);
  return at === -1 ? null : counter.slice(at + SCOPE.length);
}

/** Every customer that an entry names, each once. */
export function customersOf({ customerKeys, claims }: LedgerIndex): readonly string[] {
  const claimants = claims.map(({ counter }) => customerOf(counter)).filter((customer) => customer !== null);
  return [...new Set([...customerKeys, ...claimants])];
}

export function renamedCounter(counter: string, from: string, to: string): string {
  return customerOf(counter) === from ? counter.slice(0, counter.length - from.length) + to : counter;
}

/** The index with one customer under another name. What falls together is one: its amounts add up. */
export function renamedIndex(index: LedgerIndex, from: string, to: string): LedgerIndex {
  const claims = new Map<string, Claim>();
  for (const claim of index.claims) {
    const counter = renamedCounter(claim.counter, from, to);
    const other = claims.get(counter);
    claims.set(counter, other === undefined ? { ...claim, counter } : {
      counter, amount: other.amount + claim.amount, ceiling: looser(other.ceiling, claim.ceiling),
    });
  }
  const customerKeys = [...new Set(index.customerKeys.map((key) => (key === from ? to : key)))];
  return { ...index, claims: [...claims.values()], customerKeys };
}

/** Of two bounds the later or higher one; `null` is none at all. */
export function looser(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
