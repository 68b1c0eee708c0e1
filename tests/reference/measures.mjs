/**
 * Owns what a discount comes to on this cart before anything is taken: the tier reached, how often an amount is given,
 * which units it is for.
 * Must not compute an amount taken off.
 */
import { compareBytes } from "./canonical.mjs";
import { amountIn, covers, minor, ordinaryLines, smaller, sumOf } from "./cart.mjs";

const SCOPE = "eligible_lines";

/**
 * `{value, factor, picks, missed}`: the percentage, amount or price that counts, how many times, and the units it is
 * taken of. `missed` are the details of what the cart falls short of, where it does.
 */
export function measure(discount, eligible, cart) {
  const { value, factor = 1n, missed = null } = valueOf(discount, eligible, cart.currency);
  if (!discount.units) return { value, factor, missed, picks: eligible.map((line) => ({ line, units: line.quantity })) };
  const chosen = chooseUnits(discount.units, eligible, cart);
  return { value, factor, picks: chosen.picks ?? [], missed: missed ?? chosen.missed ?? null };
}

function valueOf(discount, eligible, currency) {
  const worth = sumOf(eligible.map((line) => line.subtotal));
  if (discount.type === "tiers") return tierOf(discount, eligible, worth, currency);
  const every = amountIn(discount.every, currency);
  if (every === null) return { value: discount };
  const factor = smaller(BigInt(discount.times ?? Number.MAX_SAFE_INTEGER), worth / every);
  return factor > 0n ? { value: discount, factor } : { missed: shortOf(every, worth, currency) };
}

/** The last tier reached. A map without this currency is another check's. */
function tierOf({ by, tiers }, eligible, worth, currency) {
  const isAmount = by === "amount";
  const actual = isAmount ? worth : sumOf(eligible.map((line) => line.quantity));
  const starts = tiers.map(({ from }) => (isAmount ? amountIn(from, currency) : BigInt(from)));
  if (starts.includes(null)) return {};
  const reached = tiers.findLast((_, place) => starts[place] <= actual);
  if (reached) return { value: reached.discount };
  return { missed: isAmount ? shortOf(starts[0], actual, currency) : tooFew(starts[0], actual) };
}

function shortOf(required, actual, currency) {
  const shortfall = minor(required - actual);
  return { currency, required: minor(required), actual: minor(actual), shortfall, scope: SCOPE };
}

function tooFew(required, actual) {
  return { requiredQuantity: minor(required), actualQuantity: minor(actual), scope: SCOPE };
}

/** Nothing that was bought to open the offer is given away, too. */
function chooseUnits({ from, take, buy, times }, eligible, cart) {
  const priced = eligible.filter((line) => line.unitPrice > 0n);
  const most = BigInt(times ?? 1);
  if (!buy) return { picks: walkUnits(priced, from, BigInt(take) * most, []) };
  const bought = buy.products ? ordinaryLines(cart).filter((line) => covers(buy.products, line)) : priced;
  const [x, y] = [BigInt(buy.quantity), BigInt(take)];
  const needs = [
    [x, unitsOf(bought)],
    [y, unitsOf(priced)],
    [x + y, unitsOf([...new Set([...bought, ...priced])])],
  ];
  const failing = needs.find(([needed, there]) => there < needed);
  if (failing) return { missed: tooFew(...failing) };
  const sets = needs.map(([needed, there]) => there / needed);
  const count = [...sets, ...(times === undefined ? [] : [BigInt(times)])].reduce(smaller);
  return { picks: walkUnits(priced, from, count * y, bought, unitsOf(bought) - count * x) };
}

/** Takes units line by line, cheapest or dearest first, so many `ofBought` at most; the picks in the cart's order. */
function walkUnits(lines, from, wanted, bought, ofBought = 0n) {
  const sign = from === "cheapest" ? 1 : -1;
  const walk = [...lines].sort((a, b) => sign * Number(a.unitPrice - b.unitPrice) || compareBytes(a.id, b.id));
  const picked = new Map();
  let [rest, restOfBought] = [wanted, ofBought];
  for (const line of walk) {
    const isBought = bought.includes(line);
    const units = [line.quantity, rest, ...(isBought ? [restOfBought] : [])].reduce(smaller);
    rest -= units;
    if (isBought) restOfBought -= units;
    picked.set(line, units);
  }
  return lines.map((line) => ({ line, units: picked.get(line) })).filter(({ units }) => units > 0n);
}

function unitsOf(lines) {
  return sumOf(lines.map((line) => line.quantity));
}
