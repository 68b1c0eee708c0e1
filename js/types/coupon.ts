/**
 * What a merchant defines: coupons, their codes and limits, and both as they are stored and shown.
 */
import type { Discount } from "./discount.js";
import type { Amounts, Currency, EpochMs, Instant, Minor } from "./money.js";
import type { Restore } from "./policy.js";
import type { Restrictions, RestrictionsRecord } from "./restrictions.js";

/** How its codes reach the customer (S0.5). */
export type CouponType =
  /** One shared code; further codes with restrictions of their own may be added (S0.6, S2.1). */
  | "standard"
  /** Many unique codes; the coupon's own `code` is their prefix and redeems nothing (S0.7, S0.16). */
  | "bulk_pool"
  /** Applied by a link; typed by hand it is not found, unless the policy's `urlTokenTyped` says otherwise (S0.8). */
  | "url_token";

/** How long a redeemed coupon discounts later payments (semantics §18). One-time orders are not affected (S2.25). */
export type Duration =
  /** The first payment only (S2.22). */
  | { readonly type: "once" }
  /** Every payment as long as the coupon is active (S2.21, S2.24). */
  | { readonly type: "forever" }
  /** Payments within `months` calendar months of the redemption, 1 … 1,200 (S2.23). */
  | { readonly type: "repeating"; readonly months: number }
  /** The first payments, that of the redemption among them, 1 … 1,200. */
  | { readonly type: "repeating"; readonly payments: number };

/** How many redemptions, live holds counted (semantics §13, §14). Absent means unlimited; 0 is refused (S2.30). */
export interface CodeLimits {
  /** Redemptions over all customers, 1 … 2^53 − 1 (S2.27 on the coupon, S2.37 on the code). */
  readonly total?: number | null;
  /** Redemptions of each customer key, 1 … 2^53 − 1 (semantics §11; S2.28, S3.13). */
  readonly perCustomer?: number | null;
  /** How many in each day, week or month, in the policy's `zone`; each period once. */
  readonly windows?: readonly LimitWindow[];
}

/** A limit that begins anew with each period of the policy's `zone`; at least one of both counts is given. */
export interface LimitWindow {
  /** From midnight to midnight, from Monday to Sunday (ISO 8601), or a calendar month. */
  readonly per: "day" | "week" | "month";
  /** Redemptions over all customers, 1 … 2^53 − 1. */
  readonly total?: number | null;
  /** Redemptions of each customer key, 1 … 2^53 − 1. */
  readonly perCustomer?: number | null;
}

/** The limits of a coupon, over all its codes. */
export interface Limits extends CodeLimits {
  /**
   * What all redemptions together may take off, minor units per currency, each 1 … 2^53 − 1; what live holds have is
   * counted. A cart in another currency is refused (§1). Not on a store credit, whose balance it would be.
   */
  readonly budget?: Amounts | null;
}

/** `Limits` as stored; `budget` of a code is `null`. */
export interface LimitsRecord {
  readonly total: number | null;
  readonly perCustomer: number | null;
  readonly budget: Amounts | null;
  readonly windows: readonly Required<LimitWindow>[];
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
  /** Absent or `null`, and no `rules`: a draft, answered with `no_discount_linked` (S0.9). */
  readonly discount?: Discount | null;
  /** Instead of `discount`: the ids of 1 … 20 rules that its codes open, none of them automatic (§32; S0.9, S3.2). */
  readonly rules?: readonly string[] | null;
  /** Semantics §18. Default `once`. */
  readonly duration?: Duration;
  /** Default: none. */
  readonly restrictions?: Restrictions;
  /**
   * A code's own dates: within the coupon's (`intersect`, default), or in their place, each end for itself (`override`;
   * semantics §17, S3.5).
   */
  readonly dates?: "intersect" | "override";
  /** Default: none. */
  readonly limits?: Limits;
  /**
   * What a rollback gives back of it, each instead of what the policy's `redemption.restore` says (semantics §15).
   * Default: the policy's.
   */
  readonly restore?: { readonly cancelled?: Restore | null; readonly refunded?: Restore | null } | null;
  /** Lower is applied first, −1,000,000 … 1,000,000, default 0 (semantics §7). */
  readonly priority?: number;
  /** Never together with another coupon (semantics §7). Default `false`. */
  readonly exclusive?: boolean;
  /** A word others may name in `combinesWith`: `[a-z][a-z0-9_]{0,31}`. */
  readonly category?: string | null;
  /** Which others it tolerates; both sides must agree (semantics §7); 1 … 100 categories. Default `"all"`. */
  readonly combinesWith?: "all" | "none" | readonly string[];
  /** Once it applies, nothing behind it in order does (semantics §7). Default `false`. */
  readonly stopAfter?: boolean;
  /** Beside discounts of the host's own. Default: the policy's `foreignDiscounts` (semantics §8). */
  readonly withForeign?: "alongside" | "suppress" | null;
  /**
   * How its codes should look, `#` for any of `A-Z0-9`: `"SUMMER-####"`. At most 64 characters. Advisory: a code that
   * differs is stored with a warning (S3.6, S3.7).
   */
  readonly template?: string | null;
  /** For customers it is refused; at most 500 characters. Told where the reason itself may be told (semantics §24). */
  readonly refusalMessage?: string | null;
  /** `archived` and `inactive` refuse redemption (semantics §22). Default `"active"`. */
  readonly state?: State;
  /** At most 50 entries of at most 500 characters. */
  readonly metadata?: { readonly [key: string]: string };
  /** Further codes of this coupon. `create` stores each; a refused one becomes a warning, the coupon stays (S2.41). */
  readonly codes?: readonly CodeDefinition[];
}

/** What `coupons.update` takes: an absent field stays, `null` is the default again; lists and objects go as a whole. */
export type CouponChanges = {
  readonly [Field in keyof Omit<CouponDefinition, "id" | "type" | "codes">]?: CouponDefinition[Field] | null;
};

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
  /** On counters of its own, beside the coupon's (S2.7). */
  readonly limits?: CodeLimits;
  /** From when `validForDays` counts. Default: when it is created. */
  readonly issuedAt?: Instant | null;
  /** Default `"active"`. */
  readonly state?: State;
  /** At most 50 entries of at most 500 characters. */
  readonly metadata?: { readonly [key: string]: string };
}

/** What `codes.update` takes: an absent field stays, `null` is the default again. */
export type CodeChanges = { readonly [Field in keyof Omit<CodeDefinition, "id" | "code">]?: CodeDefinition[Field] | null };

/** A coupon as it is stored: a checked definition, every default filled in, every instant in milliseconds. */
export interface CouponRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly type: CouponType;
  readonly code: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly discount: Discount | null;
  readonly rules: readonly string[];
  readonly duration: Duration;
  readonly restrictions: RestrictionsRecord;
  readonly dates: "intersect" | "override";
  readonly limits: LimitsRecord;
  readonly restore: { readonly cancelled: Restore | null; readonly refunded: Restore | null } | null;
  readonly priority: number;
  readonly exclusive: boolean;
  readonly category: string | null;
  readonly combinesWith: "all" | "none" | readonly string[];
  readonly stopAfter: boolean;
  readonly withForeign: "alongside" | "suppress" | null;
  readonly template: string | null;
  readonly refusalMessage: string | null;
  readonly state: State;
  /** What an archived coupon was before, for `unarchive` (semantics §22); `null` of others. */
  readonly archivedFrom: Exclude<State, "archived"> | null;
  readonly metadata: { readonly [key: string]: string };
  /** Grows with every edit; a redemption keeps the version it was reserved with (semantics §22). */
  readonly version: number;
  readonly createdAt: EpochMs;
}

/** A code as it is stored. `code` is canonical and unique over the whole store, archived ones included (§20). */
export interface CodeRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly couponId: string;
  readonly code: string;
  readonly restrictions: RestrictionsRecord;
  readonly limits: LimitsRecord;
  readonly state: State;
  /** What an archived code was before, for `unarchive` (S2.61); `null` of others. */
  readonly archivedFrom: Exclude<State, "archived"> | null;
  /** The generation run it came from, numbered from 1 per coupon (semantics §21, S0.37). */
  readonly batch: number | null;
  readonly metadata: { readonly [key: string]: string };
  /** From when `validForDays` counts; `null`: from `createdAt`. */
  readonly issuedAt: EpochMs | null;
  /** Grows with every edit; 1 where a record has none. */
  readonly version: number;
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
  /** Could be redeemed now by somebody: active, started, not expired, not exhausted, no draft (§25, S2.48). */
  readonly valid: boolean;
  /** Has neither a discount nor a linked rule that is active (S0.9, S0+.6). */
  readonly draft: boolean;
  /** The discount, or those of its rules: `20% off forever`, `100 EGP off once`, `15% off for 3 months` (§28, S2.10). */
  readonly terms: string | null;
  /** The name, else the id (S2.9). */
  readonly label: string;
  /** The name, else "Untitled coupon" (S2.15). */
  readonly title: string;
  /** Redemptions over all codes, as the ledger's view has them; live holds do not count (S0.46). */
  readonly used: number;
  /** `used/limit`, or `used` without a limit (S2.11). */
  readonly redemptions: string;
  /** Of a store credit; else `null` (semantics §16). */
  readonly balance: CreditBalance | null;
}

/** What a store credit may still pay (semantics §16). */
export interface CreditBalance {
  readonly currency: Currency;
  /** Minor units; what checkouts under way hold is not in it. */
  readonly amount: Minor;
}
