/**
 * The arguments of the public calls. Unknown fields are refused everywhere: a misspelt restriction must not be ignored.
 */
import type { Cart, Customer, EnteredCode } from "./cart.js";
import type { CounterView } from "../contract/storage.js";
import type { CouponDefinition, Duration, State } from "./coupon.js";
import type { Instant, Minor } from "./money.js";
import type { CodeShape, Disclosure, Policy } from "./policy.js";
import type { RuleDefinition } from "./rule.js";

/** What `validate` takes: the codes entered, the cart, who is buying (semantics §24). */
export interface CheckoutRequest {
  /** At most 30, in the order entered (semantics §7). */
  readonly codes: readonly EnteredCode[];
  readonly cart: Cart;
  readonly customer?: Customer | null;
  /**
   * `false` refuses every entered code with `codes_not_allowed`; coupons applied by id still work (S2.63). Default
   * `true`. The stacking mode `none` closes code entry as well.
   */
  readonly codesAllowed?: boolean;
  /** Whether automatic rules are tried (semantics §32). Default `true`. */
  readonly automatic?: boolean;
  /** The one instant of the whole evaluation (semantics §17). Default: the engine's clock. */
  readonly now?: Instant;
  /** The checkout's own reservation, if it has one: what it holds does not keep it out (semantics §14). */
  readonly key?: string;
  /** Whoever is asking, in the host's words (an address, a session): attempts are counted by it (semantics §24). */
  readonly caller?: string;
  /** A login or a captcha has shown that a person is asking: a pool whose budget of attempts is gone is open to him. */
  readonly verified?: boolean;
  /** For a caller who may know more, or less, than the policy says (semantics §24). */
  readonly disclosure?: Disclosure;
  /** Ends the wait for storage; the call then throws `aborted`. */
  readonly signal?: AbortSignal;
}

/** What `apply` takes. */
export interface ApplyRequest extends CheckoutRequest {
  /** Adds `quote.trace`. Default `false`. */
  readonly trace?: boolean;
}

/** `evaluate`: everything in the request, nothing read, nothing awaited. */
export interface EvaluateRequest {
  /** At most 1,000, each with an `id`; their own `code` and their `codes` can be entered. */
  readonly coupons: readonly CouponDefinition[];
  /** At most 1,000, each with an `id`: those that the coupons link, and automatic ones (semantics §32). */
  readonly rules?: readonly RuleDefinition[];
  readonly codes: readonly EnteredCode[];
  readonly cart: Cart;
  readonly customer?: Customer | null;
  readonly codesAllowed?: boolean;
  readonly automatic?: boolean;
  /**
   * Minutes that the local time of a schedule's zone is ahead of UTC at `now`: `{ "Africa/Cairo": 120 }`, −1440 … 1440.
   * Default: as the platform knows them (semantics §17).
   */
  readonly zones?: { readonly [zone: string]: number };
  /** What has been used so far; a counter not named is at 0 (semantics §13). */
  readonly usage?: Usage;
  readonly now: Instant;
  readonly policy?: Policy;
  /** Default `"full"`: whoever holds the definitions may read the reasons. */
  readonly disclosure?: Disclosure;
  readonly trace?: boolean;
}

/** What a prepared set takes: an `EvaluateRequest` whose coupons and rules were read before. */
export type PreparedRequest = Omit<EvaluateRequest, "coupons" | "rules">;

/** What `prepare` reads once. */
export type PreparedDefinitions = Pick<EvaluateRequest, "coupons" | "rules">;

/** What `discountActiveAt` takes (semantics §18). */
export interface DiscountActiveRequest {
  /** The coupon's. */
  readonly duration: Duration;
  readonly redeemedAt: Instant;
  readonly paymentAt: Instant;
  /** 1 is the payment of the redemption. */
  readonly paymentNumber: number;
  /** The coupon's, today. Default `"active"`. */
  readonly state?: State;
  /** The policy's. Default `true`. */
  readonly stopOnDeactivate?: boolean;
}

/** Redemptions and live holds as counts (semantics §13, §14); at most 100,000 counters. */
export interface Usage {
  /**
   * By counter name: `coupon/{couponId}`, `code/{codeId}`; either with a period of the policy's `zone` behind it, as
   * `/day/2026-11-20`, `/week/2026-W47` (ISO) or `/month/2026-11`; each of these with `/customer/{kind}/{value}` behind
   * it; and `first_order/customer/{kind}/{value}`, for all that only first orders may use. Values are compared as the
   * customer's keys are (semantics §11); a `/` in one is written `%2F`, a `%` is `%25`.
   *
   * In minor units: `coupon/{couponId}/budget/{currency}` what was given away, or is held; of a store credit
   * `coupon/{couponId}/credit` what is spent or held, `…/credit/added` what was issued besides.
   *
   * `claimed` is everything; of it `held` is what live holds claim, `ended` what holds claim whose time is over.
   */
  readonly counters?: { readonly [counter: string]: Partial<CounterView> & { readonly claimed: number } };
}

/** Unique codes drawn from random bytes (semantics §21; S3.18 to S3.23). Too small a space: `key_space_exhausted`. */
export interface GenerateCodesRequest {
  /** Codes wanted, 1 … 100,000 in one call (S3.18). */
  readonly count: number;
  /** Where `length` and `charset` are not given (semantics §21). Default `"unguessable"`. */
  readonly shape?: CodeShape;
  /** Random characters without prefix and suffix, 1 … 64; `"auto"` (default): ≥ 6, ≥ 10^9 guesses per hit (S3.23). */
  readonly length?: number | "auto";
  /** Canonical symbols to draw from (S3.20); default the 30 without misreadings: `23456789ABCDEFGHJKMNPQRSTVWXYZ`. */
  readonly charset?: string;
  /** Before the random part; made canonical (S3.21). */
  readonly prefix?: string;
  /** Behind the random part; made canonical (S3.22). */
  readonly suffix?: string;
  /** Between prefix, random part and suffix, where those are given and bring none. Default `"-"` (S0.15). */
  readonly separator?: string;
  /** Codes of this shape that exist already; they count against the space (semantics §21). 0 … 10^12, default 0. */
  readonly existing?: number;
  /** Random bytes of the caller's own, for a host with its own source. Default: the platform's (§21). */
  readonly entropy?: Uint8Array;
}

/** What a generation gives (semantics §21). */
export interface GeneratedCodes {
  /** Canonical, unique among themselves. */
  readonly codes: readonly string[];
  /** Random characters of each code. */
  readonly length: number;
  /** Guesses an attacker needs on average for one hit, as a decimal string of a whole number. */
  readonly guessesPerHit: string;
  readonly warnings: readonly GenerationWarning[];
}

/** Codes that were generated, but can be guessed (semantics §21). */
export interface GenerationWarning {
  /** Fewer than 10^9 guesses per hit. */
  readonly code: "guessable";
  /** A decimal string of a whole number. */
  readonly guessesPerHit: string;
}

/** Where links carry codes (S0.8, S0+.1). */
export interface UrlTokenOptions {
  /** Query parameters that carry a code, compared exactly; at most 20. Default `["coupon"]`. */
  readonly params?: readonly string[];
  /** Paths that carry a code, matched by whole segments: `["/discount/{code}"]`; at most 20. Default none. */
  readonly paths?: readonly string[];
  /** Codes taken of one URL, 1 … 5, default 1; those beyond it are reported in `invalid`. */
  readonly maxCodes?: number;
  /** A parameter given twice: the first (default), the last, or all of them. */
  readonly duplicates?: "first" | "last" | "all";
  /** Longest URL read, characters, 1 … 16,384, default 2,048; a longer one throws `too_long`. */
  readonly maxLength?: number;
}

/** What a URL carries (S0.8, S0+.1): data only, nothing has been looked up. */
export interface UrlTokens {
  /** The codes found, each once. */
  readonly tokens: readonly UrlToken[];
  /** What stood in a code's place and was not taken. */
  readonly invalid: readonly InvalidUrlToken[];
  /**
   * The URL without its tokens; every other parameter and the fragment byte for byte as they were, no `?` or `&` left
   * dangling. A matched path becomes `/`.
   */
  readonly cleanUrl: string;
}

/** A code found in a URL. */
export interface UrlToken {
  /** The code's canonical text (semantics §19). */
  readonly canonical: string;
  /** Which part of the URL it stood in. */
  readonly source: "query" | "path";
  /** The parameter's name; `null` for a path. */
  readonly param: string | null;
}

/** What was not taken; never its text. */
export interface InvalidUrlToken {
  /** No text; no code (semantics §19); found before; beyond `maxCodes`. */
  readonly reason: "empty" | "malformed" | "duplicate" | "too_many";
  readonly source: "query" | "path";
  readonly param: string | null;
}

export type { Minor };
