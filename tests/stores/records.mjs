/**
 * Records to put into a store under test. Owns their defaults; each is complete, as the engine would store it.
 */
export const NOON = Date.UTC(2026, 4, 31, 12);

const UNRESTRICTED = {
  startsAt: null, expiresAt: null, minimum: null, products: null, customers: null, firstOrderOnly: false,
};

export function coupon(id, changes = {}) {
  return {
    schemaVersion: 1, id, type: "standard", code: null, name: null, description: null,
    discount: { type: "percent", basisPoints: 2000 }, duration: { type: "once" }, restrictions: UNRESTRICTED,
    limits: { total: null, perCustomer: null }, priority: 0, exclusive: false, category: null, combinesWith: "all",
    state: "active", metadata: {}, version: 1, createdAt: NOON, ...changes,
  };
}

export function code(text, couponId, changes = {}) {
  return {
    schemaVersion: 1, id: `code_${text}`, couponId, code: text, restrictions: UNRESTRICTED,
    limits: { total: null, perCustomer: null }, state: "active", batch: null, metadata: {}, createdAt: NOON, ...changes,
  };
}

export function settings(changes = {}) {
  return {
    schemaVersion: 1,
    policy: {
      preset: "default",
      stacking: { mode: "sequential", maxCodes: 5, order: "priority", onConflict: "reject_new" },
      rounding: "half_up", disclosure: "actionable", minBasisPoints: 1, urlTokenTyped: false, innerSpace: "remove",
      stripPlusTag: false, ...changes,
    },
  };
}

/** A ledger insert that claims `counters`; `held` until five minutes past noon unless told otherwise. */
export function entry(key, revision, counters, changes = {}) {
  return {
    key, revision, state: "held", at: NOON, holdUntil: NOON + 300_000, body: JSON.stringify({ key, revision }),
    index: { counters, coupons: ["spring"], codes: ["SPRING"], customerKeys: ["id:42"], order: key }, ...changes,
  };
}

export function batch(insert, adds = []) {
  return { partition: "shop", insert, add: adds };
}

export function add(counter, delta, ceiling = null) {
  return { counter, delta, ceiling };
}
