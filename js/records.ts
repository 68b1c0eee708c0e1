/**
 * Records as their types have them. Owns what a field is where a record was written before it existed, or by a store that
 * leaves out what is none; the engine reads such records and says the same.
 */
import type { CodeRecord, CouponRecord } from "./types/coupon.js";
import type { RestrictionsRecord } from "./types/restrictions.js";

const SCHEMA_VERSION = 2;
const SINCE_SCHEMA_2 = {
  minimum: { quantity: null, basis: "before_coupons" },
  products: { requires: "any", excludeOnSale: false },
} as const;

export function currentCoupon(record: CouponRecord): CouponRecord {
  const absent = {
    code: null, name: null, description: null, discount: null, rules: [], duration: { type: "once" }, priority: 0,
    exclusive: false, category: null, combinesWith: "all", stopAfter: false, dates: "intersect", template: null,
    withForeign: null, refusalMessage: null, restore: null, state: "active", archivedFrom: null, metadata: {},
  } as const;
  return { ...absent, ...record, schemaVersion: SCHEMA_VERSION, restrictions: currentRestrictions(record.restrictions), limits: currentLimits(record.limits) };
}

export function currentCode(record: CodeRecord): CodeRecord {
  const absent = { state: "active", archivedFrom: null, batch: null, metadata: {}, issuedAt: null, version: 1 } as const;
  return { ...absent, ...record, schemaVersion: SCHEMA_VERSION, restrictions: currentRestrictions(record.restrictions), limits: currentLimits(record.limits) };
}

function currentLimits(record: Partial<CouponRecord["limits"]> | null | undefined): CouponRecord["limits"] {
  return { total: null, perCustomer: null, budget: null, windows: [], ...record };
}

function currentRestrictions(record: RestrictionsRecord | null | undefined): RestrictionsRecord {
  const absent = {
    startsAt: null, expiresAt: null, minimum: null, products: null, customers: null, firstOrderOnly: false,
    validForDays: null, schedule: null, maximum: null, customerGroups: null, orderNumber: null, channels: null,
    countries: null, paymentMethods: null, shippingMethods: null, coupons: null,
  } as const;
  const { minimum, products } = record ?? {};
  return {
    ...absent,
    ...record,
    minimum: minimum ? { ...SINCE_SCHEMA_2.minimum, ...minimum } : null,
    products: products ? { ...SINCE_SCHEMA_2.products, ...products } : null,
  };
}
