/**
 * Owns the shape of a refusal and which reasons leave a code parked.
 * Must not decide who is refused.
 */

const PARKING = new Set(["not_started", "customer_required", "currency_mismatch", "no_eligible_items", "minimum_not_met"]);

export function rejection(code, level, details = {}) {
  return { code, level, details };
}

/** The reason of each entry, by entry. */
export function refuseAll(entries, reasonOf) {
  return new Map(entries.map((entry) => [entry, reasonOf(entry)]));
}

/** A parked code comes alive by itself. One reason that does not pass by itself is enough to drop it. */
export function stateOf(rejections) {
  return rejections.every(({ code }) => PARKING.has(code)) ? "parked" : "rejected";
}
