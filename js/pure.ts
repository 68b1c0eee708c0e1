/**
 * The calls without storage: pure, synchronous, everything in the request.
 *
 * Each throws `not_initialized` before `preload()` or `createCouponEngine()` has been awaited.
 */
import { optionalBytes, refuseUnknown, textOrUrl } from "./boundary/fields.js";
import { snapshotObject, snapshotRequest } from "./boundary/snapshot.js";
import { description, type DescribeRequest } from "./description.js";
import { withPaths } from "./errors.js";
import { createMessages, type MessageOptions, type MessageWriter } from "./messages/format.js";
import { withMessages } from "./messages/outcome.js";
import { withOffsets, zonesOf } from "./schedules.js";
import type { CouponDescription } from "./types/coupon.js";
import type { Quote } from "./types/quote.js";
import type {
  DiscountActiveRequest, EvaluateRequest, GenerateCodesRequest, GeneratedCodes, UrlTokenOptions, UrlTokens,
} from "./types/requests.js";
import { call, ready } from "./wasm/instance.js";

export interface TextOptions {
  /** The host's own texts and formats, as `createCouponEngine` takes them. Default: English. */
  readonly messages?: MessageOptions;
}

/** Loads the engine ahead of the first call, for instance while a storefront is idle. May be called any number of times. */
export function preload(): Promise<void> {
  return ready();
}

/**
 * What `apply` would answer for these definitions, this cart and this usage. Nothing is read, nothing is written.
 *
 * Throws `CouponError` with a path for a malformed request: `coupons[0].discount.basisPoints`, `cart.lines[2].quantity`;
 * for wrong options it begins at `options`.
 */
export function evaluate(request: EvaluateRequest, options?: TextOptions): Quote {
  const { data } = snapshotRequest(request);
  const write = textsOf(options);
  withOffsets(data, zonesOf(data));
  return withMessages(call((engine) => engine.evaluate(data)), write);
}

/** Whether a payment is still discounted by a coupon redeemed earlier (semantics §18). */
export function discountActiveAt(request: DiscountActiveRequest): boolean {
  const { data } = snapshotObject(request, "");
  return call((engine) => engine.discountActiveAt(data));
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

/** Status, terms in words and use of a coupon record. */
export function describe(input: DescribeRequest, options?: TextOptions): CouponDescription {
  const { data } = snapshotObject(input, "");
  return description(data as unknown as DescribeRequest, textsOf(options));
}

/** The English texts, made once, unless the caller has texts of its own. */
export function textsOf(options: TextOptions | undefined): MessageWriter {
  if (options === undefined || options === null) return (english ??= createMessages(undefined, ""));
  const { data, lifted } = snapshotObject(options, "options", ["messages"]);
  withPaths((name) => `options.${name}`, () => refuseUnknown(data, ["messages"]));
  return createMessages(lifted["messages"], "options.messages");
}

let english: MessageWriter | undefined;
