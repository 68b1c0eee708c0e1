/**
 * Owns why an effect may not join others, whatever it would take off.
 * Must not search: which others there are is given.
 */
import { asksForRunningMinimum, runningMinimumNotMet } from "./checks-cart.mjs";
import { takeAll } from "./discounts.mjs";
import { categoriesOf, conflict, isSameDiscount, namesOf } from "./effects.mjs";
import { inOwnWords, rejection } from "./rejection.mjs";

/** How a refusal of this effect by stacking is written. */
export function refusal(effect, code, details) {
  return inOwnWords(rejection(code, effect.stackingLevel, details), effect);
}

/**
 * The first thing that keeps `effect` from joining those that stand, or `null`. `ordered` says who comes before it;
 * `conflictReason` what an unwilling pair is called.
 */
export function obstacleTo(effect, standing, { shop, ordered, maxCodes, conflictReason = "not_combinable" }) {
  const same = standing.find((other) => isSameDiscount(effect, other));
  if (same) return refusal(effect, "already_applied", { with: [same.name] });
  const isLater = (other) => ordered.indexOf(other) > ordered.indexOf(effect);
  const inTheWay = standing.filter((other) => conflict(effect, other) || (effect.stops && isLater(other)));
  if (inTheWay.length > 0) return refusal(effect, conflictReason, { with: namesOf(inTheWay) });
  const before = standing.filter((other) => ordered.indexOf(other) < ordered.indexOf(effect));
  const stopper = before.find(({ stops }) => stops);
  if (stopper) return refusal(effect, "stopped_by_previous", { with: [stopper.name] });
  const category = fullCategory(effect, standing, shop.policy.stacking.maxPerCategory);
  if (category !== null) return refusal(effect, "too_many_codes", { max: shop.policy.stacking.maxPerCategory[category], category });
  const short = asksForRunningMinimum(effect) && runningMinimumNotMet(effect, takeAll(before, shop).state.left, shop.cart);
  if (short) return inOwnWords(short, effect);
  return isOneTooMany(effect, standing, maxCodes) ? tooManyCodes(effect, maxCodes) : null;
}

export function tooManyCodes(effect, max) {
  return refusal(effect, "too_many_codes", { max });
}

/** Only entries count, each once however many effects it brings. */
export function bringsNewEntry(effect, standing) {
  return effect.entry !== null && !standing.some(({ entry }) => entry === effect.entry);
}

function isOneTooMany(effect, standing, maxCodes) {
  return bringsNewEntry(effect, standing) && entriesOf(standing).length >= maxCodes;
}

export function entriesOf(effects) {
  return [...new Set(effects.map(({ entry }) => entry).filter((entry) => entry !== null))];
}

function fullCategory(effect, standing, maxPerCategory) {
  const count = (category) => standing.filter((other) => categoriesOf(other).includes(category)).length;
  const isFull = (category) => Object.hasOwn(maxPerCategory, category) && count(category) >= maxPerCategory[category];
  return categoriesOf(effect).find(isFull) ?? null;
}
