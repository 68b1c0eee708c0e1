/**
 * Owns which effects stand together in the modes that let several entries stand.
 * Must not order them, nor repeat a check of a candidate by itself.
 */
import { take, takeAll, untouched } from "./discounts.mjs";
import { conflict, isSameDiscount, namesOf } from "./effects.mjs";
import { bringsNewEntry, entriesOf, obstacleTo, refusal, tooManyCodes } from "./obstacles.mjs";
import { sumOf } from "./cart.mjs";

/** So many effects at most are searched for their best selection. */
const MOST_SEARCHED = 12;

/**
 * `{accepted, refusals, exact}`: the effects that stand, in stacking order, the reason of each other one, and whether
 * the rules could be followed to the end (`exact`) or had to make do with a shorter search.
 */
export function select(ordered, shop) {
  const { mode, onConflict } = shop.policy.stacking;
  return onConflict === "keep_best" || mode === "best_combination" ? keepBest(ordered, shop) : rejectNew(ordered, shop);
}

function keepBest(ordered, shop) {
  const { maxCodes } = shop.policy.stacking;
  const exact = ordered.length <= MOST_SEARCHED;
  const accepted = (exact ? bestSelection : seededSelection)(ordered, maxCodes, shop);
  const rules = { shop, ordered, maxCodes, conflictReason: "superseded_by_better" };
  const reason = (effect) => obstacleTo(effect, accepted, rules) ?? leftOut(effect, accepted, ordered, shop);
  return { accepted, refusals: refuseOthers(ordered, accepted, reason), exact };
}

/** Who came first keeps its place; only where that leaves too many does the amount decide among those. */
function rejectNew(ordered, shop) {
  const { maxCodes } = shop.policy.stacking;
  const unbounded = walk(ordered, Infinity, shop);
  if (entriesOf(unbounded.accepted).length <= maxCodes) return { ...unbounded, exact: true };
  // One that finds nothing left to take may take most where it need not share.
  const standing = ordered.filter((effect) => unbounded.agreeing.has(effect));
  const exact = standing.length <= MOST_SEARCHED;
  const accepted = exact ? bestSelection(standing, maxCodes, shop) : grownSelection(standing, maxCodes, shop, walk(standing, maxCodes, shop).accepted);
  const rules = { shop, ordered, maxCodes: Infinity };
  const reason = (effect) =>
    obstacleTo(effect, accepted, rules) ??
    (bringsNewEntry(effect, accepted) ? tooManyCodes(effect, maxCodes) : leftOut(effect, accepted, ordered, shop));
  return { accepted, refusals: refuseOthers(ordered, accepted, reason), exact };
}

/**
 * The valid selection with the largest total. Those that contain an earlier effect are tried before those that do not,
 * so that of equal totals the first one found is the one to keep.
 */
function bestSelection(effects, maxCodes, shop) {
  const rules = { shop, ordered: effects, maxCodes };
  let best = { selection: [], total: 0n };
  const tryAll = (selection, state, total, place) => {
    if (place === effects.length) {
      if (total > best.total) best = { selection, total };
      return;
    }
    const effect = effects[place];
    if (obstacleTo(effect, selection, rules) === null) {
      // What comes later never changes what an earlier one takes: an invalid beginning has no valid end.
      const { amount, after } = take(effect, state, shop);
      if (amount > 0n) tryAll([...selection, effect], after, total + amount, place + 1);
    }
    tryAll(selection, state, total, place + 1);
  };
  tryAll([], untouched(shop.cart), 0n, 0);
  return best.selection;
}

/** Of the plain walk, one walk for each effect with a conflict, and what grows code by code, the first with the largest total. */
function seededSelection(ordered, maxCodes, shop) {
  let winner = walk(ordered, maxCodes, shop).accepted;
  if (isTooLarge(ordered, shop)) return winner;
  for (const seed of ordered.filter((effect) => hasConflict(effect, ordered))) {
    const { accepted } = walk(ordered, maxCodes, shop, seed);
    if (accepted.includes(seed) && totalOf(accepted, shop) > totalOf(winner, shop)) winner = accepted;
  }
  return grownSelection(ordered, maxCodes, shop, winner);
}

/** The automatic discounts with, one after the other, the code that adds most; if that is more than `winner` takes. */
function grownSelection(ordered, maxCodes, shop, winner) {
  if (isTooLarge(ordered, shop)) return winner;
  const without = (entries) => walk(ordered.filter(({ entry }) => entry === null || entries.includes(entry)), maxCodes, shop).accepted;
  let grown = { entries: [], accepted: without([]) };
  while (grown.entries.length < maxCodes) {
    let next = grown;
    for (const entry of entriesOf(ordered).filter((each) => !grown.entries.includes(each))) {
      const accepted = without([...grown.entries, entry]);
      if (totalOf(accepted, shop) > totalOf(next.accepted, shop)) next = { entries: [...grown.entries, entry], accepted };
    }
    if (next === grown) break;
    grown = next;
  }
  return totalOf(grown.accepted, shop) > totalOf(winner, shop) ? grown.accepted : winner;
}

/** Beyond this the plain walk has to do. */
function isTooLarge(ordered, { cart }) {
  return ordered.length * cart.lines.length > 10_000;
}

/** One that would take something where it stands is out because the others take more without it. */
function leftOut(effect, accepted, ordered, shop) {
  const before = accepted.filter((other) => ordered.indexOf(other) < ordered.indexOf(effect));
  const { amount } = take(effect, takeAll(before, shop).state, shop);
  return amount > 0n ? refusal(effect, "superseded_by_better", { with: namesOf(accepted) }) : noEffect(effect);
}

/**
 * One after the other, each against those that stand so far. A `seed` stands from the start: it holds its place and its
 * conflicts against everyone, and nobody before it stops it, but it is taken off only at its own place in the order.
 */
export function walk(ordered, maxCodes, shop, seed = null) {
  const rules = { shop, ordered, maxCodes };
  const refusals = new Map();
  const accepted = [];
  const agreeing = new Set();
  let state = untouched(shop.cart);
  for (const effect of ordered) {
    const standing = seed === null || effect === seed || accepted.includes(seed) ? accepted : [...accepted, seed];
    const obstacle = obstacleTo(effect, standing, rules);
    const { amount, after } = take(effect, state, shop);
    if (!obstacle) agreeing.add(effect);
    if (obstacle || amount === 0n) refusals.set(effect, obstacle ?? noEffect(effect));
    else {
      accepted.push(effect);
      state = after;
    }
  }
  return { accepted, agreeing, refusals };
}

export function totalOf(effects, shop) {
  return sumOf(takeAll(effects, shop).takes.map(({ amount }) => amount));
}

export function noEffect(effect) {
  return refusal(effect, "no_effect");
}

export function refuseOthers(ordered, accepted, reasonOf) {
  const others = ordered.filter((effect) => !accepted.includes(effect));
  return new Map(others.map((effect) => [effect, reasonOf(effect)]));
}

function hasConflict(effect, ordered) {
  return ordered.some((other) => other !== effect && !isSameDiscount(effect, other) && conflict(effect, other));
}
