/**
 * Owns the cart as it is calculated with, money on its way in and out, and which lines a products rule lets through.
 * Must not compute a discount.
 */

const LARGEST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);

export function readCart(cart) {
  const lines = cart.lines.map(readLine);
  const foreign = (cart.foreignDiscounts ?? []).map((given) => ({
    line: lines.find(({ id }) => id === given.lineId),
    amount: BigInt(given.amount),
    label: given.label ?? null,
    ruleId: given.ruleId ?? null,
  }));
  for (const { line, amount } of foreign) line.foreign += amount;
  return { ...cart, lines, foreign, shipping: BigInt(cart.shipping ?? 0), tax: BigInt(cart.tax ?? 0) };
}

function readLine({ id, unitPrice, quantity, ids, discountable, kind, onSale }) {
  const giftCard = kind === "gift_card";
  return {
    id,
    unitPrice: BigInt(unitPrice),
    quantity: BigInt(quantity),
    subtotal: BigInt(unitPrice) * BigInt(quantity),
    ids: ids ?? [],
    giftCard,
    discountable: (discountable ?? true) && !giftCard,
    onSale: onSale ?? false,
    foreign: 0n,
  };
}

/** The lines that every one of these products rules lets a discount touch. */
export function eligibleLines(cart, productRules) {
  return cart.lines.filter((line) => line.discountable && productRules.every((products) => covers(products, line)));
}

/** All that may be bought or paid for: what is no gift card. */
export function ordinaryLines(cart) {
  return cart.lines.filter((line) => !line.giftCard);
}

export function covers(products, line) {
  const include = products?.include ?? [];
  return (include.length === 0 || isListed(line, include)) && !excludes(products, line);
}

export function excludes(products, line) {
  return isListed(line, products?.exclude ?? []) || (products?.excludeOnSale === true && line.onSale);
}

/** Whether a products rule keeps anything out at all. */
export function narrows(products) {
  return (products?.include ?? []).length > 0 || (products?.exclude ?? []).length > 0 || products?.excludeOnSale === true;
}

function isListed(line, list) {
  return line.ids.some((id) => list.includes(id));
}

export function sumOf(amounts) {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

export function smaller(a, b) {
  return a < b ? a : b;
}

/** `a − b`, but nothing below zero. */
export function beyond(a, b) {
  return a > b ? a - b : 0n;
}

/** The entry of an `Amounts` map in this currency; `null` where there is no map or no entry. */
export function amountIn(amounts, currency) {
  return amounts != null && Object.hasOwn(amounts, currency) ? BigInt(amounts[currency]) : null;
}

/** Money as it leaves: a number while that is exact, else a decimal string. */
export function minor(amount) {
  const magnitude = amount < 0n ? -amount : amount;
  return magnitude <= LARGEST_NUMBER ? Number(amount) : amount.toString();
}
