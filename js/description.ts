/**
 * What a list or a detail page shows of a coupon: the engine's figures and, between them, the terms in words.
 */
import type { MessageWriter } from "./messages/format.js";
import { termsText } from "./messages/terms.js";
import { currentCoupon } from "./records.js";
import type { CouponDescription, CouponRecord } from "./types/coupon.js";
import type { EpochMs, Minor } from "./types/money.js";
import type { RuleRecord } from "./types/rule.js";
import { call } from "./wasm/instance.js";

export interface DescribeRequest {
  readonly coupon: CouponRecord;
  /** The records of the rules it links; one that is missing counts as not active. */
  readonly rules?: readonly RuleRecord[];
  /** Redemptions so far. */
  readonly used: number;
  /** Of a store credit, minor units: spent and held; held; issued besides its own amount. */
  readonly credit?: { readonly claimed: Minor; readonly held?: Minor; readonly added?: Minor } | null;
  readonly now: EpochMs;
}

/** `input` is plain data. Throws with a path for what is no such request. */
export function description(input: DescribeRequest, write: MessageWriter): CouponDescription {
  const { status, valid, draft, ...figures } = call((engine) => engine.describe(input));
  return { status, valid, draft, terms: termsText(currentCoupon(input.coupon), input.rules ?? [], write), ...figures };
}
