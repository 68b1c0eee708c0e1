/**
 * Owns the checks against counters: limits, holds of others, the balance of a credit.
 * Must not count anything itself.
 */
import { customerCounter } from "./canonical.mjs";
import { minor } from "./cart.mjs";
import { balanceOf } from "./credits.mjs";
import { rejection } from "./rejection.mjs";

export function limitReached({ levels }, { counters, now }) {
  return levels.flatMap((at) => {
    const { limit, used, live } = totalUse(at, counters, now);
    return limit !== null && live >= limit && used >= limit ? [rejection("limit_reached", at.name, { limit, used })] : [];
  });
}

export function balanceExhausted({ isCredit, coupon }, { counters, cart }) {
  const balance = isCredit ? balanceOf(coupon, cart.currency, counters) : null;
  if (balance === null || balance.available > 0n || balance.held > 0n) return [];
  return [rejection("balance_exhausted", "coupon", figuresOf(balance, cart))];
}

/** Totals of all levels first, then the customer's of all levels, then what a credit has left. */
export function reservedElsewhere({ levels, isCredit, coupon }, { counters, keys, policy, now, cart }) {
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
  const balance = isCredit ? balanceOf(coupon, cart.currency, counters) : null;
  const others = [...totals, ...ofCustomer];
  if (balance === null || balance.available > 0n || balance.held === 0n) return others;
  const figures = { ...figuresOf(balance, cart), held: minor(balance.held), nextExpiry: balance.nextExpiry };
  return [...others, rejection("reserved_elsewhere", "coupon", figures)];
}

export function customerLimitReached({ levels }, { counters, keys, policy, now }) {
  return levels.flatMap((at) => {
    const { limit, full } = fullCustomerUses(at, counters, keys, policy, now);
    const spent = full.find(({ used }) => used >= limit);
    return spent ? [rejection("customer_limit_reached", at.name, { limit, used: spent.used, kind: spent.kind })] : [];
  });
}

function figuresOf({ issued, spent, held }, { currency }) {
  return { currency, limit: minor(issued), used: minor(spent - held) };
}

function totalUse({ limits, counter }, counters, now) {
  const limit = limits.total ?? null;
  return limit === null ? { limit } : { limit, ...useOf(counters, counter, now) };
}

/** The uses of the customer's keys that leave nothing of this level's limit, in the order of the keys. */
function fullCustomerUses({ limits, counter }, counters, keys, { stripPlusTag }, now) {
  const limit = limits.perCustomer ?? null;
  if (limit === null) return { limit, full: [] };
  const uses = keys.map((key) => ({ kind: key.kind, ...useOf(counters, customerCounter(counter, key, stripPlusTag), now) }));
  return { limit, full: uses.filter(({ live }) => live >= limit) };
}

/** `live` is what still counts: the hold that ends next is gone at its instant, even where no one has swept it yet. */
function useOf(counters, name, now) {
  const { claimed, held = 0, nextExpiry = null } = Object.hasOwn(counters, name) ? counters[name] : { claimed: 0 };
  const live = nextExpiry !== null && nextExpiry <= now ? claimed - 1 : claimed;
  return { held, nextExpiry, used: claimed - held, live };
}
