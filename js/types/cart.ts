/**
 * What a checkout sends: a cart, a customer, the codes entered. Plain data, read once and never changed or kept.
 */
import type { Currency, Minor } from "./money.js";

/** A priced cart of one currency. At most 1,000 lines. */
export interface Cart {
  readonly currency: Currency;
  readonly lines: readonly CartLine[];
  /** Shipping to be paid, minor units; default 0. Never part of a percentage or a minimum. */
  readonly shipping?: Minor;
}

export interface CartLine {
  /** Unique within the cart, at most 256 characters. Ties of a cent are broken by it, so that line order never matters. */
  readonly id: string;
  /** Price of one unit as shown to the customer, minor units, 0 … 10^12. */
  readonly unitPrice: Minor;
  /** A whole number, 1 … 1,000,000. */
  readonly quantity: number;
  /**
   * Everything a coupon may name this line by: product id, SKU, collections. The engine never expands a hierarchy:
   * list a family here only if its coupons shall cover this line (semantics §10).
   */
  readonly ids?: readonly string[];
  /** `false` keeps every discount off this line (set-up fees, tips). It still counts toward a minimum. Default `true`. */
  readonly discountable?: boolean;
  /** A gift card is never discounted and never counts toward a minimum. Default `"product"`. */
  readonly kind?: "product" | "gift_card";
}

/** Who is buying, by every key the host knows. Values may be hashed by the host, as long as it always hashes alike. */
export interface Customer {
  /** 1 … 10 keys, for instance `[{ kind: "id", value: "42" }, { kind: "email", value: "a@example.com" }]`. */
  readonly keys: readonly CustomerKey[];
  /** Paid orders before this one, if the host knows. Else the storage's `priorOrders` is asked, whatever the codes. */
  readonly priorOrders?: number;
}

export interface CustomerKey {
  /** `"id"`, `"email"`, `"phone"`, `"payment"` or a word of the host's own (`[a-z][a-z0-9_]{0,31}`). */
  readonly kind: string;
  /** At most 256 characters. E-mails are compared trimmed and in lower case. */
  readonly value: string;
}

/**
 * A code as the shopper gave it, or a coupon applied by its id (semantics S2.4).
 * A plain string is a typed code. At most 30 in one request.
 */
export type EnteredCode =
  | string
  | { readonly code: string; readonly origin?: "typed" | "url" }
  | { readonly couponId: string };
