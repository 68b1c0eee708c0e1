/**
 * The shop's settings: one record, kept in the store, so that two engines on one store never disagree.
 */

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
  /** Guides S0 and S1: 5 codes, `short` generated codes. */
  | "dino"
  /** Guide S2: percentages from 1, link tokens may be typed. */
  | "xpay"
  /** Guide S3: sequential, 5 codes, link tokens may be typed. */
  | "dovetech"
  /** Guide S4: link tokens may be typed. */
  | "fontdue";

/** How generated codes look (semantics §21). */
export type CodeShape =
  /** As long as guessing asks for, of symbols that cannot be misread. */
  | "unguessable"
  /** Six of `A-Z0-9` (S0.15). */
  | "short";

/** The settings a shop chooses; absent ones come from the preset (semantics §33). */
export interface Policy {
  /** Where every setting not given here starts from. Default `"default"`. */
  readonly preset?: PresetName;
  /** How several coupons go together (semantics §7). */
  readonly stacking?: {
    /**
     * `additive`: each percentage of the full price. `sequential`: each of what the one before left. `best`: the one
     * that takes most. `first`: the first in order. `none`: no coupon applies. Bases: semantics §2, §7; S0+.4.
     */
    readonly mode?: "additive" | "sequential" | "best" | "first" | "none";
    /** Coupons applied together, 1 … 30; of more that qualify, those stay that take most together (§7). */
    readonly maxCodes?: number;
    /** `priority`: by priority, line before order discounts, canonical code. `requested`: as entered (semantics §7). */
    readonly order?: "priority" | "requested";
    /** Coupons that do not combine: the earlier in order stays, or the selection that takes most (semantics §7). */
    readonly onConflict?: "reject_new" | "keep_best";
  };
  /** How half a minor unit of a discount is settled (semantics §3). Default `"half_up"`. */
  readonly rounding?: Rounding;
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
}

/** A policy with every value settled, as `settings.get` answers it; meanings as in `Policy` (semantics §33). */
export interface ResolvedPolicy {
  readonly preset: PresetName;
  readonly stacking: {
    readonly mode: "additive" | "sequential" | "best" | "first" | "none";
    readonly maxCodes: number;
    readonly order: "priority" | "requested";
    readonly onConflict: "reject_new" | "keep_best";
  };
  readonly rounding: Rounding;
  readonly disclosure: Disclosure;
  readonly minBasisPoints: number;
  readonly urlTokenTyped: boolean;
  readonly innerSpace: "remove" | "reject";
  readonly stripPlusTag: boolean;
  readonly codeShape: CodeShape;
}
