/**
 * Owns a coupon's budget: what is left of it, and which entries would overrun theirs.
 * Must not evaluate again: `evaluate.mjs` does, without them.
 */
import { budgetCounter, compareBytes } from "./canonical.mjs";
import { amountIn, beyond, minor, sumOf } from "./cart.mjs";
import { inOwnWords, rejection } from "./rejection.mjs";

/** `null` where there is none in this currency. */
export function budgetOf(coupon, currency, counters) {
  const whole = amountIn(coupon?.limits?.budget, currency);
  if (whole === null) return null;
  return balanceOn(budgetCounter(coupon.id, currency), whole, counters);
}

/** What is left of a whole, by its counter; what ended holds have still on it is nobody's. */
export function balanceOn(counter, whole, counters) {
  const view = Object.hasOwn(counters, counter) ? counters[counter] : { claimed: 0 };
  const [claimed, held, ended] = [view.claimed, view.held ?? 0, view.ended ?? 0].map(BigInt);
  const inUse = claimed - ended;
  return { whole, held, used: inUse - held, nextExpiry: view.nextExpiry ?? null, available: beyond(whole, inUse) };
}

/**
 * `[entry, reason]` of those that take more than their coupon's budget has left. Where several entries of one coupon share
 * it, one is given up at a time: the last in order of names, or as entered where the shop wants that.
 */
export function overruns(outcomes, { cart, policy, counters }) {
  const taking = outcomes.filter(({ entry, discount }) => entry.coupon && discount > 0n);
  const later = (a, b) => (policy.stacking.order === "requested" ? a.entry.index > b.entry.index : compareEntries(a.entry, b.entry) > 0);
  return [...new Set(taking.map(({ entry }) => entry.coupon))].flatMap((coupon) => {
    const budget = budgetOf(coupon, cart.currency, counters);
    const own = taking.filter(({ entry }) => entry.coupon === coupon);
    const required = sumOf(own.map(({ discount }) => discount));
    if (budget === null || required <= budget.available) return [];
    const last = own.reduce((best, next) => (later(next, best) ? next : best));
    const details = {
      currency: cart.currency, limit: minor(budget.whole), used: minor(budget.used), held: minor(budget.held), required: minor(required),
    };
    return [[last.entry, inOwnWords(rejection("budget_exhausted", "coupon", details), { coupon })]];
  });
}

function compareEntries(a, b) {
  return compareBytes(a.name, b.name) || Number(a.code === null) - Number(b.code === null);
}
