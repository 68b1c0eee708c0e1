/**
 * What a checkout sends: a cart, a customer, the codes entered. Plain data, read once and never changed or kept.
 */
import type { Currency, Minor } from "./money.js";

/** A priced cart of one currency (semantics §1). At most 1,000 lines. */
export interface Cart {
  /** Of every amount in the cart. */
  readonly currency: Currency;
  readonly lines: readonly CartLine[];
  /** To be paid, minor units; default 0. Only a discount on shipping touches it; never part of a minimum (§2, §9). */
  readonly shipping?: Minor;
  /** Tax to be added, as the host computed it, minor units; default 0, where prices include it (semantics §26). */
  readonly tax?: Minor;
  /** Where it is sold, in the host's own word; at most 256 characters, as the three below. */
  readonly channel?: string;
  readonly country?: string;
  readonly paymentMethod?: string;
  readonly shippingMethod?: string;
  /** Discounts the host gives itself, at most 1,000 (semantics §8, §32). Of a line at most its subtotal. */
  readonly foreignDiscounts?: readonly ForeignDiscount[];
}

/** A discount of the host's own on one line (semantics §8). */
export interface ForeignDiscount {
  readonly lineId: string;
  /** Minor units, ≥ 1. */
  readonly amount: Minor;
  /** Shown in the quote; at most 200 characters. Default: the rule's id, else `foreign`. */
  readonly label?: string;
  /** The `external` rule it comes of; it then counts as ours (semantics §32). */
  readonly ruleId?: string;
}

/** A priced line; what a discount is taken of and allocated to (semantics §2, §4). */
export interface CartLine {
  /** Unique within the cart, at most 256 characters. Breaks ties of a unit: line order never matters (semantics §4). */
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
  /** `false` keeps every discount off this line (set-up fees, tips). Counts toward a minimum. Default `true` (§2). */
  readonly discountable?: boolean;
  /** Reduced already: coupons with `excludeOnSale` leave it out (semantics §10). Default `false`. */
  readonly onSale?: boolean;
  /** A gift card is never discounted and never counts toward a minimum (semantics §2, §9). Default `"product"`. */
  readonly kind?: "product" | "gift_card";
}

/** Who is buying, by every key the host knows (semantics §11). Values may be hashed, if always hashed alike. */
export interface Customer {
  /** 1 … 10 keys, for instance `[{ kind: "id", value: "42" }, { kind: "email", value: "a@example.com" }]`. */
  readonly keys: readonly CustomerKey[];
  /** Paid orders before this one, if the host knows (semantics §12). Else the storage's `priorOrders` is asked. */
  readonly priorOrders?: number;
  /** Groups or segments, compared exactly; at most 100 of at most 256 characters (semantics §11). */
  readonly groups?: readonly string[];
}

/** One way to know a customer again; each key has a counter of its own (semantics §11). */
export interface CustomerKey {
  /** `"id"`, `"email"`, `"phone"`, `"payment"` or a word of the host's own (`[a-z][a-z0-9_]{0,31}`). */
  readonly kind: string;
  /** At most 256 characters. E-mails are compared trimmed and in lower case (semantics §11). */
  readonly value: string;
}

/**
 * A code as the shopper gave it (semantics §19), or a coupon applied by its id (S2.4).
 * A plain string is a typed code. At most 30 in one request (semantics §7).
 */
export type EnteredCode =
  | string
  | { readonly code: string; readonly origin?: "typed" | "url" }
  | { readonly couponId: string };
