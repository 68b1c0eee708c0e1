/**
 * Semantics §7, which discounts go together and in which order, as far as it goes beyond two coupons of one kind, which
 * `semantics.test.mjs` has.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, cart, coupon, discounts, evaluated, percent, reasons, rule, several } from "./shop.mjs";

const made = (code, discount, priority = 0, more = {}) => coupon({ id: code.toLowerCase(), code, discount, priority, ...more });
const entered = (coupons, policy, changes = {}) => evaluated({ coupons, codes: coupons.map(({ code }) => code), cart: cart(10_000), policy, ...changes });

test("semantics §7: stacked percentages add up, sequential ones are each of what is left", () => {
  const coupons = [made("A", percent(2_500), 1), made("B", percent(1_000), 2)];
  assert.deepEqual([entered(coupons, several("additive")).totals.total, entered(coupons, several("sequential")).totals.total], [6_500, 6_750]);
});

test("semantics §7: one that needs more than 100 left of 120 joins before a fixed 30, not behind it", () => {
  const needs = (priority) => made("NEEDS", percent(1_000), priority, { restrictions: { minimum: { amounts: { EGP: 10_001 }, basis: "running_before_this" } } });
  const of = (priority) => entered([made("FIXED", amount(3_000), 2), needs(priority)], several("sequential"), { cart: cart(12_000) });
  assert.deepEqual([discounts(of(1)), discounts(of(3))], [[3_000, 1_200], [3_000, 0]]);
  assert.deepEqual(reasons(of(3)), ["applied", "minimum_not_met"]);
});

test("semantics §7: after one that stops nothing joins, by a code or by itself; those before it stay", () => {
  const coupons = [made("ONE", amount(100), 1), made("STOP", amount(200), 2, { stopAfter: true }), made("TWO", amount(400), 3)];
  const quote = entered(coupons, several("additive"), { rules: [rule({ gate: "automatic", priority: 4 })] });
  assert.deepEqual([reasons(quote), quote.automatic[0].rejection.code, quote.totals.discount], [["applied", "applied", "stopped_by_previous"], "stopped_by_previous", 300]);
});

test("semantics §7: one that stops but does not apply stops nothing", () => {
  const stop = made("STOP", amount(200), 1, { stopAfter: true, restrictions: { minimum: { amounts: { EGP: 10_001 } } } });
  assert.deepEqual(reasons(entered([stop, made("TWO", amount(400), 2)], several("additive"))), ["minimum_not_met", "applied"]);
});

test("semantics §7: equal priorities: line, order, shipping, and store credit behind them all", () => {
  const coupons = [
    made("A", { type: "store_credit", amounts: { EGP: 100 }, bearer: true }),
    made("B", { ...percent(1_000), target: "shipping" }),
    made("C", percent(1_000)),
    made("D", percent(1_000), 0, { restrictions: { products: { include: ["a"] } } }),
  ];
  const { adjustments, credits } = entered(coupons, several("sequential"), { cart: { ...cart(1_000, 1_000), shipping: 500 } });
  assert.deepEqual([adjustments.map(({ code }) => code), credits.map(({ code }) => code)], [["D", "C", "B"], ["A"]]);
});

test("semantics §7: all or nothing, partial, and what applies by itself in either case", () => {
  const coupons = [made("A", amount(100)), made("GONE", amount(200), 0, { state: "inactive" })];
  const of = (onInapplicable) => entered(coupons, several("additive", { onInapplicable }), { rules: [rule({ gate: "automatic", discount: amount(50) })] });
  assert.deepEqual([of("partial").totals.discount, of("all_or_nothing").totals.discount], [150, 50]);
  assert.deepEqual(reasons(of("all_or_nothing")), ["not_all_applicable", "inactive"]);
});

test("semantics §7: the best of all combinations, where two together beat the one alone, and the other way round", () => {
  const of = (alone) => discounts(entered([made("ALONE", percent(alone), 9, { combinesWith: "none" }), made("A", percent(1_000)), made("B", percent(1_500))], several("best_combination")));
  assert.deepEqual([of(2_499), of(2_501)], [[0, 1_000, 1_500], [2_501, 0, 0]]);
});

test("semantics §7: of more codes than are allowed those stay that take most, and automatic rules take no place", () => {
  const coupons = [made("A", amount(100), 1), made("B", amount(300), 2), made("C", amount(200), 3)];
  const quote = entered(coupons, several("additive", { maxCodes: 2 }), { rules: [rule({ gate: "automatic", discount: amount(50) })] });
  assert.deepEqual([discounts(quote), quote.automatic[0].discount], [[0, 300, 200], 50]);
  assert.deepEqual(quote.codes[0].rejection.details, { max: 2 });
});

test("semantics §7: a coupon and its rule must both agree to combine", () => {
  const rules = [rule({ category: "loyalty" })];
  const of = (ofCoupon) => reasons(entered([coupon({ discount: null, rules: ["r1"] }), made("OTHER", amount(100), 1, ofCoupon)], several("additive"), { rules }));
  assert.deepEqual([of({ combinesWith: ["loyalty"] }), of({ combinesWith: ["seasonal"] })], [["applied", "applied"], ["applied", "not_combinable"]]);
});
