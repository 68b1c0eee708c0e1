/**
 * The counters of the ledger that the back office reads, by name. An id needs no escape in a name.
 */
import type { CounterView } from "../contract/storage.js";
import type { CouponRecord } from "../types/coupon.js";

export function couponCounter(couponId: string): string {
  return `coupon/${couponId}`;
}

export function codeCounter(codeId: string): string {
  return `code/${codeId}`;
}

/** What is spent of a store credit, and what was issued besides its own amount; none of another coupon. */
export function creditCounters({ id, discount }: CouponRecord): readonly string[] {
  return discount?.type === "store_credit" ? [`coupon/${id}/credit`, `coupon/${id}/credit/added`] : [];
}

/** Holds are not among them, neither live nor ended ones. */
export function usedOf(counter: CounterView | undefined): number {
  return counter === undefined ? 0 : counter.claimed - counter.held - (counter.ended ?? 0);
}
