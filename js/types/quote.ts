/**
 * What `validate`, `apply` and `evaluate` answer. A business "no" is a value here, never a throw.
 */
import type { Currency, EpochMs, Minor } from "./money.js";
import type { Rounding } from "./policy.js";

/**
 * The closed list of reasons, in the fixed order of the checks (semantics §24). Those marked "Parks" give the state
 * `parked` (semantics §27), every other one `rejected`.
 */
export type ReasonCode =
  /** Longer than 256 characters, so never looked up (semantics §19). */
  | "malformed"
  /** No such code, a text that cannot be one, or not by this way: a typed link token, a prefix (§19; S0.8, S0.16). */
  | "not_found"
  /** The coupon or the code is archived (semantics §25; S0.28, S2.61). */
  | "archived"
  /** The coupon or the code is switched off (semantics §25, S2.45). */
  | "inactive"
  /** The coupon is a draft without a discount (semantics §32, S0.9). */
  | "no_discount_linked"
  /** `now` is before `startsAt` (semantics §17). Parks. */
  | "not_started"
  /** `now` is after `expiresAt` (semantics §17). */
  | "expired"
  /** Every redemption of the total limit is used (semantics §13; S2.27, S2.37). */
  | "limit_reached"
  /** What is left of a limit is held by other checkouts (semantics §14). */
  | "reserved_elsewhere"
  /** Codes are not taken here, or the stacking mode is `none` (S2.63). */
  | "codes_not_allowed"
  /** A customer rule or limit, and the request names no customer (semantics §11). Parks. */
  | "customer_required"
  /** None of the customer's keys is listed (semantics §11; S2.36, S3.9). */
  | "customer_not_allowed"
  /** The customer has an earlier paid order (semantics §12, S2.35). */
  | "not_first_order"
  /** A key of this customer has used its limit (semantics §11, §13; S2.28). */
  | "customer_limit_reached"
  /** Discount, cap or minimum has no amount in the cart's currency (semantics §1). Parks. */
  | "currency_mismatch"
  /** No line above 0 that it may discount, or an empty cart (semantics §10). Parks. */
  | "no_eligible_items"
  /** The subtotal before coupons is below the minimum (semantics §9; S2.29, S2.39). Parks. */
  | "minimum_not_met"
  /** The same code or coupon stands earlier in the request or is applied (semantics §7). */
  | "already_applied"
  /** It and an applied coupon do not agree to combine (semantics §7). */
  | "not_combinable"
  /** Another coupon or selection takes more off (semantics §7, `best` and `keep_best`). */
  | "superseded_by_better"
  /** Mode `first`: one before it in order applies (semantics §7). */
  | "stopped_by_previous"
  /** As many coupons as `maxCodes` allows are applied (semantics §7). */
  | "too_many_codes"
  /** It would take 0 minor units off this cart (semantics §24). */
  | "no_effect"
  /** The one public answer for everything a stranger must not be able to tell apart (semantics §24). */
  | "not_applicable";

/** A business "no": why, where and with which figures (semantics §23, §24, §34). */
export interface Rejection {
  readonly code: ReasonCode;
  /** Where the failing rule stands (semantics §23). */
  readonly level: "coupon" | "code";
  /** Figures of the reason: each field of `RejectionDetails` says which reasons have it. */
  readonly details: RejectionDetails;
  /** Ready to show: the customer's text, or the staff's under `full` disclosure. */
  readonly message: string;
}

/** The figures of a reason; absent where the disclosure keeps them back (semantics §24). */
export interface RejectionDetails {
  /** `not_started`: the first valid instant, epoch milliseconds. */
  readonly startsAt?: EpochMs;
  /** `expired`: the last valid instant, epoch milliseconds. */
  readonly expiresAt?: EpochMs;
  /** `limit_reached`, `reserved_elsewhere`, `customer_limit_reached`: redemptions allowed. */
  readonly limit?: number;
  /** The same reasons: redemptions made, live holds not among them. */
  readonly used?: number;
  /** `reserved_elsewhere`: live holds, a count. */
  readonly held?: number;
  /** `reserved_elsewhere`: when the first of those holds ends, epoch milliseconds. */
  readonly nextExpiry?: EpochMs | null;
  /** `customer_limit_reached`, and `reserved_elsewhere` of a customer limit: the kind of the key that is used up. */
  readonly kind?: string;
  /** `not_first_order`: paid orders before this one, a count. */
  readonly priorOrders?: number;
  /** `currency_mismatch` and `minimum_not_met`: the cart's currency. */
  readonly currency?: Currency;
  /** `currency_mismatch`: the currencies it has amounts for. */
  readonly accepted?: readonly Currency[];
  /** `minimum_not_met`: the subtotal asked for, minor units. */
  readonly required?: Minor;
  /** `minimum_not_met`: the subtotal that counts, minor units. */
  readonly actual?: Minor;
  /** `minimum_not_met`: required − actual, minor units. */
  readonly shortfall?: Minor;
  /** `minimum_not_met`: the lines that count. */
  readonly scope?: "all_lines" | "eligible_lines";
  /** `no_eligible_items`: the cart has no lines at all. */
  readonly cartEmpty?: boolean;
  /** `not_combinable`, `superseded_by_better`, `stopped_by_previous`: the codes (or coupon ids) in the way. */
  readonly with?: readonly string[];
  /** `too_many_codes`: the policy's `maxCodes`. */
  readonly max?: number;
}

/** One per entry of the request's `codes`, in the request's order (semantics §7, §27). */
export interface CodeOutcome {
  /** Place in the request's `codes`. */
  readonly index: number;
  /** Canonical text; `null` when malformed or applied by coupon id. */
  readonly code: string | null;
  /** `null` where the disclosure keeps it back (semantics §24). */
  readonly couponId: string | null;
  /** `null` where the disclosure keeps it back, and for a coupon applied by its id. */
  readonly codeId: string | null;
  /** The coupon's name, else the code, else the coupon's id. */
  readonly label: string | null;
  /**
   * `applied`: in the totals. `parked`: keep it with the cart, it comes alive by itself when the cart qualifies; never
   * show it as a success. `rejected`: drop it.
   */
  readonly state: "applied" | "parked" | "rejected";
  /** What it took off, minor units; 0 unless applied. */
  readonly discount: Minor;
  /** The first failing check; `null` when applied. */
  readonly rejection: Rejection | null;
  /** Every further failing check that the disclosure lets through, in the fixed order. */
  readonly also: readonly Rejection[];
}

/** What one coupon took off, and from which lines (semantics §4, §6). Σ `lines[].amount` = `amount`. */
export interface Adjustment {
  /** Place in the request's `codes`. */
  readonly index: number;
  /** An entered code or a coupon applied by its id (S1.4). */
  readonly source: "code";
  readonly couponId: string;
  readonly codeId: string | null;
  /** Canonical text; `null` when applied by coupon id. */
  readonly code: string | null;
  /** The coupon's name, else the code, else the coupon's id. */
  readonly label: string;
  /** The terms version it was computed with (semantics §22). */
  readonly couponVersion: number;
  /** What the terms ask for before cap and clamp, minor units (semantics §6). */
  readonly requested: Minor;
  /** What it took off, minor units: rounded once, capped, then allocated (semantics §3, §5). */
  readonly amount: Minor;
  /** Lines with a share above 0, in the cart's order. */
  readonly lines: readonly LineShare[];
}

/** A line's part of one adjustment: by largest remainder, at most the line's price (semantics §4). */
export interface LineShare {
  readonly lineId: string;
  /** The line's part, minor units, ≥ 1. */
  readonly amount: Minor;
  /** By unit, minor units, as runs: `[{ quantity: 1, amount: 34 }, { quantity: 2, amount: 33 }]`; first get most. */
  readonly units: readonly { readonly quantity: number; readonly amount: Minor }[];
}

/** A line's price before and after its discounts; every amount in minor units (semantics §4). */
export interface QuoteLine {
  readonly id: string;
  /** unitPrice × quantity. */
  readonly subtotal: Minor;
  /** Σ of its shares over all adjustments. */
  readonly discount: Minor;
  /** subtotal − discount, never below 0. */
  readonly total: Minor;
}

/** The cart's sums; every amount in minor units of the cart's currency (semantics §1, §6). */
export interface Totals {
  /** Σ of all lines, gift cards included. */
  readonly subtotal: Minor;
  /** Σ of all adjustments. */
  readonly discount: Minor;
  /** As the cart has it: never discounted (semantics §2). */
  readonly shipping: Minor;
  /** subtotal − discount + shipping. */
  readonly total: Minor;
}

/** One line of "what happened, in order" (semantics §7), when `trace: true` was asked for. */
export interface TraceStep {
  readonly code: string | null;
  readonly label: string;
  /** The eligible amount the terms were taken of, minor units (semantics §2). */
  readonly base: Minor;
  /** What it took off, minor units. */
  readonly amount: Minor;
  /** In the cart's currency, in words: `10 % of 42.00 after SALE = 4.20`. */
  readonly text: string;
}

/** What `apply` and `evaluate` answer; every amount in minor units of `currency` (semantics §1 to §7). */
export interface Quote {
  /** The cart's. */
  readonly currency: Currency;
  /** One per entered code, in the request's order. */
  readonly codes: readonly CodeOutcome[];
  /** One per applied coupon, in the order of application (semantics §7). */
  readonly adjustments: readonly Adjustment[];
  /** One per line of the cart, in its order. */
  readonly lines: readonly QuoteLine[];
  readonly totals: Totals;
  /** The named strategies every figure was made with. */
  readonly strategy: {
    readonly stacking: "additive" | "sequential" | "best" | "first" | "none";
    readonly rounding: Rounding;
    readonly distribution: "proportional";
    /**
     * Where a choice had to be made (too many codes, a conflict), whether every selection was tried. `false` beyond 12
     * codes: the customer got a good selection, perhaps not the best.
     */
    readonly exact: boolean;
  };
  /** Equal for equal carts, terms and amounts; a later `reserve` refuses a quote that has changed. */
  readonly fingerprint: string;
  /** Only when asked for. */
  readonly trace?: readonly TraceStep[];
}

/** `validate`'s answer: the outcomes without the amounts per line (semantics §24, §27). */
export interface Validation {
  /** Every entered code is applied. */
  readonly valid: boolean;
  readonly codes: readonly CodeOutcome[];
}
