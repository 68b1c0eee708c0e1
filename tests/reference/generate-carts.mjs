/**
 * Owns random carts and customers.
 * Must not know about coupons; what it makes is always valid input.
 */

export const CURRENCIES = ["EGP", "JPY", "KWD", "USD"];
const PRODUCT_IDS = ["sku-1", "sku-2", "sku-3", "sku-4", "sku-5", "SKU-1", "col/summer", "col/sale", "family é"];
export const CONTEXT = {
  channel: ["web", "pos", "app"],
  country: ["EG", "US", "DE"],
  paymentMethod: ["card", "cash on delivery", "wallet"],
  shippingMethod: ["courier", "pick-up"],
};
export const GROUPS = ["vip", "VIP", "staff", "b2b é"];
/** Starts of line ids whose order by bytes is not that of JavaScript's own comparison. */
const LINE_PREFIXES = ["", "line-", "L", "é", "\uff5e", "\u{1f600}", "~"];
/** Keeps subtotal and shipping together inside a signed 64-bit amount. */
const MOST_IN_A_CART = 9n * 10n ** 18n - 10n ** 14n;

export function randomCart(random) {
  const cart = { currency: random.pick(CURRENCIES), lines: randomLines(random) };
  if (random.chance(65)) cart.shipping = random.weighted([[2, 0], [12, random.int(1, 5000)], [1, 10 ** 12]]);
  if (random.chance(30)) cart.tax = random.weighted([[1, 0], [12, random.int(1, 3000)], [1, 10 ** 12]]);
  for (const [field, values] of Object.entries(CONTEXT)) {
    if (random.chance(55)) cart[field] = random.pick(values);
    else if (random.chance(5)) cart[field] = null;
  }
  return cart;
}

/** Discounts the host gives itself, some of them for these rules: on a line never more than it costs. */
export function randomForeignDiscounts(random, cart, ruleIds) {
  const given = [];
  for (const line of random.some(cart.lines)) {
    let left = BigInt(line.unitPrice) * BigInt(line.quantity);
    for (let count = random.weighted([[6, 1], [2, 2]]); count > 0 && left > 0n; count -= 1) {
      const most = random.weighted([[1, left], [2, left / 2n], [6, left / 10n]]);
      const amount = most < 1n ? 1n : random.chance(50) || most > 10n ** 12n ? most : BigInt(random.int(1, Number(most)));
      left -= amount;
      const discount = { lineId: line.id, amount: wire(amount) };
      if (random.chance(60)) discount.label = random.pick(["Member price", "3 for 2", "Été"]);
      if (ruleIds.length > 0 && random.chance(55)) discount.ruleId = random.pick(ruleIds);
      else if (random.chance(10)) discount.ruleId = null;
      given.push(discount);
    }
  }
  return random.shuffled(given);
}

/** As money crosses: a number while it is exact, else digits. */
export function wire(amount) {
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : amount.toString();
}

function randomLines(random) {
  const count = random.weighted([[3, 0], [20, 1], [25, 2], [50, random.int(3, 12)], [2, 60]]);
  const price = random.weighted([
    [60, () => random.int(1, 2000) * 5],
    [12, () => random.int(1, 200_000)],
    [10, () => random.int(0, 9)],
    [6, sameEverywhere(random.int(1, 1000))],
    [6, () => random.int(1, 10 ** 12)],
    [6, () => random.weighted([[1, 0], [2, 1], [2, 10 ** 12], [3, random.int(1, 10_000)]])],
  ]);
  const lines = [];
  let total = 0n;
  for (let place = 0; place < count; place += 1) {
    const line = randomLine(random, place, price());
    const subtotal = BigInt(line.unitPrice) * BigInt(line.quantity);
    if (total + subtotal > MOST_IN_A_CART) line.quantity = 1;
    total += BigInt(line.unitPrice) * BigInt(line.quantity);
    lines.push(line);
  }
  return random.shuffled(lines);
}

function sameEverywhere(price) {
  return () => price;
}

function randomLine(random, place, price) {
  const line = {
    id: `${random.pick(LINE_PREFIXES)}${place}`,
    unitPrice: random.chance(3) ? 0 : price,
    quantity: random.weighted([[55, 1], [30, random.int(2, 9)], [10, random.int(10, 1000)], [5, random.int(1, 1_000_000)]]),
  };
  if (random.chance(85)) line.ids = random.shuffled(PRODUCT_IDS).slice(0, random.int(0, 3));
  if (random.chance(6)) line.discountable = false;
  else if (random.chance(10)) line.discountable = true;
  if (random.chance(6)) line.kind = "gift_card";
  else if (random.chance(10)) line.kind = "product";
  if (random.chance(20)) line.onSale = random.chance(80);
  return line;
}

export function productIdsOf(cart) {
  return [...new Set(cart.lines.flatMap((line) => line.ids ?? []))];
}

export function anyProductIds(random) {
  return random.shuffled(PRODUCT_IDS).slice(0, random.int(1, 3));
}

export function countedUnits(cart) {
  return cart.lines.filter((line) => line.kind !== "gift_card").reduce((sum, line) => sum + line.quantity, 0);
}

/** What a minimum over all lines counts: the figure whose neighbourhood is worth trying. */
export function countedSubtotal(cart) {
  return cart.lines
    .filter((line) => line.kind !== "gift_card")
    .reduce((sum, line) => sum + BigInt(line.unitPrice) * BigInt(line.quantity), 0n);
}

const KEYS = [
  () => ({ kind: "id", value: "42" }),
  () => ({ kind: "id", value: " a/b%c " }),
  () => ({ kind: "id", value: "CaseCounts" }),
  () => ({ kind: "email", value: "ann@example.com" }),
  () => ({ kind: "email", value: "\t Ann@Example.COM " }),
  () => ({ kind: "email", value: "ann+deal@example.com" }),
  () => ({ kind: "email", value: "+tag@example.com" }),
  () => ({ kind: "email", value: "\u00c0nn+X@Example.com" }),
  () => ({ kind: "phone", value: "+20 100 000 0000" }),
  () => ({ kind: "loyalty_card", value: "9%2F9" }),
];

/** `priorOrders` is always told here, since a first-order coupon may ask for it. */
export function randomCustomer(random) {
  const customer = { keys: random.shuffled(KEYS).slice(0, random.int(1, 4)).map((make) => make()) };
  if (random.chance(55)) customer.groups = random.shuffled(GROUPS).slice(0, random.int(0, 3));
  return { ...customer, priorOrders: random.weighted([[70, 0], [20, random.int(1, 5)], [10, 250]]) };
}

export function anyKey(random) {
  return random.pick(KEYS)();
}
