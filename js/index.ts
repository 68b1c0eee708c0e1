/**
 * The public surface of the package, whatever the entry. Re-exports only.
 */
export { createCouponEngine } from "./engine.js";
export { evaluate, discountActiveAt, generateCodes, parseUrlToken, describe, preload, type TextOptions } from "./pure.js";
export type { DescribeRequest } from "./description.js";
export { prepare, type PreparedSet } from "./prepared.js";
export { instantOf } from "./zones.js";
export { CouponError } from "./errors.js";
export { englishMessages, type MessageTexts } from "./messages/en.js";
export type { MessageOptions } from "./messages/format.js";
export type * from "./engine/api.js";
export type * from "./engine/api-redemptions.js";
export type { Attempt, AttemptLimits } from "./engine/attempts.js";
export type { EngineEvent } from "./engine/events.js";
export type * from "./types/cart.js";
export type * from "./types/coupon.js";
export type * from "./types/discount.js";
export type * from "./types/errors.js";
export type * from "./types/money.js";
export type * from "./types/policy.js";
export type * from "./types/quote.js";
export type * from "./types/redemption.js";
export type * from "./types/requests.js";
export type * from "./types/restrictions.js";
export type * from "./types/rule.js";
export type * from "./contract/storage.js";
