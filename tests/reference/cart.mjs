/**
 * Owns the cart as it is calculated with, money on its way in and out, and which lines a coupon may touch.
 * Must not compute a discount.
 */

const LARGEST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);

export function readCart({ currency, lines, shipping = 0 }) {
  return { currency, shipping: BigInt(shipping), lines: lines.map(readLine) };
}

function readLine({ id, unitPrice, quantity, ids = [], discountable = true, kind = "product" }) {
  return {
    id,
    quantity: BigInt(quantity),
    subtotal: BigInt(unitPrice) * BigInt(quantity),
    ids,
    giftCard: kind === "gift_card",
    discountable: discountable && kind !== "gift_card",
  };
}

/** The lines that every one of these product rules lets a discount touch. */
export function eligibleLines(cart, productRules) {
  return cart.lines.filter((line) => line.discountable && productRules.every((products) => matches(line, products)));
}

function matches(line, products) {
  const include = products?.include ?? [];
  const exclude = products?.exclude ?? [];
  const listed = (list) => line.ids.some((id) => list.includes(id));
  return (include.length === 0 || listed(include)) && !listed(exclude);
}

export function sumOf(amounts) {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** Money as it leaves: a number while that is exact, else a decimal string. */
export function minor(amount) {
  const magnitude = amount < 0n ? -amount : amount;
  return magnitude <= LARGEST_NUMBER ? Number(amount) : amount.toString();
}
