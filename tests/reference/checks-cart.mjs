/**
 * Owns the checks of what is bought and where: context, currency, products, minimum, maximum.
 * Must not compute a discount.
 */
import { compareBytes } from "./canonical.mjs";
import { amountIn, covers, excludes, minor, narrows, ordinaryLines, sumOf } from "./cart.mjs";
import { rejection } from "./rejection.mjs";

const CONTEXT = { channel: "channels", country: "countries", paymentMethod: "paymentMethods", shippingMethod: "shippingMethods" };

export function contextMismatch({ levels }, { cart }) {
  return levels.flatMap(({ name, restrictions }) =>
    Object.entries(CONTEXT).flatMap(([field, list]) => {
      const allowed = restrictions[list] ?? null;
      if (allowed === null || allowed.includes(cart[field] ?? null)) return [];
      return [rejection("context_mismatch", name, { field, allowed: sortedOnce(allowed) })];
    }));
}

export function currencyMismatch({ levels, discount, discountLevel }, { cart }) {
  return levels.flatMap(({ name, restrictions: { minimum, maximum }, limits: { budget } }) => {
    const own = name === discountLevel ? amountsOf(discount) : [];
    const maps = [...own, minimum?.amounts, maximum?.amounts, budget].filter((amounts) => amounts != null);
    const inAll = (currency) => maps.every((amounts) => Object.hasOwn(amounts, currency));
    if (inAll(cart.currency)) return [];
    const accepted = Object.keys(maps[0]).filter(inAll);
    return [rejection("currency_mismatch", name, { currency: cart.currency, accepted: accepted.sort() })];
  });
}

/** Every map of a discount, those of tiers that are not reached among them. */
function amountsOf(discount) {
  if (!discount) return [];
  const ofTier = ({ from, discount: { amounts, cap } }) => [typeof from === "object" ? from : null, amounts, cap];
  const tiers = (discount.tiers ?? []).flatMap(ofTier);
  return [discount.amounts, discount.cap, discount.every, discount.maxPerLine, ...tiers];
}

/** At the first level that, together with those before it, leaves nothing of worth, or misses a product it asks for. */
export function noEligibleItems(candidate, { cart }) {
  const { levels, target } = candidate;
  const narrowing = levels.some(({ products }) => narrows(products));
  const noShipping = target === "shipping" && cart.shipping === 0n;
  if (target === "shipping" && !noShipping && !narrowing) return [];
  for (const [place, { name, products }] of levels.entries()) {
    const missing = missingProducts(products, cart);
    if (!noShipping && missing.length === 0 && worthAt(place, candidate, cart, narrowing) > 0n) continue;
    const details = { cartEmpty: cart.lines.length === 0 };
    return [rejection("no_eligible_items", name, missing.length > 0 ? { ...details, missing } : details)];
  }
  return [];
}

/** What is left at a level and those before it. A credit may cover tax and shipping as well. */
function worthAt(place, candidate, cart, narrowing) {
  const { isCredit, discount } = candidate;
  const worth = sumOf(reachedLines(candidate, place + 1, cart).map((line) => line.subtotal));
  const covered = isCredit && !narrowing ? discount.covers ?? "items" : "items";
  const tax = covered === "items" ? 0n : cart.tax;
  return worth + tax + (covered === "grand_total" ? cart.shipping : 0n);
}

function missingProducts(products, cart) {
  if (products?.requires !== "all") return [];
  const there = new Set(cart.lines.filter((line) => line.discountable && !excludes(products, line)).flatMap(({ ids }) => ids));
  return sortedOnce(products.include.filter((id) => !there.has(id)));
}

/** The one furthest away first, since that is what the shopper has to reach; last what the discount itself measures. */
export function minimumNotMet(candidate, { cart }) {
  const { levels, discountLevel, measured } = candidate;
  const missed = levels.flatMap(({ name, restrictions: { minimum } }) => {
    if (minimum == null) return [];
    const lines = linesOf(minimum, candidate, cart);
    const inMoney = isRunning(minimum) ? {} : shortfallOf(minimum, lines, (line) => line.subtotal, cart);
    return shortAt(name, { ...inMoney, ...tooFew(minimum, lines) });
  });
  return [...byShortfall(missed), ...shortAt(discountLevel, measured?.missed ?? {})];
}

function shortAt(level, details) {
  return Object.keys(details).length > 0 ? [rejection("minimum_not_met", level, details)] : [];
}

export function asksForRunningMinimum({ levels }) {
  return levels.some(({ restrictions: { minimum } }) => isRunning(minimum));
}

function isRunning(minimum) {
  return minimum?.basis === "running_before_this";
}

/** The minima that look at what the effects before have left, against this much left of each line. */
export function runningMinimumNotMet(candidate, left, cart) {
  const missed = candidate.levels.flatMap(({ name, restrictions: { minimum } }) => {
    if (!isRunning(minimum)) return [];
    return shortAt(name, shortfallOf(minimum, linesOf(minimum, candidate, cart), (line) => left.get(line), cart));
  });
  return byShortfall(missed)[0] ?? null;
}

export function maximumExceeded(candidate, { cart }) {
  return candidate.levels.flatMap(({ name, restrictions: { maximum } }) => {
    if (maximum == null) return [];
    const lines = linesOf(maximum, candidate, cart);
    const [most, actual] = [amountIn(maximum.amounts, cart.currency), sumOf(lines.map((line) => line.subtotal))];
    const quantity = sumOf(lines.map((line) => line.quantity));
    const details = {};
    if (most !== null && actual > most) {
      Object.assign(details, { currency: cart.currency, required: minor(most), actual: minor(actual), scope: scopeOf(maximum) });
    }
    if (maximum.quantity != null && quantity > BigInt(maximum.quantity)) {
      Object.assign(details, { requiredQuantity: maximum.quantity, actualQuantity: minor(quantity), scope: scopeOf(maximum) });
    }
    return Object.keys(details).length > 0 ? [rejection("maximum_exceeded", name, details)] : [];
  });
}

function scopeOf({ scope }) {
  return scope ?? "all_lines";
}

function linesOf(bound, candidate, cart) {
  return scopeOf(bound) === "eligible_lines" ? reachedLines(candidate, candidate.levels.length, cart) : ordinaryLines(cart);
}

/** What so many levels together let a discount touch. A credit pays for lines that no discount may touch, too. */
function reachedLines({ levels, isCredit }, count, cart) {
  const rules = levels.slice(0, count).map(({ products }) => products);
  return ordinaryLines(cart).filter((line) => (isCredit || line.discountable) && rules.every((products) => covers(products, line)));
}

function shortfallOf(minimum, lines, worthOf, cart) {
  const required = amountIn(minimum.amounts, cart.currency);
  const actual = sumOf(lines.map(worthOf));
  if (required === null || actual >= required) return {};
  return {
    currency: cart.currency,
    required: minor(required),
    actual: minor(actual),
    shortfall: minor(required - actual),
    scope: scopeOf(minimum),
  };
}

function tooFew(minimum, lines) {
  const actual = sumOf(lines.map((line) => line.quantity));
  if (minimum.quantity == null || actual >= BigInt(minimum.quantity)) return {};
  return { requiredQuantity: minimum.quantity, actualQuantity: minor(actual), scope: scopeOf(minimum) };
}

/** Largest shortfall in money first; equal ones, and those that lack units only, stay as they are. */
function byShortfall(missed) {
  const shortfall = ({ details }) => BigInt(details.shortfall ?? 0);
  return [...missed].sort((a, b) => (shortfall(a) > shortfall(b) ? -1 : shortfall(a) < shortfall(b) ? 1 : 0));
}

function sortedOnce(texts) {
  return [...new Set(texts)].sort(compareBytes);
}
