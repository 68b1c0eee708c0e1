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
      return walk(ordered, cart, policy);
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

/** Additive and sequential: one after the other, each against those that stand so far. */
function walk(ordered, cart, policy) {
  const { mode, maxCodes, onConflict } = policy.stacking;
  const compute = (entries) => discountsOf(entries, cart, mode, policy.rounding);
  const refusals = new Map();
  const refuse = (entry, code, details) => refusals.set(entry, rejection(code, "coupon", details));
  let accepted = [];
  for (const entry of ordered) {
    const same = accepted.find((other) => other.coupon === entry.coupon);
    if (same) {
      refuse(entry, "already_applied", { with: [same.label] });
      continue;
    }
    const inTheWay = accepted.filter((other) => !combine(entry, other));
    if (inTheWay.length > 0 && onConflict === "reject_new") {
      refuse(entry, "not_combinable", { with: inTheWay.map(({ label }) => label) });
      continue;
    }
    const trial = [...accepted.filter((other) => !inTheWay.includes(other)), entry];
    const effects = compute(trial);
    if (inTheWay.length > 0 && totalOf(effects) <= totalOf(compute(accepted))) {
      refuse(entry, "superseded_by_better", { with: inTheWay.map(({ label }) => label) });
      continue;
    }
    if (trial.length > maxCodes) {
      refuse(entry, "too_many_codes", { max: maxCodes });
      continue;
    }
    if (effects.at(-1).amount === 0n) {
      refuse(entry, "no_effect");
      continue;
    }
    for (const other of inTheWay) refuse(other, "superseded_by_better", { with: [entry.label] });
    accepted = trial;
  }
  return { accepted, refusals };
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
    return (winner && beaten(entry)) ?? rejection("no_effect", "coupon");
  });
  return { accepted: winner ? [winner] : [], refusals };
}

function refuseAll(entries, reason) {
  return new Map(entries.map((entry) => [entry, reason(entry)]));
}
