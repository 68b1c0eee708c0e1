/**
 * Owns the amounts: what each coupon of a given list takes off, from which lines.
 * Must not decide which coupons are in the list.
 */
import { compareBytes } from "./canonical.mjs";
import { eligibleLines, sumOf } from "./cart.mjs";
import { compare, floor, fraction, fractionalPart, round } from "./rational.mjs";

/** For each entry, in the order given: `{requested, amount, shares}`, the shares by line. */
export function discountsOf(entries, cart, mode, rounding) {
  const left = new Map(cart.lines.map((line) => [line, line.subtotal]));
  return entries.map((entry) => {
    const lines = eligibleLines(cart, [entry.coupon.restrictions?.products, entry.record?.restrictions?.products]);
    const bases = lines.map((line) => (mode === "sequential" ? left.get(line) : line.subtotal));
    const { requested, amount } = effectOf(entry.coupon.discount, cart.currency, sumOf(bases), rounding);
    const parts = allocate(amount, lines, bases);
    const shares = new Map();
    lines.forEach((line, place) => {
      const share = smaller(parts[place], left.get(line));
      shares.set(line, share);
      left.set(line, left.get(line) - share);
    });
    return { requested, amount: sumOf([...shares.values()]), shares };
  });
}

export function totalOf(discounts) {
  return sumOf(discounts.map(({ amount }) => amount));
}

function effectOf(discount, currency, base, rounding) {
  if (discount.type === "amount") {
    const requested = BigInt(discount.amounts[currency]);
    return { requested, amount: smaller(requested, base) };
  }
  const requested = round(fraction(base * BigInt(discount.basisPoints), 10000n), rounding);
  return { requested, amount: discount.cap ? smaller(requested, BigInt(discount.cap[currency])) : requested };
}

/**
 * Largest remainder: whole parts of the exact proportion, then one missing unit each to the largest fractions.
 * Equal fractions go by line id, so that the order of the lines changes nothing.
 */
export function allocate(amount, lines, bases) {
  const total = sumOf(bases);
  if (total === 0n) return lines.map(() => 0n);
  const exact = bases.map((base) => fraction(base * amount, total));
  const parts = exact.map(floor);
  const byRemainder = lines
    .map((line, place) => ({ line, place, remainder: fractionalPart(exact[place]) }))
    .sort((a, b) => compare(b.remainder, a.remainder) || compareBytes(a.line.id, b.line.id));
  const missing = Number(amount - sumOf(parts));
  for (const { place } of byRemainder.slice(0, missing)) parts[place] += 1n;
  return parts;
}

/** A line's share by unit, as runs: the first units carry what does not divide. */
export function unitRuns(share, quantity) {
  const each = share / quantity;
  const extra = share % quantity;
  return [
    { quantity: extra, amount: each + 1n },
    { quantity: quantity - extra, amount: each },
  ].filter((run) => run.quantity > 0n);
}

function smaller(a, b) {
  return a < b ? a : b;
}
