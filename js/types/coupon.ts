/**
 * What a merchant defines: coupons, their codes, restrictions and limits.
 */
import type { CustomerKey } from "./cart.js";
import type { Amounts, EpochMs, Instant } from "./money.js";

/** How its codes reach the customer (S0.5). */
export type CouponType =
  /** One shared code; further codes with restrictions of their own may be added (S0.6, S2.1). */
  | "standard"
  /** Many unique codes; the coupon's own `code` is their prefix and redeems nothing (S0.7, S0.16). */
  | "bulk_pool"
  /** Applied by a link; typed by hand it is not found, unless the policy's `urlTokenTyped` says otherwise (S0.8). */
  | "url_token";

/** What it takes off the eligible lines, never more than they cost (semantics §2, §5, §6). */
export type Discount =
  | {
      /** A share of the eligible lines (semantics §2), rounded once on their sum (§3). */
      readonly type: "percent";
      /** Hundredths of a percent, 1 … 10000: 2000 is 20 % (semantics §2, S2.16). */
      readonly basisPoints: number;
      /**
       * The most it takes off an order, minor units per currency, each ≥ 1 (semantics §5; S2.17, S2.18). A cart in a
       * currency without an entry is refused, never uncapped.
       */
      readonly cap?: Amounts;
    }
  | {
      /** A fixed sum, at most what the eligible lines cost; the rest is lost (semantics §6). */
      readonly type: "amount";
      /** What it takes off an order, minor units per currency, each ≥ 1 (semantics §1, S2.19). */
      readonly amounts: Amounts;
    };

/** How long a redeemed coupon discounts later payments (semantics §18). One-time orders are not affected (S2.25). */
export type Duration =
  /** The first payment only (S2.22). */
  | { readonly type: "once" }
  /** Every payment as long as the coupon is active (S2.21, S2.24). */
  | { readonly type: "forever" }
  /** Payments within `months` calendar months of the redemption, 1 … 1,200 (S2.23). */
  | { readonly type: "repeating"; readonly months: number };

/** Who, what, when, how much. On the coupon and on the code; both must hold (semantics §23; S2.6, S3.11). */
export interface Restrictions {
  /** First valid instant, inclusive (semantics §17; S3.4, S3.5). */
  readonly startsAt?: Instant | null;
  /** Last valid instant, inclusive (semantics §17; S2.26, S2.38). */
  readonly expiresAt?: Instant | null;
  /** The least order value (semantics §9; S2.29, S2.39). */
  readonly minimum?: Minimum | null;
  /** The lines it may discount (semantics §10; S2.20, S4.16). */
  readonly products?: Products | null;
  /** Only these customers: any one key of the customer must be listed; 1 … 10,000 entries (semantics §11, S2.36). */
  readonly customers?: readonly CustomerKey[] | null;
  /** Only customers without an earlier paid order (semantics §12, S2.35). Default `false`. */
  readonly firstOrderOnly?: boolean;
}

/** The least order value, before any coupon, without shipping and gift cards (semantics §9). */
export interface Minimum {
  /** Minor units per currency; ≥ passes. A cart in another currency is refused, the minimum is never ignored (§1). */
  readonly amounts: Amounts;
  /** `all_lines` (default) or only the lines this coupon may discount (semantics §9). */
  readonly scope?: "all_lines" | "eligible_lines";
}

/** Which lines are eligible, by the ids the host gives; no hierarchy is expanded (semantics §10, S4.17). */
export interface Products {
  /** A line is eligible if any of its `ids` is listed; absent or empty means every line. At most 10,000. */
  readonly include?: readonly string[];
  /** Wins over `include` (semantics §10). At most 10,000. */
  readonly exclude?: readonly string[];
}

/** How many redemptions, live holds counted (semantics §13, §14). Absent means unlimited; 0 is refused (S2.30). */
export interface Limits {
  /** Redemptions over all customers, 1 … 2^53 − 1 (S2.27 on the coupon, S2.37 on the code). */
  readonly total?: number | null;
  /** Redemptions of each customer key, 1 … 2^53 − 1 (semantics §11; S2.28, S3.13). */
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
  /** Shown on receipts; at most 200 characters (S2.15). */
  readonly name?: string | null;
  /** For staff; at most 2,000 characters. */
  readonly description?: string | null;
  /** Absent or `null`: a draft, answered with `no_discount_linked` (S0.9). */
  readonly discount?: Discount | null;
  /** Semantics §18. Default `once`. */
  readonly duration?: Duration;
  /** Default: none. */
  readonly restrictions?: Restrictions;
  /** Default: none. */
  readonly limits?: Limits;
  /** Lower is applied first, −1,000,000 … 1,000,000, default 0 (semantics §7). */
  readonly priority?: number;
  /** Never together with another coupon (semantics §7). Default `false`. */
  readonly exclusive?: boolean;
  /** A word others may name in `combinesWith`: `[a-z][a-z0-9_]{0,31}`. */
  readonly category?: string | null;
  /** Which others it tolerates; both sides must agree (semantics §7); 1 … 100 categories. Default `"all"`. */
  readonly combinesWith?: "all" | "none" | readonly string[];
  /** `archived` and `inactive` refuse redemption (semantics §22). Default `"active"`. */
  readonly state?: State;
  /** At most 50 entries of at most 500 characters. */
  readonly metadata?: { readonly [key: string]: string };
  /** Further codes of this coupon. `create` stores each; a refused one becomes a warning, the coupon stays (S2.41). */
  readonly codes?: readonly CodeDefinition[];
}

/** What staff set; only `active` redeems (semantics §22, §25). */
export type State =
  /** May be redeemed. */
  | "active"
  /** Switched off (S2.45). */
  | "inactive"
  /** Put away; its code text stays taken (semantics §20, S2.61). */
  | "archived";

/** A code of a coupon, with rules of its own that must hold as well (semantics §23; S2.1, S2.3). */
export interface CodeDefinition {
  /** `[A-Za-z0-9_-]{1,64}`; given by the engine (`code_…`) when absent. */
  readonly id?: string;
  /** Absent or `null`: one is generated (S2.34). */
  readonly code?: string | null;
  /** Beside the coupon's: both must hold (S2.6). */
  readonly restrictions?: Restrictions;
  /** On a counter of its own, beside the coupon's (S2.7). */
  readonly limits?: Limits;
  /** Default `"active"`. */
  readonly state?: State;
  /** At most 50 entries of at most 500 characters. */
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
  /** Grows with every edit; a redemption keeps the version it was reserved with (semantics §22). */
  readonly version: number;
  readonly createdAt: EpochMs;
}

/** `Restrictions` as stored: instants in epoch milliseconds, `null` where there is no rule. */
export interface RestrictionsRecord {
  readonly startsAt: EpochMs | null;
  readonly expiresAt: EpochMs | null;
  readonly minimum: { readonly amounts: Amounts; readonly scope: "all_lines" | "eligible_lines" } | null;
  readonly products: { readonly include: readonly string[]; readonly exclude: readonly string[] } | null;
  readonly customers: readonly CustomerKey[] | null;
  readonly firstOrderOnly: boolean;
}

/** A code as it is stored. `code` is canonical and unique over the whole store, archived ones included (§20). */
export interface CodeRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly couponId: string;
  readonly code: string;
  readonly restrictions: RestrictionsRecord;
  readonly limits: { readonly total: number | null; readonly perCustomer: number | null };
  readonly state: State;
  /** The generation run it came from, numbered from 1 per coupon (semantics §21, S0.37). */
  readonly batch: number | null;
  readonly metadata: { readonly [key: string]: string };
  readonly createdAt: EpochMs;
}

/** `archived` > `inactive` > `expired` > `exhausted` > `scheduled` > `active`: the first that holds (§25). */
export type CouponStatus =
  /** Its state. */
  | "archived"
  /** Its state. */
  | "inactive"
  /** After `expiresAt` (semantics §17). */
  | "expired"
  /** Every redemption used; live holds do not count (semantics §25). */
  | "exhausted"
  /** Before `startsAt` (semantics §17). */
  | "scheduled"
  /** None of the others. */
  | "active";

/** What a list or a detail page shows of a coupon (semantics §25, §28). */
export interface CouponDescription {
  /** The first that holds (semantics §25). */
  readonly status: CouponStatus;
  /** Could be redeemed now by somebody: active, started, not expired, not exhausted, with a discount (§25, S2.48). */
  readonly valid: boolean;
  /** `20% off forever`, `100 EGP off once`, `15% off for 3 months`, ` up to 100 EGP` added for a cap (§28, S2.10). */
  readonly terms: string | null;
  /** The name, else the id (S2.9). */
  readonly label: string;
  /** The name, else "Untitled coupon" (S2.15). */
  readonly title: string;
  /** Redemptions over all codes, as the ledger's view has them; live holds do not count (S0.46). */
  readonly used: number;
  /** `used/limit`, or `used` without a limit (S2.11). */
  readonly redemptions: string;
}
