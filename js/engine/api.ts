/**
 * The face of an engine: its options, its methods and what they take and answer. Types only.
 */
import type { BatchRecord, LedgerCapabilities, Page, Storage } from "../contract/storage.js";
import type { MessageOptions } from "../messages/format.js";
import type {
  CodeChanges, CodeDefinition, CodeRecord, CouponChanges, CouponDefinition, CouponDescription, CouponRecord,
} from "../types/coupon.js";
import type { EpochMs } from "../types/money.js";
import type { CodeShape, Policy, ResolvedPolicy } from "../types/policy.js";
import type { Quote, Validation } from "../types/quote.js";
import type {
  ExtendRequest, OrderStatusOutcome, OrderStatusRequest, RedeemNowRequest, RedeemRequest, RedemptionOutcome, Refund,
  RefundRequest, ReleaseRequest, ReserveRequest, RollbackRequest,
} from "../types/redemption.js";
import type { ApplyRequest, CheckoutRequest, DiscountActiveRequest, GenerationWarning, UrlTokenOptions, UrlTokens } from "../types/requests.js";
import type { RuleChanges, RuleDefinition, RuleRecord } from "../types/rule.js";
import type {
  CreditCalls, CustomerCalls, Reconciliation, ReconcileRequest, Redemptions, SweepRequest, Swept, UsageView,
} from "./api-redemptions.js";
import type { Attempt, AttemptLimits } from "./attempts.js";
import type { EngineEvent } from "./events.js";

export interface CouponEngineOptions {
  readonly storage: Storage;
  /** For a shop without stored settings. Where both exist and differ, a checkout throws `policy_conflict`. */
  readonly policy?: Policy;
  /** Epoch milliseconds; default `Date.now`. Asked once per call, unless the request says `now`. */
  readonly clock?: () => EpochMs;
  readonly messages?: MessageOptions;
  /** For each storage callback, milliseconds, 1 … 600,000; default 5,000. Beyond it: `storage_timeout`. */
  readonly timeoutMs?: number;
  /**
   * With which customers' keys are hashed (HMAC-SHA-256) before the ledger sees them, all kinds but `id`: 16 … 1,024
   * characters, the same for every engine of the shop, for ever, and kept outside the store. Without it, whoever reads the
   * store can find out by trying which e-mails are in it.
   */
  readonly identityKey?: string;
  /**
   * The least that the ledger has to survive for store credit, which is money: default `power`. Below it, a call that would
   * take or change a credit throws `not_supported`, and nothing is written; everything else works (reliability U10).
   */
  readonly creditDurability?: LedgerCapabilities["durability"];
  /** Limits on guessing codes; `true` for the defaults. Default: none are counted (threat model §4). */
  readonly attempts?: AttemptLimits | boolean;
  /** After each text that was entered, while `attempts` are counted. What it throws is ignored. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** After each call of a checkout or on a reservation. What it throws is ignored: an observer cannot stop a sale. */
  readonly onEvent?: (event: EngineEvent) => void;
}

/**
 * Every method throws `CouponError`, and nothing else: a path for what the caller got wrong, `storage_…` for what the
 * storage did, `closed` after `close()`.
 */
export interface CouponEngine {
  /** Which codes would apply, and why the others do not. Advisory; writes nothing. */
  validate(request: CheckoutRequest): Promise<Validation>;
  /** The discounts of every line, the totals, and the outcome of each code. Writes nothing. */
  apply(request: ApplyRequest): Promise<Quote>;
  /**
   * Claims every limit of the codes for this key before the payment, all or nothing; idempotent by the key (semantics §14).
   * Where a code does not apply: `refused`, with the quote. Throws `idempotency_mismatch` for another request under a key
   * that is held or redeemed, and, as each call below, `storage_busy` and `outcome_unknown`, which are `retryable`.
   */
  reserve(request: ReserveRequest): Promise<RedemptionOutcome>;
  /** A hold lasts longer. Throws `reservation_not_found`, as each call below does for a key without a record. */
  extend(request: ExtendRequest): Promise<RedemptionOutcome>;
  /** The order is paid (semantics §13). Cannot fail for capacity while the hold lives. */
  redeem(request: RedeemRequest): Promise<RedemptionOutcome>;
  /** `reserve` and `redeem` in one commit, for a point of sale. */
  redeemNow(request: RedeemNowRequest): Promise<RedemptionOutcome>;
  /** It will not be paid: the hold's claims are given back. */
  release(request: ReleaseRequest): Promise<RedemptionOutcome>;
  /** Cancelled or refunded after it was paid, whole or in part (semantics §15). */
  rollback(request: RollbackRequest): Promise<RedemptionOutcome>;
  /** What a return is worth, of which all add up to what was paid. Writes nothing; `rollback` records it. */
  refundQuote(request: RefundRequest): Promise<Refund>;
  /** The host's order changed its status: one of the above by the policy's map, or nothing (semantics §13). */
  orderStatus(request: OrderStatusRequest): Promise<OrderStatusOutcome>;
  /** The same as `codes.generate`. */
  generate(request: GenerateRequest): Promise<Generation>;
  /** The codes a link carries, and the link without them. */
  parseUrlToken(url: string | URL, options?: UrlTokenOptions): UrlTokens;
  /** The back office; each throws `not_supported` if the storage has no `registry`. */
  readonly coupons: Coupons;
  readonly codes: Codes;
  readonly rules: Rules;
  readonly batches: Batches;
  readonly settings: SettingsCalls;
  readonly credit: CreditCalls;
  /** What was reserved and redeemed; `list` and `history` throw `not_supported` without `storage.redemptions`. */
  readonly redemptions: Redemptions;
  /** The data of one customer; throws `not_supported` without `storage.redemptions`. */
  readonly customers: CustomerCalls;
  /**
   * Frees holds that have ended and drops counters whose time is over. Optional: limits hold without it. Where some could
   * not be freed, it throws their first error when it is done with the others; past 100 of them it ends early.
   */
  sweep(request?: SweepRequest): Promise<Swept>;
  /** Every counter against the records that claim it; throws `not_supported` without `storage.redemptions`. */
  reconcile(request?: ReconcileRequest): Promise<Reconciliation>;
  /** Ends the engine and closes the storage, once; later calls throw `closed`, and so does a run of `generate` under way. */
  close(): Promise<void>;
}

export interface Coupons {
  /**
   * Throws `duplicate_id` or `duplicate_code` for the coupon itself, `linked_discount_not_found` for an unknown rule; a
   * refused code of `codes` is a warning.
   */
  create(definition: CouponDefinition): Promise<CreatedCoupon>;
  /**
   * A new version of it. Throws `coupon_not_found`, `terms_locked` where the policy's `lock` keeps a term (semantics
   * §22), `not_supported` for another code text, and as `create` does.
   */
  update(id: string, changes: CouponChanges, options?: UpdateOptions): Promise<CouponRecord>;
  /** Switches it on or off; an archived one throws `invalid_value` (S2.45). */
  setActive(id: string, active: boolean): Promise<CouponRecord>;
  /** None of its codes is taken any more; all of it stays readable (S0.28). */
  archive(id: string): Promise<CouponRecord>;
  /** Back to the state before. */
  unarchive(id: string): Promise<CouponRecord>;
  get(id: string): Promise<CouponView | null>;
  /** Oldest first. The usage is counted off the redemptions: of coupons with very many, ask for short pages. */
  list(request?: ListRequest): Promise<Page<CouponView>>;
  describe(id: string): Promise<CouponDescription | null>;
  /**
   * Whether a later payment is still discounted, by the coupon as it is today and the policy's `stopOnDeactivate`
   * (semantics §18; S2.21 to S2.24). Throws `coupon_not_found`.
   */
  discountActiveAt(id: string, payment: Pick<DiscountActiveRequest, "redeemedAt" | "paymentAt" | "paymentNumber">): Promise<boolean>;
}

export interface UpdateOptions {
  /** The version the caller has seen: another one throws `version_conflict` (S0.24). Default: whichever is stored. */
  readonly version?: number;
}

export interface CreatedCoupon {
  readonly coupon: CouponRecord;
  /** The record of the coupon's own code; `null` for a pool or a coupon without one. */
  readonly code: CodeRecord | null;
  /** The further codes that were stored. */
  readonly codes: readonly CodeRecord[];
  readonly warnings: readonly CodeWarning[];
}

export interface CodeWarning {
  /** Canonical. */
  readonly code: string;
  /** Not stored: its text or id is taken. Stored: it does not fit the coupon's `template` (S2.41, S3.7). */
  readonly reason: "duplicate_code" | "duplicate_id" | "template_mismatch";
}

export interface CouponView {
  readonly coupon: CouponRecord;
  /** Its use as of the ledger's view: redeemed, live holds not counted. */
  readonly description: CouponDescription;
  readonly usage: UsageView;
}

export interface ListRequest {
  /** The `next` of the page before; another text may be refused with `invalid_value`. */
  readonly after?: string | null;
  /** 1 … 1,000, default 100. */
  readonly limit?: number;
}

export interface Codes {
  /** One code; without a text one is generated. Throws `duplicate_id`, `duplicate_code`, `coupon_not_found`. */
  add(request: AddCodeRequest): Promise<AddedCode>;
  /** A new version of it, as `coupons.update`. Throws `code_not_found` (S2.68). */
  update(id: string, changes: CodeChanges, options?: UpdateOptions): Promise<CodeRecord>;
  setActive(id: string, active: boolean): Promise<CodeRecord>;
  /** It is not taken any more; its text stays taken (S2.61). */
  archive(id: string): Promise<CodeRecord>;
  /** Back to the state before. */
  unarchive(id: string): Promise<CodeRecord>;
  get(id: string): Promise<CodeRecord | null>;
  /**
   * Unique random codes into the store, in chunks. Throws `key_space_exhausted` before anything is written if the shape
   * has no room for them beside the codes that earlier runs for the coupon gave that shape. What ends it early leaves a batch in state `failed`, with the codes stored so far.
   */
  generate(request: GenerateRequest): Promise<Generation>;
  /** By canonical text. */
  list(request: ListRequest & { readonly couponId: string }): Promise<Page<CodeRecord>>;
  /**
   * In the order of the records, at most 1,000, as `get`, `list` and `add` answer them (S0.45, S1.16). Costs with the
   * number of their redemptions.
   */
  usage(codes: readonly CodeRecord[]): Promise<readonly UsageView[]>;
}

export interface AddCodeRequest extends CodeDefinition {
  readonly couponId: string;
  /** Refuses a code that does not fit the coupon's `template`, with `invalid_code`. Default `false`: a warning (S3.7). */
  readonly strict?: boolean;
}

/** The record as stored, and what may be wrong with it. */
export interface AddedCode extends CodeRecord {
  readonly warnings: readonly CodeWarning[];
}

/** Discounts apart from coupons (semantics §32). */
export interface Rules {
  /** Throws `duplicate_id`. */
  create(definition: RuleDefinition): Promise<RuleRecord>;
  /** A new version of it, as `coupons.update`. Throws `linked_discount_not_found`. */
  update(id: string, changes: RuleChanges, options?: UpdateOptions): Promise<RuleRecord>;
  setActive(id: string, active: boolean): Promise<RuleRecord>;
  get(id: string): Promise<RuleRecord | null>;
  /** Oldest first. */
  list(request?: ListRequest): Promise<Page<RuleRecord>>;
}

export interface GenerateRequest {
  readonly couponId: string;
  /** 1 … 1,000,000. */
  readonly count: number;
  /** Default: the policy's `codeShape`. */
  readonly shape?: CodeShape;
  readonly length?: number | "auto";
  readonly charset?: string;
  /** Default: a `bulk_pool` coupon's own code, else none. `""` for none. */
  readonly prefix?: string;
  readonly suffix?: string;
  readonly separator?: string;
  /** Who asked, for the batch's record. */
  readonly actor?: string;
  /** After each chunk, and awaited. What it throws ends the run. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface Generation {
  /** Its number, from 1 per coupon. */
  readonly batch: number;
  readonly count: number;
  /** The first five. */
  readonly sample: readonly string[];
  readonly length: number;
  readonly guessesPerHit: string;
  readonly warnings: readonly GenerationWarning[];
}

export interface Batches {
  list(couponId: string): Promise<readonly BatchRecord[]>;
}

export interface SettingsCalls {
  /** The stored policy, else the engine's, else the default, with every value settled. */
  get(): Promise<ResolvedPolicy>;
  /**
   * Replaces the stored policy; answers it settled. Throws, and writes nothing: `policy_conflict` where the engine was
   * created with a `policy` that differs, `schema_too_new` where the stored settings are of a newer engine.
   */
  update(policy: Policy): Promise<ResolvedPolicy>;
}
