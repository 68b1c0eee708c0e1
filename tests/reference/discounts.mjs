/**
 * Owns the amounts: what one effect takes off a cart of which others have taken their part.
 * Must not decide which effects are taken, nor in which order.
 */
import { amountIn, beyond, smaller, sumOf } from "./cart.mjs";
import { fraction, round } from "./rational.mjs";
import { byWeight, ofFirstUnits, overUnits, shareOut } from "./sharing.mjs";

/** A cart of which only the host has taken its own discounts. */
export function untouched(cart) {
  return {
    left: new Map(cart.lines.map((line) => [line, line.subtotal - line.foreign])),
    shipping: cart.shipping,
    claimed: new Set(),
  };
}

/**
 * What the effect takes: `{requested, base, cap, distribution, shares, shipping, amount}`, the shares by line, and
 * `after`, the cart as it leaves it. `cap` is `null` unless it held.
 */
export function take(effect, state, shop) {
  return effect.target === "shipping" ? takeOfShipping(effect, state, shop) : takeOfLines(effect, state, shop);
}

/** What each of these effects takes, one after the other, and the cart after the last. */
export function takeAll(effects, shop) {
  let state = untouched(shop.cart);
  const takes = effects.map((effect) => {
    const taken = take(effect, state, shop);
    state = taken.after;
    return taken;
  });
  return { takes, state };
}

export function isRunning({ discount }, { policy }) {
  return (discount.basis ?? (policy.stacking.mode === "sequential" ? "running" : "original")) === "running";
}

function takeOfShipping(effect, state, shop) {
  const { cart, policy } = shop;
  const { value, factor } = effect;
  const base = isRunning(effect, shop) ? state.shipping : cart.shipping;
  const amount = amountIn(value.amounts, cart.currency);
  const figures = {
    percent: () => capped(percentOf(base, value, policy), value, cart.currency),
    amount: () => ({ requested: amount * factor, granted: smaller(amount * factor, base), cap: null }),
    price: () => ({ requested: beyond(base, amount), granted: beyond(base, amount), cap: null }),
  };
  const { requested, granted, cap } = figures[value.type]();
  const shipping = smaller(granted, state.shipping);
  const after = { ...state, shipping: state.shipping - shipping };
  return { requested, base, cap, distribution: null, shares: new Map(), shipping, amount: shipping, after };
}

function takeOfLines(effect, state, shop) {
  const { cart, policy } = shop;
  const keepsOff = policy.stacking.onePerLine && effect.isLineLevel;
  const picks = effect.picks.filter(({ line }) => !(keepsOff && state.claimed.has(line)));
  const bases = picks.map((pick) => baseOf(pick, effect, state, shop));
  const distribution = effect.value.type === "price" ? null : effect.discount.distribution ?? policy.distribution;
  const { requested, parts, cap } = sharesOf(effect, picks, bases, distribution, shop);
  const perLine = amountIn(effect.discount.maxPerLine, cart.currency);
  const shares = new Map(picks.map(({ line }, place) => {
    const part = perLine === null ? parts[place] : smaller(parts[place], perLine);
    return [line, smaller(part, state.left.get(line))];
  }));
  const left = new Map([...state.left].map(([line, rest]) => [line, rest - (shares.get(line) ?? 0n)]));
  const touched = effect.isLineLevel ? [...shares.keys()].filter((line) => shares.get(line) > 0n) : [];
  const after = { ...state, left, claimed: new Set([...state.claimed, ...touched]) };
  return { requested, base: sumOf(bases), cap, distribution, shares, shipping: 0n, amount: sumOf([...shares.values()]), after };
}

function baseOf({ line, units }, effect, state, shop) {
  if (isRunning(effect, shop)) return ofFirstUnits(state.left.get(line), units, line.quantity);
  const isReduced = shop.policy.foreignDiscounts === "subtract_from_base";
  return isReduced ? ofFirstUnits(line.subtotal - line.foreign, units, line.quantity) : line.unitPrice * units;
}

function sharesOf(effect, picks, bases, distribution, shop) {
  const { value, factor } = effect;
  const amount = amountIn(value.amounts, shop.cart.currency);
  switch (value.type) {
    case "percent":
      return percentShares(value, picks, bases, distribution, shop);
    case "amount":
      return amountShares(amount * factor, picks, bases, distribution);
    case "price": {
      const parts = picks.map(({ units }, place) => beyond(bases[place], amount * units));
      return { requested: sumOf(parts), parts, cap: null };
    }
    default:
      throw new RangeError(`${value.type} takes nothing off a line`);
  }
}

/** Rounded once on the sum, on each line or on each unit: by the shop's rule or the distribution, the finer of both. */
function percentShares(value, picks, bases, distribution, { cart, policy }) {
  const isByUnit = policy.roundingPoint === "unit" || distribution === "each_unit";
  const isByLine = policy.roundingPoint === "line" || distribution === "each_line";
  if (!isByUnit && !isByLine) {
    const { requested, granted, cap } = capped(percentOf(sumOf(bases), value, policy), value, cart.currency);
    return { requested, parts: shareOut(granted, picks, bases, distribution), cap };
  }
  const settle = (base) => percentOf(base, value, policy);
  const uncapped = picks.map(({ units }, place) => (isByUnit ? perUnit(bases[place], units, settle) : settle(bases[place])));
  const { requested, granted, cap } = capped(sumOf(uncapped), value, cart.currency);
  return { requested, parts: cap === null ? uncapped : byWeight(granted, picks, uncapped), cap };
}

function amountShares(amount, picks, bases, distribution) {
  if (distribution === "each_line") {
    return { requested: amount * BigInt(picks.length), parts: bases.map((base) => smaller(amount, base)), cap: null };
  }
  if (distribution === "each_unit") {
    const parts = picks.map(({ units }, place) => perUnit(bases[place], units, (base) => smaller(amount, base)));
    return { requested: amount * sumOf(picks.map(({ units }) => units)), parts, cap: null };
  }
  const granted = smaller(amount, sumOf(bases));
  return { requested: amount, parts: shareOut(granted, picks, bases, distribution), cap: null };
}

function perUnit(base, units, settle) {
  return sumOf(overUnits(base, units).map((run) => run.quantity * settle(run.amount)));
}

function percentOf(base, { basisPoints }, { rounding }) {
  return round(fraction(base * BigInt(basisPoints), 10_000n), rounding);
}

function capped(requested, value, currency) {
  const most = amountIn(value.cap, currency);
  return most !== null && most < requested ? { requested, granted: most, cap: most } : { requested, granted: requested, cap: null };
}
