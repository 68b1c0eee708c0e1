/**
 * The arguments of the public calls. Unknown fields are refused everywhere: a misspelt restriction must not be ignored.
 */
import type { Cart, Customer, EnteredCode } from "./cart.js";
import type { CounterView } from "../contract/storage.js";
import type { CouponDefinition } from "./coupon.js";
import type { Instant, Minor } from "./money.js";
import type { CodeShape, Disclosure, Policy } from "./policy.js";

export interface CheckoutRequest {
  readonly codes: readonly EnteredCode[];
  readonly cart: Cart;
  readonly customer?: Customer | null;
  /** `false` refuses every entered code with `codes_not_allowed`; coupons applied by id still work (S2.63). Default `true`. The
   * stacking mode `none` closes code entry as well. */
  readonly codesAllowed?: boolean;
  /** Default: the engine's clock. */
  readonly now?: Instant;
  /** For a caller who may know more, or less, than the policy says. */
  readonly disclosure?: Disclosure;
  /** Ends the wait for storage; the call then throws `aborted`. */
  readonly signal?: AbortSignal;
}

export interface ApplyRequest extends CheckoutRequest {
  /** Adds `quote.trace`. Default `false`. */
  readonly trace?: boolean;
}

/** `evaluate`: everything in the request, nothing read, nothing awaited. */
export interface EvaluateRequest {
  /** At most 1,000, each with an `id`; their own `code` and their `codes` can be entered. */
  readonly coupons: readonly CouponDefinition[];
  readonly codes: readonly EnteredCode[];
  readonly cart: Cart;
  readonly customer?: Customer | null;
  readonly codesAllowed?: boolean;
  /** What has been used so far; a counter not named is at 0. */
  readonly usage?: Usage;
  readonly now: Instant;
  readonly policy?: Policy;
  /** Default `"full"`: whoever holds the definitions may read the reasons. */
  readonly disclosure?: Disclosure;
  readonly trace?: boolean;
}

export type PreparedRequest = Omit<EvaluateRequest, "coupons">;

export interface Usage {
  /**
   * By counter name: `coupon/{couponId}`, `code/{codeId}`, and either with `/customer/{kind}/{value}` behind it. Values are
   * compared as the customer's keys are; a `/` in one is written `%2F`, a `%` is `%25`.
   */
  readonly counters?: { readonly [counter: string]: Partial<CounterView> & { readonly claimed: number } };
}

export interface GenerateCodesRequest {
  /** 1 … 100,000 in one call. */
  readonly count: number;
  /** Where `length` and `charset` are not given. Default `"unguessable"`. */
  readonly shape?: CodeShape;
  /** Random characters, prefix and suffix not counted, 1 … 64; `"auto"` (default): 10^9 guesses per hit, 6 at least. */
  readonly length?: number | "auto";
  /** Canonical symbols to draw from; default the 30 that cannot be misread: `23456789ABCDEFGHJKMNPQRSTVWXYZ`. */
  readonly charset?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** Between prefix, random part and suffix, where those are given and bring none themselves. Default `"-"`. */
  readonly separator?: string;
  /** Codes of this shape that exist already; they count against the space. Default 0. */
  readonly existing?: number;
  /** Random bytes of the caller's own, for a host with its own source. Default: the platform's. */
  readonly entropy?: Uint8Array;
}

export interface GeneratedCodes {
  /** Unique among themselves. */
  readonly codes: readonly string[];
  readonly length: number;
  /** Guesses an attacker needs on average for one hit, as a decimal string of a whole number. */
  readonly guessesPerHit: string;
  readonly warnings: readonly GenerationWarning[];
}

export interface GenerationWarning {
  /** Fewer than 10^9 guesses per hit. */
  readonly code: "guessable";
  readonly guessesPerHit: string;
}

export interface UrlTokenOptions {
  /** Query parameters that carry a code, compared exactly. Default `["coupon"]`. */
  readonly params?: readonly string[];
  /** Paths that carry a code, matched by whole segments: `["/discount/{code}"]`. Default none. */
  readonly paths?: readonly string[];
  /** 1 … 5, default 1; codes beyond it are reported in `invalid`. */
  readonly maxCodes?: number;
  /** A parameter given twice: the first (default), the last, or all of them. */
  readonly duplicates?: "first" | "last" | "all";
  /** Longest URL read, 1 … 16,384, default 2,048. */
  readonly maxLength?: number;
}

export interface UrlTokens {
  readonly tokens: readonly UrlToken[];
  readonly invalid: readonly InvalidUrlToken[];
  /**
   * The URL without its tokens; every other parameter and the fragment byte for byte as they were, no `?` or `&` left dangling.
   * A matched path becomes `/`.
   */
  readonly cleanUrl: string;
}

export interface UrlToken {
  readonly canonical: string;
  readonly source: "query" | "path";
  /** The parameter's name; `null` for a path. */
  readonly param: string | null;
}

export interface InvalidUrlToken {
  readonly reason: "empty" | "malformed" | "duplicate" | "too_many";
  readonly source: "query" | "path";
  readonly param: string | null;
}

export type { Minor };
