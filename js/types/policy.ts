/**
 * The shop's settings: one record, kept in the store, so that two engines on one store never disagree.
 */
import type { Amounts } from "./money.js";

/** How a coupon's discount, summed over its lines, becomes whole minor units (semantics §3). */
export type Rounding =
  /** Half a unit goes up, away from zero: 523.5 is 524. The default. */
  | "half_up"
  /** Half a unit goes to the even neighbour: 522.5 is 522, 523.5 is 524. */
  | "half_even"
  /** Half a unit goes down: 523.5 is 523. */
  | "half_down"
  /** Every fraction goes down, in the merchant's favour: 523.9 is 523. */
  | "floor";

/** How much a refusal tells (semantics §24): see the README's table. */
export type Disclosure =
  /** One answer for everything about the code itself and the customer; other reasons without figures. */
  | "uniform"
  /** As `uniform`, but `customer_required` is told and figures are given. The default. */
  | "actionable"
  /** Every reason with its figures: servers and staff. */
  | "full";

/** A named set of settings (semantics §33); what a line below does not name is as in `default`. */
export type PresetName =
  /** Additive, 1 code, half up, `actionable`, percentages from 0.01, tokens by link only, `unguessable` codes. */
  | "default"
  /** Guides S0 and S1: 5 codes, `short` generated codes, terms never locked. */
  | "dino"
  /** Guide S2: percentages from 1, link tokens may be typed. */
  | "xpay"
  /** Guide S3: sequential, 5 codes, link tokens may be typed, terms never locked. */
  | "dovetech"
  /** Guide S4: link tokens may be typed. */
  | "fontdue";

/** How generated codes look (semantics §21). */
export type CodeShape =
  /** As long as guessing asks for, of symbols that cannot be misread. */
  | "unguessable"
  /** Six of `A-Z0-9` (S0.15). */
  | "short";

/** Where a discount becomes whole minor units (semantics §3). */
export type RoundingPoint =
  /** Once, on the sum of its lines. The default. */
  | "coupon"
  /** On each line. */
  | "line"
  /** On each unit. */
  | "unit";

/**
 * How an amount is shared out over lines (semantics §4). The last group are the ways of hosts, to agree with them to the
 * cent; under these a host's own rounding holds.
 */
export type Distribution =
  /** By price, largest remainder first. The default. */
  | "proportional"
  /** By the units of a line. */
  | "by_quantity"
  /** The same for each line. */
  | "even"
  /** In the cart's order, as far as it goes. */
  | "greedy_in_order"
  /** The whole discount on each line. */
  | "each_line"
  /** The whole discount on each unit. */
  | "each_unit"
  | "woocommerce" | "medusa" | "solidus" | "sylius" | "saleor" | "vendure" | "spree" | "magento" | "prestashop" | "lunar"
  | "django_oscar";

/** What our discounts do where the host gives one of its own (semantics §8). */
export type ForeignDiscounts =
  /** Both apply. The default. */
  | "alongside"
  /** Ours do not apply: `foreign_coupon_present`. */
  | "suppress_ours"
  /** Ours are taken of what the host's left. */
  | "subtract_from_base";

/** What codes and automatic rules do to each other (semantics §8, §32). */
export type Interaction =
  /** Both apply. The default. */
  | "alongside"
  /** A code that takes something off keeps automatic rules out. */
  | "code_replaces"
  /** An automatic rule that takes something off keeps codes out. */
  | "automatic_replaces";

/** Until when terms may be edited (semantics §22). */
export type Lock =
  /** Never: only name, description, state and metadata. The default. */
  | "on_create"
  /** Until the first hold or redemption. */
  | "on_first_redemption"
  /** Always: everything but id and type. */
  | "never";

/** What of a use a rollback gives back (semantics §15). Store credit comes back in any case, in proportion. */
export type Restore =
  /** Nothing: the use is spent. */
  | "none"
  /** The customer may use it again; over all customers it stays counted. */
  | "customer_only"
  /** All of it. */
  | "customer_and_total";

/** `best_combination` tries what goes together and takes what is most; the others: `Policy.stacking.mode`. */
export type StackingMode = "additive" | "sequential" | "best" | "best_combination" | "first" | "none";

/** See `Policy.stacking.order`. */
export type StackingOrder = "priority" | "fixed_first" | "percent_first" | "requested";

/** The settings a shop chooses; absent ones come from the preset (semantics §33). */
export interface Policy {
  /** Where every setting not given here starts from. Default `"default"`. */
  readonly preset?: PresetName;
  /** How several coupons go together (semantics §7). */
  readonly stacking?: {
    /**
     * `additive`: each percentage of the full price. `sequential`: each of what the one before left. `best`: the one
     * that takes most. `best_combination`: the selection that takes most. `first`: the first in order. `none`: no
     * coupon and no rule applies. Bases: semantics §2, §7; S0+.4.
     */
    readonly mode?: StackingMode;
    /** Coupons applied together, 1 … 30; of more that qualify, those stay that take most together (§7). */
    readonly maxCodes?: number;
    /**
     * `priority`: by priority, line before order before shipping discounts, canonical code. `fixed_first`: before the
     * code, fixed sums before percentages; `percent_first`: the reverse. `requested`: as entered (semantics §7).
     */
    readonly order?: StackingOrder;
    /** Coupons that do not combine: the earlier in order stays, or the selection that takes most (semantics §7). */
    readonly onConflict?: "reject_new" | "keep_best";
    /** One code that does not apply: the others do (`partial`, default), or none does (semantics §7). */
    readonly onInapplicable?: "partial" | "all_or_nothing";
    /** Discounts of a category applied together, 1 … 30 (semantics §7). Default none. */
    readonly maxPerCategory?: { readonly [category: string]: number };
    /** A line is discounted by one line discount at most (semantics §7). Default `false`. */
    readonly onePerLine?: boolean;
  };
  /** How half a minor unit of a discount is settled (semantics §3). Default `"half_up"`. */
  readonly rounding?: Rounding;
  /** Default `"coupon"`. */
  readonly roundingPoint?: RoundingPoint;
  /** For discounts that name none. Default `"proportional"`. */
  readonly distribution?: Distribution;
  /** The most all our discounts take off the goods, basis points of their price, 1 … 10000 (semantics §8). Default none. */
  readonly globalCapBasisPoints?: number | null;
  /** Default `"alongside"`. */
  readonly foreignDiscounts?: ForeignDiscounts;
  /** Default `"alongside"`. */
  readonly interaction?: Interaction;
  /** The least a payment may be, minor units per currency; discounts are cut to leave it (semantics §6). Default none. */
  readonly minPayable?: Amounts | null;
  /** Whether nothing may be left to pay (semantics §6). Default `true`. */
  readonly allowZeroTotal?: boolean;
  /** Default `"on_create"`; presets `dino` and `dovetech`: `"never"`. */
  readonly lock?: Lock;
  /** Whether a `forever` discount ends when its coupon is switched off (semantics §18, S2.24). Default `true`. */
  readonly stopOnDeactivate?: boolean;
  /** What the public is told (semantics §24). Default `"actionable"`. */
  readonly disclosure?: Disclosure;
  /** The least percentage a coupon may be defined with, basis points, 1 … 10000 (semantics §2, S2.16). Default 1. */
  readonly minBasisPoints?: number;
  /** Whether a `url_token` code may also be typed by hand (semantics §33, S0.8). Default `false`. */
  readonly urlTokenTyped?: boolean;
  /** Spaces inside a code: removed (default), or the text is no code (semantics §19). */
  readonly innerSpace?: "remove" | "reject";
  /** Whether `a+tag@example.com` counts as `a@example.com` for customer limits (§11). Default `false`. */
  readonly stripPlusTag?: boolean;
  /** The shape of generated codes where a run names none (semantics §21). Default `"unguessable"`. */
  readonly codeShape?: CodeShape;
  /**
   * The IANA zone in whose local time limits per day, week and month count (semantics §17). Default `"UTC"`. One that the
   * platform does not know is refused by `createCouponEngine` and by `settings.update`: `invalid_value` at `policy.zone`.
   */
  readonly zone?: string;
  /** Reservations and redemptions (semantics §13 to §15). */
  readonly redemption?: {
    /** Milliseconds a hold lasts where the request does not say, 1,000 … 604,800,000. Default 900,000, 15 minutes. */
    readonly holdFor?: number;
    /**
     * A payment whose hold has ended and whose place is taken: `reject` (default) refuses it with `hold_expired`,
     * `overdraft` takes it beyond the limit and flags it.
     */
    readonly lateRedeem?: "reject" | "overdraft";
    /** What a rollback gives back. Default `customer_and_total` of what is cancelled, `none` of what is refunded. */
    readonly restore?: { readonly cancelled?: Restore; readonly refunded?: Restore };
    /**
     * What `orderStatus` does at each status of the host's, none under two of them. Default: `pending` reserves;
     * `processing`, `completed`, `on-hold` and `on_hold` redeem (presets `xpay`, `dovetech`, `fontdue`: `completed`
     * only); `failed` and `cancelled` cancel; `refunded` refunds.
     */
    readonly statuses?: {
      readonly reserve?: readonly string[];
      readonly redeem?: readonly string[];
      readonly cancel?: readonly string[];
      readonly refund?: readonly string[];
    };
  };
}

/** A policy with every value settled, as `settings.get` answers it; meanings as in `Policy` (semantics §33). */
export interface ResolvedPolicy {
  readonly preset: PresetName;
  readonly stacking: {
    readonly mode: StackingMode;
    readonly maxCodes: number;
    readonly order: StackingOrder;
    readonly onConflict: "reject_new" | "keep_best";
    readonly onInapplicable: "partial" | "all_or_nothing";
    readonly maxPerCategory: { readonly [category: string]: number };
    readonly onePerLine: boolean;
  };
  readonly rounding: Rounding;
  readonly roundingPoint: RoundingPoint;
  readonly distribution: Distribution;
  readonly globalCapBasisPoints: number | null;
  readonly foreignDiscounts: ForeignDiscounts;
  readonly interaction: Interaction;
  readonly minPayable: Amounts | null;
  readonly allowZeroTotal: boolean;
  readonly lock: Lock;
  readonly stopOnDeactivate: boolean;
  readonly disclosure: Disclosure;
  readonly minBasisPoints: number;
  readonly urlTokenTyped: boolean;
  readonly innerSpace: "remove" | "reject";
  readonly stripPlusTag: boolean;
  readonly codeShape: CodeShape;
  readonly zone: string;
  readonly redemption: {
    readonly holdFor: number;
    readonly lateRedeem: "reject" | "overdraft";
    readonly restore: { readonly cancelled: Restore; readonly refunded: Restore };
    /** Each list sorted. */
    readonly statuses: {
      readonly reserve: readonly string[];
      readonly redeem: readonly string[];
      readonly cancel: readonly string[];
      readonly refund: readonly string[];
    };
  };
}
