/**
 * Reservations and redemptions: what `reserve`, `extend`, `redeem`, `redeemNow`, `release`, `rollback`, `refundQuote` and
 * `orderStatus` take and answer (semantics §13 to §16). A business "no" is `status: "refused"` with a reason, never a throw.
 */
import type { RedemptionState } from "../contract/storage.js";
import type { Discount } from "./discount.js";
import type { Currency, EpochMs, Instant, Minor } from "./money.js";
import type { Restore } from "./policy.js";
import type { Adjustment, Quote, Totals } from "./quote.js";
import type { CheckoutRequest } from "./requests.js";

/** What `reserve` takes: the checkout, and whose it is (semantics §14). Every code has to apply, or nothing is claimed. */
export interface ReserveRequest extends CheckoutRequest {
  /** The host's order or checkout id, 1 … 200 characters. The same key and payload give the same reservation. */
  readonly key: string;
  /** Milliseconds, 1,000 … 604,800,000 (7 days). Default: the policy's, 15 minutes. */
  readonly holdFor?: number;
  /** The `quote.fingerprint` that the customer has seen: a quote that differs by now is `quote_changed`. */
  readonly fingerprint?: string;
  /**
   * The cart or the codes of this key have changed: take the new ones, and only the difference of what is claimed. Needed
   * after a release or an expiry as well, where the request is another one.
   */
  readonly replace?: boolean;
}

/** What `redeemNow` takes: claim and redemption in one commit, for a point of sale (semantics §13). */
export interface RedeemNowRequest extends CheckoutRequest {
  readonly key: string;
  readonly fingerprint?: string;
  readonly order?: string;
}

/** What `extend` takes (semantics §14). */
export interface ExtendRequest extends KeyRequest {
  /** Milliseconds from now, 1,000 … 604,800,000. A hold is never shortened. Default: the policy's. */
  readonly holdFor?: number;
}

/** What `redeem` takes: the order is paid (semantics §13). */
export interface RedeemRequest extends KeyRequest {
  /** The host's order id, where it is another than the key; at most 200 characters. */
  readonly order?: string;
  /** Of store credits that paid less than was reserved: how much; the rest goes back (semantics §16). */
  readonly captured?: readonly CapturedCredit[];
  /** Keys that became known only now: recorded; a limit that they break is flagged, never refused (semantics §11). */
  readonly customer?: CheckoutRequest["customer"];
}

export interface CapturedCredit {
  readonly couponId: string;
  /** Minor units, at most what was reserved. */
  readonly amount: Minor;
}

/** What `release` takes: not paid (semantics §14). */
export interface ReleaseRequest extends KeyRequest {
  /** In the host's words, kept with the record; at most 200 characters. */
  readonly reason?: string;
}

/** What a customer gets back: whole lines, units of them, shipping, or a sum (semantics §15). */
export interface RefundRequest extends KeyRequest {
  /** Units that come back. Absent with `shipping` and `amount` absent too: everything that has not come back yet. */
  readonly lines?: readonly ReturnedLine[];
  /** Shipping is refunded as well. Default `false`. */
  readonly shipping?: boolean;
  /** A sum without goods, minor units, at most what is left. */
  readonly amount?: Minor;
}

export interface ReturnedLine {
  readonly lineId: string;
  /** Units, 1 … what has not come back yet. */
  readonly quantity: number;
}

/** What `rollback` takes: cancelled or refunded after it was paid (semantics §15). */
export interface RollbackRequest extends RefundRequest {
  /**
   * Why, which decides by the coupon's and the policy's `restore` what the end of the order gives back. Default
   * `"cancelled"` for everything at once, `"refunded"` for the part with which the last of it comes back.
   */
  readonly cause?: "cancelled" | "refunded";
  /** Names a partial refund, so that a repeated call does not refund twice; needed where the request is for a part. */
  readonly refundId?: string;
  /** What is given back this time, instead of what coupon and policy say. */
  readonly restore?: Restore;
  readonly reason?: string;
}

/**
 * What `orderStatus` takes: the host's order went from one status to another (semantics §13). An order without a
 * reservation does nothing, unless it brings `cart` and `codes`: then a status to be paid reserves and a paid one redeems.
 */
export interface OrderStatusRequest extends Partial<CheckoutRequest> {
  readonly key: string;
  /** The status before; it changes nothing and is there for the host's log. */
  readonly from?: string | null;
  /** The status now, in the words of the policy's `redemption.statuses`; others do nothing. */
  readonly to: string;
  readonly order?: string;
  readonly reason?: string;
}

/** Which reservation. */
export interface KeyRequest {
  readonly key: string;
  /** Default: the engine's clock. */
  readonly now?: Instant;
  /** Ends the wait for storage; a commit under way then has an unknown outcome. */
  readonly signal?: AbortSignal;
}

/** What became of a call on a reservation. */
export interface RedemptionOutcome {
  /** The state of the record now; `refused`: this call changed nothing, and `reason` says why. */
  readonly status: RedemptionState | "refused";
  /** `false` for a repeated call: what it asks for is so already. */
  readonly changed: boolean;
  readonly reason: RefusalReason | null;
  /** The record as it stands; `null` where there is none. */
  readonly redemption: Redemption | null;
  /** The quote of `reserve` and `redeemNow`, with the reasons of refused codes; `null` of a repeated call. */
  readonly quote: Quote | null;
  /**
   * What this rollback refunds, or did when it was first called; `null` of other calls, and of one for all that is left of
   * an order that had come back in parts.
   */
  readonly refund: Refund | null;
}

/** Why a call on a reservation changed nothing. */
export type RefusalReason =
  /** A code does not apply: `quote.codes` says which and why. */
  | "codes_refused"
  /** The quote is not the one of `fingerprint` any more (semantics §32). */
  | "quote_changed"
  /** The hold has ended and its place is taken, or `extend` came too late (semantics §14). */
  | "hold_expired"
  /** It is not paid: `rollback` is for what is redeemed; `release` gives a hold back. */
  | "not_redeemed"
  /** It is paid: `release` and `extend` are for holds. */
  | "already_redeemed"
  /** It was given back, or expired and was freed: `reserve` it again. */
  | "already_released"
  /** It was rolled back, which is the end of it (semantics §15). */
  | "already_rolled_back";

/** `orderStatus`: what was done, and what came of it. */
export interface OrderStatusOutcome {
  readonly action: "none" | "reserve" | "redeem" | "release" | "rollback";
  /** `null` where nothing was done. */
  readonly outcome: RedemptionOutcome | null;
}

/** A reservation or redemption as it is kept (semantics §13 to §16, §22). Amounts in minor units of `currency`. */
export interface Redemption {
  readonly schemaVersion: number;
  readonly key: string;
  /** From 0; grows with every change. */
  readonly revision: number;
  readonly state: RedemptionState;
  /** When this revision was made. */
  readonly at: EpochMs;
  readonly holdUntil: EpochMs | null;
  readonly reservedAt: EpochMs;
  readonly redeemedAt: EpochMs | null;
  readonly order: string | null;
  readonly currency: Currency;
  readonly codes: readonly RedeemedCode[];
  readonly lines: readonly RedeemedLine[];
  readonly credits: readonly RedeemedCredit[];
  /** As quoted, with every share per line and unit: the terms' snapshot in figures. */
  readonly adjustments: readonly Adjustment[];
  readonly totals: Totals;
  /** What has been refunded so far. */
  readonly refunded: RefundedSoFar;
  readonly flags: readonly RedemptionFlag[];
  /** Of the last release or rollback, in the host's words. */
  readonly reason: string | null;
}

/** A code that was reserved. */
export interface RedeemedCode {
  readonly couponId: string;
  /** `null` where the coupon was applied by its id. */
  readonly codeId: string | null;
  readonly code: string | null;
  readonly label: string;
  /** Of the coupon's terms when it was reserved (semantics §22). */
  readonly version: number;
  /** What it took off, or paid as store credit. */
  readonly amount: Minor;
  /** The discount as it was then; `null` where it opened rules. */
  readonly terms: Discount | null;
  /** What a rollback gives back, settled when it was reserved. */
  readonly restore: { readonly cancelled: Restore; readonly refunded: Restore };
}

/** A line as it was paid. */
export interface RedeemedLine {
  readonly id: string;
  readonly quantity: number;
  /** After all discounts, before store credit. Units 1 … k of it are worth ⌊total × k ÷ quantity⌋. */
  readonly total: Minor;
  /** Units that have come back. */
  readonly returned: number;
}

/** A store credit that paid. */
export interface RedeemedCredit {
  readonly couponId: string;
  /** Paid: as reserved, or as captured. */
  readonly amount: Minor;
  /** Given back. */
  readonly restored: Minor;
}

/** All refunds of an order so far. */
export interface RefundedSoFar {
  /** Goods, shipping, tax and sums together, credit included. */
  readonly amount: Minor;
  /** Of it, given back as store credit. */
  readonly credit: Minor;
  /** Whether shipping was. */
  readonly shipping: boolean;
  /** Sums without goods. */
  readonly other: Minor;
  /** Each refund as it was answered, in order. */
  readonly refunds: readonly Refund[];
  /** The names of partial refunds. */
  readonly refundIds: readonly string[];
}

export type RedemptionFlag =
  /** Redeemed after its hold had ended and its place was taken; a limit is over by this one (`lateRedeem`). */
  | "overdraft"
  /** A customer key that became known at the payment had used its limit (semantics §11). */
  | "customer_limit_exceeded";

/** What a return is worth (semantics §15): the exact share, of which all add up to what was paid. */
export interface Refund {
  readonly currency: Currency;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly amount: Minor }[];
  readonly shipping: Minor;
  readonly tax: Minor;
  /** A sum without goods. */
  readonly other: Minor;
  /** Together, less what earlier sums have paid already: credit + payment. */
  readonly amount: Minor;
  /** Back to store credits. */
  readonly credits: readonly { readonly couponId: string; readonly amount: Minor }[];
  /** Back by the way of payment. */
  readonly payment: Minor;
  /** Of everything paid, what is not refunded after this. */
  readonly remaining: Minor;
}
