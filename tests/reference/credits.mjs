/**
 * Owns store credit: what is left of it, and what it pays after all discounts.
 * Must not discount anything: a credit is a way to pay.
 */
import { balanceOn } from "./budgets.mjs";
import { compareBytes, creditCounters } from "./canonical.mjs";
import { amountIn, beyond, covers, ordinaryLines, smaller, sumOf } from "./cart.mjs";
import { runningMinimumNotMet } from "./checks-cart.mjs";
import { inOwnWords, rejection } from "./rejection.mjs";

/** `null` where the credit is in another currency. */
export function balanceOf(coupon, currency, counters) {
  const first = amountIn(coupon.discount.amounts, currency);
  if (first === null) return null;
  const { spent, added } = creditCounters(coupon.id);
  const more = Object.hasOwn(counters, added) ? BigInt(counters[added].claimed) : 0n;
  return balanceOn(spent, first + more, counters);
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
    const base = smaller(roomFor(candidate, taken, payable, cart), payable.total - paid);
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

/**
 * The most it can pay such that every credit is paid for something it covers: whichever of the earlier ones are taken
 * together with it, they cannot pay more than what they cover together (Hall's condition).
 */
function roomFor(candidate, taken, payable, cart) {
  let subsets = [[]];
  for (const one of taken) subsets = subsets.concat(subsets.map((set) => [...set, one]));
  const rooms = subsets.map((earlier) => {
    const together = [candidate, ...earlier.map((one) => one.candidate)];
    return beyond(coveredBy(together, payable, cart), sumOf(earlier.map(({ amount }) => amount)));
  });
  return rooms.reduce(smaller);
}

/** What is left of the lines, the tax and the shipping that at least one of these credits may pay for. */
function coveredBy(candidates, { left, shipping }, cart) {
  const isCovered = (line) => candidates.some(({ levels }) => levels.every(({ products }) => covers(products, line)));
  const items = sumOf(ordinaryLines(cart).filter(isCovered).map((line) => left.get(line)));
  const some = (...words) => candidates.some(({ discount }) => words.includes(discount.covers ?? "items"));
  return items + (some("items_tax", "grand_total") ? cart.tax : 0n) + (some("grand_total") ? shipping : 0n);
}

/** A rest too small to be paid by other means stays whole: the credit pays less. */
function leavingPayable(amount, total, least) {
  const rest = total - amount;
  return rest > 0n && rest < least ? beyond(total, least) : amount;
}
