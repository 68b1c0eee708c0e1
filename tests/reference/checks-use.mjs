/**
 * Owns the checks against counters: limits, holds of others, the balance of a credit, a budget.
 * Must not count anything itself.
 */
import { budgetOf } from "./budgets.mjs";
import { minor } from "./cart.mjs";
import { balanceOf } from "./credits.mjs";
import { customerLimits, firstOrders, totalLimits } from "./limits.mjs";
import { rejection } from "./rejection.mjs";

export function limitReached(candidate, context) {
  return totalLimits(candidate, context).flatMap((limit) => usedUp("limit_reached", limit));
}

export function customerLimitReached(candidate, context) {
  return customerLimits(candidate, context).flatMap((limit) => usedUp("customer_limit_reached", limit));
}

export function firstOrderUsed(candidate, context) {
  return firstOrders(candidate, context).flatMap((limit) => usedUp("not_first_order", limit));
}

export function balanceExhausted(candidate, context) {
  return nothingLeft("balance_exhausted", creditOf(candidate, context), context);
}

export function budgetExhausted({ coupon }, context) {
  return nothingLeft("budget_exhausted", budgetOf(coupon, context.cart.currency, context.counters), context);
}

/** Totals of all levels first, then the customer's of all levels, his first order, what a credit and a budget have left. */
export function reservedElsewhere(candidate, context) {
  const limits = [...totalLimits(candidate, context), ...customerLimits(candidate, context), ...firstOrders(candidate, context)];
  return [
    ...limits.flatMap(waiting),
    ...inOthersHands(creditOf(candidate, context), context),
    ...inOthersHands(budgetOf(candidate.coupon, context.cart.currency, context.counters), context),
  ];
}

function usedUp(code, { name, per, limit, full }) {
  const spent = full.find(({ used }) => used >= limit);
  return spent ? [rejection(code, name, figuresOf(per, limit, spent, []))] : [];
}

function waiting({ name, per, limit, full }) {
  if (full.length === 0 || full.some(({ used }) => used >= limit)) return [];
  return [rejection("reserved_elsewhere", name, figuresOf(per, limit, full[0], ["held", "nextExpiry"]))];
}

function figuresOf(per, limit, use, further) {
  const names = ["used", "kind", ...further].filter((name) => use[name] !== undefined);
  return { limit, ...(per !== null && { per }), ...Object.fromEntries(names.map((name) => [name, use[name]])) };
}

function creditOf({ isCredit, coupon }, { cart, counters }) {
  return isCredit ? balanceOf(coupon, cart.currency, counters) : null;
}

function nothingLeft(code, balance, { cart }) {
  if (balance === null || balance.available > 0n || balance.used < balance.whole) return [];
  return [rejection(code, "coupon", moneyOf(balance, cart))];
}

function inOthersHands(balance, { cart }) {
  if (balance === null || balance.available > 0n || balance.used >= balance.whole) return [];
  const { held, nextExpiry } = balance;
  return [rejection("reserved_elsewhere", "coupon", { ...moneyOf(balance, cart), held: minor(held), nextExpiry })];
}

function moneyOf({ whole, used }, { currency }) {
  return { currency, limit: minor(whole), used: minor(used) };
}
