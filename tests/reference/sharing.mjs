/**
 * Owns how a whole amount is divided: over lines by each distribution, over the units of a line.
 * Must not know where the amount comes from. A pick is `{line, units}`: so many units of that line.
 */
import { compareBytes } from "./canonical.mjs";
import { smaller, sumOf } from "./cart.mjs";
import { compare, floor, fraction, fractionalPart } from "./rational.mjs";

/**
 * Largest remainder: whole parts of the exact proportion, then one missing unit each to the largest fractions.
 * Equal fractions go by line id, so that the order of the lines changes nothing.
 */
export function byWeight(amount, picks, weights) {
  const total = sumOf(weights);
  if (total === 0n) return picks.map(() => 0n);
  const exact = weights.map((weight) => fraction(weight * amount, total));
  const parts = exact.map(floor);
  const byRemainder = picks
    .map(({ line }, place) => ({ line, place, remainder: fractionalPart(exact[place]) }))
    .sort((a, b) => compare(b.remainder, a.remainder) || compareBytes(a.line.id, b.line.id));
  const missing = Number(amount - sumOf(parts));
  for (const { place } of byRemainder.slice(0, missing)) parts[place] += 1n;
  return parts;
}

/** Shares out an amount that is no more than all bases together. */
export function shareOut(amount, picks, bases, distribution) {
  switch (distribution) {
    case "proportional":
      return byWeight(amount, picks, bases);
    case "by_quantity":
      return inRounds(amount, picks, bases, ({ units }) => units);
    case "even":
      return inRounds(amount, picks, bases, () => 1n);
    case "greedy_in_order":
      return inOrder(amount, bases);
    default:
      throw new RangeError(`${distribution} shares nothing out`);
  }
}

/** Each line takes at most its base; what did not fit goes round again among those with room. */
function inRounds(amount, picks, bases, weightOf) {
  const shares = picks.map(() => 0n);
  for (let rest = amount; rest > 0n; rest = amount - sumOf(shares)) {
    const places = picks.map((_, place) => place).filter((place) => shares[place] < bases[place]);
    const roomy = places.map((place) => picks[place]);
    const parts = byWeight(rest, roomy, roomy.map(weightOf));
    for (const [at, place] of places.entries()) shares[place] = smaller(shares[place] + parts[at], bases[place]);
  }
  return shares;
}

function inOrder(amount, bases) {
  let rest = amount;
  return bases.map((base) => {
    const share = smaller(base, rest);
    rest -= share;
    return share;
  });
}

/** What each of so many units carries of an amount, as runs: the first units carry what does not divide. */
export function overUnits(amount, units) {
  const each = amount / units;
  const extra = amount % units;
  return [
    { quantity: extra, amount: each + 1n },
    { quantity: units - extra, amount: each },
  ].filter((run) => run.quantity > 0n);
}

/** What the first `some` of `all` units carry of an amount. */
export function ofFirstUnits(amount, some, all) {
  const extra = amount % all;
  return some * (amount / all) + smaller(some, extra);
}

/** A line's share by unit: the units picked carry it, the others nothing. */
export function unitRuns(share, picked, quantity) {
  const runs = overUnits(share, picked);
  if (quantity === picked) return runs;
  const last = runs.at(-1);
  const rest = { quantity: quantity - picked, amount: 0n };
  if (last.amount > 0n) return [...runs, rest];
  return [...runs.slice(0, -1), { quantity: last.quantity + rest.quantity, amount: 0n }];
}
