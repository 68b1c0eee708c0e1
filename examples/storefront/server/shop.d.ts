/**
 * What every part of the server works with. Types only.
 */
import type { CouponEngine, RedemptionLedger } from "coupon-engine";
import type { Orders } from "./database/open.mjs";

export interface Shop {
  readonly engine: CouponEngine;
  /** Asked for the counters of days, budgets and balances; never written. */
  readonly ledger: RedemptionLedger;
  readonly orders: Orders;
  /** The shop's clock, epoch milliseconds; the engine goes by the same. */
  readonly now: () => number;
}
