/**
 * Who has bought before the shop began to keep its orders. Stands in for the books of a real shop.
 */

/** Paid orders by e-mail address. */
const PAID_ORDERS = new Map([["mona@example.com", 3]]);

/**
 * The most that any of these keys has.
 * @param {readonly import("coupon-engine").CustomerKey[]} keys
 */
export function earlierOrders(keys) {
  const counts = keys.filter(({ kind }) => kind === "email").map(({ value }) => PAID_ORDERS.get(value) ?? 0);
  return Math.max(0, ...counts);
}
