/**
 * The calls without storage: pure, synchronous, everything in the request.
 *
 * Each throws `not_initialized` before `preload()` or `createCouponEngine()` has been awaited.
 */
import { refusal } from "./boundary/fields.js";
import { snapshot, snapshotObject, type PlainObject } from "./boundary/snapshot.js";
import { createMessages, type MessageWriter } from "./messages/format.js";
import { withMessages } from "./messages/outcome.js";
import type { EpochMs } from "./types/money.js";
import type { CouponDescription, CouponRecord } from "./types/coupon.js";
import type { Disclosure } from "./types/policy.js";
import type { Quote } from "./types/quote.js";
import type { EvaluateRequest, GenerateCodesRequest, GeneratedCodes, UrlTokenOptions, UrlTokens } from "./types/requests.js";
import { call, ready } from "./wasm/instance.js";
import type { Untold } from "./wasm/exports.js";

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
  return told(call((engine) => engine.evaluate(data)), data);
}

/** Unique random codes; stores nothing. Throws `key_space_exhausted` when the shape cannot give that many safely. */
export function generateCodes(request: GenerateCodesRequest): GeneratedCodes {
  const { data, lifted } = snapshotObject(request, "", ["entropy"]);
  const entropy = bytesOf(lifted["entropy"]);
  return call((engine) => engine.generateCodes(entropy === undefined ? data : { ...data, entropy }));
}

/** The codes a link carries, and the link without them. Throws for text that is no plain string of 65,536 characters at most, and for wrong options. */
export function parseUrlToken(url: string | URL, options: UrlTokenOptions = {}): UrlTokens {
  const text = snapshot(url instanceof URL ? url.href : url, "url");
  if (typeof text !== "string") throw refusal("invalid_type", "must be a string or a URL", "url");
  const { data } = snapshotObject(options, "options");
  return call((engine) => engine.parseUrlToken(text, data));
}

/** Status, terms in words and use of a coupon record. `used`: its redemptions so far. */
export function describe(input: { readonly coupon: CouponRecord; readonly used: number; readonly now: EpochMs }): CouponDescription {
  const { data } = snapshotObject(input, "");
  return call((engine) => engine.describe(data));
}

/** Whoever holds the definitions may read the reasons, so that the staff's texts are the default, as in the engine. */
export function told(outcome: Untold<Quote>, request: PlainObject): Quote {
  const policy = (request["policy"] ?? {}) as PlainObject;
  const disclosure = (request["disclosure"] ?? policy["disclosure"] ?? "full") as Disclosure;
  write ??= createMessages(undefined);
  return withMessages<Quote>(outcome, disclosure, write);
}

let write: MessageWriter | undefined;

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof Uint8Array)) throw refusal("invalid_type", "must be a Uint8Array", "entropy");
  return value.slice();
}
