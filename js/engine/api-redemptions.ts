/**
 * The face of what an engine does with reservations and redemptions behind the checkout: lists, usage, store credit,
 * customers' data and upkeep. Types only.
 */
import type { Page, RedemptionState } from "../contract/storage.js";
import type { Customer, CustomerKey } from "../types/cart.js";
import type { CouponDefinition, CreditBalance } from "../types/coupon.js";
import type { StoreCredit } from "../types/discount.js";
import type { Currency, EpochMs, Instant, Minor } from "../types/money.js";
import type { Redemption } from "../types/redemption.js";
import type { CreatedCoupon, ListRequest } from "./api.js";

export interface Redemptions {
  /** As it stands; `null` if there is none of this key. Needs no more than a checkout's storage. */
  get(key: string): Promise<Redemption | null>;
  /** Every revision, oldest first. */
  history(key: string): Promise<readonly Redemption[]>;
  /** As they stand, newest first; at most one of `couponId`, `codeId`, `customer` and `order`. */
  list(request?: ListRedemptionsRequest): Promise<Page<Redemption>>;
}

export interface ListRedemptionsRequest extends ListRequest {
  readonly couponId?: string;
  readonly codeId?: string;
  /** One key, as a checkout has it. */
  readonly customer?: CustomerKey;
  readonly order?: string;
  /** Default: any. `["redeemed"]` are the completed orders (S2.62, S4.31). */
  readonly states?: readonly RedemptionState[];
}

/** The use of a coupon or code (S0.45 to S0.47). `null` where the storage has no `redemptions` to tell it. */
export interface UsageView {
  /** What counts against the limit: redemptions not given back. Without a limit the same as `redeemed`. */
  readonly used: number | null;
  /**
   * Orders that are redeemed now. Of a coupon, the sum over its codes (S0.46, S1.8). One that was rolled back without
   * giving its use back is in `used` and in `rolledBack`, not here.
   */
  readonly redeemed: number | null;
  /** Checkouts that hold it now. Without a limit, those are among them whose time is over and that nobody has freed. */
  readonly held: number | null;
  /** Orders that were redeemed and rolled back. */
  readonly rolledBack: number | null;
  /** The total limit − `used`, never below 0; `null`: unlimited. Holds keep others out, but use nothing up. */
  readonly remaining: number | null;
  /**
   * Of the last redemption that is not rolled back, even where its use stays used: when, by whom (`kind/value`, as the store
   * has them) and for which order, else its key.
   */
  readonly lastUsedAt: EpochMs | null;
  readonly lastUsedBy: readonly string[] | null;
  readonly lastOrder: string | null;
}

export interface CreditCalls {
  /** A coupon with a generated code of 16 characters that pays until nothing is left (semantics §16). */
  issue(request: IssueCreditRequest): Promise<CreatedCoupon>;
  /** More, or less if negative. The same `id` again changes nothing; less than is left throws `out_of_range`. */
  adjust(request: AdjustCreditRequest): Promise<CreditChange>;
  /** Voids what is left. */
  expire(request: ExpireCreditRequest): Promise<CreditChange>;
  /** Everything that moved it, oldest first. */
  movements(couponId: string, page?: ListRequest): Promise<Page<CreditMovement>>;
}

/** What `issue` takes: the sum, whose it is, and what a coupon's definition may have besides. */
export interface IssueCreditRequest extends Pick<CouponDefinition, "id" | "name" | "description" | "metadata"> {
  /** Minor units, ≥ 1. */
  readonly amount: Minor;
  readonly currency: Currency;
  /** Who may spend it: any one key is enough. */
  readonly customer: Pick<Customer, "keys">;
  readonly covers?: StoreCredit["covers"];
  readonly expiresAt?: Instant;
}

export interface ExpireCreditRequest {
  readonly couponId: string;
  /** Names this change, so that a repeated call does nothing: `[A-Za-z0-9_-]{1,64}`. */
  readonly id: string;
  /** In the host's words, kept with the record; at most 200 characters. */
  readonly reason?: string;
}

export interface AdjustCreditRequest extends ExpireCreditRequest {
  /** Minor units, not 0. */
  readonly amount: Minor;
}

export interface CreditChange {
  /** `false` for a repeated call. */
  readonly changed: boolean;
  /** Afterwards; what checkouts hold is not in it. */
  readonly balance: CreditBalance;
}

/** One entry of a store credit's ledger. Minor units. */
export interface CreditMovement {
  /** `adjust` as `engine.credit.adjust` has it; `expire` where that, or `engine.credit.expire`, took all that was left. */
  readonly type: "issue" | "reserve" | "capture" | "release" | "restore" | "adjust" | "expire";
  readonly at: EpochMs;
  /** What it adds, or takes if negative. A `capture` takes what a `reserve` had set aside. */
  readonly amount: number;
  /** What may be spent afterwards. */
  readonly balance: number;
  /** What checkouts hold afterwards. */
  readonly held: number;
  /** The reservation's key; `null` of `issue`, `adjust` and `expire`. */
  readonly key: string | null;
  readonly order: string | null;
  readonly reason: string | null;
}

export interface CustomerCalls {
  /** Everything the store has under any of these keys, with every revision. */
  export(request: CustomerRequest): Promise<CustomerExport>;
  /**
   * Puts a random value in the place of each key, in every record and counter: nobody can be found by it any more, and
   * the counts stay as they are. A definition that names the customer is the host's to edit. A call for the customer that
   * is under way meanwhile can bring the name back; what came back during `erase` is erased too, and it may be called again.
   */
  erase(request: CustomerRequest): Promise<Erasure>;
  /**
   * Puts one value for all in the place of every key that nothing has happened under since `before`. As with `erase`, a
   * call under way can bring a name back, which the next run finds once it is idle again.
   */
  retain(request: RetainRequest): Promise<Erasure>;
}

export type CustomerRequest = Pick<Customer, "keys">;

export interface CustomerExport {
  /** The keys as the store has them, `kind/value`. */
  readonly keys: readonly string[];
  /** Newest first. */
  readonly redemptions: readonly { readonly redemption: Redemption; readonly history: readonly Redemption[] }[];
}

export interface Erasure {
  /** Keys that had records. */
  readonly customers: number;
  /** Records that named them. */
  readonly entries: number;
}

export interface RetainRequest {
  /** Epoch milliseconds. */
  readonly before: EpochMs;
  /** After each page, and awaited. What it throws ends the run. */
  readonly onProgress?: (progress: Erasure) => void | Promise<void>;
}

export interface SweepRequest {
  /** Holds freed at most, 1 … 1,000,000, default 10,000. */
  readonly limit?: number;
  /** After each page, and awaited. What it throws ends the run. */
  readonly onProgress?: (progress: Swept) => void | Promise<void>;
}

export interface Swept {
  /** Holds that had ended and are freed now. */
  readonly expired: number;
  /** Counters dropped whose time was over. */
  readonly counters: number;
}

export interface ReconcileRequest {
  /** After each page, and awaited. What it throws ends the run. */
  readonly onProgress?: (progress: { readonly counters: number; readonly differences: number }) => void | Promise<void>;
}

/** While nobody reserves or redeems there are no differences (invariant U2); in a busy shop, ask twice. */
export interface Reconciliation {
  /** Counters looked at. */
  readonly counters: number;
  readonly differences: readonly { readonly counter: string; readonly claimed: number; readonly live: number }[];
}
