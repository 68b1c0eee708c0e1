/**
 * The purchase: hold what the codes claim, take the payment or not. One order id is the key of all of it, so that each
 * step may be asked for twice and happens once. What a step did is the engine's answer, never the browser's word.
 */
import { RequestError } from "./http.mjs";
import { withLimitsTold } from "./limits-told.mjs";
import { numberOf } from "./order-view.mjs";
import { readCheckoutRequest, readFingerprint, readOrderId, requestOf } from "./quote-request.mjs";
import { readObject } from "./reading.mjs";

/** @typedef {import("./shop.js").Shop} Shop */
/** @typedef {import("../src/api.js").CheckoutAnswer} CheckoutAnswer */

/** Why a hold was let go, as it is kept with the record. */
export const PAYMENT_FAILED = "payment failed";
export const LEFT = "left";

/**
 * From the cart to the payment. A cart that has changed since takes the place of the one that was held.
 * @param {Shop} shop
 * @param {unknown} body
 */
export function beginPayment(shop, body) {
  const { order, purchase, fingerprint } = readCheckoutRequest(body);
  return claim(shop, { id: order, at: shop.now(), ...purchase, fingerprint });
}

/**
 * Again after a payment that failed or came too late: the same order, as the customer left it.
 * @param {Shop} shop
 * @param {unknown} body `fingerprint` where the customer has agreed to a new total.
 */
export async function resumePayment(shop, body) {
  const { order: id, fingerprint } = readObject(body, "", ["order", "fingerprint"]);
  const order = await known(shop, id);
  return claim(shop, fingerprint === undefined ? order : { ...order, fingerprint: readFingerprint(fingerprint) });
}

/**
 * @param {Shop} shop
 * @param {import("./database/open.mjs").Order} order
 * @returns {Promise<CheckoutAnswer>}
 */
async function claim({ engine, orders, now }, order) {
  const existing = await engine.redemptions.get(order.id);
  if (existing?.state === "redeemed" || existing?.state === "rolled_back") return { status: "settled" };
  const request = { ...requestOf(order), key: order.id };
  const { status, reason, quote } = await engine.reserve({ ...request, fingerprint: order.fingerprint, replace: true });
  if (status !== "refused") {
    await orders.put({ ...order, fingerprint: quote?.fingerprint ?? order.fingerprint });
    return { status: status === "held" ? "held" : "settled" };
  }
  if (reason !== "codes_refused" && reason !== "quote_changed") return { status: "settled" };
  const codes = await withLimitsTold(engine, request, quote?.codes ?? [], now());
  return {
    status: "refused",
    reason,
    total: quote?.totals.total ?? 0,
    fingerprint: quote?.fingerprint ?? order.fingerprint,
    codes: codes.flatMap(({ index, rejection }) =>
      rejection === null ? [] : { code: order.codes[index]?.code ?? "", message: rejection.message }),
  };
}

/**
 * The money has come. Here it always has; a shop asks whoever collects it, and collects only what this lets it.
 * @param {Shop} shop
 * @param {unknown} body
 */
export async function pay(shop, body) {
  const { order } = readObject(body, "", ["order"]);
  const { id } = await known(shop, order);
  const { status, reason } = await shop.engine.redeem({ key: id, order: numberOf(id) });
  return { refused: status === "refused" ? reason : null };
}

/**
 * No money has come. A payment that has been made meanwhile stays.
 * @param {Shop} shop
 * @param {unknown} body
 * @param {string} why
 */
export async function letGo(shop, body, why) {
  const { order } = readObject(body, "", ["order"]);
  const { id } = await known(shop, order);
  const { status, reason } = await shop.engine.release({ key: id, reason: why });
  return { refused: status === "refused" ? reason : null };
}

/**
 * @param {Shop} shop
 * @param {unknown} id
 */
async function known({ orders }, id) {
  const order = await orders.get(readOrderId(id));
  if (order === null) throw new RequestError(404, "not_found", "there is no such order");
  return order;
}
