/**
 * Owns random coupons and their codes. Most coupons have no trouble, so that many requests apply several.
 * Must not decide what is entered; what it makes is always valid input.
 */
import { anyKey, anyProductIds, countedSubtotal, CURRENCIES, productIdsOf } from "./generate-carts.mjs";

const TROUBLES = [
  "archived", "inactive", "no_discount", "not_started", "expired", "limit", "held", "customers", "first_order",
  "customer_limit", "customer_held", "currency", "products", "minimum",
];
/** More coupons than this can stand together only where each of them takes little. */
const MOST_LARGE_DISCOUNTS = 8;
const CATEGORIES = ["seasonal", "loyalty", "shipping_club", "vip"];
const WORDS = ["SAVE", "SUMMER", "VIP", "A", "0", "WELCOME_", "BLACK-FRIDAY-", "X-", "Z_Z"];
const NAMES = ["Summer sale", "Welcome", "Été −20 %", "VIP only", "夏"];

/**
 * `{coupons, uses}`: `uses` says how far each limit is to be used up: `open`, `held` or `reached`. With `untroubled` a
 * number, so many coupons are made and next to all of them can be used; without it some have a trouble.
 */
export function randomCoupons(random, { cart, customer, now, minBasisPoints, untroubled = null }) {
  const maker = { random, cart, customer, now, minBasisPoints, untroubled, texts: new Set(), uses: [], codeCount: 0 };
  const anyCount = random.weighted([[6, 1], [14, 2], [20, 3], [25, 4], [20, 5], [15, random.int(6, 9)]]);
  const count = untroubled ?? anyCount;
  const coupons = Array.from({ length: count }, (_, place) => randomCoupon(maker, place));
  return { coupons, uses: maker.uses };
}

function randomCoupon(maker, place) {
  const { random } = maker;
  const isTroubled = maker.untroubled === null && random.chance(38);
  const troubles = isTroubled ? random.shuffled(TROUBLES).slice(0, random.weighted([[3, 1], [1, 2]])) : [];
  const troubled = random.weighted([[5, ["coupon"]], [3, ["code"]], [2, ["coupon", "code"]]]);
  const coupon = { id: `${random.pick(["c", "Coupon_", "coupon-", "Z", "A"])}${place}`, type: randomType(random) };
  const discount = troubles.includes("no_discount") ? random.pick([null, undefined]) : randomDiscount(maker, troubles);
  if (discount !== undefined) coupon.discount = discount;
  if (coupon.type !== "standard" || !random.chance(12)) coupon.code = codeText(maker);
  else if (random.chance(50)) coupon.code = null;
  const needsCodes = coupon.type === "bulk_pool" || coupon.code == null;
  const codeCount = needsCodes ? random.int(1, 3) : random.weighted([[7, 0], [3, random.int(1, 2)]]);
  if (codeCount > 0) {
    coupon.codes = Array.from({ length: codeCount }, () => randomCode(maker, troubled.includes("code") ? troubles : []));
  }
  const spared = codeCount > 0 && !troubled.includes("coupon");
  Object.assign(coupon, randomGuard(maker, `coupon:${coupon.id}`, spared ? [] : troubles));
  return Object.assign(coupon, randomTemper(random));
}

function randomType(random) {
  return random.weighted([[70, "standard"], [18, "bulk_pool"], [12, "url_token"]]);
}

function randomCode(maker, troubles) {
  const { random } = maker;
  maker.codeCount += 1;
  const code = { code: codeText(maker) };
  if (random.chance(50)) code.id = `code_${maker.codeCount}`;
  const codeId = code.id ?? code.code.toUpperCase();
  return Object.assign(code, randomGuard(maker, `code:${codeId}`, troubles));
}

function codeText(maker) {
  const { random, texts } = maker;
  let text;
  do {
    text = `${random.pick(WORDS)}${random.int(1, 99)}`;
    if (random.chance(2)) text = text.padEnd(64, "Q");
    else if (random.chance(5)) text = `A${random.int(0, 8)}`; // perhaps the id of a coupon, too
  } while (texts.has(text));
  texts.add(text);
  return random.chance(8) ? text.toLowerCase() : text;
}

function randomDiscount({ random, cart, minBasisPoints, untroubled }, troubles) {
  if (untroubled > MOST_LARGE_DISCOUNTS) return smallDiscount(random, cart, minBasisPoints);
  const missing = troubles.includes("currency");
  if (random.chance(40)) return { type: "amount", amounts: amountsFor(random, cart, missing, randomAmount(random, cart)) };
  const basisPoints = random.weighted([
    [60, random.pick([500, 1000, 1250, 1500, 2000, 2500, 3000, 3333, 5000])],
    [6, 10_000],
    [6, minBasisPoints],
    [28, random.int(minBasisPoints, 6000)],
  ]);
  const discount = { type: "percent", basisPoints };
  if (missing || random.chance(25)) discount.cap = amountsFor(random, cart, missing, randomAmount(random, cart));
  return discount;
}

/** Leaves something for many others. */
function smallDiscount(random, cart, minBasisPoints) {
  const basisPoints = random.int(minBasisPoints, 800);
  if (random.chance(60)) return { type: "percent", basisPoints };
  const amount = withinBounds(countedSubtotal(cart) / BigInt(random.int(20, 200)));
  return { type: "amount", amounts: amountsFor(random, cart, false, amount) };
}

/** Around the cart's worth: far below it, a part of it, on it, next to it, beyond it. */
function randomAmount(random, cart) {
  const worth = countedSubtotal(cart);
  const amount = random.weighted([
    [30, BigInt(random.int(1, 500))],
    [40, worth / BigInt(random.int(4, 40))],
    [10, worth / 2n],
    [4, worth],
    [4, worth + BigInt(random.int(-1, 1))],
    [6, worth * 2n],
    [6, BigInt(random.int(1, 10 ** 12))],
  ]);
  return withinBounds(amount);
}

/** Amounts are at least 1 and stay inside a signed 64-bit integer. */
function withinBounds(amount) {
  const largest = 9n * 10n ** 18n;
  return amount < 1n ? 1n : amount > largest ? largest : amount;
}

/** One entry per currency, the cart's among them unless that is to be `missing`. */
function amountsFor(random, cart, missing, amount) {
  const others = random.shuffled(CURRENCIES.filter((currency) => currency !== cart.currency));
  const currencies = missing ? others.slice(0, random.int(1, 3)) : [cart.currency, ...others.slice(0, random.int(0, 2))];
  const amountIn = (currency) => (currency === cart.currency ? amount : BigInt(random.int(1, 9999)));
  return Object.fromEntries(random.shuffled(currencies).map((currency) => [currency, wire(amountIn(currency))]));
}

/** As money crosses: a number while it is exact, else digits. */
function wire(amount) {
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : amount.toString();
}

/** State, restrictions and limits of a coupon or a code. */
function randomGuard(maker, owner, troubles) {
  const { random } = maker;
  const guard = {};
  const shut = troubles.find((trouble) => trouble === "archived" || trouble === "inactive");
  if (shut) guard.state = shut;
  else if (random.chance(15)) guard.state = "active";
  const restrictions = { ...window(maker, troubles), ...who(maker, troubles), ...what(maker, troubles) };
  if (Object.keys(restrictions).length > 0 || random.chance(5)) guard.restrictions = restrictions;
  const limits = randomLimits(maker, owner, troubles);
  if (Object.keys(limits).length > 0 || random.chance(5)) guard.limits = limits;
  return guard;
}

function window({ random, now }, troubles) {
  const restrictions = {};
  const soon = () => random.weighted([[1, 1], [1, random.int(1, 10 ** 10)]]);
  if (troubles.includes("not_started")) restrictions.startsAt = now + soon();
  else if (random.chance(15)) restrictions.startsAt = now - random.pick([0, 0, 1, random.int(1, 10 ** 10)]);
  if (troubles.includes("expired")) {
    restrictions.expiresAt = now - soon();
    if (restrictions.startsAt !== undefined) restrictions.startsAt = restrictions.expiresAt - random.pick([0, soon()]);
  } else if (random.chance(15)) {
    restrictions.expiresAt = Math.max(now, restrictions.startsAt ?? now) + random.pick([0, 0, 1, random.int(1, 10 ** 10)]);
  }
  for (const edge of ["startsAt", "expiresAt"]) {
    if (restrictions[edge] !== undefined) restrictions[edge] = instantText(random, restrictions[edge]);
    else if (random.chance(3)) restrictions[edge] = null;
  }
  return restrictions;
}

/** An instant as milliseconds or as RFC 3339, in UTC or with an offset. */
export function instantText(random, milliseconds) {
  const offset = random.pick([["Z", 0], ["+00:00", 0], ["+02:00", 120], ["-05:30", -330], ["+14:00", 840]]);
  if (random.chance(60)) return milliseconds;
  const text = new Date(milliseconds + offset[1] * 60_000).toISOString();
  return text.replace(".000Z", "Z").replace("Z", offset[0]);
}

function who({ random, customer }, troubles) {
  const restrictions = {};
  if (troubles.includes("customers")) restrictions.customers = [{ kind: "id", value: "somebody else" }];
  else if (random.chance(4)) {
    const others = [anyKey(random), { kind: "email", value: " Ann@EXAMPLE.com" }];
    restrictions.customers = random.shuffled(customer && random.chance(50) ? [random.pick(customer.keys)] : others);
  } else if (random.chance(3)) restrictions.customers = null;
  if (troubles.includes("first_order")) restrictions.firstOrderOnly = true;
  else if (random.chance(6)) restrictions.firstOrderOnly = random.chance(50);
  return restrictions;
}

function what({ random, cart }, troubles) {
  const restrictions = {};
  const present = productIdsOf(cart);
  const hopeless = [{ include: ["not-in-any-cart"] }, { exclude: present }, { include: anyProductIds(random), exclude: present }];
  if (troubles.includes("products")) restrictions.products = random.pick(hopeless);
  else if (random.chance(14) && present.length > 0) restrictions.products = { include: random.some(present) };
  else if (random.chance(7)) restrictions.products = { exclude: anyProductIds(random) };
  else if (random.chance(3)) restrictions.products = random.pick([null, {}, { include: [], exclude: [] }]);
  if (troubles.includes("minimum") || random.chance(12)) restrictions.minimum = randomMinimum(random, cart, troubles);
  else if (troubles.includes("currency") && random.chance(50)) restrictions.minimum = randomMinimum(random, cart, troubles);
  else if (random.chance(3)) restrictions.minimum = null;
  return restrictions;
}

function randomMinimum(random, cart, troubles) {
  const worth = countedSubtotal(cart);
  const wanted = troubles.includes("minimum")
    ? worth + random.pick([1n, 1n, 500n, worth])
    : random.pick([worth, worth, worth - 1n, worth / 2n, worth / 3n]);
  const minimum = { amounts: amountsFor(random, cart, troubles.includes("currency"), withinBounds(wanted)) };
  if (random.chance(60)) minimum.scope = random.pick(["all_lines", "eligible_lines"]);
  return minimum;
}

function randomLimits({ random, uses }, owner, troubles) {
  const limits = {};
  const settle = (name, reached, held) => {
    const use = troubles.includes(reached) ? "reached" : troubles.includes(held) ? "held" : random.chance(10) ? "open" : null;
    if (use === null) {
      if (random.chance(2)) limits[name] = null;
      return;
    }
    limits[name] = random.weighted([[6, 1], [5, random.int(2, 9)], [2, 10_000], [1, Number.MAX_SAFE_INTEGER]]);
    uses.push({ owner, name, limit: limits[name], use });
  };
  settle("total", "limit", "held");
  settle("perCustomer", "customer_limit", "customer_held");
  return limits;
}

/** How a coupon takes to others. */
function randomTemper(random) {
  const temper = {};
  if (random.chance(40)) temper.priority = random.weighted([[6, random.int(-2, 2)], [1, -1_000_000], [1, 1_000_000]]);
  if (random.chance(3)) temper.exclusive = true;
  if (random.chance(35)) temper.category = random.pick(CATEGORIES);
  if (random.chance(8)) temper.combinesWith = random.weighted([[2, "all"], [1, "none"], [5, random.some(CATEGORIES, 2)]]);
  if (random.chance(45)) temper.name = random.pick(NAMES);
  if (random.chance(10)) temper.duration = random.pick([{ type: "once" }, { type: "forever" }, { type: "repeating", months: 3 }]);
  return temper;
}
