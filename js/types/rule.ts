/**
 * A discount that exists apart from coupons: it applies by itself, or is opened by the coupons linked to it
 * (semantics §32).
 */
import type { State } from "./coupon.js";
import type { Discount, StoreCredit } from "./discount.js";
import type { EpochMs } from "./money.js";
import type { Interaction } from "./policy.js";
import type { Restrictions, RestrictionsRecord } from "./restrictions.js";

/** What opens a rule (semantics §32). */
export type Gate =
  /** Nothing: it is tried on every cart (S1.2). */
  | "automatic"
  /** An accepted coupon that links to it (S0.9, S3.2). */
  | "coupon"
  /** As `coupon`, but the host computes it: the quote names it in `unlocked` (S0+.5). */
  | "external";

/** What `rules.create` and `evaluate` take. */
export interface RuleDefinition {
  /** `[A-Za-z0-9_-]{1,64}`; given by the engine (`rule_…`) when absent. Required by `evaluate`. */
  readonly id?: string;
  /** Shown on receipts; at most 200 characters. Default: the coupon's label, else the id. */
  readonly name?: string | null;
  /** For staff; at most 2,000 characters. */
  readonly description?: string | null;
  readonly gate: Gate;
  /** Required, but absent for an `external` rule. No store credit. */
  readonly discount?: Exclude<Discount, StoreCredit> | null;
  /** Beside those of the coupon and the code (S3.11). */
  readonly restrictions?: Omit<Restrictions, "validForDays">;
  /** Lower is applied first, −1,000,000 … 1,000,000, default 0 (semantics §7). */
  readonly priority?: number;
  /** As a coupon's. */
  readonly category?: string | null;
  /** As a coupon's; both of a linked coupon and its rule must agree (semantics §7). */
  readonly combinesWith?: "all" | "none" | readonly string[];
  /** Once it applies, nothing behind it in order does (semantics §7). Default `false`. */
  readonly stopAfter?: boolean;
  /** Default `"active"`. */
  readonly state?: State;
  /** Of an automatic rule with codes. Default: the policy's (semantics §8). */
  readonly interaction?: Interaction | null;
  /** Beside discounts of the host's own. Default: the policy's `foreignDiscounts` (semantics §8). */
  readonly withForeign?: "alongside" | "suppress" | null;
  /** For customers it is refused; at most 500 characters. */
  readonly refusalMessage?: string | null;
  /** At most 50 entries of at most 500 characters. */
  readonly metadata?: { readonly [key: string]: string };
}

/** What `rules.update` takes: an absent field stays, `null` is the default again. */
export type RuleChanges = { readonly [Field in keyof Omit<RuleDefinition, "id" | "gate">]?: RuleDefinition[Field] | null };

/** A rule as it is stored: a checked definition, every default filled in. */
export interface RuleRecord {
  readonly schemaVersion: number;
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly gate: Gate;
  readonly discount: Exclude<Discount, StoreCredit> | null;
  readonly restrictions: RestrictionsRecord;
  readonly priority: number;
  readonly category: string | null;
  readonly combinesWith: "all" | "none" | readonly string[];
  readonly stopAfter: boolean;
  readonly state: State;
  readonly interaction: Interaction | null;
  readonly withForeign: "alongside" | "suppress" | null;
  readonly refusalMessage: string | null;
  /** What an archived rule was before; `null` of others. */
  readonly archivedFrom: Exclude<State, "archived"> | null;
  readonly metadata: { readonly [key: string]: string };
  /** Grows with every edit (semantics §22). */
  readonly version: number;
  readonly createdAt: EpochMs;
}
