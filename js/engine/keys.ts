/**
 * The keys of entries that are the engine's own, and no redemptions: changes of a store credit, and limits' counters
 * brought up to date. A host's key begins with none of them; the wasm refuses it.
 */

/** `credit/{coupon id}/{id of the change}`. */
export const CREDIT_KEYS = "credit/";

/** `limit/{counter}`. */
export const LIMIT_KEYS = "limit/";

export function isHostKey(key: string): boolean {
  return !key.startsWith(CREDIT_KEYS) && !key.startsWith(LIMIT_KEYS);
}
