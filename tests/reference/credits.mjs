/**
 * Owns store credit: what is left of it, and what it pays after all discounts.
 * Must not discount anything: a credit is a way to pay.
 */
import { compareBytes, creditCounters } from "./canonical.mjs";
import { amountIn, beyond, covers, ordinaryLines, smaller, sumOf } from "./cart.mjs";
import { runningMinimumNotMet } from "./checks-cart.mjs";
import { inOwnWords, rejection } from "./rejection.mjs";

/** `null` where the credit is in another currency. */
export function balanceOf(coupon, currency, counters) {
  const first = amountIn(coupon.discount.amounts, currency);
  if (first === null) return null;
  const { spent: name, added } = creditCounters(coupon.id);
  const count = (counter, field) => BigInt((Object.hasOwn(counters, counter) ? counters[counter][field] : null) ?? 0);
  const [issued, spent] = [first + count(added, "claimed"), count(name, "claimed")];
  return {
    issued,
    spent,
    held: count(name, "held"),
    nextExpiry: (Object.hasOwn(counters, name) ? counters[name].nextExpiry : null) ?? null,
    available: beyond(issued, spent),
  };
}

/** `{taken, refusals}`: `{candidate, balance, base, amount}` of each credit that pays, and the reason of each other. */
export function payWithCredits(candidates, payable, { cart, policy, counters }) {
  const taken = [];
  const refusals = new Map();
  for (const candidate of [...candidates].sort(inOrder)) {
    const refuse = (reason) => refusals.set(candidate, inOwnWords(reason, candidate));
    const paid = sumOf(taken.map(({ amount }) => amount));
    const same = taken.find((other) => other.candidate.coupon === candidate.coupon);
    const short = runningMinimumNotMet(candidate, payable.left, cart);
    const { available: balance } = balanceOf(candidate.coupon, cart.currency, counters);
    const base = smaller(beyond(coveredBy(candidate, payable, cart), paid), payable.total - paid);
    const amount = leavingPayable(smaller(balance, base), payable.total - paid, amountIn(policy.minPayable, cart.currency) ?? 0n);
    if (same) refuse(rejection("already_applied", "coupon", { with: [same.candidate.entry.name] }));
    else if (short) refuse(short);
    else if (amount === 0n) refuse(rejection("no_effect", "coupon"));
    else taken.push({ candidate, balance, base, amount });
  }
  return { taken, refusals };
}

function inOrder(a, b) {
  return (
    (a.coupon.priority ?? 0) - (b.coupon.priority ?? 0) ||
    compareBytes(a.entry.name, b.entry.name) ||
    Number(a.entry.code === null) - Number(b.entry.code === null)
  );
}

/** What is left of the lines, the tax and the shipping this credit may pay for. */
function coveredBy({ levels, discount }, { left, shipping }, cart) {
  const lines = ordinaryLines(cart).filter((line) => levels.every(({ products }) => covers(products, line)));
  const items = sumOf(lines.map((line) => left.get(line)));
  const extras = { items: 0n, items_tax: cart.tax, grand_total: cart.tax + shipping };
  return items + extras[discount.covers ?? "items"];
}

/** A rest too small to be paid by other means stays whole: the credit pays less. */
function leavingPayable(amount, total, least) {
  const rest = total - amount;
  return rest > 0n && rest < least ? beyond(total, least) : amount;
}
