/**
 * The shop's settings: one record, kept in the store, so that two engines on one store never disagree.
 */
export type Rounding = "half_up" | "half_even" | "half_down" | "floor";

/** How much a refusal tells (semantics §24): see the README's table. */
export type Disclosure = "uniform" | "actionable" | "full";

export type PresetName = "default" | "dino" | "xpay" | "dovetech" | "fontdue";

/** `unguessable`: as long as guessing asks for, of symbols that cannot be misread. `short`: six letters and digits. */
export type CodeShape = "unguessable" | "short";

export interface Policy {
  /** Where every setting not given here starts from. Default `"default"`. */
  readonly preset?: PresetName;
  readonly stacking?: {
    /**
     * `additive`: each percentage of the full price. `sequential`: each of what the one before left. `best`: the one
     * that takes most. `first`: the first in order. `none`: no coupon applies.
     */
    readonly mode?: "additive" | "sequential" | "best" | "first" | "none";
    /** Coupons applied together, 1 … 30; of more that qualify, those stay that take most together. */
    readonly maxCodes?: number;
    /** `priority`: by priority, line before order discounts, canonical code. `requested`: as entered. */
    readonly order?: "priority" | "requested";
    /** Coupons that do not combine: the earlier in order stays, or the selection that takes most together. */
    readonly onConflict?: "reject_new" | "keep_best";
  };
  /** How half a minor unit of a discount is settled. */
  readonly rounding?: Rounding;
  readonly disclosure?: Disclosure;
  /** The least percentage a coupon may be defined with, basis points. */
  readonly minBasisPoints?: number;
  /** Whether a `url_token` code may also be typed by hand. */
  readonly urlTokenTyped?: boolean;
  /** Spaces inside a code: removed, or the code is malformed. */
  readonly innerSpace?: "remove" | "reject";
  /** Whether `a+tag@example.com` counts as `a@example.com` for customer limits. */
  readonly stripPlusTag?: boolean;
  /** The shape of generated codes where a run names none. */
  readonly codeShape?: CodeShape;
}

/** A policy with every value settled, as `settings.get` answers it. */
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
