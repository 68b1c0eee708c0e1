/**
 * Owns how much of a refusal is told.
 * Must not change an applied outcome, nor any amount.
 */
import { rejection } from "./rejection.mjs";

/** What a stranger must not be able to tell apart. */
const MASKED_ALWAYS = [
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "limit_reached",
  "reserved_elsewhere", "customer_not_allowed", "not_first_order", "customer_limit_reached",
];
const MASKED = {
  actionable: new Set(MASKED_ALWAYS),
  uniform: new Set([...MASKED_ALWAYS, "customer_required"]),
};

export function disclose(outcome, disclosure, repeatsMasked) {
  if (disclosure === "full" || outcome.state === "applied") return outcome;
  const masked = MASKED[disclosure];
  if (repeatsMasked || masked.has(outcome.rejection.code)) return withheld(outcome, "not_applicable");
  const told = (reason) => (disclosure === "uniform" ? { ...reason, details: {} } : reason);
  return {
    ...outcome,
    rejection: told(outcome.rejection),
    also: outcome.also.filter(({ code }) => !masked.has(code)).map(told),
  };
}

/** Where no codes are taken, every text gets one answer, whether the code exists or not. */
export function closed(outcome, disclosure) {
  return disclosure === "full" ? outcome : withheld(outcome, "codes_not_allowed");
}

function withheld(outcome, reason) {
  return {
    ...outcome,
    couponId: null,
    codeId: null,
    label: null,
    state: "rejected",
    rejection: rejection(reason, "code"),
    also: [],
  };
}
