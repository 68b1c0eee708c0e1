/**
 * What `validate`, `apply` and `evaluate` answer. A business "no" is a value here, never a throw.
 */
import type { Currency, EpochMs, Minor } from "./money.js";
import type { Distribution, Rounding, RoundingPoint, StackingMode } from "./policy.js";

/**
 * The closed list of reasons, in the fixed order of the checks (semantics §24). Those marked "Parks" give the state
 * `parked` (semantics §27), every other one `rejected`.
 */
export type ReasonCode =
  /** The caller, the account or the pool has had too many failed attempts; this one was not looked up. Told to everybody. */
  | "too_many_attempts"
  /** Longer than 256 characters, so never looked up (semantics §19). */
  | "malformed"
  /** No such code, a text that cannot be one, or not by this way: a typed link token, a prefix (§19; S0.8, S0.16). */
  | "not_found"
  /** The coupon, the code or the rule is archived (semantics §25; S0.28, S2.61). */
  | "archived"
  /** The coupon, the code or the rule is switched off (semantics §25, S2.45). */
  | "inactive"
  /** The coupon is a draft: it has neither a discount nor rules (semantics §32, S0.9). */
  | "no_discount_linked"
  /** `now` is before `startsAt` (semantics §17). Parks. */
  | "not_started"
  /** `now` is after `expiresAt`, or `validForDays` are over (semantics §17). */
  | "expired"
  /** `now` is outside all windows of the schedule (semantics §17). */
  | "outside_schedule"
  /** Every redemption of the total limit is used (semantics §13; S2.27, S2.37). */
  | "limit_reached"
  /** Nothing is left of a store credit (semantics §16). */
  | "balance_exhausted"
  /** The coupon's budget is spent, or has less left than this would take off (semantics §13). */
  | "budget_exhausted"
  /** What is left of a limit, a balance or a budget is held by other checkouts (semantics §14). */
  | "reserved_elsewhere"
  /** Codes are not taken here, or the stacking mode is `none` (S2.63). */
  | "codes_not_allowed"
  /** A restriction or limit by customer, and the request names no customer (semantics §11). Parks. */
  | "customer_required"
  /** None of the customer's keys, or of the groups, is listed (semantics §11; S2.36, S3.9). */
  | "customer_not_allowed"
  /** The customer has an earlier paid order, or has paid one for first orders (semantics §12, S2.35). */
  | "not_first_order"
  /** It is not the customer's n-th order that it asks for (semantics §12). */
  | "order_number_mismatch"
  /** A key of this customer has used its limit (semantics §11, §13; S2.28). */
  | "customer_limit_reached"
  /** The cart's channel, country, payment or shipping method is not listed; one rejection for each. Parks. */
  | "context_mismatch"
  /** Discount, cap or minimum has no amount in the cart's currency (semantics §1). Parks. */
  | "currency_mismatch"
  /** No line above 0 that it may discount, not every product it requires, or an empty cart (semantics §10). Parks. */
  | "no_eligible_items"
  /** Value or quantity is below the minimum, the first tier, or what has to be bought (§9; S2.29, S2.39). Parks. */
  | "minimum_not_met"
  /** Value or quantity is above the maximum (semantics §9). Parks. */
  | "maximum_exceeded"
  /** None of the coupons it needs is entered and may be used. Parks. */
  | "coupon_required"
  /** The host gives a discount of its own, and this one yields to it (semantics §8). */
  | "foreign_coupon_present"
  /** The same code, coupon or rule stands earlier in the request or is applied (semantics §7, §32). */
  | "already_applied"
  /** It and an applied coupon or rule do not agree to combine (semantics §7, §8). */
  | "not_combinable"
  /** Another coupon or selection takes more off (semantics §7, `best` and `keep_best`). */
  | "superseded_by_better"
  /** Mode `first`, or `stopAfter`: one before it in order applies (semantics §7). */
  | "stopped_by_previous"
  /** As many as `maxCodes`, or `maxPerCategory`, allows are applied (semantics §7). */
  | "too_many_codes"
  /** The shop's cap or its least payment leaves nothing for it (semantics §6, §8). */
  | "cap_reached"
  /** It would take 0 minor units off this cart (semantics §24). */
  | "no_effect"
  /** `all_or_nothing`: another code does not apply (semantics §7). Parks. */
  | "not_all_applicable"
  /** The one public answer for everything a stranger must not be able to tell apart (semantics §24). */
  | "not_applicable";

/** A business "no": why, where and with which figures (semantics §23, §24, §34). */
export interface Rejection {
  readonly code: ReasonCode;
  /** Where the failing rule stands (semantics §23). */
  readonly level: "coupon" | "code" | "rule";
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
  /** `outside_schedule`: the zone of the schedule. */
  readonly zone?: string;
  /** `outside_schedule`: the local time there, `"mon 14:05"`. */
  readonly localTime?: string;
  /**
   * `limit_reached`, `reserved_elsewhere`, `customer_limit_reached`: redemptions allowed. Of a store credit, also with
   * `balance_exhausted`: what was issued, minor units; of a budget, also with `budget_exhausted`: all of it. Of a first
   * order by a key that has had one, with `not_first_order`: 1.
   */
  readonly limit?: Minor;
  /** `limit_reached`, `reserved_elsewhere`, `customer_limit_reached`, where the limit is one of a period: which. */
  readonly per?: "day" | "week" | "month";
  /** With `limit`: redemptions made, or minor units spent, live holds not among them. */
  readonly used?: Minor;
  /** `reserved_elsewhere`, and `budget_exhausted` where something is left: live holds, a count, or minor units. */
  readonly held?: Minor;
  /** `reserved_elsewhere`: when the first of those holds ends, epoch milliseconds. */
  readonly nextExpiry?: EpochMs | null;
  /** Of a limit of one customer's: the kind of the key that is used up. */
  readonly kind?: string;
  /** `not_first_order`, `order_number_mismatch`: paid orders before this one, a count. */
  readonly priorOrders?: number;
  /** `context_mismatch`: which field of the cart. */
  readonly field?: "channel" | "country" | "paymentMethod" | "shippingMethod";
  /** `context_mismatch`: the values listed. */
  readonly allowed?: readonly string[];
  /** `currency_mismatch`, and wherever an amount is told: the cart's currency. */
  readonly currency?: Currency;
  /** `currency_mismatch`: the currencies it has amounts for. */
  readonly accepted?: readonly Currency[];
  /**
   * `minimum_not_met`, `maximum_exceeded`: the subtotal asked for, or allowed, minor units. `budget_exhausted` where
   * something is left: what it would take.
   */
  readonly required?: Minor;
  /** `minimum_not_met`, `maximum_exceeded`: the subtotal that counts, minor units. */
  readonly actual?: Minor;
  /** `minimum_not_met`: required − actual, minor units. */
  readonly shortfall?: Minor;
  /** `minimum_not_met`, `maximum_exceeded`: the units asked for, or allowed. */
  readonly requiredQuantity?: number;
  /** The same: the units that count. */
  readonly actualQuantity?: number;
  /** The same: the lines that count. */
  readonly scope?: "all_lines" | "eligible_lines";
  /** `coupon_required`: the ids of the coupons of which one is needed. */
  readonly coupons?: readonly string[];
  /** `no_eligible_items`: the cart has no lines at all. */
  readonly cartEmpty?: boolean;
  /** `no_eligible_items`: what it requires and the cart does not have. */
  readonly missing?: readonly string[];
  /**
   * `already_applied`, `not_combinable`, `superseded_by_better`, `stopped_by_previous`: the codes, coupon ids or rule ids
   * in the way.
   */
  readonly with?: readonly string[];
  /** `too_many_codes`: the policy's `maxCodes`, or what it allows of `category`. */
  readonly max?: number;
  /** `too_many_codes` of a category: which. */
  readonly category?: string;
  /** In `also` of an applied code: the linked rule that this is about. */
  readonly ruleId?: string;
  /** The merchant's own `refusalMessage`, with every reason down to `coupon_required`. */
  readonly text?: string;
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
  /** What it took off, or what its store credit pays, minor units; 0 unless applied. */
  readonly discount: Minor;
  /** The first failing check; `null` when applied. */
  readonly rejection: Rejection | null;
  /**
   * Every further failing check that the disclosure lets through, in the fixed order. Of an applied code: why not each of
   * its linked rules that does not apply (`details.ruleId`).
   */
  readonly also: readonly Rejection[];
}

/** What became of an automatic rule (semantics §32). Under other disclosures than `full` only applied and parked ones. */
export interface AutomaticOutcome {
  readonly ruleId: string;
  /** The rule's name, else its id. */
  readonly label: string;
  /** As a code's; `parked` is what the cart could still qualify for. */
  readonly state: "applied" | "parked" | "rejected";
  /** What it took off, minor units; 0 unless applied. */
  readonly discount: Minor;
  /** The first failing check; `null` when applied. */
  readonly rejection: Rejection | null;
  /** Every further failing check that the disclosure lets through, in the fixed order. */
  readonly also: readonly Rejection[];
}

/** What one discount took off, and from where (semantics §4, §6). Σ `lines[].amount` + `shipping` = `amount`. */
export interface Adjustment {
  /** Place in the request's `codes`; `null` unless it came by an entry. */
  readonly index: number | null;
  /** A code or a coupon applied by its id; an automatic rule; the host's own (S1.2, S1.4; semantics §8). */
  readonly source: "code" | "automatic" | "foreign";
  /** `null` unless it came by an entry. */
  readonly couponId: string | null;
  /** The rule whose discount it is; `null` for a coupon's own. */
  readonly ruleId: string | null;
  readonly codeId: string | null;
  /** Canonical text; `null` when applied by coupon id. */
  readonly code: string | null;
  /** The rule's name, else the coupon's name, else the code, else the id of the coupon or the rule. */
  readonly label: string;
  /** The version of the terms it was computed with: the rule's, else the coupon's; `null` if foreign (semantics §22). */
  readonly version: number | null;
  /** What the terms ask for before cap and clamp, minor units (semantics §6). */
  readonly requested: Minor;
  /** What it took off, minor units (semantics §3, §5). */
  readonly amount: Minor;
  /** The part of it that is taken off shipping, minor units (semantics §26). */
  readonly shipping: Minor;
  /** How it was shared out; `null` for a price, shipping or the host's own (semantics §4). */
  readonly distribution: Distribution | null;
  /** The shop's cap or least payment made it smaller (semantics §6, §8). */
  readonly trimmed: boolean;
  /** Lines with a share above 0, in the cart's order. */
  readonly lines: readonly LineShare[];
}

/** What a store credit pays, after all discounts (semantics §16). */
export interface Credit {
  /** Place in the request's `codes`. */
  readonly index: number;
  readonly couponId: string;
  readonly codeId: string | null;
  /** Canonical text; `null` when applied by coupon id. */
  readonly code: string | null;
  /** The coupon's name, else the code, else the coupon's id. */
  readonly label: string;
  /** What could be spent before, minor units. */
  readonly balance: Minor;
  /** What it pays of this cart, minor units. */
  readonly amount: Minor;
}

/** A line's part of one adjustment, at most the line's price (semantics §4). */
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
  /** Σ of its shares over all adjustments, the host's own among them. */
  readonly discount: Minor;
  /** subtotal − discount, never below 0. */
  readonly total: Minor;
}

/** The cart's sums; every amount in minor units of the cart's currency (semantics §1, §6). */
export interface Totals {
  /** Σ of all lines, gift cards included. */
  readonly subtotal: Minor;
  /** Σ of all adjustments, the host's own and those on shipping among them. */
  readonly discount: Minor;
  /** As the cart has it. */
  readonly shipping: Minor;
  /** The part of `discount` that is taken off shipping (semantics §26). */
  readonly shippingDiscount: Minor;
  /** As the cart has it. */
  readonly tax: Minor;
  /** Σ of all credits (semantics §16). */
  readonly credit: Minor;
  /** subtotal + shipping + tax − discount − credit. */
  readonly total: Minor;
}

/** One line of "what happened, in order" (semantics §7), when `trace: true` was asked for; amounts in minor units. */
export interface TraceStep {
  readonly code: string | null;
  readonly ruleId: string | null;
  readonly label: string;
  readonly source: "code" | "automatic";
  /** Of a tiered discount, that of the tier reached. */
  readonly type: "percent" | "amount" | "price" | "store_credit";
  readonly target: "items" | "shipping";
  /** Of a percentage. */
  readonly basisPoints: number | null;
  /** What the terms were taken of (semantics §2). */
  readonly base: Minor;
  /** What the terms ask for. */
  readonly requested: Minor;
  /** The cap, if it held. */
  readonly cap: Minor | null;
  /** The shop's cap or least payment made it smaller. */
  readonly trimmed: boolean;
  /** With a running base: the names of those taken before it. */
  readonly after: readonly string[];
  /** What it took off, or pays. */
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
  /** The host's own first, then one per applied discount, in the order of application (semantics §7). */
  readonly adjustments: readonly Adjustment[];
  /** One per applied store credit, in the order of application (semantics §16). */
  readonly credits: readonly Credit[];
  /** External rules opened by the codes, for the host to compute (semantics §32, S0+.5). */
  readonly unlocked: readonly string[];
  /** In the order of definition (semantics §32). */
  readonly automatic: readonly AutomaticOutcome[];
  /** One per line of the cart, in its order. */
  readonly lines: readonly QuoteLine[];
  readonly totals: Totals;
  /** The named strategies every figure was made with. */
  readonly strategy: {
    readonly stacking: StackingMode;
    readonly rounding: Rounding;
    readonly roundingPoint: RoundingPoint;
    readonly distribution: Distribution;
    /**
     * Where a choice had to be made (too many codes, a conflict), whether every selection was tried. `false` beyond 12
     * discounts: the customer got a good selection, perhaps not the best.
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
