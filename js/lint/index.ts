/**
 * The entry `coupon-engine/lint`: for back offices, apart from the main entry so that no storefront carries it.
 *
 * It works on the engine of the main entry, which the built file imports by the package's name: a process has one.
 */
export { lint } from "./lint.js";
export { stackable } from "./stackable.js";
export type * from "./types.js";
