/**
 * Owns how much of a refusal is told.
 * Must not change an applied outcome, nor any amount.
 */
import { rejection } from "./rejection.mjs";

/** What a stranger must not be able to tell apart. */
const MASKED_ALWAYS = [
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "outside_schedule",
  "limit_reached", "balance_exhausted", "budget_exhausted", "reserved_elsewhere", "customer_not_allowed", "not_first_order",
  "order_number_mismatch", "customer_limit_reached",
];
const MASKED = {
  actionable: new Set(MASKED_ALWAYS),
  uniform: new Set([...MASKED_ALWAYS, "customer_required"]),
};

export function disclose(outcome, disclosure, repeatsMasked) {
  if (disclosure === "full") return outcome;
  const masked = MASKED[disclosure];
  if (outcome.state !== "applied" && (repeatsMasked || masked.has(outcome.rejection.code))) return withheld(outcome, "not_applicable");
  const told = (reason) => (disclosure === "uniform" ? withoutFigures(reason) : withoutCoupons(reason));
  return {
    ...outcome,
    rejection: outcome.rejection && told(outcome.rejection),
    also: outcome.also.filter(({ code }) => !masked.has(code)).map(told),
  };
}

/** Where no codes are taken, every text gets one answer, whether the code exists or not. */
export function closed(outcome, disclosure) {
  return disclosure === "full" ? outcome : withheld(outcome, "codes_not_allowed");
}

/** Of automatic rules only those that apply, or may yet by what is in the cart: for whom a rule is, is nobody's business. */
export function discloseAutomatic(outcome, disclosure) {
  if (disclosure === "full") return [outcome];
  const shown = disclose(outcome, disclosure, false);
  const isPersonal = [outcome.rejection, ...outcome.also].some((reason) => PERSONAL.has(reason?.code));
  return shown.state === "rejected" || isPersonal ? [] : [shown];
}

const PERSONAL = new Set(["customer_required", "coupon_required"]);

/** A coupon's id is as good as a code where the host applies coupons by their ids. */
function withoutCoupons({ code, level, details }) {
  const told = Object.entries(details).filter(([figure]) => figure !== "coupons");
  return rejection(code, level, Object.fromEntries(told));
}

/** The merchant's own words are no figure. */
function withoutFigures({ code, level, details: { text } }) {
  return rejection(code, level, text === undefined ? {} : { text });
}

function withheld(outcome, reason) {
  const identity = "codeId" in outcome ? { couponId: null, codeId: null } : {};
  return { ...outcome, ...identity, label: null, state: "rejected", rejection: rejection(reason, "code"), also: [] };
}
