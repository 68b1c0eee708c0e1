/**
 * The calls without storage: pure, synchronous, everything in the request.
 *
 * Each throws `not_initialized` before `preload()` or `createCouponEngine()` has been awaited.
 */
import { optionalBytes, textOrUrl } from "./boundary/fields.js";
import { snapshotObject } from "./boundary/snapshot.js";
import { createMessages, type MessageWriter } from "./messages/format.js";
import { withMessages } from "./messages/outcome.js";
import type { EpochMs } from "./types/money.js";
import type { CouponDescription, CouponRecord } from "./types/coupon.js";
import type { Quote } from "./types/quote.js";
import type { EvaluateRequest, GenerateCodesRequest, GeneratedCodes, UrlTokenOptions, UrlTokens } from "./types/requests.js";
import { call, ready } from "./wasm/instance.js";
import type { Answered } from "./wasm/exports.js";

/** Loads the engine ahead of the first call, for instance while a storefront is idle. May be called any number of times. */
export function preload(): Promise<void> {
  return ready();
}

/**
 * What `apply` would answer for these definitions, this cart and this usage. Nothing is read, nothing is written.
 *
 * Throws `CouponError` with a path for a malformed request: `coupons[0].discount.basisPoints`, `cart.lines[2].quantity`.
 */
export function evaluate(request: EvaluateRequest): Quote {
  const { data } = snapshotObject(request, "");
  return withTexts(call((engine) => engine.evaluate(data)));
}

/** Unique random codes; stores nothing. Throws `key_space_exhausted` when the shape cannot give that many safely. */
export function generateCodes(request: GenerateCodesRequest): GeneratedCodes {
  const { data, lifted } = snapshotObject(request, "", ["entropy"]);
  const entropy = optionalBytes(lifted["entropy"], "entropy");
  return call((engine) => engine.generateCodes(entropy === undefined ? data : { ...data, entropy }));
}

/** The codes a link carries, and the link without them. Throws `too_long` above `maxLength`, and for wrong options. */
export function parseUrlToken(url: string | URL, options: UrlTokenOptions = {}): UrlTokens {
  const text = textOrUrl(url, "url");
  const { data } = snapshotObject(options, "options");
  return call((engine) => engine.parseUrlToken(text, data));
}

/** Status, terms in words and use of a coupon record. `used`: its redemptions so far. */
export function describe(input: { readonly coupon: CouponRecord; readonly used: number; readonly now: EpochMs }): CouponDescription {
  const { data } = snapshotObject(input, "");
  return call((engine) => engine.describe(data));
}

export function withTexts(answer: Answered<Quote>): Quote {
  write ??= createMessages(undefined);
  return withMessages(answer, write);
}

let write: MessageWriter | undefined;
