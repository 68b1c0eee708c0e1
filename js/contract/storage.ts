/**
 * What a host implements so that the engine can read and store. Owns the interfaces and their MUSTs; no code.
 *
 * A checkout needs `catalog` and `ledger`; the back office adds `registry`. Every method may be synchronous or return a
 * promise. A thrown error on a read fails the call with `storage_failed`; nothing is retried behind the host's back.
 */
import type { CustomerKey } from "../types/cart.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { EpochMs } from "../types/money.js";
import type { ResolvedPolicy } from "../types/policy.js";

export interface Storage {
  readonly catalog: CouponCatalog;
  readonly ledger: RedemptionLedger;
  readonly registry?: CouponRegistry;
  /**
   * How many orders of this customer reached a paid status before `asOf`. MUST count an order if any key matches, and
   * MUST NOT count `excluding`. Asked in every checkout with codes of a known customer whose request does not say
   * `customer.priorOrders`, so that a known and an unknown code cost the same calls. A failure or a time-out matters only
   * where a coupon is for first orders.
   */
  priorOrders?(request: PriorOrdersRequest): Awaitable<number>;
  /** Frees what the storage holds (files, connections). Called once, by `engine.close()`. */
  close?(): Awaitable<void>;
}

export type Awaitable<T> = T | Promise<T>;

export interface PriorOrdersRequest {
  readonly keys: readonly CustomerKey[];
  readonly excluding: string | null;
  readonly asOf: EpochMs;
}

/** Definitions, for a checkout. May be a cache, may be slightly stale. */
export interface CouponCatalog {
  /**
   * The codes whose canonical text is listed, and every coupon that they belong to or whose id is listed.
   * MUST compare codes byte for byte (they are canonical already). MUST leave out what it does not have: a missing
   * record is not an error. MUST answer a coupon once even if several codes share it. Order does not matter.
   */
  find(request: CatalogRequest): Awaitable<CatalogView>;
}

export interface CatalogRequest {
  readonly codes: readonly string[];
  readonly couponIds: readonly string[];
}

export interface CatalogView {
  /** The shop's settings, `null` while none have been stored. */
  readonly settings: Settings | null;
  readonly coupons: readonly CouponRecord[];
  readonly codes: readonly CodeRecord[];
}

export interface Settings {
  /** The schema the store's records are written with. An engine that is older says so and stops. */
  readonly schemaVersion: number;
  readonly policy: ResolvedPolicy;
}

/** Counters and redemptions: the one part of a store that must be atomic. */
export interface RedemptionLedger {
  readonly capabilities: LedgerCapabilities;
  /** Advisory. MUST answer `counters` aligned with the request; a counter never written is `{ claimed: 0, held: 0, nextExpiry: null }`. */
  read(request: LedgerReadRequest): Awaitable<LedgerView>;
  /**
   * Everything or nothing. MUST judge inserts before adds, MUST refuse an add that would leave its counter below 0 or
   * above its ceiling, and MUST do all of it in one atomic step. A thrown error means: outcome unknown.
   */
  commit(batch: LedgerBatch): Awaitable<CommitOutcome>;
}

export interface LedgerCapabilities {
  readonly atomicCommit: true;
  /** Inserts plus adds one commit can carry. */
  readonly maxOperations: number;
  /** What an acknowledged commit survives. */
  readonly durability: "volatile" | "process" | "power" | "failover";
}

export interface LedgerReadRequest {
  readonly counters: readonly string[];
}

export interface LedgerView {
  readonly counters: readonly CounterView[];
}

export interface CounterView {
  /** held + redeemed. */
  readonly claimed: number;
  /** Live holds among them, and when the first of those ends. */
  readonly held: number;
  readonly nextExpiry: EpochMs | null;
}

export interface LedgerBatch {
  /** One atomic domain; the shop. */
  readonly partition: string;
  readonly insert: readonly LedgerInsert[];
  /** One entry per counter, sorted by name, so that overlapping commits never deadlock. */
  readonly add: readonly CounterAdd[];
}

export interface LedgerInsert {
  readonly key: string;
  /** (key, revision) is unique: idempotency key, compare-and-swap and audit trail in one. */
  readonly revision: number;
  readonly state: "held" | "redeemed" | "released" | "expired" | "rolled_back";
  readonly at: EpochMs;
  readonly holdUntil: EpochMs | null;
  /** JSON text; opaque to the store. */
  readonly body: string;
  readonly index: LedgerIndex;
}

/** By what the counters and the back office find an entry again. */
export interface LedgerIndex {
  /** The counters this entry claims. */
  readonly counters: readonly string[];
  readonly coupons: readonly string[];
  readonly codes: readonly string[];
  readonly customerKeys: readonly string[];
  readonly order: string | null;
}

export interface CounterAdd {
  readonly counter: string;
  readonly delta: number;
  /** `null`: only the floor 0 is guarded. */
  readonly ceiling: number | null;
}

export type CommitOutcome =
  | { readonly status: "committed" }
  | { readonly status: "exists"; readonly insert: number }
  | { readonly status: "ceiling"; readonly add?: number; readonly claimed?: number }
  | { readonly status: "busy"; readonly retryAfterMs?: number };

/** Definitions, for the back office. */
export interface CouponRegistry {
  /** The coupon and its own code, both or neither. MUST refuse a taken id or a taken code. */
  insertCoupon(coupon: CouponRecord, ownCode: CodeRecord | null): Awaitable<InsertCouponOutcome>;
  /**
   * Each code whose id and text are free; MUST NOT overwrite. MUST judge in order, so that of two equal texts the first
   * is stored and the later refused; a refused code takes nothing.
   */
  insertCodes(codes: readonly CodeRecord[]): Awaitable<InsertCodesOutcome>;
  getCoupon(id: string): Awaitable<CouponRecord | null>;
  /** By creation, oldest first. */
  listCoupons(page: PageRequest): Awaitable<Page<CouponRecord> | UnknownCursor>;
  /** By canonical text. */
  listCodes(request: PageRequest & { readonly couponId: string }): Awaitable<Page<CodeRecord> | UnknownCursor>;
  /** A new generation run; numbers count 1, 2, 3 … per coupon and are never given twice. */
  openBatch(batch: NewBatch): Awaitable<{ readonly number: number }>;
  closeBatch(batch: { readonly couponId: string; readonly number: number; readonly state: "complete" | "failed"; readonly generated: number }): Awaitable<void>;
  listBatches(couponId: string): Awaitable<readonly BatchRecord[]>;
  getSettings(): Awaitable<Settings | null>;
  putSettings(settings: Settings): Awaitable<void>;
}

export type InsertCouponOutcome =
  | { readonly status: "inserted" }
  | { readonly status: "duplicate_id" }
  | { readonly status: "duplicate_code" };

export interface InsertCodesOutcome {
  /** MUST ascend by `index`. */
  readonly refused: readonly RefusedCode[];
}

export interface RefusedCode {
  /** Which of the codes it was given, from 0. */
  readonly index: number;
  /** MUST be `duplicate_id` if the id is taken, whether the text is or not. */
  readonly reason: "duplicate_code" | "duplicate_id";
}

export interface PageRequest {
  /** The `next` of the page before; any text, as it comes from the caller. */
  readonly after: string | null;
  /** 1 … 1,000. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/** `after` is a text from which the list cannot be continued. */
export interface UnknownCursor {
  readonly unknownCursor: true;
}

export interface NewBatch {
  readonly couponId: string;
  readonly requested: number;
  readonly actor: string | null;
  readonly createdAt: EpochMs;
}

export interface BatchRecord extends NewBatch {
  readonly number: number;
  readonly state: "running" | "complete" | "failed";
  readonly generated: number;
}
