/**
 * How much of each limit is used, held and left, and when each code was used last. The latter the engine says; the former
 * the shop reads from the ledger's counters, which are what lets a customer in or keeps him out.
 */
import { currency } from "../../shop/index.mjs";

/** @typedef {import("./shop.js").Shop} Shop */
/** @typedef {import("../src/api.js").CouponUsage} CouponUsage */
/** @typedef {import("../src/api.js").Meter} Meter */
/** @typedef {import("coupon-engine").CouponView} CouponView */

/** Codes of a pool that are shown; a page of the list would be next. */
const MAX_CODES = 100;

/**
 * @param {Shop} shop
 * @returns {Promise<readonly CouponUsage[]>} What has a limit or a balance first.
 */
export async function usageOfAll(shop) {
  const { items } = await shop.engine.coupons.list({ limit: 1_000 });
  const all = await Promise.all(items.map((view) => usageOf(shop, view)));
  return [...all.filter(({ meters }) => meters.length > 0), ...all.filter(({ meters }) => meters.length === 0)];
}

/**
 * @param {Shop} shop
 * @param {string} couponId
 */
export async function usageOfCoupon(shop, couponId) {
  const view = await shop.engine.coupons.get(couponId);
  return view === null ? null : usageOf(shop, view);
}

/**
 * @param {Shop} shop
 * @param {CouponView} view
 * @returns {Promise<CouponUsage>}
 */
async function usageOf(shop, { coupon, description, usage }) {
  const { items: records } = await shop.engine.codes.list({ couponId: coupon.id, limit: MAX_CODES });
  const codes = await shop.engine.codes.usage(records);
  return {
    couponId: coupon.id,
    name: description.title,
    terms: description.terms ?? "",
    audience: coupon.metadata["audience"] ?? "",
    perCustomer: coupon.limits.perCustomer,
    ...factsOf(usage),
    rolledBack: usage.rolledBack ?? 0,
    meters: await metersOf(shop, coupon),
    codes: records.map(({ code }, place) => codeUsage(code, codes[place] ?? usage)),
  };
}

/**
 * @param {string} code
 * @param {import("coupon-engine").UsageView} usage
 */
function codeUsage(code, usage) {
  return { code, ...factsOf(usage) };
}

/** @param {import("coupon-engine").UsageView} usage */
function factsOf({ redeemed, held, remaining, lastUsedAt, lastOrder }) {
  return { redeemed: redeemed ?? 0, held: held ?? 0, remaining, lastUsedAt, lastOrder };
}

/**
 * A limit, and the counter that the ledger holds it by. Those that begin anew each week or month are left out: the shop
 * has none.
 * @typedef {{ label: string, unit: Meter["unit"], limit: number, counter: string }} Counted
 */

/**
 * @param {Shop} shop
 * @param {CouponView["coupon"]} coupon
 * @returns {Promise<readonly Meter[]>}
 */
async function metersOf({ engine, ledger, now }, { id, limits, discount }) {
  const { zone } = await engine.settings.get();
  const counter = `coupon/${id}`;
  const credit = discount?.type === "store_credit" ? discount.amounts[currency] : undefined;
  const budget = limits.budget?.[currency];
  /** @type {readonly Counted[]} */
  const counted = [
    ...(limits.total === null ? [] : [uses("In all", limits.total, counter)]),
    ...limits.windows.flatMap(({ per, total }) => (per === "day" && total !== null ? [uses("Today", total, `${counter}/day/${dayIn(zone, now())}`)] : [])),
    ...(budget === undefined ? [] : [money("Budget", Number(budget), `${counter}/budget/${currency}`)]),
    ...(credit === undefined ? [] : [money("Balance", Number(credit), `${counter}/credit`)]),
  ];
  const { counters } = await ledger.read({ at: now(), counters: counted.map(({ counter: name }) => name), entries: [], expiredHolds: null });
  return counted.map(({ label, unit, limit }, place) => {
    const { claimed, held, ended = 0 } = counters[place] ?? { claimed: 0, held: 0 };
    // What ended holds claim is free, though it may not be tidied up yet.
    return { label, unit, limit, used: claimed - held - ended, held };
  });
}

/** @returns {Counted} */
function uses(/** @type {string} */ label, /** @type {number} */ limit, /** @type {string} */ counter) {
  return { label, unit: "uses", limit, counter };
}

/** @returns {Counted} */
function money(/** @type {string} */ label, /** @type {number} */ limit, /** @type {string} */ counter) {
  return { label, unit: "money", limit, counter };
}

/**
 * `2026-11-20`, where the shop is.
 * @param {string} zone
 * @param {number} instant
 */
function dayIn(zone, instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}
