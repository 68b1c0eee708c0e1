/**
 * Where customers stand in what the ledger keeps: in an entry's index and in names of counters. Owns how such a name is
 * taken apart and renamed; it must not store.
 */
import type { Claim, LedgerIndex } from "../contract/storage.js";

/**
 * Whose a counter is, as `kind/value`, neither with a slash in it. The whole name is looked at: `coupon/customer/day/2026-11-20`
 * is the day of a coupon called `customer`. Also in statements: a regular expression to PostgreSQL as well.
 */
export const CUSTOMER_OF_COUNTER = "^(?:first_order|(?:coupon|code)/[^/]+(?:/[^/]+/[^/]+)?)/customer/([^/]+/[^/]+)$";
const PATTERN = new RegExp(CUSTOMER_OF_COUNTER);

/** `null` if it is no customer's. */
export function customerOf(counter: string): string | null {
  return PATTERN.exec(counter)?.[1] ?? null;
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
