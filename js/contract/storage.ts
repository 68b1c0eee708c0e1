/**
 * What a host implements so that the engine can read and store. Owns the interfaces and their MUSTs; no code.
 *
 * A checkout needs `catalog` and `ledger`; the back office adds `registry` and `redemptions`. Every method may be
 * synchronous or return a promise. A thrown error on a read fails the call with `storage_failed`, on a commit it means
 * that the outcome is unknown.
 */
import type { CustomerKey } from "../types/cart.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { EpochMs } from "../types/money.js";
import type { ResolvedPolicy } from "../types/policy.js";
import type { RuleRecord } from "../types/rule.js";

/** A shop's store: its parts may be of one backend or of several. */
export interface Storage {
  /** Read by every checkout. */
  readonly catalog: CouponCatalog;
  /** Counts redemptions and holds (semantics §13, §14). */
  readonly ledger: RedemptionLedger;
  /** Read and written by the back office; without it those calls throw `not_supported`. */
  readonly registry?: CouponRegistry;
  /** Lists and looks after redemptions; without it those calls throw `not_supported`. */
  readonly redemptions?: RedemptionRegistry;
  /**
   * How many orders of this customer reached a paid status before `asOf` (semantics §12). MUST count an order if any
   * key matches, and MUST NOT count `excluding`. Asked in every checkout with codes of a known customer whose request
   * does not say `customer.priorOrders`, so that a known and an unknown code cost the same calls; without codes only
   * where an automatic rule counts orders. A failure or a time-out matters only where something that counts orders is
   * entered or automatic.
   */
  priorOrders?(request: PriorOrdersRequest): Awaitable<number>;
  /** Frees what the storage holds (files, connections). Called once, by `engine.close()`. */
  close?(): Awaitable<void>;
}

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** Whose earlier orders, without which one, until when (semantics §11, §12). */
export interface PriorOrdersRequest {
  /** An order counts if any of these is its customer's. */
  readonly keys: readonly CustomerKey[];
  /** The current order's id; it never counts against itself. */
  readonly excluding: string | null;
  /** The evaluation's instant, epoch milliseconds. */
  readonly asOf: EpochMs;
}

/** Definitions, for a checkout. May be a cache, may be slightly stale. */
export interface CouponCatalog {
  /**
   * The codes whose canonical text is listed, every coupon that they belong to or whose id is listed, and their rules.
   * MUST compare codes byte for byte (they are canonical already). MUST leave out what it does not have: a missing
   * record is not an error. MUST answer a coupon once even if several codes share it. MUST answer every rule that an
   * answered coupon links, in any state, and with `automatic` every rule with the gate `automatic` and the state
   * `active`; each once. Order does not matter.
   */
  find(request: CatalogRequest): Awaitable<CatalogView>;
}

/** What a checkout looks up, in one call. */
export interface CatalogRequest {
  /** Canonical texts (semantics §19). */
  readonly codes: readonly string[];
  /** Coupons applied by their id (S2.4). */
  readonly couponIds: readonly string[];
  /** Whether the automatic rules are wanted (semantics §32). */
  readonly automatic: boolean;
}

/** What the catalog has of it. */
export interface CatalogView {
  /** The shop's settings, `null` while none have been stored. */
  readonly settings: Settings | null;
  readonly coupons: readonly CouponRecord[];
  readonly codes: readonly CodeRecord[];
  /** A store that knows no rules leaves them out. */
  readonly rules?: readonly RuleRecord[];
}

/** The shop's one record of settings (semantics §33). */
export interface Settings {
  /** The schema the store's records are written with. An engine that is older throws `schema_too_new`. */
  readonly schemaVersion: number;
  /** Every setting settled; a differing `policy` option of an engine is `policy_conflict`. */
  readonly policy: ResolvedPolicy;
}

/** Counters and redemptions: the one part of a store that must be atomic (semantics §13, §14). */
export interface RedemptionLedger {
  readonly capabilities: LedgerCapabilities;
  /**
   * `counters` may be slightly stale: what decides on them is `commit`. `entries` MUST be the newest revisions of what was
   * committed before the read began, else an order that is paid looks as if it were not. Both MUST be aligned with the
   * request.
   */
  read(request: LedgerReadRequest): Awaitable<LedgerView>;
  /**
   * Everything or nothing. MUST judge inserts before adds, so that a repeated batch is told `exists` even where a
   * counter is full by now. MUST refuse an add that would leave its counter below 0 or above its ceiling. MUST do all of
   * it in one atomic step. A thrown error means: outcome unknown; the engine reads, and may send the same batch again.
   */
  commit(batch: LedgerBatch): Awaitable<CommitOutcome>;
}

/** What a ledger promises. */
export interface LedgerCapabilities {
  /** A store that cannot commit atomically is refused, never degraded (semantics §14). */
  readonly atomicCommit: true;
  /** Inserts plus adds one commit can carry, at least 100. */
  readonly maxOperations: number;
  /** What an acknowledged commit survives: nothing, a killed process, a power cut, the loss of a machine. */
  readonly durability: "volatile" | "process" | "power" | "failover";
}

/** What to read, as of one instant. */
export interface LedgerReadRequest {
  /** The request's instant: a hold whose `holdUntil` is at or before it has ended. The ledger reads no clock. */
  readonly at: EpochMs;
  /** Names of counters. */
  readonly counters: readonly string[];
  /** Keys whose newest revision is wanted. */
  readonly entries: readonly string[];
  /** Holds that have ended and still claim any of these counters; any counter where `counters` is `null`. */
  readonly expiredHolds: { readonly counters: readonly string[] | null; readonly limit: number } | null;
}

/** What was read. */
export interface LedgerView {
  /** In the request's order; of a counter never written `{ claimed: 0, held: 0, ended: 0, nextExpiry: null }`. */
  readonly counters: readonly CounterView[];
  /** In the request's order: the newest revision of each key, `null` where there is none. */
  readonly entries: readonly (LedgerEntry | null)[];
  /** Newest revisions in state `held` that ended at or before `at`, the longest ended first, at most `limit`. */
  readonly expiredHolds: readonly LedgerEntry[];
}

/** A limit's use, as counts of redemptions, or a store credit's or a budget's, in minor units (semantics §13, §16). */
export interface CounterView {
  /** held + ended + redeemed: the one stored integer. */
  readonly claimed: number;
  /** What live holds claim of it, ended ones not among them. */
  readonly held: number;
  /** What holds claim of it that have ended and nobody has freed yet; default 0. It keeps nobody out. */
  readonly ended?: number;
  /** When the first of the live holds ends, epoch milliseconds; `null` without one. */
  readonly nextExpiry: EpochMs | null;
}

/** One commit: everything or nothing (semantics §14). */
export interface LedgerBatch {
  /** One atomic domain; the shop. */
  readonly partition: string;
  /** Judged before `add`. */
  readonly insert: readonly LedgerEntry[];
  /** One entry per counter, sorted by name, so that overlapping commits never deadlock. */
  readonly add: readonly CounterAdd[];
}

/** The states of reliability: `held` and `redeemed` are live, `rolled_back` is terminal (semantics §13 to §15). */
export type RedemptionState = "held" | "redeemed" | "released" | "expired" | "rolled_back";

/** One revision of one reservation or redemption (semantics §13, §14); never changed once written. */
export interface LedgerEntry {
  /** The host's order or checkout id. */
  readonly key: string;
  /** From 0. (key, revision) is unique: idempotency key, compare-and-swap and audit trail in one. */
  readonly revision: number;
  /** What this revision makes of it. */
  readonly state: RedemptionState;
  /** When it was made, epoch milliseconds. */
  readonly at: EpochMs;
  /** Of a hold: live until just before this instant, epoch milliseconds (semantics §14); else `null`. */
  readonly holdUntil: EpochMs | null;
  /** JSON text of at most 1,000,000 characters; opaque to the store. No identity of a customer is in it. */
  readonly body: string;
  /** What it is found by. */
  readonly index: LedgerIndex;
}

/** By what the counters and the back office find an entry again. MUST come back from a read as it was written. */
export interface LedgerIndex {
  /** What the key claims of counters while this is its newest revision; each counter once. */
  readonly claims: readonly Claim[];
  /** Coupon ids. */
  readonly coupons: readonly string[];
  /** Code ids. */
  readonly codes: readonly string[];
  /** The customer's keys as `kind/value`, written as behind `/customer/` in the name of a counter (semantics §11). */
  readonly customerKeys: readonly string[];
  /** The host's order id, once known. */
  readonly order: string | null;
}

/** A part of a counter that belongs to one key. */
export interface Claim {
  readonly counter: string;
  /** 1, or minor units. */
  readonly amount: number;
  /** The limit it was claimed under; `null`: none. */
  readonly ceiling: number | null;
}

/** A guarded change of one counter (semantics §13). */
export interface CounterAdd {
  readonly counter: string;
  /** To add; negative gives back; 0 only holds the counter to its ceiling. */
  readonly delta: number;
  /** The most `claimed` may become; `null`: only the floor 0 is guarded. */
  readonly ceiling: number | null;
  /** The counter is of no use after this instant and may be dropped by `prune`; absent or `null`: it is kept. */
  readonly until?: EpochMs | null;
}

/** What became of a commit; nothing was written unless `committed` (semantics §14). */
export type CommitOutcome =
  /** All of it is written. */
  | { readonly status: "committed" }
  /** (key, revision) of the insert at this place is taken. */
  | { readonly status: "exists"; readonly insert: number }
  /** The add at this place would leave its counter out of bounds; `claimed` as it stands. */
  | { readonly status: "ceiling"; readonly add?: number; readonly claimed?: number }
  /** Another writer was in the way and nothing was written; try again, after these milliseconds. */
  | { readonly status: "busy"; readonly retryAfterMs?: number };

/** The ledger as the back office sees it: lists, sums, and the care of old data. Optional, as `registry` is. */
export interface RedemptionRegistry {
  /** The newest revision of each key that is indexed by this and is in one of these states; newest `at` first, then key. */
  list(request: RedemptionQuery): Awaitable<Page<LedgerEntry> | UnknownCursor>;
  /** Every revision of a key, oldest first; empty if there is none. */
  history(key: string): Awaitable<readonly LedgerEntry[]>;
  /**
   * In the request's order: how often each coupon, or each code, is redeemed and held now, by newest revisions. Asked for
   * each page of coupons that the back office lists; no checkout waits for it, so it may cost with their redemptions.
   */
  usage(request: UsageQuery): Awaitable<readonly UsageFacts[]>;
  /** Counters by name with what newest revisions claim of them: equal at rest. Counters that have `until` are left out. */
  tally(page: PageRequest): Awaitable<Page<CounterTally> | UnknownCursor>;
  /**
   * Renames a customer key, `kind/value`, in every index and in every counter of it: of those whose whole name matches
   * `^(?:first_order|(?:coupon|code)/[^/]+(?:/[^/]+/[^/]+)?)/customer/([^/]+/[^/]+)$`, the group says whose it is. MUST be
   * one atomic step.
   */
  rekey(request: { readonly from: string; readonly to: string }): Awaitable<{ readonly entries: number }>;
  /** Customer keys none of whose entries, of any revision, has an `at` at or after `before`; at most `limit`. */
  idleCustomers(request: { readonly before: EpochMs; readonly limit: number }): Awaitable<readonly string[]>;
  /** Drops counters whose `until` is at or before this. */
  prune(request: { readonly before: EpochMs }): Awaitable<{ readonly counters: number }>;
}

/** Which redemptions to list. */
export interface RedemptionQuery extends PageRequest {
  /** `null`: all. Values as in `LedgerIndex`; of a customer `kind/value`. */
  readonly by: { readonly kind: "coupon" | "code" | "customer" | "order"; readonly value: string } | null;
  /** Empty: any. */
  readonly states: readonly RedemptionState[];
}

/** Of which coupons or codes. */
export interface UsageQuery {
  readonly kind: "coupon" | "code";
  readonly values: readonly string[];
}

/** The use of one coupon or code (S0.45, S0.46). */
export interface UsageFacts {
  /** Keys whose newest revision is `redeemed`. */
  readonly redeemed: number;
  /** Keys whose newest revision is `held`, ended or not. */
  readonly held: number;
  /** Keys whose newest revision is `rolled_back`. */
  readonly rolledBack: number;
  /** The redeemed entry with the greatest `at`, of equal ones the greatest key; `null` without one. */
  readonly last: { readonly key: string; readonly at: EpochMs; readonly order: string | null; readonly customerKeys: readonly string[] } | null;
}

/** A counter, and what it should be. */
export interface CounterTally {
  readonly counter: string;
  /** The stored integer. */
  readonly claimed: number;
  /** The sum of the claims of every key's newest revision. */
  readonly live: number;
}

/** Definitions, for the back office (semantics §20, §21). */
export interface CouponRegistry {
  /** The coupon and its own code, both or neither. MUST refuse a taken id or a taken code. */
  insertCoupon(coupon: CouponRecord, ownCode: CodeRecord | null): Awaitable<InsertCouponOutcome>;
  /**
   * Each code whose id and text are free; MUST NOT overwrite. MUST judge in order, so that of two equal texts the first
   * is stored and the later refused; a refused code takes nothing.
   */
  insertCodes(codes: readonly CodeRecord[]): Awaitable<InsertCodesOutcome>;
  /** MUST refuse a taken id. */
  insertRule(rule: RuleRecord): Awaitable<InsertRuleOutcome>;
  /**
   * Replaces the record of the same id as a whole, if the stored one has the version `expected`. MUST compare and
   * replace in one atomic step. The new record has a greater version; its id and its `createdAt` are the old ones.
   */
  updateCoupon(coupon: CouponRecord, expected: number): Awaitable<UpdateOutcome>;
  /** The same of a code, whose text and coupon are the old ones too. A stored code without a version has version 1. */
  updateCode(code: CodeRecord, expected: number): Awaitable<UpdateOutcome>;
  /** The same of a rule. The next `find` MUST go by its new state. */
  updateRule(rule: RuleRecord, expected: number): Awaitable<UpdateOutcome>;
  /** `null` if there is none of this id. */
  getCoupon(id: string): Awaitable<CouponRecord | null>;
  /** By its id, not its text; `null` if there is none. */
  getCode(id: string): Awaitable<CodeRecord | null>;
  /** Those of these ids, each once; what is missing is left out. Order does not matter. */
  getRules(ids: readonly string[]): Awaitable<readonly RuleRecord[]>;
  /** By creation, oldest first. */
  listCoupons(page: PageRequest): Awaitable<Page<CouponRecord> | UnknownCursor>;
  /** By creation, oldest first. */
  listRules(page: PageRequest): Awaitable<Page<RuleRecord> | UnknownCursor>;
  /** By canonical text. */
  listCodes(request: PageRequest & { readonly couponId: string }): Awaitable<Page<CodeRecord> | UnknownCursor>;
  /** A new generation run; numbers count 1, 2, 3 … per coupon and are never given twice (S0.37). */
  openBatch(batch: NewBatch): Awaitable<{ readonly number: number }>;
  /** How the run ended and how many codes it stored (S0.38). */
  closeBatch(batch: { readonly couponId: string; readonly number: number; readonly state: "complete" | "failed"; readonly generated: number }): Awaitable<void>;
  /** The coupon's generation runs (S0.38). */
  listBatches(couponId: string): Awaitable<readonly BatchRecord[]>;
  /** `null` while none have been stored. */
  getSettings(): Awaitable<Settings | null>;
  /** Replaces the record as a whole (semantics §33). */
  putSettings(settings: Settings): Awaitable<void>;
}

/** What became of a coupon; nothing was written unless `inserted` (semantics §20). */
export type InsertCouponOutcome =
  /** Coupon and own code are stored. */
  | { readonly status: "inserted" }
  /** The coupon's id, or its code's, is taken. */
  | { readonly status: "duplicate_id" }
  /** The code's canonical text is taken. */
  | { readonly status: "duplicate_code" };

/** What became of a rule; nothing was written unless `inserted`. */
export type InsertRuleOutcome = { readonly status: "inserted" } | { readonly status: "duplicate_id" };

/** What became of an edit; nothing was written unless `updated` (semantics §22, S0.24). */
export type UpdateOutcome =
  /** The new record is stored. */
  | { readonly status: "updated" }
  /** The stored record has another version. */
  | { readonly status: "version_conflict" }
  /** There is none of this id. */
  | { readonly status: "not_found" };

/** Every code not named in `refused` is stored (S2.41). */
export interface InsertCodesOutcome {
  /** MUST ascend by `index`. */
  readonly refused: readonly RefusedCode[];
}

/** A code that was not stored (semantics §20). */
export interface RefusedCode {
  /** Which of the codes it was given, from 0. */
  readonly index: number;
  /** MUST be `duplicate_id` if the id is taken, whether the text is or not. */
  readonly reason: "duplicate_code" | "duplicate_id";
}

/** Where a page begins and how long it may be. */
export interface PageRequest {
  /** The `next` of the page before; any text, as it comes from the caller. */
  readonly after: string | null;
  /** Most items on the page, 1 … 1,000. */
  readonly limit: number;
}

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/** `after` is a text from which the list cannot be continued. */
export interface UnknownCursor {
  readonly unknownCursor: true;
}

/** A generation run as it begins (semantics §21; S0.37, S0.38). */
export interface NewBatch {
  readonly couponId: string;
  /** Codes asked for. */
  readonly requested: number;
  /** What its codes are made of; opaque to the store. Codes of batches of one coupon and shape share one space. */
  readonly shape: string;
  /** Who asked, as the host names them; `null` if it does not (S0.39). */
  readonly actor: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: EpochMs;
}

/** A generation run as it stands (semantics §21, S0.38). */
export interface BatchRecord extends NewBatch {
  /** From 1 per coupon. */
  readonly number: number;
  /** `failed`: ended before all its codes were stored. */
  readonly state: "running" | "complete" | "failed";
  /** Codes stored. */
  readonly generated: number;
}
