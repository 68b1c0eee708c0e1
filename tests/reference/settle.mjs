/**
 * Owns the way of those that passed their checks: stacking, the shop's caps, then the credits.
 * Must not shape an answer.
 */
import { beyond, sumOf } from "./cart.mjs";
import { withinCaps } from "./caps.mjs";
import { payWithCredits } from "./credits.mjs";
import { takeAll } from "./discounts.mjs";
import { effectOf, inOrder } from "./effects.mjs";
import { refusal } from "./obstacles.mjs";
import { stack } from "./stacking.mjs";

/**
 * `applied` in order as `{effect, taken}`, `standing` the effects that stacking let stand, `credits` that pay,
 * `external` the worth of each rule the host computes, `refusals` by candidate in stacking order, and `exact`.
 */
export function settle(candidates, shop) {
  const { cart, policy } = shop;
  const isOpen = policy.stacking.mode !== "none";
  const effects = candidates.filter(({ isCredit, isExternal }) => !isCredit && !isExternal).map(withCandidate);
  const external = candidates.filter(({ isExternal }) => isExternal);
  const opened = external.map(({ rule }) => rule.id);
  const { accepted: standing, refusals: byEffect, exact } = stack(effects, { ...shop, opened });
  const takes = withinCaps(takeAll(standing, shop).takes, shop);
  const all = standing.map((effect, place) => ({ effect, taken: takes[place] }));
  const applied = all.filter(({ taken }) => taken.amount > 0n);
  const capped = all.filter(({ taken }) => taken.amount === 0n).map(({ effect }) => [effect, refusal(effect, "cap_reached")]);
  const ofEffects = new Map([...byEffect, ...capped]);
  const refused = inOrder(effects, policy).filter((effect) => ofEffects.has(effect));
  const credits = candidates.filter(({ isCredit }) => isCredit);
  const { taken, refusals: ofCredits } = payWithCredits(isOpen ? credits : [], payableAfter(applied, cart), shop);
  const closed = isOpen ? [] : [...credits, ...external].map((each) => [each, refusal(each, "codes_not_allowed")]);
  return {
    applied,
    standing,
    credits: taken,
    external: new Map(isOpen ? external.map((each) => [each, worthOf(each, cart)]) : []),
    refusals: new Map([...refused.map((effect) => [effect.candidate, ofEffects.get(effect)]), ...ofCredits, ...closed]),
    exact,
  };
}

function withCandidate(candidate) {
  return { ...effectOf(candidate), candidate };
}

/** What the discounts leave: of each line, of shipping, and of all there is to pay. */
function payableAfter(applied, cart) {
  const off = (line) => sumOf(applied.map(({ taken }) => taken.shares.get(line) ?? 0n));
  const left = new Map(cart.lines.map((line) => [line, line.subtotal - line.foreign - off(line)]));
  const shipping = beyond(cart.shipping, sumOf(applied.map(({ taken }) => taken.shipping)));
  return { left, shipping, total: sumOf([...left.values()]) + shipping + cart.tax };
}

/** What the host says it gave for this rule. */
function worthOf({ rule }, cart) {
  return sumOf(cart.foreign.filter(({ ruleId }) => ruleId === rule.id).map(({ amount }) => amount));
}
