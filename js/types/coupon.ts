/**
 * What a merchant defines: coupons, their codes, restrictions and limits.
 */
import type { CustomerKey } from "./cart.js";
import type { Amounts, EpochMs, Instant } from "./money.js";

/**
 * - `standard`: one shared code; further codes with restrictions of their own may be added.
 * - `bulk_pool`: many unique codes; the coupon's own `code` is their prefix and redeems nothing.
 * - `url_token`: applied by a link; typed by hand it is not found, unless the policy says otherwise.
 */
export type CouponType = "standard" | "bulk_pool" | "url_token";

export type Discount =
  | {
      readonly type: "percent";
      /** Hundredths of a percent, 1 … 10000: 2000 is 20 %. */
      readonly basisPoints: number;
      /** The most it takes off an order, per currency. A cart in a currency without an entry is refused, never uncapped. */
      readonly cap?: Amounts;
    }
  | {
      readonly type: "amount";
      /** What it takes off an order, per currency; each ≥ 1. */
      readonly amounts: Amounts;
    };

/** How long a redeemed coupon keeps discounting later payments. One-time orders are not affected. */
export type Duration =
  | { readonly type: "once" }
  | { readonly type: "forever" }
  | { readonly type: "repeating"; readonly months: number };

/** Who, what, when, how much. On the coupon and on the code; both must hold. */
export interface Restrictions {
  /** First valid instant (inclusive). */
  readonly startsAt?: Instant | null;
  /** Last valid instant (inclusive). */
  readonly expiresAt?: Instant | null;
  readonly minimum?: Minimum | null;
  readonly products?: Products | null;
  /** Only these customers: any one key of the customer must be listed. 1 … 10,000 entries. */
  readonly customers?: readonly CustomerKey[] | null;
  /** Only customers without an earlier paid order. Default `false`. */
  readonly firstOrderOnly?: boolean;
}

export interface Minimum {
  /** Required subtotal per currency (≥ passes). A cart in another currency is refused, the minimum is never ignored. */
  readonly amounts: Amounts;
  /** `all_lines` (default) or only the lines this coupon may discount. Always before any coupon. */
  readonly scope?: "all_lines" | "eligible_lines";
}

export interface Products {
  /** A line is eligible if any of its `ids` is listed; absent or empty means every line. */
  readonly include?: readonly string[];
  /** Wins over `include`. */
  readonly exclude?: readonly string[];
}

/** How often. Absent means unlimited; 0 is refused. */
export interface Limits {
  /** Redemptions over all customers, 1 … 2^53 − 1. */
  readonly total?: number | null;
  /** Redemptions of each customer key, 1 … 2^53 − 1. */
  readonly perCustomer?: number | null;
}

/** What `coupons.create` and `evaluate` take. Everything but `type`, `code` and `discount` has a default. */
export interface CouponDefinition {
  /** `[A-Za-z0-9_-]{1,64}`; given by the engine (`coupon_…`) when absent. Required by `evaluate`. */
  readonly id?: string;
  readonly type: CouponType;
  /**
   * The code customers enter, the link token, or a pool's prefix. A `standard` coupon may say `null`: applied by its
   * id, or by codes added to it.
   */
  readonly code?: string | null;
  /** Shown on receipts; at most 200 characters. */
  readonly name?: string | null;
  readonly description?: string | null;
  /** Absent or `null`: a draft, answered with `no_discount_linked`. */
  readonly discount?: Discount | null;
  readonly duration?: Duration;
  readonly restrictions?: Restrictions;
  readonly limits?: Limits;
  /** Lower is applied first, −1,000,000 … 1,000,000, default 0. */
  readonly priority?: number;
  /** Never together with another coupon. Default `false`. */
  readonly exclusive?: boolean;
  /** A word others may name in `combinesWith`: `[a-z][a-z0-9_]{0,31}`. */
  readonly category?: string | null;
  /** Which others it tolerates; both sides must agree. Default `"all"`. */
  readonly combinesWith?: "all" | "none" | readonly string[];
  /** `archived` and `inactive` refuse redemption. Default `"active"`. */
  readonly state?: State;
  /** At most 50 entries of at most 500 characters. */
  readonly metadata?: { readonly [key: string]: string };
  /** Further codes of this coupon. `create` stores each; a refused one becomes a warning, the coupon stays. */
  readonly codes?: readonly CodeDefinition[];
}

export type State = "active" | "inactive" | "archived";

export interface CodeDefinition {
  readonly id?: string;
  /** Absent or `null`: one is generated (S2.34). */
  readonly code?: string | null;
  readonly restrictions?: Restrictions;
  readonly limits?: Limits;
  readonly state?: State;
  readonly metadata?: { readonly [key: string]: string };
}

/** A coupon as it is stored: a checked definition, every default filled in, every instant in milliseconds. */
export interface CouponRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly type: CouponType;
  readonly code: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly discount: Discount | null;
  readonly duration: Duration;
  readonly restrictions: RestrictionsRecord;
  readonly limits: { readonly total: number | null; readonly perCustomer: number | null };
  readonly priority: number;
  readonly exclusive: boolean;
  readonly category: string | null;
  readonly combinesWith: "all" | "none" | readonly string[];
  readonly state: State;
  readonly metadata: { readonly [key: string]: string };
  /** Grows with every edit; a redemption keeps the version it was reserved with. */
  readonly version: number;
  readonly createdAt: EpochMs;
}

export interface RestrictionsRecord {
  readonly startsAt: EpochMs | null;
  readonly expiresAt: EpochMs | null;
  readonly minimum: { readonly amounts: Amounts; readonly scope: "all_lines" | "eligible_lines" } | null;
  readonly products: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
  readonly customers: readonly CustomerKey[] | null;
  readonly firstOrderOnly: boolean;
}

/** A code as it is stored. `code` is canonical and unique over the whole store, archived ones included. */
export interface CodeRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly couponId: string;
  readonly code: string;
  readonly restrictions: RestrictionsRecord;
  readonly limits: { readonly total: number | null; readonly perCustomer: number | null };
  readonly state: State;
  /** The generation run it came from, numbered from 1 per coupon. */
  readonly batch: number | null;
  readonly metadata: { readonly [key: string]: string };
  readonly createdAt: EpochMs;
}

/** `archived` > `inactive` > `expired` > `exhausted` > `scheduled` > `active`: the first that holds. */
export type CouponStatus = "archived" | "inactive" | "expired" | "exhausted" | "scheduled" | "active";

/** What a list or a detail page shows of a coupon. */
export interface CouponDescription {
  readonly status: CouponStatus;
  /** Could be redeemed now by somebody: active, started, not expired, not exhausted, with a discount. */
  readonly valid: boolean;
  /** `20% off forever`, `100 EGP off once`, `15% off for 3 months`, ` up to 100 EGP` added for a cap. */
  readonly terms: string | null;
  /** The name, else the id (S2.9). */
  readonly label: string;
  /** The name, else "Untitled coupon" (S2.15). */
  readonly title: string;
  /** Redemptions over all codes, as the ledger's view has them. */
  readonly used: number;
  /** `used/limit`, or `used` without a limit (S2.11). */
  readonly redemptions: string;
}
