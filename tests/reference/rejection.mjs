/**
 * Owns the shape of a refusal and which reasons leave a code parked.
 * Must not decide who is refused.
 */

const PARKING = new Set(["not_started", "customer_required", "currency_mismatch", "no_eligible_items", "minimum_not_met"]);

export function rejection(code, level, details = {}) {
  return { code, level, details };
}

/** Parked codes come alive by themselves; everything else is dropped. */
export function stateOf({ code }) {
  return PARKING.has(code) ? "parked" : "rejected";
}
