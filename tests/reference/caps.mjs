/**
 * Owns what the shop never lets through: more than its share off in all, or a rest too small to be paid.
 * Must not choose among effects: the last applied gives way first.
 */
import { amountIn, beyond, smaller, sumOf } from "./cart.mjs";
import { byWeight } from "./sharing.mjs";

/**
 * The takes of the applied effects, in their order, as far as the shop allows them: the same with smaller shares and
 * `trimmed`. One that has nothing left has an amount of 0.
 */
export function withinCaps(takes, { cart, policy }) {
  const globally = trimLines(takes.map((taken) => ({ ...taken, trimmed: false })), beyond(offLines(takes), allowed(cart, policy)));
  return trimAll(globally, missingFromLeast(globally, cart, policy));
}

function allowed(cart, { globalCapBasisPoints }) {
  const worth = sumOf(cart.lines.filter(({ discountable }) => discountable).map(({ subtotal }) => subtotal));
  return globalCapBasisPoints === null ? worth : (worth * BigInt(globalCapBasisPoints)) / 10_000n;
}

/** How much of the discounts has to go so that the least payable is left. */
function missingFromLeast(takes, cart, { minPayable, allowZeroTotal }) {
  const full = sumOf(cart.lines.map((line) => line.subtotal - line.foreign)) + cart.shipping + cart.tax;
  const rest = full - sumOf(takes.map(({ amount }) => amount));
  if (rest === 0n && allowZeroTotal) return 0n;
  const asked = amountIn(minPayable, cart.currency) ?? 0n;
  const least = asked === 0n && !allowZeroTotal ? 1n : asked;
  return beyond(least, rest);
}

/** Cuts so much, from the last effect backwards. Nothing is cut twice, and no more than there is. */
function trimAll(takes, excess) {
  return backwards(takes, excess, (taken, cut) => {
    const fromLines = smaller(cut, offLines([taken]));
    return trim(taken, fromLines, smaller(cut - fromLines, taken.shipping));
  });
}

function trimLines(takes, excess) {
  return backwards(takes, excess, (taken, cut) => trim(taken, smaller(cut, offLines([taken])), 0n));
}

function backwards(takes, excess, trimOne) {
  let rest = excess;
  return takes.toReversed().map((taken) => {
    const trimmed = trimOne(taken, rest);
    rest -= taken.amount - trimmed.amount;
    return trimmed;
  }).toReversed();
}

function trim(taken, fromLines, fromShipping) {
  if (fromLines + fromShipping === 0n) return taken;
  const lines = [...taken.shares.keys()];
  const parts = byWeight(offLines([taken]) - fromLines, lines.map((line) => ({ line })), [...taken.shares.values()]);
  const shares = new Map(lines.map((line, place) => [line, parts[place]]));
  const shipping = taken.shipping - fromShipping;
  return { ...taken, shares, shipping, amount: sumOf(parts) + shipping, trimmed: true };
}

function offLines(takes) {
  return sumOf(takes.flatMap(({ shares }) => [...shares.values()]));
}
