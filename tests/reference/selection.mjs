/**
 * Owns which coupons stand together in the modes that let several stand: additive and sequential.
 * Must not order them, nor repeat a check of a coupon by itself.
 */
import { discountsOf, totalOf } from "./discounts.mjs";
import { refuseAll, rejection } from "./rejection.mjs";

/** So many entries at most are searched for their best selection. */
const MOST_SEARCHED = 12;

/**
 * `{accepted, refusals, exact}`: the entries that stand, in stacking order, the reason of each other one, and whether
 * the rules could be followed to the end (`exact`) or had to make do with a shorter search.
 */
export function select(ordered, cart, { stacking: { mode, maxCodes, onConflict }, rounding }) {
  const effectsOf = (entries) => discountsOf(entries, cart, mode, rounding);
  return onConflict === "keep_best"
    ? keepBest(ordered, maxCodes, effectsOf)
    : rejectNew(ordered, maxCodes, effectsOf);
}

function keepBest(ordered, maxCodes, effectsOf) {
  const exact = ordered.length <= MOST_SEARCHED;
  const accepted = (exact ? bestSelection : seededSelection)(ordered, maxCodes, effectsOf);
  const reason = (entry) => obstacleTo(entry, accepted, maxCodes, "superseded_by_better") ?? noEffect();
  return { accepted, refusals: refuseAll(without(accepted, ordered), reason), exact };
}

/** Who came first keeps its place; only where that leaves too many does the amount decide among those. */
function rejectNew(ordered, maxCodes, effectsOf) {
  const unbounded = walk(ordered, Infinity, effectsOf);
  const standing = unbounded.accepted;
  if (standing.length <= maxCodes) return { ...unbounded, exact: true };
  const exact = standing.length <= MOST_SEARCHED;
  const accepted = exact ? bestSelection(standing, maxCodes, effectsOf) : standing.slice(0, maxCodes);
  const reason = (entry) => obstacleTo(entry, accepted, Infinity, "not_combinable") ?? tooManyCodes(maxCodes);
  return { accepted, refusals: refuseAll(without(accepted, ordered), reason), exact };
}

/**
 * The valid selection with the largest total. Those that contain an earlier entry are tried before those that do not,
 * so that of equal totals the first one found is the one to keep.
 */
function bestSelection(entries, maxCodes, effectsOf) {
  let best = { selection: [], total: 0n };
  const tryAll = (selection, total, place) => {
    if (place === entries.length) {
      if (total > best.total) best = { selection, total };
      return;
    }
    const entry = entries[place];
    if (obstacleTo(entry, selection, maxCodes, "not_combinable") === null) {
      // What comes later never changes what an earlier one takes: an invalid beginning has no valid end.
      const amount = lastAmount([...selection, entry], effectsOf);
      if (amount > 0n) tryAll([...selection, entry], total + amount, place + 1);
    }
    tryAll(selection, total, place + 1);
  };
  tryAll([], 0n, 0);
  return best.selection;
}

/** Of the plain walk and one walk for each entry with a conflict, the first with the largest total. */
function seededSelection(ordered, maxCodes, effectsOf) {
  const total = (entries) => totalOf(effectsOf(entries));
  let winner = walk(ordered, maxCodes, effectsOf).accepted;
  for (const seed of ordered.filter((entry) => hasConflict(entry, ordered))) {
    const { accepted } = walk(ordered, maxCodes, effectsOf, seed);
    if (accepted.includes(seed) && total(accepted) > total(winner)) winner = accepted;
  }
  return winner;
}

/**
 * One after the other, each against those that stand so far. A `seed` stands from the start: it holds its place and its
 * conflicts against everyone, but is taken off only at its own place in the order.
 */
function walk(ordered, maxCodes, effectsOf, seed = null) {
  const refusals = new Map();
  const accepted = [];
  for (const entry of ordered) {
    const standing = seed === null || accepted.includes(seed) ? accepted : [...accepted, seed];
    const obstacle = entry === seed ? null : obstacleTo(entry, standing, maxCodes, "not_combinable");
    if (obstacle) refusals.set(entry, obstacle);
    else if (lastAmount([...accepted, entry], effectsOf) === 0n) refusals.set(entry, noEffect());
    else accepted.push(entry);
  }
  return { accepted, refusals };
}

function lastAmount(entries, effectsOf) {
  return effectsOf(entries).at(-1).amount;
}

function without(accepted, ordered) {
  return ordered.filter((entry) => !accepted.includes(entry));
}

function hasConflict(entry, ordered) {
  return ordered.some((other) => other.coupon !== entry.coupon && !combine(entry, other));
}

/** Why `entry` cannot join those that stand, whatever it would take off; `null` where it can. */
function obstacleTo(entry, standing, maxCodes, conflict) {
  const same = standing.find((other) => other.coupon === entry.coupon);
  if (same) return rejection("already_applied", "coupon", { with: [same.name] });
  const inTheWay = standing.filter((other) => !combine(entry, other));
  if (inTheWay.length > 0) return rejection(conflict, "coupon", { with: inTheWay.map(({ name }) => name) });
  return standing.length >= maxCodes ? tooManyCodes(maxCodes) : null;
}

function tooManyCodes(max) {
  return rejection("too_many_codes", "coupon", { max });
}

function noEffect() {
  return rejection("no_effect", "coupon");
}

/** Combination needs the consent of both sides. */
function combine(a, b) {
  return !a.coupon.exclusive && !b.coupon.exclusive && tolerates(a.coupon, b.coupon) && tolerates(b.coupon, a.coupon);
}

function tolerates({ combinesWith = "all" }, { category }) {
  if (combinesWith === "all") return true;
  if (combinesWith === "none") return false;
  return combinesWith.includes(category);
}
