/**
 * What a browser may preview with. Whatever is sent to a browser is public, hashed or not: so only coupons and rules that
 * the merchant advertises to everyone, and of those only what a browser can judge. Pools, links, customer lists, first
 * orders, balances and limits stay here; so does everything that is not valid now.
 */
import { advertised } from "../../shop/index.mjs";

/** @typedef {import("coupon-engine").CouponRecord} CouponRecord */
/** @typedef {import("coupon-engine").RuleRecord} RuleRecord */
/** @typedef {CouponRecord["restrictions"]} Restrictions */

const PAGE = 1_000;

/** The restrictions that the cart and the clock are enough for; whatever asks for another stays here. */
const JUDGED = /** @type {const} */ (["startsAt", "expiresAt", "minimum", "maximum", "products"]);

/**
 * @param {import("coupon-engine").CouponEngine} engine
 * @param {number} now
 * @returns {Promise<import("../src/api.js").PublicCoupons>}
 */
export async function publicCoupons(engine, now) {
  const rules = (await all((page) => engine.rules.list(page))).filter((rule) => isPublicRule(rule, now));
  const known = new Set(rules.map(({ id }) => id));
  const views = (await all((page) => engine.coupons.list(page)))
    .filter(({ coupon, description }) => description.valid && isPublicCoupon(coupon, known, now));
  const opened = new Set(views.flatMap(({ coupon }) => coupon.rules));
  return {
    policy: await engine.settings.get(),
    coupons: views.map(({ coupon }) => couponOf(coupon)),
    rules: rules.filter(({ id, gate }) => gate === "automatic" || opened.has(id)).map(ruleOf),
    offers: views.map(({ coupon, description }) => ({ code: coupon.code ?? "", terms: description.terms ?? "", name: description.title })),
  };
}

/**
 * @template T
 * @param {(request: import("coupon-engine").ListRequest) => Promise<import("coupon-engine").Page<T>>} list
 */
async function all(list) {
  const items = [];
  let after = null;
  do {
    /** @type {import("coupon-engine").Page<T>} */
    const page = await list({ after, limit: PAGE });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

/**
 * @param {CouponRecord} coupon
 * @param {ReadonlySet<string>} publicRules
 * @param {number} now
 */
function isPublicCoupon({ type, code, discount, rules, metadata, restrictions, limits }, publicRules, now) {
  const isShared = type === "standard" && code !== null && metadata["audience"] === advertised.audience;
  const isWorkedOutHere = discount?.type !== "store_credit" && rules.every((id) => publicRules.has(id));
  const isUnlimited = limits.total === null && limits.perCustomer === null && limits.budget === null && limits.windows.length === 0;
  return isShared && isWorkedOutHere && isUnlimited && isJudged(restrictions, now);
}

/**
 * @param {RuleRecord} rule
 * @param {number} now
 */
function isPublicRule({ gate, state, metadata, restrictions }, now) {
  const isOurs = gate !== "external" && state === "active" && metadata["audience"] === advertised.audience;
  return isOurs && (restrictions.expiresAt === null || now <= restrictions.expiresAt) && isJudged(restrictions, now);
}

/**
 * @param {Restrictions} restrictions
 * @param {number} now
 */
function isJudged(restrictions, now) {
  const others = Object.entries(restrictions).filter(([name]) => !JUDGED.some((judged) => judged === name));
  const hasStarted = restrictions.startsAt === null || restrictions.startsAt <= now;
  return hasStarted && others.every(([, value]) => value === null || value === false);
}

/** @param {Restrictions} restrictions */
function restrictionsOf({ startsAt, expiresAt, minimum, maximum, products }) {
  return { startsAt, expiresAt, minimum, maximum, products };
}

/**
 * The terms, field by field: a new field of the record is not public by accident. Its further codes are not sent.
 * @param {CouponRecord} coupon
 * @returns {import("coupon-engine").CouponDefinition & { readonly id: string, readonly code: string }}
 */
function couponOf({ id, type, code, name, discount, rules, duration, restrictions, priority, exclusive, category, combinesWith, stopAfter, refusalMessage }) {
  return {
    id, type, code: code ?? "", name, duration, priority, exclusive, category, combinesWith, stopAfter, refusalMessage,
    ...(rules.length > 0 ? { rules } : { discount }),
    restrictions: restrictionsOf(restrictions),
  };
}

/**
 * @param {RuleRecord} rule
 * @returns {import("coupon-engine").RuleDefinition & { readonly id: string }}
 */
function ruleOf({ id, gate, name, discount, restrictions, priority, category, combinesWith, stopAfter, interaction, refusalMessage }) {
  return {
    id, gate, name, discount, priority, category, combinesWith, stopAfter, interaction, refusalMessage,
    restrictions: restrictionsOf(restrictions),
  };
}
