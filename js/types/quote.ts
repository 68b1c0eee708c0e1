/**
 * What `validate`, `apply` and `evaluate` answer. A business "no" is a value here, never a throw.
 */
import type { Currency, EpochMs, Minor } from "./money.js";
import type { Rounding } from "./policy.js";

/** The closed list of reasons, in the fixed order of the checks (semantics §24). */
export type ReasonCode =
  | "malformed"
  | "not_found"
  | "archived"
  | "inactive"
  | "no_discount_linked"
  | "not_started"
  | "expired"
  | "limit_reached"
  | "reserved_elsewhere"
  | "codes_not_allowed"
  | "customer_required"
  | "customer_not_allowed"
  | "not_first_order"
  | "customer_limit_reached"
  | "currency_mismatch"
  | "no_eligible_items"
  | "minimum_not_met"
  | "already_applied"
  | "not_combinable"
  | "superseded_by_better"
  | "stopped_by_previous"
  | "too_many_codes"
  | "no_effect"
  /** The one public answer for everything a stranger must not be able to tell apart. */
  | "not_applicable";

export interface Rejection {
  readonly code: ReasonCode;
  /** Where the failing rule stands. */
  readonly level: "coupon" | "code";
  /** Figures of the reason; which ones, by reason: docs of each in `RejectionDetails`. */
  readonly details: RejectionDetails;
  /** Ready to show: the customer's text, or the staff's under `full` disclosure. */
  readonly message: string;
}

export interface RejectionDetails {
  /** `not_started`. */
  readonly startsAt?: EpochMs;
  /** `expired`. */
  readonly expiresAt?: EpochMs;
  /** `limit_reached`, `reserved_elsewhere`, `customer_limit_reached`. */
  readonly limit?: number;
  readonly used?: number;
  /** `reserved_elsewhere`: live holds of others, and when the first of them ends. */
  readonly held?: number;
  readonly nextExpiry?: EpochMs | null;
  /** `customer_limit_reached`, and `reserved_elsewhere` of a customer limit: the kind of the key that is used up. */
  readonly kind?: string;
  /** `not_first_order`. */
  readonly priorOrders?: number;
  /** `currency_mismatch` and `minimum_not_met`: the cart's currency. */
  readonly currency?: Currency;
  /** `currency_mismatch`: the currencies it has amounts for. */
  readonly accepted?: readonly Currency[];
  /** `minimum_not_met`, minor units. `shortfall = required − actual`. */
  readonly required?: Minor;
  readonly actual?: Minor;
  readonly shortfall?: Minor;
  readonly scope?: "all_lines" | "eligible_lines";
  /** `no_eligible_items`: the cart has no lines at all. */
  readonly cartEmpty?: boolean;
  /** `not_combinable`, `superseded_by_better`, `stopped_by_previous`: the codes (or coupon ids) in the way. */
  readonly with?: readonly string[];
  /** `too_many_codes`. */
  readonly max?: number;
}

/** One per entry of the request's `codes`, in the request's order. */
export interface CodeOutcome {
  /** Place in the request's `codes`. */
  readonly index: number;
  /** Canonical text; `null` when malformed or applied by coupon id. */
  readonly code: string | null;
  /** `null` where the disclosure keeps it back. */
  readonly couponId: string | null;
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

/** What one coupon took off, and from which lines. Σ `lines[].amount` = `amount`. */
export interface Adjustment {
  readonly index: number;
  readonly source: "code";
  readonly couponId: string;
  readonly codeId: string | null;
  readonly code: string | null;
  readonly label: string;
  /** The terms version it was computed with. */
  readonly couponVersion: number;
  /** What the terms ask for before cap and clamp, minor units. */
  readonly requested: Minor;
  /** What it took off, minor units. */
  readonly amount: Minor;
  /** Lines with a share above 0, in the cart's order. */
  readonly lines: readonly LineShare[];
}

export interface LineShare {
  readonly lineId: string;
  readonly amount: Minor;
  /** The share by unit, as runs: `[{ quantity: 1, amount: 34 }, { quantity: 2, amount: 33 }]`. First units get the extra. */
  readonly units: readonly { readonly quantity: number; readonly amount: Minor }[];
}

export interface QuoteLine {
  readonly id: string;
  /** unitPrice × quantity. */
  readonly subtotal: Minor;
  readonly discount: Minor;
  /** subtotal − discount, never below 0. */
  readonly total: Minor;
}

export interface Totals {
  /** Σ of all lines, gift cards included. */
  readonly subtotal: Minor;
  readonly discount: Minor;
  readonly shipping: Minor;
  /** subtotal − discount + shipping. */
  readonly total: Minor;
}

/** One line of "what happened, in order", when `trace: true` was asked for. */
export interface TraceStep {
  readonly code: string | null;
  readonly label: string;
  /** The amount the terms were taken of. */
  readonly base: Minor;
  readonly amount: Minor;
  /** In the cart's currency: `10 % of 42.00 after SALE = 4.20`. */
  readonly text: string;
}

export interface Quote {
  readonly currency: Currency;
  readonly codes: readonly CodeOutcome[];
  readonly adjustments: readonly Adjustment[];
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

/** `validate`'s answer: the outcomes without the amounts per line. */
export interface Validation {
  /** Every entered code is applied. */
  readonly valid: boolean;
  readonly codes: readonly CodeOutcome[];
}
