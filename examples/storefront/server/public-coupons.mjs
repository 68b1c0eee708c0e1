/**
 * What a browser may preview with. Whatever is sent to a browser is public, hashed or not: so only coupons that the
 * merchant advertises to everyone, and of those only what a browser can judge. Pools, links, customer lists, first
 * orders and limits stay here; so does everything that is not valid now.
 */
import { advertised } from "../../shop/index.mjs";

/** @typedef {import("coupon-engine").CouponRecord} CouponRecord */

const PAGE = 1_000;

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @param {number} now
 * @returns {Promise<import("../src/api.js").PublicCoupons>}
 */
export async function publicCoupons(engine, now) {
  const views = (await allCoupons(engine)).filter(({ coupon, description }) => description.valid && isPublic(coupon, now));
  return {
    policy: await engine.settings.get(),
    coupons: views.map(({ coupon }) => definitionOf(coupon)),
    offers: views.map(({ coupon, description }) => ({ code: coupon.code ?? "", terms: description.terms ?? "", name: description.title })),
  };
}

/** @param {import("coupon-engine").CouponEngine} engine */
async function allCoupons(engine) {
  const views = [];
  let after = null;
  do {
    /** @type {import("coupon-engine").Page<import("coupon-engine").CouponView>} */
    const page = await engine.coupons.list({ after, limit: PAGE });
    views.push(...page.items);
    after = page.next;
  } while (after !== null);
  return views;
}

/**
 * @param {CouponRecord} coupon
 * @param {number} now
 */
function isPublic({ type, code, metadata, restrictions, limits }, now) {
  const isShared = type === "standard" && code !== null && metadata["audience"] === advertised.audience;
  const hasStarted = restrictions.startsAt === null || restrictions.startsAt <= now;
  const isForAnyone = restrictions.customers === null && !restrictions.firstOrderOnly;
  const isUnlimited = limits.total === null && limits.perCustomer === null;
  return isShared && hasStarted && isForAnyone && isUnlimited;
}

/**
 * The terms, field by field: a new field of the record is not public by accident. Its further codes are not sent.
 * @param {CouponRecord} coupon
 * @returns {import("coupon-engine").CouponDefinition & { readonly id: string, readonly code: string }}
 */
function definitionOf({ id, type, code, name, discount, duration, restrictions, priority, exclusive, category, combinesWith }) {
  const { startsAt, expiresAt, minimum, products } = restrictions;
  return {
    id, type, code: code ?? "", name, discount, duration, priority, exclusive, category, combinesWith,
    restrictions: { startsAt, expiresAt, minimum, products },
  };
}
