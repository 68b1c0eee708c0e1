/**
 * The exports of the wasm module as TypeScript sees them. Types only; the Rust side is `src/wasm/`.
 */
import type { CatalogRequest, LedgerBatch, LedgerEntry, LedgerReadRequest, PriorOrdersRequest, Settings } from "../contract/storage.js";
import type { CodeRecord, CouponDescription, CouponRecord } from "../types/coupon.js";
import type { Quote, Rejection, TraceStep, Validation } from "../types/quote.js";
import type { OrderStatusOutcome, RedemptionOutcome, Refund } from "../types/redemption.js";
import type { GeneratedCodes, UrlTokens } from "../types/requests.js";
import type { RuleRecord } from "../types/rule.js";
import type { Disclosure } from "../types/policy.js";
import type { Plain } from "../boundary/snapshot.js";

/** Answers of the engine carry no texts: the shim adds them. */
export type Untold<T> = T extends Rejection
  ? Omit<T, "message">
  : T extends TraceStep
  ? Omit<T, "text">
  : T extends readonly (infer Item)[]
    ? readonly Untold<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Untold<T[K]> }
      : T;

export type CommandType =
  | "validate" | "apply" | "reserve" | "redeem_now" | "extend" | "redeem" | "release" | "rollback" | "refund_quote"
  | "order_status" | "expire" | "count" | "adjust_credit";

export interface Command {
  readonly type: CommandType;
  readonly request: Plain;
}

export interface Context {
  readonly now: Plain;
  readonly policy: Plain;
  /** With which the customers' keys are made into the names that the ledger sees. */
  readonly identityKey?: string;
  /** Places in the request's `codes` that are answered `too_many_attempts`, without a look-up. */
  readonly blocked?: readonly number[];
}

export interface LoadRequest {
  readonly catalog: CatalogRequest | null;
  readonly ledger: LedgerReadRequest | null;
  readonly priorOrders: PriorOrdersRequest | null;
  /** Zones whose offsets at the request's `now` are wanted; no callback is asked. */
  readonly zones: readonly string[] | null;
}

/** What the host answered; unchecked, the engine refuses a wrong shape. */
export interface Loaded {
  readonly type: "loaded";
  readonly view: { readonly [K in keyof LoadRequest]: Plain };
}

/** As `LedgerBatch`, its bodies not written yet. */
export interface UnwrittenBatch extends Omit<LedgerBatch, "insert"> {
  readonly insert: readonly (Omit<LedgerEntry, "body"> & { readonly body: object })[];
}

export type Reply =
  | Loaded
  | { readonly type: "committed"; readonly outcome: Plain }
  /** A commit, or an optional load, that failed or was answered with nonsense. */
  | { readonly type: "unknown" }
  | { readonly type: "waited" };

export type Step =
  | { readonly type: "load"; readonly request: LoadRequest; readonly optional?: boolean }
  /** `own`: what the call asks for is in it, not only holds of others that have ended. */
  | { readonly type: "commit"; readonly batch: UnwrittenBatch; readonly own: boolean }
  | { readonly type: "wait"; readonly milliseconds: number }
  | Done;

export interface Done {
  readonly type: "done";
  readonly outcome: Untold<Quote | Validation | RedemptionOutcome | OrderStatusOutcome> | Refund;
  readonly disclosure: Disclosure;
}

export interface Answered<T> {
  readonly outcome: Untold<T>;
  /** The one in force, which says whose texts to add. */
  readonly disclosure: Disclosure;
}

export interface DefinedCoupon {
  readonly coupon: CouponRecord;
  readonly ownCode: CodeRecord | null;
  readonly codes: readonly CodeRecord[];
  /** Which of `codes` do not fit the coupon's template. */
  readonly mismatches: readonly number[];
}

export type DefinedCodes = Pick<DefinedCoupon, "codes" | "mismatches">;

export interface EngineExports {
  evaluate(request: Plain): Answered<Quote>;
  /** `{ coupons, rules? }` */
  prepare(definitions: Plain): number;
  evaluatePrepared(handle: number, request: Plain): Answered<Quote>;
  releasePrepared(handle: number): void;
  step(command: Command, context: Context, replies: readonly Reply[]): Step;
  defineCoupon(definition: Plain, context: Context): DefinedCoupon;
  defineCodes(input: { readonly coupon: CouponRecord; readonly codes: Plain; readonly batch: number | null }, context: Context): DefinedCodes;
  defineRule(definition: Plain, context: Context): RuleRecord;
  /** The next version of a record; paths of wrong changes name the field alone. `claimed`: redemptions and holds. */
  reviseCoupon(input: { readonly record: CouponRecord; readonly changes: Plain; readonly claimed: number }, context: Context): CouponRecord;
  reviseCode(input: { readonly coupon: CouponRecord; readonly record: CodeRecord; readonly changes: Plain; readonly claimed: number }, context: Context): CodeRecord;
  reviseRule(input: { readonly record: RuleRecord; readonly changes: Plain }, context: Context): RuleRecord;
  discountActiveAt(request: Plain): boolean;
  /** `{ coupon, rules?, used, credit?, now }` */
  describe(input: object): Omit<CouponDescription, "terms">;
  generateCodes(request: object): GeneratedCodes;
  parseUrlToken(url: string, options: Plain): UrlTokens;
  /** Settings of this schema, every value of the policy settled. */
  defineSettings(policy: Plain): Settings;
  /** Holds stored settings against their shape; paths begin at `settings`. */
  readSettings(settings: Plain): Settings;
  /** The same for an array of code records; paths begin at `codes`. */
  readCodes(codes: Plain): null;
  /** The same of rule records; paths begin at `rules`. */
  readRules(rules: Plain): null;
  /** The names, `kind/value`, by which the ledger knows a customer, in the order of the keys. */
  customerNames(customer: Plain, context: Context): readonly string[];
  /** 32 hexadecimal digits, by the context's `identityKey`. */
  digest(text: string, context: Context): string;
  /** Test builds only. */
  injectTrap?(): void;
}
