/**
 * Who, what, when, how much: the conditions of a coupon, a code or a rule; all that apply must hold (semantics §23).
 */
import type { CustomerKey } from "./cart.js";
import type { Products } from "./discount.js";
import type { Amounts, EpochMs, Instant } from "./money.js";

/** On the coupon, on the code and on the rule; all must hold (semantics §23; S2.6, S3.11). Texts: 1 … 256 characters. */
export interface Restrictions {
  /** First valid instant, inclusive (semantics §17; S3.4, S3.5). */
  readonly startsAt?: Instant | null;
  /** Last valid instant, inclusive (semantics §17; S2.26, S2.38). */
  readonly expiresAt?: Instant | null;
  /**
   * Valid for so many times 24 hours, 1 … 36,500, after the code's `issuedAt`, or after the coupon was created. With
   * `expiresAt`, whichever is earlier. Not on a rule.
   */
  readonly validForDays?: number | null;
  /** Days and hours of the week, in a zone's local time (semantics §17). */
  readonly schedule?: Schedule | null;
  /** The least order (semantics §9; S2.29, S2.39). */
  readonly minimum?: Minimum | null;
  /** The largest order (semantics §9). */
  readonly maximum?: Maximum | null;
  /** The lines it may discount (semantics §10; S2.20, S4.16). */
  readonly products?: Products | null;
  /**
   * Only these customers: any one key of the customer must be listed; 1 … 10,000 entries (semantics §11, S2.36). An
   * e-mail `*@example.com` stands for all of that domain.
   */
  readonly customers?: readonly CustomerKey[] | null;
  /** Only customers of any of these groups; 1 … 100 (semantics §11). */
  readonly customerGroups?: readonly string[] | null;
  /** Only customers without an earlier paid order (semantics §12, S2.35). Default `false`. */
  readonly firstOrderOnly?: boolean;
  /** Only the n-th order of a customer, from … to, each ≥ 1, at least one given (semantics §12). */
  readonly orderNumber?: { readonly from?: number | null; readonly to?: number | null } | null;
  /** Only a cart with one of these values; 1 … 200 each. A cart that names none is refused. */
  readonly channels?: readonly string[] | null;
  readonly countries?: readonly string[] | null;
  readonly paymentMethods?: readonly string[] | null;
  readonly shippingMethods?: readonly string[] | null;
  /** Only together with one of these coupons, by id, if it may be used itself; 1 … 100. */
  readonly coupons?: readonly string[] | null;
}

/** The least order value or quantity, without shipping and gift cards; at least one of both (semantics §9). */
export interface Minimum {
  /** Minor units per currency; ≥ passes. A cart in another currency is refused, the minimum is never ignored (§1). */
  readonly amounts?: Amounts | null;
  /** Units, 1 … 1,000,000,000. */
  readonly quantity?: number | null;
  /** `all_lines` (default) or only the lines this coupon may discount (semantics §9). */
  readonly scope?: "all_lines" | "eligible_lines";
  /** The price before any coupon (default), or what the discounts before this one leave of it. */
  readonly basis?: "before_coupons" | "running_before_this";
}

/** The largest order value or quantity; ≤ passes. As `Minimum`. */
export interface Maximum {
  readonly amounts?: Amounts | null;
  readonly quantity?: number | null;
  readonly scope?: "all_lines" | "eligible_lines";
}

/** When in the week; outside all windows it is `outside_schedule` (semantics §17). */
export interface Schedule {
  /** An IANA zone the platform knows: `"Africa/Cairo"`. */
  readonly zone: string;
  /** 1 … 50. */
  readonly windows: readonly ScheduleWindow[];
}

/** Local hours, half open: `to` is no longer inside. From 22:00 to 02:00 lasts into the next day. */
export interface ScheduleWindow {
  /** The days it begins on, each once. */
  readonly days: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  /** `"HH:MM"`. */
  readonly from: string;
  /** `"HH:MM"`, or `"24:00"`; not the same as `from`. */
  readonly to: string;
}

/** `Restrictions` as stored: instants in epoch milliseconds, `null` where there is no rule. */
export interface RestrictionsRecord {
  readonly startsAt: EpochMs | null;
  readonly expiresAt: EpochMs | null;
  readonly validForDays: number | null;
  readonly schedule: Schedule | null;
  readonly minimum: Required<Minimum> | null;
  readonly maximum: Required<Maximum> | null;
  readonly products: Required<Products> | null;
  readonly customers: readonly CustomerKey[] | null;
  readonly customerGroups: readonly string[] | null;
  readonly firstOrderOnly: boolean;
  readonly orderNumber: { readonly from: number | null; readonly to: number | null } | null;
  readonly channels: readonly string[] | null;
  readonly countries: readonly string[] | null;
  readonly paymentMethods: readonly string[] | null;
  readonly shippingMethods: readonly string[] | null;
  readonly coupons: readonly string[] | null;
}
