/**
 * Records of an earlier schema, brought to the shape of this one. Owns
 * what a field is where a record was written before it existed; the engine reads both and says the same.
 */
import type { CodeRecord, CouponRecord } from "./types/coupon.js";
import type { RestrictionsRecord } from "./types/restrictions.js";

const SCHEMA_VERSION = 2;

export function currentCoupon(record: CouponRecord): CouponRecord {
  if (record.schemaVersion >= SCHEMA_VERSION) return record;
  const later = {
    rules: [], dates: "intersect", stopAfter: false, withForeign: null, template: null, refusalMessage: null,
    archivedFrom: null,
  } as const;
  return { ...later, ...record, schemaVersion: SCHEMA_VERSION, restrictions: currentRestrictions(record.restrictions) };
}

export function currentCode(record: CodeRecord): CodeRecord {
  if (record.schemaVersion >= SCHEMA_VERSION) return record;
  const later = { archivedFrom: null, issuedAt: null, version: 1 } as const;
  return { ...later, ...record, schemaVersion: SCHEMA_VERSION, restrictions: currentRestrictions(record.restrictions) };
}

function currentRestrictions(record: RestrictionsRecord): RestrictionsRecord {
  const later = {
    validForDays: null, schedule: null, maximum: null, customerGroups: null, orderNumber: null, channels: null,
    countries: null, paymentMethods: null, shippingMethods: null, coupons: null,
  } as const;
  const { minimum, products } = record;
  return {
    ...later,
    ...record,
    minimum: minimum && { ...minimum, quantity: null, basis: "before_coupons" },
    products: products && { ...products, requires: "any", excludeOnSale: false },
  };
}
