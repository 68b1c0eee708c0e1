/**
 * Owns what is to be judged: each discount an entry or an automatic rule would bring, with the levels whose rules guard
 * it.
 * Must not judge it.
 */
import { codeCounter, couponCounter } from "./canonical.mjs";
import { eligibleLines } from "./cart.mjs";
import { measure } from "./measures.mjs";

/** One per linked rule, else the coupon's own discount, even if it has none. Nothing where the entry is refused already. */
export function candidatesOfEntry(entry, rules, cart) {
  if (entry.refusal) return [];
  const linked = (entry.coupon.rules ?? []).map((id) => rules.find((rule) => rule.id === id));
  return linked.length > 0 ? linked.map((rule) => candidate(entry, rule, cart)) : [candidate(entry, null, cart)];
}

export function automaticCandidates(request, policy, cart) {
  if (request.automatic === false || policy.stacking.mode === "none") return [];
  return (request.rules ?? []).filter(({ gate }) => gate === "automatic").map((rule) => candidate(null, rule, cart));
}

function candidate(entry, rule, cart) {
  const coupon = entry?.coupon ?? null;
  const record = entry?.record ?? null;
  const levels = [];
  if (coupon) levels.push(level("coupon", coupon, couponCounter(coupon.id)));
  if (record) levels.push(level("code", record, codeCounter(record.id)));
  if (rule) levels.push(level("rule", rule, null));
  const discount = (rule ?? coupon).discount ?? null;
  const eligible = eligibleLines(cart, levels.map(({ products }) => products));
  return {
    entry,
    coupon,
    record,
    rule,
    levels,
    discount,
    eligible,
    isCredit: discount?.type === "store_credit",
    isExternal: rule?.gate === "external",
    target: discount?.target ?? "items",
    /** Where the discount itself stands. */
    discountLevel: rule ? "rule" : "coupon",
    /** Where it stands in the way of others, or they in its way. */
    stackingLevel: entry ? "coupon" : "rule",
    measured: discount && discount.type !== "store_credit" ? measure(discount, eligible, cart) : null,
  };
}

function level(name, { state, restrictions, limits }, counter) {
  return {
    name,
    state: state ?? "active",
    restrictions: restrictions ?? {},
    products: restrictions?.products ?? null,
    limits: limits ?? {},
    counter,
  };
}
