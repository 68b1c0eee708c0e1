/**
 * Owns random discounts: what they are worth, which units they are for, how they are shared out.
 * Must not decide who brings them; what it makes is always valid input, and no figure leaves 64 bits.
 */
import { anyProductIds, countedSubtotal, countedUnits, CURRENCIES, wire } from "./generate-carts.mjs";

/** More coupons than this can stand together only where each of them takes little. */
const MOST_LARGE_DISCOUNTS = 8;
const LARGEST = 9n * 10n ** 18n;
export const DISTRIBUTIONS = ["proportional", "each_line", "each_unit", "by_quantity", "even", "greedy_in_order"];

export function randomDiscount(maker, troubles) {
  const { random, cart, policy, untroubled } = maker;
  if (untroubled > MOST_LARGE_DISCOUNTS) return smallDiscount(random, cart, policy.minBasisPoints);
  const shape = randomShape(maker, troubles);
  const share = shape.distribution ?? policy.distribution;
  const times = shape.target !== "shipping" && (share === "each_line" || share === "each_unit") ? countedUnits(cart) : 1;
  const bounds = { ...maker, missing: troubles.includes("currency"), failing: troubles.includes("minimum"), times: BigInt(Math.max(times, 1)) };
  const value = random.weighted([
    [38, () => percent(bounds)],
    [24, () => amount(bounds)],
    [8, () => amountForEvery(bounds)],
    [12, () => price(bounds)],
    [16, () => tiers(bounds)],
  ])();
  const perLine = shape.target !== "shipping" && random.chance(12);
  if (perLine) shape.maxPerLine = amountsFor(random, cart, bounds.missing, withinBounds(countedSubtotal(cart) / BigInt(random.int(2, 30))));
  return { ...value, ...shape };
}

/** A credit of one currency, with what may be paid with it. */
export function randomCredit({ random, cart }, troubles) {
  const others = CURRENCIES.filter((currency) => currency !== cart.currency);
  const most = troubles.some((trouble) => trouble === "balance" || trouble === "balance_held") ? 10n ** 12n : LARGEST;
  const value = randomAmount(random, cart);
  const currency = troubles.includes("currency") ? random.pick(others) : cart.currency;
  const credit = { type: "store_credit", amounts: { [currency]: wire(value < most ? value : most) } };
  if (random.chance(55)) credit.covers = random.pick(["items", "items_tax", "grand_total"]);
  if (random.chance(55)) credit.bearer = true;
  else if (random.chance(10)) credit.bearer = false;
  return credit;
}

function randomShape({ random, cart }, troubles) {
  const shape = {};
  if (random.chance(20)) shape.basis = random.pick(["original", "running"]);
  if (random.chance(cart.shipping > 0 ? 20 : 2)) return { ...shape, target: "shipping" };
  if (random.chance(8)) shape.target = "items";
  if (random.chance(22)) shape.units = randomUnits(random, troubles);
  if (random.chance(30)) shape.distribution = random.pick(DISTRIBUTIONS);
  return shape;
}

function randomUnits(random, troubles) {
  const units = { from: random.pick(["cheapest", "dearest"]), take: random.weighted([[8, 1], [4, 2], [2, random.int(3, 20)], [1, 1_000_000]]) };
  const isFailing = troubles.includes("minimum");
  if (isFailing || random.chance(35)) {
    units.take = random.weighted([[6, 1], [1, 2]]);
    units.buy = { quantity: isFailing ? 1_000_000 : random.weighted([[8, 1], [3, 2], [1, 3]]) };
    if (random.chance(40)) units.buy.products = random.chance(70) ? { exclude: anyProductIds(random) } : { include: anyProductIds(random) };
  }
  if (random.chance(45)) units.times = random.weighted([[6, random.int(1, 3)], [1, 1_000_000]]);
  return units;
}

function percent(bounds) {
  const { random, cart, policy: { minBasisPoints }, missing } = bounds;
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

function amount({ random, cart, missing, times }) {
  const value = randomAmount(random, cart);
  return { type: "amount", amounts: amountsFor(random, cart, missing, withinBounds(value, LARGEST / times)) };
}

function amountForEvery({ random, cart, missing, failing, times: perUnit }) {
  const worth = countedSubtotal(cart);
  const every = withinBounds(failing ? worth + 1n : worth / BigInt(random.int(1, 12)) - BigInt(random.pick([0, 0, 1])));
  const discount = { type: "amount", amounts: null, every: amountsFor(random, cart, missing, every) };
  if (random.chance(50)) discount.times = random.weighted([[6, random.int(1, 4)], [1, 1_000_000]]);
  const factor = worth / every + 1n;
  const value = worth / BigInt(random.int(8, 60)) / factor + BigInt(random.int(0, 300));
  discount.amounts = amountsFor(random, cart, missing, withinBounds(value, LARGEST / perUnit / factor));
  return discount;
}

/** Around what the units of this cart cost, or for nothing. */
function price({ random, cart, missing }) {
  const dearest = cart.lines.reduce((most, line) => (BigInt(line.unitPrice) > most ? BigInt(line.unitPrice) : most), 0n);
  const one = cart.lines.length > 0 ? BigInt(random.pick(cart.lines).unitPrice) : 1n;
  const value = random.weighted([[6, one - one / BigInt(random.int(2, 10))], [3, dearest / 2n], [1, one], [1, 1n], [1, LARGEST]]);
  const amounts = amountsFor(random, cart, missing, withinBounds(value));
  if (random.chance(15)) for (const currency of Object.keys(amounts)) amounts[currency] = 0;
  return { type: "price", amounts };
}

function tiers(bounds) {
  const { random, cart, missing, failing } = bounds;
  const count = random.weighted([[3, 1], [6, 2], [4, 3], [1, 20]]);
  const by = random.pick(["amount", "quantity"]);
  const whole = by === "amount" ? countedSubtotal(cart) : BigInt(countedUnits(cart));
  const first = failing ? whole + 1n : random.weighted([[10, 1n], [4, whole / 3n], [1, whole]]);
  const starts = ascending(random, withinBounds(first), count, whole);
  const template = by === "amount" ? amountsFor(random, cart, missing, 1n) : null;
  const offsets = Object.fromEntries(Object.keys(template ?? {}).map((currency) => [currency, random.int(0, 50)]));
  const fromIn = (start, currency) => (currency === cart.currency ? start : BigInt(offsets[currency] + 1) + start);
  const from = (start) => (template ? mapped(template, (currency) => wire(fromIn(start, currency))) : Number(start));
  const value = () => random.weighted([[6, percent], [4, amount], [3, price]])(bounds);
  return { type: "tiers", by, tiers: starts.map((start) => ({ from: from(start), discount: value() })) };
}

function ascending(random, first, count, whole) {
  const starts = [first];
  while (starts.length < count) {
    const step = random.pick([1n, 1n, whole / 4n, whole / 10n]);
    starts.push(starts.at(-1) + (step < 1n ? 1n : step));
  }
  return starts.filter((start) => start <= LARGEST - 100n);
}

function mapped(record, valueOf) {
  return Object.fromEntries(Object.keys(record).map((key) => [key, valueOf(key)]));
}

/** Leaves something for many others. */
function smallDiscount(random, cart, minBasisPoints) {
  const basisPoints = random.int(minBasisPoints, 800);
  if (random.chance(60)) return { type: "percent", basisPoints };
  const value = withinBounds(countedSubtotal(cart) / BigInt(random.int(20, 200)), LARGEST / BigInt(Math.max(countedUnits(cart), 1)));
  return { type: "amount", amounts: amountsFor(random, cart, false, value) };
}

/** Around the cart's worth: far below it, a part of it, on it, next to it, beyond it. */
function randomAmount(random, cart) {
  const worth = countedSubtotal(cart);
  const value = random.weighted([
    [30, BigInt(random.int(1, 500))],
    [40, worth / BigInt(random.int(4, 40))],
    [10, worth / 2n],
    [4, worth],
    [4, worth + BigInt(random.int(-1, 1))],
    [6, worth * 2n],
    [6, BigInt(random.int(1, 10 ** 12))],
  ]);
  return withinBounds(value);
}

/** Amounts are at least 1 and stay inside a signed 64-bit integer. */
export function withinBounds(value, largest = LARGEST) {
  return value < 1n ? 1n : value > largest ? largest : value;
}

/** One entry per currency, the cart's among them unless that is to be `missing`. */
export function amountsFor(random, cart, missing, value) {
  const others = random.shuffled(CURRENCIES.filter((currency) => currency !== cart.currency));
  const currencies = missing ? others.slice(0, random.int(1, 3)) : [cart.currency, ...others.slice(0, random.int(0, 2))];
  const amountIn = (currency) => (currency === cart.currency ? value : BigInt(random.int(1, 9999)));
  return Object.fromEntries(random.shuffled(currencies).map((currency) => [currency, wire(amountIn(currency))]));
}

