/**
 * Owns the order in which coupons stack and what each stacking mode makes of those that passed their checks.
 * Must not repeat a check of a coupon by itself.
 */
import { compareBytes } from "./canonical.mjs";
import { discountsOf, totalOf } from "./discounts.mjs";
import { refuseAll, rejection } from "./rejection.mjs";
import { select } from "./selection.mjs";

/**
 * `{accepted, refusals, exact}`: the entries that apply, in stacking order, the reason of each other one, and whether
 * no better selection can have been overlooked.
 */
export function stack(candidates, cart, policy) {
  const ordered = inOrder(candidates, policy.stacking.order);
  switch (policy.stacking.mode) {
    case "none":
      return { accepted: [], refusals: refuseAll(ordered, () => rejection("codes_not_allowed", "coupon")), exact: true };
    case "best":
      return best(ordered, cart, policy);
    case "first":
      return first(ordered, cart, policy);
    default:
      return select(ordered, cart, policy);
  }
}

function inOrder(candidates, order) {
  const byIndex = (a, b) => a.index - b.index;
  return [...candidates].sort(order === "requested" ? byIndex : byPriority);
}

/** Never a tie: two entries of one name are a code and a coupon's id, or one of them is a repeat and refused before. */
function byPriority(a, b) {
  return (
    (a.coupon.priority ?? 0) - (b.coupon.priority ?? 0) ||
    classOf(a) - classOf(b) ||
    compareBytes(a.name, b.name) ||
    Number(a.code === null) - Number(b.code === null)
  );
}

/** Line-level coupons come before those of the whole order. */
function classOf({ coupon, record }) {
  const narrows = (products) => (products?.include ?? []).length > 0 || (products?.exclude ?? []).length > 0;
  return narrows(coupon.restrictions?.products) || narrows(record?.restrictions?.products) ? 0 : 1;
}

function best(ordered, cart, policy) {
  const alone = aloneAmounts(ordered, cart, policy);
  let winner = null;
  for (const entry of ordered) {
    if (alone.get(entry) > (winner ? alone.get(winner) : 0n)) winner = entry;
  }
  return oneApplies(winner, ordered, (entry) =>
    alone.get(entry) === 0n ? null : rejection("superseded_by_better", "coupon", { with: [winner.name] }));
}

function first(ordered, cart, policy) {
  const alone = aloneAmounts(ordered, cart, policy);
  const winner = ordered.find((entry) => alone.get(entry) > 0n) ?? null;
  return oneApplies(winner, ordered, (entry) =>
    ordered.indexOf(entry) < ordered.indexOf(winner)
      ? null
      : rejection("stopped_by_previous", "coupon", { with: [winner.name] }));
}

function aloneAmounts(ordered, cart, policy) {
  return new Map(ordered.map((entry) => [entry, totalOf(discountsOf([entry], cart, "additive", policy.rounding))]));
}

/** `beaten` names why an entry lost against the winner, or `null` where it had nothing to give itself. */
function oneApplies(winner, ordered, beaten) {
  const refusals = refuseAll(ordered.filter((entry) => entry !== winner), (entry) => {
    if (winner && entry.coupon === winner.coupon) return rejection("already_applied", "coupon", { with: [winner.name] });
    return (winner && beaten(entry)) ?? rejection("no_effect", "coupon");
  });
  return { accepted: winner ? [winner] : [], refusals, exact: true };
}
