/**
 * What staff see and do after an order is paid: the list, the use of each code, cancelling and refunding. The amounts are
 * the engine's. In this demo everyone is staff; a shop asks who it is before it takes any of this.
 */
import { numberOf, standing } from "./order-view.mjs";
import { readOrderId } from "./quote-request.mjs";
import { readList, readObject, refused } from "./reading.mjs";
import { usageOfAll } from "./usage.mjs";

/** @typedef {import("./shop.js").Shop} Shop */

const MAX_ORDERS = 50;
const MAX_LINES = 100;

/**
 * @param {Shop} shop
 * @returns {Promise<import("../src/api.js").BackOffice>}
 */
export async function backOffice(shop) {
  const [{ items }, usage] = await Promise.all([shop.engine.redemptions.list({ limit: MAX_ORDERS }), usageOfAll(shop)]);
  const now = shop.now();
  return {
    usage,
    orders: items.map((record) => ({
      id: record.key,
      number: numberOf(record.key),
      state: standing(record, now).state,
      reservedAt: record.reservedAt,
      currency: record.currency,
      reason: record.reason,
      codes: record.codes.map(({ code, label }) => code ?? label),
      total: record.totals.total,
      refunded: record.refunded.amount,
    })),
  };
}

/**
 * What a return is worth. Nothing is written.
 * @param {Shop} shop
 * @param {unknown} body
 */
export function previewRefund({ engine }, body) {
  const { order, lines, shipping } = readObject(body, "", ["order", "lines", "shipping"]);
  const key = readOrderId(order);
  return engine.refundQuote(lines === undefined && shipping === undefined ? { key } : { key, ...readReturn(lines, shipping) });
}

/**
 * Part of an order comes back. `number` is which refund of this order it is, as the page has seen it: pressed twice it is
 * one refund, and of two that were made at the same time the second is told of the first.
 * @param {Shop} shop
 * @param {unknown} body
 */
export async function refundPart({ engine }, body) {
  const { order, lines, shipping, number } = readObject(body, "", ["order", "lines", "shipping", "number"]);
  const outcome = await engine.rollback({
    key: readOrderId(order), ...readReturn(lines, shipping), cause: "refunded", refundId: `refund-${readNumber(number)}`, reason: "refunded",
  });
  return answerOf(outcome);
}

/**
 * Everything that has not come back yet. What was cancelled gives its uses back, what was refunded does not; store credit
 * goes back with both.
 * @param {Shop} shop
 * @param {unknown} body
 * @param {"cancelled" | "refunded"} cause
 */
export async function takeBack({ engine }, body, cause) {
  const { order } = readObject(body, "", ["order"]);
  return answerOf(await engine.rollback({ key: readOrderId(order), cause, reason: cause }));
}

/** @param {import("coupon-engine").RedemptionOutcome} outcome */
function answerOf({ status, reason, refund }) {
  return { refused: status === "refused" ? reason : null, refund };
}

/**
 * @param {unknown} lines
 * @param {unknown} shipping
 */
function readReturn(lines, shipping) {
  if (typeof shipping !== "boolean") throw refused("invalid_type", "must be true or false", "shipping");
  const returned = readList(lines, "lines", MAX_LINES).map((line, index) => {
    const { lineId, quantity } = readObject(line, `lines[${index}]`, ["lineId", "quantity"]);
    if (typeof lineId !== "string") throw refused("invalid_type", "must be a string", `lines[${index}].lineId`);
    return { lineId, quantity: readNumber(quantity, `lines[${index}].quantity`) };
  });
  return { lines: returned, shipping };
}

/**
 * @param {unknown} value
 * @param {string} [path]
 */
function readNumber(value, path = "number") {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) throw refused("invalid_type", "must be a whole number from 1", path);
  return value;
}
