/**
 * Owns the worked examples of limits: in periods, of first orders, in money, and of the holds that have ended.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { periodName } from "./calendar.mjs";
import { amount, amountsOf, coupon, line, linked, NOW, percent, quote, reasonsOf, refusalOf } from "./worked-quote.mjs";

const customer = { keys: [{ kind: "email", value: "Ann+x@Ex.com" }, { kind: "id", value: "7" }], priorOrders: 0 };
const limited = (limits, counters = {}, more = {}) =>
  quote([coupon("A", percent(1000), { limits })], [line(1000)], { usage: { counters }, ...more });
const at = (text) => new Date(text).getTime();

test("the periods of an instant: ISO weeks, on the zone's calendar", () => {
  const names = (text, offset = 0) => ["day", "week", "month"].map((per) => periodName(per, at(text), offset));
  assert.deepEqual(names("2026-11-20T12:00:00Z"), ["2026-11-20", "2026-W47", "2026-11"]);
  assert.deepEqual(names("2027-01-03T23:59:59.999Z"), ["2027-01-03", "2026-W53", "2027-01"]);
  assert.deepEqual(names("2027-01-03T23:59:00Z", 1), ["2027-01-04", "2027-W01", "2027-01"]);
  assert.deepEqual(names("2024-03-01T00:00:00Z", -1), ["2024-02-29", "2024-W09", "2024-02"]);
  assert.deepEqual(names("1970-01-01T00:00:00Z", -1440), ["1969-12-31", "1970-W01", "1969-12"]);
});

test("§13 a limit of a period counts on the period's counter, of the policy's zone", () => {
  // NOW is Sunday, 15 June 2025, 15:06:40 UTC, in ISO week 24.
  const windows = [{ per: "week", total: 5 }, { per: "day", total: 2 }];
  const full = { "coupon/a/day/2025-06-15": { claimed: 2 }, "coupon/a/week/2025-W24": { claimed: 6, held: 2, nextExpiry: NOW + 1 } };
  const refused = limited({ windows }, full).codes[0];
  assert.deepEqual([refused.rejection, ...refused.also].map(({ code, details }) => [code, details]), [
    ["limit_reached", { limit: 2, per: "day", used: 2 }],
    ["reserved_elsewhere", { limit: 5, per: "week", used: 4, held: 2, nextExpiry: NOW + 1 }],
  ]);
  const elsewhere = { shop: { zone: "Asia/Tokyo" }, zones: { "Asia/Tokyo": 540 } };
  assert.deepEqual(reasonsOf(limited({ windows }, full, elsewhere)), ["applied"], "Monday already, the week after");
  assert.deepEqual(reasonsOf(limited({ windows }, { "coupon/a/day/2025-06-16": { claimed: 2 } }, elsewhere)), ["limit_reached"]);
  assert.deepEqual(reasonsOf(limited({ windows }, { "coupon/a": { claimed: 99 }, "coupon/a/day/2025-06-14": { claimed: 99 } })), ["applied"]);
});

test("§11 a customer's limit in a period, by each of his keys", () => {
  const windows = [{ per: "month", perCustomer: 1 }];
  const used = { "coupon/a/month/2025-06/customer/email/ann@ex.com": { claimed: 1 } };
  assert.deepEqual(refusalOf(limited({ windows }, used, { customer, shop: { stripPlusTag: true } })), [
    "customer_limit_reached", "coupon", { limit: 1, per: "month", used: 1, kind: "email" },
  ]);
  assert.deepEqual(reasonsOf(limited({ windows }, used, { customer })), ["applied"], "another address without stripPlusTag");
  assert.deepEqual(reasonsOf(limited({ windows }, used)), ["customer_required"]);
});

test("§12 each key has one first order, under whichever coupon; earlier orders say it already", () => {
  const first = { restrictions: { firstOrderOnly: true } };
  const reason = (counters, priorOrders = 0) =>
    refusalOf(quote([coupon("A", percent(1000), first)], [line(1000)], { customer: { ...customer, priorOrders }, usage: { counters } }));
  const of = (view) => ({ "first_order/customer/id/7": view });
  assert.equal(reason({}), null);
  assert.deepEqual(reason(of({ claimed: 1 })), ["not_first_order", "coupon", { limit: 1, used: 1, kind: "id" }]);
  assert.deepEqual(reason(of({ claimed: 1, held: 1 })), ["reserved_elsewhere", "coupon", { limit: 1, used: 0, held: 1, nextExpiry: null, kind: "id" }]);
  assert.equal(reason(of({ claimed: 1, ended: 1 })), null);
  assert.deepEqual(reason(of({ claimed: 1 }), 3), ["not_first_order", "coupon", { priorOrders: 3 }]);
  const rule = linked("r", percent(1000), first);
  const byRule = quote([coupon("A", undefined, { rules: ["r"] })], [line(1000)], { rules: [rule], customer, usage: { counters: of({ claimed: 1 }) } });
  assert.deepEqual(reasonsOf(byRule), ["applied"], "a rule counts no redemptions");
});

test("§14 a hold that has ended keeps nobody out, known to the ledger or not yet", () => {
  const reason = (view) => refusalOf(limited({ total: 3 }, { "coupon/a": view }))?.[0] ?? null;
  assert.equal(reason({ claimed: 3, held: 1, nextExpiry: NOW + 1 }), "reserved_elsewhere");
  assert.equal(reason({ claimed: 3, held: 1, nextExpiry: NOW }), null);
  assert.equal(reason({ claimed: 4, ended: 2 }), null);
  assert.equal(reason({ claimed: 5, ended: 2 }), "limit_reached");
  assert.equal(reason({ claimed: 5, held: 1, ended: 1 }), "limit_reached", "a hold never makes it exhausted: 3 are redeemed");
});

test("a budget: spent, held, too little left, in no currency of the cart's", () => {
  const budget = { USD: 1000 };
  const of = (view) => refusalOf(limited({ budget }, { "coupon/a/budget/USD": view }));
  const money = { currency: "USD", limit: 1000 };
  assert.deepEqual(of({ claimed: 1000 }), ["budget_exhausted", "coupon", { ...money, used: 1000 }]);
  assert.deepEqual(of({ claimed: 1000, held: 1, nextExpiry: 5 }), ["reserved_elsewhere", "coupon", { ...money, used: 999, held: 1, nextExpiry: 5 }]);
  assert.deepEqual(of({ claimed: 901, held: 1 }), ["budget_exhausted", "coupon", { ...money, used: 900, held: 1, required: 100 }]);
  assert.equal(of({ claimed: 900 }), null);
  assert.equal(of({ claimed: 1100, ended: 200 }), null);
  assert.deepEqual(refusalOf(limited({ budget: { EUR: 5 } })), ["currency_mismatch", "coupon", { currency: "USD", accepted: ["EUR"] }]);
});

test("what would overrun a budget is refused, and the others are decided again without it", () => {
  const poor = coupon("POOR", amount({ USD: 500 }), { limits: { budget: { USD: 499 } } });
  const small = coupon("SMALL", amount({ USD: 100 }));
  const asked = [poor, small];
  const best = quote(asked, [line(1000)], { mode: "best" });
  assert.deepEqual([reasonsOf(best), amountsOf(best)], [["budget_exhausted", "applied"], [100]]);
  const whole = quote(asked, [line(1000)], { stacking: { onInapplicable: "all_or_nothing" } });
  assert.deepEqual([reasonsOf(whole), amountsOf(whole)], [["budget_exhausted", "not_all_applicable"], []]);
  const asking = coupon("ASKING", percent(1000), { restrictions: { coupons: ["poor"] } });
  assert.deepEqual(reasonsOf(quote([poor, asking], [line(1000)])), ["budget_exhausted", "coupon_required"], "it is not there");
  assert.deepEqual(reasonsOf(quote(asked, [line(499)])), ["applied", "no_effect"], "taken are 499, which are there");
});

test("two codes of one coupon share its budget: the last by name is given up, however they were entered", () => {
  const rules = [linked("r1", amount({ USD: 60 })), linked("r2", amount({ USD: 50 }))];
  // Each code opens one of the rules: the other one needs a channel that it does not have.
  rules[0].restrictions = { products: { include: ["x"] } };
  rules[1].restrictions = { products: { include: ["y"] } };
  const codes = [
    { code: "K1", restrictions: { products: { include: ["x"] } } },
    { code: "K2", restrictions: { products: { include: ["y"] } } },
  ];
  const shared = (budget) => [coupon("A", undefined, { code: null, rules: ["r1", "r2"], codes, limits: { budget: { USD: budget } } })];
  const lines = [line(1000, { ids: ["x"] }), line(1000, { ids: ["y"] })];
  const reasons = (budget, entered, more) => reasonsOf(quote(shared(budget), lines, { rules, codes: entered, ...more }));
  assert.deepEqual(reasons(110, ["K1", "K2"]), ["applied", "applied"]);
  assert.deepEqual(reasons(109, ["K1", "K2"]), ["applied", "budget_exhausted"]);
  assert.deepEqual(reasons(109, ["K2", "K1"]), ["budget_exhausted", "applied"]);
  assert.deepEqual(reasons(109, ["K2", "K1"], { order: "requested" }), ["applied", "budget_exhausted"]);
  assert.deepEqual(reasons(59, ["K1", "K2"]), ["budget_exhausted", "budget_exhausted"]);
});
