/**
 * Records to put into a store under test. Owns their defaults; each is complete, as the engine would store it.
 */
export const NOON = Date.UTC(2026, 4, 31, 12);

const UNRESTRICTED = {
  startsAt: null, expiresAt: null, validForDays: null, schedule: null, minimum: null, maximum: null, products: null,
  customers: null, customerGroups: null, firstOrderOnly: false, orderNumber: null, channels: null, countries: null,
  paymentMethods: null, shippingMethods: null, coupons: null,
};

export function coupon(id, changes = {}) {
  return {
    schemaVersion: 2, id, type: "standard", code: null, name: null, description: null,
    discount: { type: "percent", basisPoints: 2000 }, rules: [], duration: { type: "once" }, restrictions: UNRESTRICTED,
    dates: "intersect", limits: { total: null, perCustomer: null }, priority: 0, exclusive: false, category: null,
    combinesWith: "all", stopAfter: false, withForeign: null, template: null, refusalMessage: null, state: "active",
    archivedFrom: null, metadata: {}, version: 1, createdAt: NOON, ...changes,
  };
}

export function code(text, couponId, changes = {}) {
  return {
    schemaVersion: 2, id: `code_${text}`, couponId, code: text, restrictions: UNRESTRICTED,
    limits: { total: null, perCustomer: null }, state: "active", archivedFrom: null, batch: null, metadata: {},
    issuedAt: null, version: 1, createdAt: NOON, ...changes,
  };
}

export function rule(id, changes = {}) {
  return {
    schemaVersion: 2, id, name: null, description: null, gate: "coupon", discount: { type: "percent", basisPoints: 1000 },
    restrictions: UNRESTRICTED, priority: 0, category: null, combinesWith: "all", stopAfter: false, state: "active",
    interaction: null, withForeign: null, refusalMessage: null, archivedFrom: null, metadata: {}, version: 1,
    createdAt: NOON, ...changes,
  };
}

const RESTRICTIONS_OF_SCHEMA_1 = {
  startsAt: null, expiresAt: null, minimum: null, products: null, customers: null, firstOrderOnly: false,
};

/** As engines of schema 1 stored it: the fields that came later are missing. */
export function couponOfSchema1(id, changes = {}) {
  return {
    schemaVersion: 1, id, type: "standard", code: null, name: null, description: null,
    discount: { type: "percent", basisPoints: 2000 }, duration: { type: "once" }, restrictions: RESTRICTIONS_OF_SCHEMA_1,
    limits: { total: null, perCustomer: null }, priority: 0, exclusive: false, category: null, combinesWith: "all",
    state: "active", metadata: {}, version: 1, createdAt: NOON, ...changes,
  };
}

export function codeOfSchema1(text, couponId, changes = {}) {
  return {
    schemaVersion: 1, id: `code_${text}`, couponId, code: text, restrictions: RESTRICTIONS_OF_SCHEMA_1,
    limits: { total: null, perCustomer: null }, state: "active", batch: null, metadata: {}, createdAt: NOON, ...changes,
  };
}

export function settings(changes = {}) {
  return {
    schemaVersion: 2,
    policy: {
      preset: "default",
      stacking: {
        mode: "sequential", maxCodes: 5, order: "priority", onConflict: "reject_new", onInapplicable: "partial",
        maxPerCategory: { shipping: 1 }, onePerLine: false,
      },
      rounding: "half_up", roundingPoint: "coupon", distribution: "proportional", globalCapBasisPoints: null,
      foreignDiscounts: "alongside", interaction: "alongside", minPayable: { EGP: 100 }, allowZeroTotal: true,
      lock: "on_create", stopOnDeactivate: true, disclosure: "actionable", minBasisPoints: 1, urlTokenTyped: false,
      innerSpace: "remove", stripPlusTag: false, codeShape: "unguessable", ...changes,
    },
  };
}

/** A revision that claims one of each of `counters`; `held` until five minutes past noon unless told otherwise. */
export function entry(key, revision, counters, changes = {}) {
  return {
    key, revision, state: "held", at: NOON, holdUntil: NOON + 300_000, body: JSON.stringify({ key, revision }),
    index: index(key, { claims: counters.map((counter) => claim(counter)) }), ...changes,
  };
}

export function index(order, changes = {}) {
  return { claims: [], coupons: ["spring"], codes: ["SPRING"], customerKeys: ["id/42"], order, ...changes };
}

export function claim(counter, amount = 1, ceiling = null) {
  return { counter, amount, ceiling };
}

/** As `entry`, of a state that is no hold. */
export function settled(key, revision, state, counters = [], changes = {}) {
  return entry(key, revision, counters, { state, holdUntil: null, ...changes });
}

export function batch(insert, adds = []) {
  return { partition: "shop", insert, add: adds };
}

export function add(counter, delta, ceiling = null, more = {}) {
  return { counter, delta, ceiling, ...more };
}

/** What the store has of one counter. */
export async function counterOf(store, counter, at = NOON) {
  const { counters } = await store.ledger.read({ at, counters: [counter], entries: [], expiredHolds: null });
  return counters[0];
}

/** Its newest revision, or `null`. */
export async function newestOf(store, key) {
  const { entries } = await store.ledger.read({ at: NOON, counters: [], entries: [key], expiredHolds: null });
  return entries[0];
}
