/**
 * Owns the checks of one candidate by itself, in their fixed order, and which coupons' company another asks for.
 * Must not hold a check of its own, nor stack.
 */
import { contextMismatch, currencyMismatch, maximumExceeded, minimumNotMet, noEligibleItems } from "./checks-cart.mjs";
import { customerNotAllowed, customerRequired, notFirstOrder, orderNumberMismatch } from "./checks-customer.mjs";
import { expired, notStarted, outsideSchedule } from "./checks-time.mjs";
import {
  balanceExhausted, budgetExhausted, customerLimitReached, firstOrderUsed, limitReached, reservedElsewhere,
} from "./checks-use.mjs";
import { inOwnWords, placeOf, rejection } from "./rejection.mjs";

const CHECKS = [
  inState("archived"),
  inState("inactive"),
  noDiscountLinked,
  notStarted,
  expired,
  outsideSchedule,
  limitReached,
  balanceExhausted,
  budgetExhausted,
  reservedElsewhere,
  codesNotAllowed,
  customerRequired,
  customerNotAllowed,
  firstOrderUsed,
  notFirstOrder,
  orderNumberMismatch,
  customerLimitReached,
  contextMismatch,
  currencyMismatch,
  noEligibleItems,
  minimumNotMet,
  maximumExceeded,
];

/** Every failing check of each candidate, the primary one first, by candidate; of `overrun` entries, that alone. */
export function failuresOfAll(candidates, context, overrun) {
  const given = (entry) => (overrun.has(entry) ? [overrun.get(entry)] : null);
  const alone = new Map(candidates.map((each) => [each, given(each.entry) ?? CHECKS.flatMap((check) => check(each, context))]));
  const usable = new Set(candidates.filter((each) => each.coupon && alone.get(each).length === 0).map(({ coupon }) => coupon.id));
  return new Map(candidates.map((each) => {
    if (overrun.has(each.entry)) return [each, alone.get(each)];
    const failures = [...alone.get(each), ...couponRequired(each, usable)];
    return [each, failures.map((reason) => inOwnWords(reason, each))];
  }));
}

/** Of candidates that all fail, the one that came furthest; of equal ones the one listed first. */
export function furthest(failures) {
  return failures.reduce((best, next) => (placeOf(next[0]) > placeOf(best[0]) ? next : best));
}

function inState(state) {
  return ({ levels }) => levels.filter((at) => at.state === state).map((at) => rejection(state, at.name));
}

function noDiscountLinked({ rule, discount }) {
  return rule || discount ? [] : [rejection("no_discount_linked", "coupon")];
}

function codesNotAllowed({ entry }, { codesAllowed }) {
  return entry && entry.code !== null && !codesAllowed ? [rejection("codes_not_allowed", "code")] : [];
}

function couponRequired({ levels }, usable) {
  const alone = ({ restrictions: { coupons } }) => coupons != null && !coupons.some((id) => usable.has(id));
  return levels.filter(alone).map((at) => rejection("coupon_required", at.name, { coupons: at.restrictions.coupons }));
}
