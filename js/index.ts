/**
 * The public surface of the package, whatever the entry. Re-exports only.
 */
export { createCouponEngine } from "./engine.js";
export { evaluate, generateCodes, parseUrlToken, describe, preload, type TextOptions } from "./pure.js";
export { prepare, type PreparedSet } from "./prepared.js";
export { instantOf } from "./zones.js";
export { CouponError } from "./errors.js";
export { englishMessages, type MessageTexts } from "./messages/en.js";
export type { MessageOptions } from "./messages/format.js";
export type * from "./engine/api.js";
export type * from "./types/cart.js";
export type * from "./types/coupon.js";
export type * from "./types/errors.js";
export type * from "./types/money.js";
export type * from "./types/policy.js";
export type * from "./types/quote.js";
export type * from "./types/requests.js";
export type * from "./contract/storage.js";
