/**
 * Owns which of the coupons that passed their checks stand together, and in what order.
 * Must not repeat a check of a coupon by itself.
 */
import { compareBytes } from "./canonical.mjs";
import { discountsOf, totalOf } from "./discounts.mjs";
import { rejection } from "./rejection.mjs";

/** `{accepted, refusals}`: the entries that apply, in stacking order, and the reason of each other one. */
export function stack(candidates, cart, policy) {
  const ordered = inOrder(candidates, policy.stacking.order);
  switch (policy.stacking.mode) {
    case "none":
      return { accepted: [], refusals: refuseAll(ordered, () => rejection("codes_not_allowed", "coupon")) };
    case "best":
      return best(ordered, cart, policy);
    case "first":
      return first(ordered, cart, policy);
    default:
      return policy.stacking.onConflict === "keep_best" ? keepBest(ordered, cart, policy) : walk(ordered, cart, policy);
  }
}

function inOrder(candidates, order) {
  const byIndex = (a, b) => a.index - b.index;
  const byPriority = (a, b) =>
    (a.coupon.priority ?? 0) - (b.coupon.priority ?? 0) ||
    classOf(a) - classOf(b) ||
    compareBytes(a.code ?? a.coupon.id, b.code ?? b.coupon.id) ||
    byIndex(a, b);
  return [...candidates].sort(order === "requested" ? byIndex : byPriority);
}

/** Line-level coupons come before those of the whole order. */
function classOf({ coupon, record }) {
  const narrows = (products) => (products?.include ?? []).length > 0 || (products?.exclude ?? []).length > 0;
  return narrows(coupon.restrictions?.products) || narrows(record?.restrictions?.products) ? 0 : 1;
}

/**
 * Additive and sequential: one after the other, each against those that stand so far. A `seed` stands from the start:
 * it holds its place and its conflicts against everyone, but is taken off only at its own place in the order.
 */
function walk(ordered, cart, policy, seed = null) {
  const { mode, maxCodes } = policy.stacking;
  const refusals = new Map();
  let accepted = [];
  for (const entry of ordered) {
    const standing = seed === null || accepted.includes(seed) ? accepted : [...accepted, seed];
    const trial = [...accepted, entry];
    const obstacle = entry === seed ? null : obstacleTo(entry, standing, maxCodes, "not_combinable");
    if (obstacle) refusals.set(entry, obstacle);
    else if (discountsOf(trial, cart, mode, policy.rounding).at(-1).amount === 0n) refusals.set(entry, noEffect());
    else accepted = trial;
  }
  return { accepted, refusals };
}

/** Of the plain walk and one walk for each entry with a conflict, the first with the largest total. */
function keepBest(ordered, cart, policy) {
  const { mode, maxCodes } = policy.stacking;
  const total = (entries) => totalOf(discountsOf(entries, cart, mode, policy.rounding));
  let winner = walk(ordered, cart, policy).accepted;
  for (const seed of ordered.filter((entry) => hasConflict(entry, ordered))) {
    const { accepted } = walk(ordered, cart, policy, seed);
    if (accepted.includes(seed) && total(accepted) > total(winner)) winner = accepted;
  }
  const losers = ordered.filter((entry) => !winner.includes(entry));
  const reason = (entry) => obstacleTo(entry, winner, maxCodes, "superseded_by_better") ?? noEffect();
  return { accepted: winner, refusals: refuseAll(losers, reason) };
}

function hasConflict(entry, ordered) {
  return ordered.some((other) => other.coupon !== entry.coupon && !combine(entry, other));
}

/** Why `entry` cannot join those that stand, whatever it would take off; `null` where it can. */
function obstacleTo(entry, standing, maxCodes, conflict) {
  const same = standing.find((other) => other.coupon === entry.coupon);
  if (same) return rejection("already_applied", "coupon", { with: [same.label] });
  const inTheWay = standing.filter((other) => !combine(entry, other));
  if (inTheWay.length > 0) return rejection(conflict, "coupon", { with: inTheWay.map(({ label }) => label) });
  return standing.length >= maxCodes ? rejection("too_many_codes", "coupon", { max: maxCodes }) : null;
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

function best(ordered, cart, policy) {
  const alone = aloneAmounts(ordered, cart, policy);
  let winner = null;
  for (const entry of ordered) {
    if (alone.get(entry) > (winner ? alone.get(winner) : 0n)) winner = entry;
  }
  return oneApplies(winner, ordered, (entry) =>
    alone.get(entry) === 0n ? null : rejection("superseded_by_better", "coupon", { with: [winner.label] }));
}

function first(ordered, cart, policy) {
  const alone = aloneAmounts(ordered, cart, policy);
  const winner = ordered.find((entry) => alone.get(entry) > 0n) ?? null;
  return oneApplies(winner, ordered, (entry) =>
    ordered.indexOf(entry) < ordered.indexOf(winner)
      ? null
      : rejection("stopped_by_previous", "coupon", { with: [winner.label] }));
}

function aloneAmounts(ordered, cart, policy) {
  return new Map(ordered.map((entry) => [entry, totalOf(discountsOf([entry], cart, "additive", policy.rounding))]));
}

/** `beaten` names why an entry lost against the winner, or `null` where it had nothing to give itself. */
function oneApplies(winner, ordered, beaten) {
  const refusals = refuseAll(ordered.filter((entry) => entry !== winner), (entry) => {
    if (winner && entry.coupon === winner.coupon) return rejection("already_applied", "coupon", { with: [winner.label] });
    return (winner && beaten(entry)) ?? noEffect();
  });
  return { accepted: winner ? [winner] : [], refusals };
}

function refuseAll(entries, reason) {
  return new Map(entries.map((entry) => [entry, reason(entry)]));
}
