/**
 * What a page may know of an order: what was asked for from the shop's table, what became of it from the engine's record.
 * Works nothing out but the state's name.
 */
import { advertised, products } from "../../shop/index.mjs";
import { RequestError } from "./http.mjs";
import { readOrderId } from "./quote-request.mjs";
import { readObject } from "./reading.mjs";
import { usageOfCoupon } from "./usage.mjs";

/** @typedef {import("./shop.js").Shop} Shop */
/** @typedef {import("coupon-engine").Redemption} Redemption */

/**
 * For the customer. Who knows the id, which is random, has the order.
 * @param {Shop} shop
 * @param {unknown} query
 * @returns {Promise<import("../src/api.js").OrderView>}
 */
export async function orderView(shop, query) {
  const { order: id } = readObject(query, "", ["order"]);
  const record = await recordOf(shop, readOrderId(id));
  const now = shop.now();
  const couponIds = record.state === "redeemed" ? record.codes.map(({ couponId }) => couponId) : [];
  const usage = await Promise.all(couponIds.map((couponId) => usageOfCoupon(shop, couponId)));
  return {
    ...viewOf(record, now),
    // How much is used of what only some know of is not for a customer.
    usage: usage.flatMap((one) => (one !== null && one.audience === advertised.audience ? [one] : [])),
  };
}

/**
 * For staff: with who it was, and all that has happened.
 * @param {Shop} shop
 * @param {unknown} query
 * @returns {Promise<import("../src/api.js").StaffOrder>}
 */
export async function staffOrder(shop, query) {
  const { order: sent } = readObject(query, "", ["order"]);
  const id = readOrderId(sent);
  const [record, order, history] = await Promise.all([recordOf(shop, id), shop.orders.get(id), shop.engine.redemptions.history(id)]);
  return {
    ...viewOf(record, shop.now()),
    email: order?.email ?? null,
    usage: (await Promise.all(record.codes.map(({ couponId }) => usageOfCoupon(shop, couponId)))).flatMap((one) => one ?? []),
    history: history.map(({ state, at, reason, refunded, totals }) => ({ state, at, reason, refunded: refunded.amount, total: totals.total })),
  };
}

/**
 * Whether the page's order waits for its payment; `null` while there is none.
 * @param {Shop} shop
 * @param {string} id
 */
export async function pendingOrder({ engine, now }, id) {
  const record = await engine.redemptions.get(id);
  return record === null ? null : standing(record, now());
}

/** What people call the order; the id is longer than anybody would say. */
export function numberOf(/** @type {string} */ id) {
  return id.slice(0, 8).toUpperCase();
}

/**
 * @param {Shop} shop
 * @param {string} id
 */
async function recordOf({ engine }, id) {
  const record = await engine.redemptions.get(id);
  if (record === null) throw new RequestError(404, "not_found", "there is no such order");
  return record;
}

/**
 * @param {Redemption} record
 * @param {number} now
 */
function viewOf(record, now) {
  const { key, holdUntil, reservedAt, redeemedAt, reason, currency, lines, codes, credits, adjustments, totals, refunded, flags } = record;
  return {
    id: key,
    number: numberOf(key),
    ...standing(record, now),
    holdLength: holdUntil === null ? 0 : holdUntil - reservedAt,
    reservedAt, redeemedAt, reason, currency, totals, flags,
    lines: lines.map(({ id, quantity, total, returned }) => ({
      id, quantity, total, returned,
      name: products.find((product) => product.id === id)?.name ?? id,
      discounts: adjustments.flatMap(({ code, label, lines: shares }) => {
        const share = shares.find(({ lineId }) => lineId === id);
        return share === undefined || String(share.amount) === "0" ? [] : [{ label: code ?? label, amount: share.amount }];
      }),
    })),
    codes: codes.map(({ code, label, amount }) => ({ code: code ?? label, label, amount })),
    credits: credits.map(({ couponId, amount, restored }) => ({
      code: codes.find((one) => one.couponId === couponId)?.code ?? couponId, amount, restored,
    })),
    refunded: { amount: refunded.amount, credit: refunded.credit, shipping: refunded.shipping, count: refunded.refundIds.length },
  };
}

/**
 * A hold that has ended is over, whether it is tidied up yet or not. What is left of one is a span, for the clock of the
 * page may be another.
 * @param {Redemption} record
 * @param {number} now
 * @returns {{ state: Redemption["state"], heldFor: number }}
 */
export function standing({ state, holdUntil }, now) {
  const heldFor = state === "held" && holdUntil !== null ? Math.max(0, holdUntil - now) : 0;
  return { state: state === "held" && heldFor === 0 ? "expired" : state, heldFor };
}
