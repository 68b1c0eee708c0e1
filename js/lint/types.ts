/**
 * What `lint` and `stackable` take and answer. Types only.
 */
import type { Cart, CouponDefinition, Customer, Instant, Minor, Policy, RuleDefinition } from "../index.js";

/** Definitions, as they are before they are saved, or records, as the back office reads them. */
export interface LintedDefinitions {
  /**
   * At most 1,000. One without an `id` is called `unsaved_1`, by its place. The codes of a record may be put in its
   * `codes`, as records too.
   */
  readonly coupons: readonly CouponDefinition[];
  /** At most 1,000: those that the coupons link, and automatic ones. One without an `id` is called `unsaved_rule_1`. */
  readonly rules?: readonly RuleDefinition[] | null;
  /** The shop's. Default: the default preset. */
  readonly policy?: Policy | null;
  readonly now: Instant;
  /** As `evaluate` takes them; an offset given here holds at every instant. */
  readonly zones?: { readonly [zone: string]: number } | null;
}

/** What `lint` takes. */
export interface LintRequest extends LintedDefinitions {
  /**
   * The order that what depends on one is shown on. Default: 100.00 of the coupon's first currency (else USD), one line
   * of four units that carries every product id named by an `include`.
   */
  readonly cart?: Cart | null;
}

/** The closed list of what is odd. In brackets: how grave it is, and its `details`. */
export type LintCode =
  /** It can never be redeemed from now on (error; `reason`: `NeverReason`, `code`: the code it is about, or `null`). */
  | "never_valid"
  /** All of the price, of any order, any number of times (error; `basisPoints`). */
  | "unlimited_full_discount"
  /** 50 % or more, and no cap (warning; `basisPoints`, `unlimited`: no total limit either). */
  | "uncapped_percent"
  /** It brings the example order to 0, by the shop's own policy (warning; `currency`, `subtotal`, `discount`). */
  | "free_order"
  /** The discount of two depends on which comes first (warning; `hint` if priorities decide; `OrderDetails`). */
  | "order_dependent"
  /**
   * The shop takes several codes, and this coupon goes with none of the others (warning; `hint` if it says so itself;
   * `reason`: `"exclusive"`, `"combines_with_none"`, `"unknown_category"` or `"refused_by_all"`, `categories`: its list).
   */
  | "can_never_combine"
  /**
   * A code that can be guessed: fewer than 10^9 guesses per hit, or a bearer's store credit of fewer than 16 symbols
   * (warning for pools and store credit, else hint; `codes`: up to five, `count`, `guessesPerHit`: of the worst).
   */
  | "guessable"
  /** A code's limit is above the coupon's and never reached (warning; `field`, `code`, `limit`, `couponLimit`). */
  | "ineffective_code_limit"
  /** A code outlives its coupon: it ends when the coupon does (warning; `code`, `expiresAt`). */
  | "ineffective_code_expiry"
  /** A code does not look as the coupon's template says (hint; `template`, `codes`: up to five, `count`). */
  | "template_mismatch"
  /** Neither a discount nor a rule: nothing can be redeemed (hint). */
  | "draft"
  /** A linked rule that is switched off or archived (warning; error if all are; `states`). */
  | "linked_rule_inactive"
  /** A rule is linked more than once by one coupon: it applies once (hint). */
  | "duplicate_link"
  /** A rule that needs a coupon, and no coupon links it (warning; `gate`). */
  | "rule_never_reached"
  /** An e-mail with a `*` that is not `*@` before a whole domain covers nobody (warning; `values`: up to five, `count`). */
  | "email_pattern"
  /**
   * The other coupon that it needs need not apply (warning; `coupons`: up to five of its list, `reason`): `"itself"`: it is
   * on its own list. `"one_code"`: the shop applies no two codes together, so who enters both gets one of them at most.
   */
  | "ineffective_need"
  /**
   * More than 12 discounts may meet in one order: the best combination of them is searched step by step, and
   * `strategy.exact` may be `false` (hint; `discounts`, `automatic`: how many of them are, `codes`: that bring the others).
   */
  | "many_discounts"
  /** The work ran out; what was left is not judged (hint; `check`: the code that may be missing). */
  | "unchecked";

/** Why it can never be redeemed. */
export type NeverReason =
  /** Start and end, of the coupon, the code and the rule taken together, leave no instant. */
  | "window_empty"
  /** They left one, and it is over. */
  | "window_past"
  /** No hour of the schedules lies within it. */
  | "schedule"
  /** The customers of one level are none of another's. */
  | "customers"
  /** No number of earlier orders fits. */
  | "order_number"
  /** Two levels list no common channel, country, payment or shipping method. */
  | "context"
  /** No currency has all the amounts that are needed. */
  | "currency"
  /** All that is included is excluded. */
  | "products"
  /** What reaches the minimum exceeds the maximum. */
  | "minimum_above_maximum";

/** Of `order_dependent`: both orders on the example cart. */
export interface OrderDetails {
  readonly currency: string;
  readonly orders: readonly { readonly couponIds: readonly string[]; readonly discount: Minor }[];
  /** Who says which comes first: the shopper, by typing; the priorities; or the shop's order behind equal priorities. */
  readonly decidedBy: "shopper" | "priority" | "order";
}

/** One oddity. Coupons and rules are named by their ids. */
export interface LintWarning {
  readonly code: LintCode;
  /** `error`: it cannot work, or costs everything. `warning`: probably not meant. `hint`: worth a look. */
  readonly severity: "error" | "warning" | "hint";
  readonly couponIds: readonly string[];
  readonly ruleIds: readonly string[];
  /** Where it stands in the request: `coupons[0].codes[2].restrictions`; absent for what stands in no one place. */
  readonly path?: string;
  /** Figures, as `LintCode` names them. */
  readonly details: { readonly [name: string]: unknown };
  /** For staff, in English. */
  readonly message: string;
}

/** What `stackable` takes. */
export interface StackableRequest extends LintedDefinitions {
  readonly cart: Cart;
  /** Who is buying. Without one, coupons that ask for a customer take no part. */
  readonly customer?: Customer | null;
  /** More than so much of the goods, 0 … 10000. */
  readonly basisPoints: number;
}

/** What `stackable` answers. */
export interface Stackable {
  /** Smallest first, then what takes most. None contains another of the list. */
  readonly combinations: readonly Combination[];
  /**
   * Whether all there are were found. `false`: the search ended at its bound, or the engine tried not every selection. The
   * list then still has what the strongest coupons reach together; it is empty only where they stay below the share.
   */
  readonly exact: boolean;
}

/** Coupons that together, with the automatic rules beside them, take too much. */
export interface Combination {
  /** Of the coupons entered together, sorted; none where automatic rules alone take so much. */
  readonly couponIds: readonly string[];
  /** Of the automatic rules that apply with them. */
  readonly ruleIds: readonly string[];
  /** Off the goods, minor units. */
  readonly discount: Minor;
  /** Of the price of the discountable goods, rounded down. */
  readonly basisPoints: number;
}
