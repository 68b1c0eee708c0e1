/**
 * Owns the checks of one entry by itself, in their fixed order.
 * Must not look at other entries: that is stacking's.
 */
import { canonicalKey, codeCounter, couponCounter, customerCounter, sameKey } from "./canonical.mjs";
import { eligibleLines, minor, sumOf } from "./cart.mjs";
import { rejection } from "./rejection.mjs";

/** Every failing check of an entry, the primary one first. */
export function failuresOf(entry, context) {
  const levels = [level("coupon", entry.coupon, couponCounter(entry.coupon.id))];
  if (entry.record) levels.push(level("code", entry.record, codeCounter(entry.record.id)));
  return CHECKS.flatMap((check) => check({ ...context, entry, levels }));
}

const CHECKS = [
  inState("archived"),
  inState("inactive"),
  noDiscountLinked,
  notStarted,
  expired,
  limitReached,
  reservedElsewhere,
  codesNotAllowed,
  customerRequired,
  customerNotAllowed,
  notFirstOrder,
  customerLimitReached,
  currencyMismatch,
  noEligibleItems,
  minimumNotMet,
];

function level(name, { state = "active", restrictions, limits }, counter) {
  return { name, state, restrictions: restrictions ?? {}, limits: limits ?? {}, counter };
}

function inState(state) {
  return ({ levels }) => levels.filter((at) => at.state === state).map((at) => rejection(state, at.name));
}

function noDiscountLinked({ entry }) {
  return entry.coupon.discount ? [] : [rejection("no_discount_linked", "coupon")];
}

function notStarted({ levels, now }) {
  return levels.flatMap(({ name, restrictions }) => {
    const startsAt = instant(restrictions.startsAt);
    return startsAt !== null && startsAt > now ? [rejection("not_started", name, { startsAt })] : [];
  });
}

function expired({ levels, now }) {
  return levels.flatMap(({ name, restrictions }) => {
    const expiresAt = instant(restrictions.expiresAt);
    return expiresAt !== null && expiresAt < now ? [rejection("expired", name, { expiresAt })] : [];
  });
}

function limitReached({ levels, counters, now }) {
  return levels.flatMap((at) => {
    const { limit, used, live } = totalUse(at, counters, now);
    return limit !== null && live >= limit && used >= limit ? [rejection("limit_reached", at.name, { limit, used })] : [];
  });
}

/** Totals of both levels first, then the customer's of both levels. */
function reservedElsewhere({ levels, counters, keys, policy, now }) {
  const totals = levels.flatMap((at) => {
    const { limit, used, held, nextExpiry, live } = totalUse(at, counters, now);
    const waiting = limit !== null && live >= limit && used < limit;
    return waiting ? [rejection("reserved_elsewhere", at.name, { limit, used, held, nextExpiry })] : [];
  });
  const ofCustomer = levels.flatMap((at) => {
    const { limit, full } = fullCustomerUses(at, counters, keys, policy, now);
    if (full.length === 0 || full.some(({ used }) => used >= limit)) return [];
    const [{ used, held, nextExpiry, kind }] = full;
    return [rejection("reserved_elsewhere", at.name, { limit, used, held, nextExpiry, kind })];
  });
  return [...totals, ...ofCustomer];
}

function codesNotAllowed({ entry, codesAllowed }) {
  return !codesAllowed && entry.code !== null ? [rejection("codes_not_allowed", "code")] : [];
}

function customerRequired({ levels, keys }) {
  if (keys.length > 0) return [];
  const asks = ({ restrictions, limits }) =>
    restrictions.customers != null || restrictions.firstOrderOnly === true || limits.perCustomer != null;
  return levels.filter(asks).map((at) => rejection("customer_required", at.name));
}

function customerNotAllowed({ levels, keys }) {
  if (keys.length === 0) return [];
  const shutsOut = ({ restrictions: { customers } }) =>
    customers != null && !customers.map(canonicalKey).some((listed) => keys.some((key) => sameKey(key, listed)));
  return levels.filter(shutsOut).map((at) => rejection("customer_not_allowed", at.name));
}

function notFirstOrder({ levels, keys, priorOrders }) {
  if (keys.length === 0 || priorOrders === 0) return [];
  return levels
    .filter(({ restrictions }) => restrictions.firstOrderOnly === true)
    .map((at) => rejection("not_first_order", at.name, { priorOrders }));
}

function customerLimitReached({ levels, counters, keys, policy, now }) {
  return levels.flatMap((at) => {
    const { limit, full } = fullCustomerUses(at, counters, keys, policy, now);
    const spent = full.find(({ used }) => used >= limit);
    return spent ? [rejection("customer_limit_reached", at.name, { limit, used: spent.used, kind: spent.kind })] : [];
  });
}

function currencyMismatch({ levels, entry, cart }) {
  const { discount } = entry.coupon;
  return levels.flatMap(({ name, restrictions }) => {
    const own = name === "coupon" ? [discount?.amounts, discount?.cap] : [];
    const maps = [...own, restrictions.minimum?.amounts].filter((amounts) => amounts != null);
    if (maps.every((amounts) => has(amounts, cart.currency))) return [];
    const accepted = Object.keys(maps[0]).filter((currency) => maps.every((amounts) => has(amounts, currency)));
    return [rejection("currency_mismatch", name, { currency: cart.currency, accepted: accepted.sort() })];
  });
}

function noEligibleItems({ levels, cart }) {
  const rules = levels.map(({ restrictions }) => restrictions.products);
  const nothingUnder = (some) => eligibleLines(cart, some).every((line) => line.subtotal === 0n);
  const details = { cartEmpty: cart.lines.length === 0 };
  if (nothingUnder(rules.slice(0, 1))) return [rejection("no_eligible_items", "coupon", details)];
  return nothingUnder(rules) ? [rejection("no_eligible_items", "code", details)] : [];
}

/** The one further away first, since that is what the shopper has to reach. */
function minimumNotMet({ levels, cart }) {
  const rules = levels.map(({ restrictions }) => restrictions.products);
  const missed = levels.flatMap(({ name, restrictions: { minimum } }) => {
    if (minimum == null || !has(minimum.amounts, cart.currency)) return [];
    const scope = minimum.scope ?? "all_lines";
    const counted = scope === "eligible_lines" ? eligibleLines(cart, rules) : cart.lines.filter((line) => !line.giftCard);
    const actual = sumOf(counted.map((line) => line.subtotal));
    const required = BigInt(minimum.amounts[cart.currency]);
    return actual < required ? [{ name, scope, required, actual, shortfall: required - actual }] : [];
  });
  if (missed.length === 2 && missed[1].shortfall > missed[0].shortfall) missed.reverse();
  return missed.map(({ name, scope, required, actual, shortfall }) => rejection("minimum_not_met", name, {
    currency: cart.currency,
    required: minor(required),
    actual: minor(actual),
    shortfall: minor(shortfall),
    scope,
  }));
}

function totalUse({ limits, counter }, counters, now) {
  return { limit: limits.total ?? null, ...useOf(counters, counter, now) };
}

/** The uses of the customer's keys that leave nothing of this level's limit, in the order of the keys. */
function fullCustomerUses({ limits, counter }, counters, keys, { stripPlusTag }, now) {
  const limit = limits.perCustomer ?? null;
  const uses = keys.map((key) => ({ kind: key.kind, ...useOf(counters, customerCounter(counter, key, stripPlusTag), now) }));
  return { limit, full: limit === null ? [] : uses.filter(({ live }) => live >= limit) };
}

/** `live` is what still counts: the hold that ends next is gone at its instant, even where no one has swept it yet. */
function useOf(counters, name, now) {
  const { claimed, held = 0, nextExpiry = null } = has(counters, name) ? counters[name] : { claimed: 0 };
  const live = nextExpiry !== null && nextExpiry <= now ? claimed - 1 : claimed;
  return { held, nextExpiry, used: claimed - held, live };
}

export function instant(value) {
  if (value == null) return null;
  return typeof value === "number" ? value : Date.parse(value);
}

function has(record, name) {
  return Object.hasOwn(record, name);
}
