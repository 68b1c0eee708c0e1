/**
 * What a discount takes off: a value, of which units, shared out how. Every amount in minor units.
 */
import type { Amounts } from "./money.js";
import type { Distribution } from "./policy.js";

/** What it takes off, never more than what it is taken of costs (semantics §2 to §6). */
export type Discount = (PercentDiscount | AmountDiscount | PriceDiscount | TieredDiscount) & Reach | StoreCredit;

/** A share of the price (semantics §2), rounded once on the sum unless the policy says otherwise (§3). */
export interface PercentDiscount {
  readonly type: "percent";
  /** Hundredths of a percent, 1 … 10000: 2000 is 20 % (semantics §2, S2.16). */
  readonly basisPoints: number;
  /**
   * The most it takes off an order, per currency, each ≥ 1 (semantics §5; S2.17, S2.18). A cart in a currency without an
   * entry is refused, never uncapped.
   */
  readonly cap?: Amounts;
}

/** A fixed sum, at most what it is taken of costs; the rest is lost (semantics §6). */
export interface AmountDiscount {
  readonly type: "amount";
  /** What it takes off an order, per currency, each ≥ 1 (semantics §1, S2.19). */
  readonly amounts: Amounts;
  /** Once for each full `every` that the eligible lines cost: 5 off for every 50 spent. */
  readonly every?: Amounts;
  /** At most so often, 1 … 1,000,000; only with `every`. Default: no bound. */
  readonly times?: number;
}

/** A new price: of each unit, or of shipping. */
export interface PriceDiscount {
  readonly type: "price";
  /** Per currency, each ≥ 0. */
  readonly amounts: Amounts;
}

/** Another discount the more is bought: the greatest `from` that is reached holds; none is `minimum_not_met`. */
export interface TieredDiscount {
  readonly type: "tiers";
  /** What is measured on the eligible lines, before any discount: their price or their units. */
  readonly by: "amount" | "quantity";
  /** 1 … 20, ascending; of amounts, each has the currencies of the first. */
  readonly tiers: readonly Tier[];
}

/** From where on which discount holds. */
export interface Tier {
  /** With `by: "amount"` an amount per currency, with `"quantity"` a whole number ≥ 1; reached is enough. */
  readonly from: Amounts | number;
  /** An amount without `every`. */
  readonly discount: PercentDiscount | AmountDiscount | PriceDiscount;
}

/** What it is taken of, and how it is shared out. */
export interface Reach {
  /** Default `"items"`. With `"shipping"`, of the fields below only `basis` is known (semantics §26). */
  readonly target?: "items" | "shipping";
  /** Default: every unit of every eligible line. */
  readonly units?: Units;
  /** Default: the policy's (semantics §4). */
  readonly distribution?: Distribution;
  /** The most it takes off one line, per currency, each ≥ 1; the rest is lost. */
  readonly maxPerLine?: Amounts;
  /** Taken of the price, or of what discounts before it left. Default `running` in mode `sequential`, else `original` (§2). */
  readonly basis?: "original" | "running";
}

/** Only some units: the cheapest one, or of every three one free (S0+.5). Of equal prices the smaller line id is first. */
export interface Units {
  readonly from: "cheapest" | "dearest";
  /** Units discounted each time, 1 … 1,000,000. */
  readonly take: number;
  /** What has to be bought for it beside; too little is `minimum_not_met`. Default: nothing. */
  readonly buy?: {
    /** Units, 1 … 1,000,000. */
    readonly quantity: number;
    /** Of which lines. Default: of those that are discounted. */
    readonly products?: Products;
  };
  /** At most so often, 1 … 1,000,000. Default: once, with `buy` as often as the cart has it. */
  readonly times?: number;
}

/** A balance that depletes (semantics §16). Not in a `bulk_pool`, a rule or a tier. */
export interface StoreCredit {
  readonly type: "store_credit";
  /** The balance it is issued with, of exactly one currency. */
  readonly amounts: Amounts;
  /** What it pays: the lines, their tax as well, or shipping too. Default `"items"`. */
  readonly covers?: "items" | "items_tax" | "grand_total";
  /** Whoever has the code may spend it. Default `false`: `restrictions.customers` says who may, and is required. */
  readonly bearer?: boolean;
}

/** Which lines are eligible, by the ids the host gives; no hierarchy is expanded (semantics §10, S4.17). */
export interface Products {
  /** A line is eligible if any of its `ids` is listed; absent or empty means every line. At most 10,000. */
  readonly include?: readonly string[];
  /** Wins over `include` (semantics §10). At most 10,000. */
  readonly exclude?: readonly string[];
  /** Whether any id of `include` makes the cart eligible, or each has to be in it. Default `"any"`. */
  readonly requires?: "any" | "all";
  /** Leaves out lines that are `onSale`. Default `false`. */
  readonly excludeOnSale?: boolean;
}
