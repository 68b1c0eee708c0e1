/**
 * Owns the shape of a refusal, the one order of all reasons, which of them leave a code parked and which carry the
 * merchant's own words.
 * Must not decide who is refused.
 */

export const REASONS = [
  "too_many_attempts", "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired",
  "outside_schedule", "limit_reached", "balance_exhausted", "budget_exhausted", "reserved_elsewhere", "codes_not_allowed",
  "customer_required",
  "customer_not_allowed", "not_first_order", "order_number_mismatch", "customer_limit_reached", "context_mismatch",
  "currency_mismatch", "no_eligible_items", "minimum_not_met", "maximum_exceeded", "coupon_required",
  "foreign_coupon_present", "already_applied", "not_combinable", "superseded_by_better", "stopped_by_previous",
  "too_many_codes", "cap_reached", "no_effect", "not_all_applicable", "not_applicable",
];

const PARKING = new Set([
  "not_started", "customer_required", "context_mismatch", "currency_mismatch", "no_eligible_items", "minimum_not_met",
  "maximum_exceeded", "coupon_required", "not_all_applicable",
]);

export function rejection(code, level, details = {}) {
  return { code, level, details };
}

/** A parked code comes alive by itself. One reason that does not pass by itself is enough to drop it. */
export function stateOf(rejections) {
  return rejections.every(({ code }) => PARKING.has(code)) ? "parked" : "rejected";
}

export function placeOf({ code }) {
  return REASONS.indexOf(code);
}

export function inFixedOrder(rejections) {
  return [...rejections].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Of several refusals of one thing the one that stands first in the order; of equal ones the first given. */
export function foremost(rejections) {
  return rejections.reduce((first, next) => (placeOf(next) < placeOf(first) ? next : first));
}

/** With the words the merchant wrote for a refusal at that level, where he wrote any and the reason is not stacking's. */
export function inOwnWords(reason, { coupon, rule }) {
  const text = (reason.level === "rule" ? rule : coupon)?.refusalMessage ?? null;
  const isOwn = placeOf(reason) <= REASONS.indexOf("coupon_required");
  return text !== null && isOwn ? { ...reason, details: { ...reason.details, text } } : reason;
}
