/**
 * Who, what, when, how much: the semantics of the conditions (§9, §10, §17, §23) as far as they go beyond one minimum, one
 * product list and one window, which `semantics.test.mjs` has.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, email, evaluated, instantOf, line, percent, reasons, redeemed, refused, rule, several } from "./shop.mjs";

/** 1 June 2026, 12:00 UTC is a Monday, 15:00 in Cairo and 14:00 in Berlin. */
const HOUR = 3_600_000;
const least = (minimum) => ({ restrictions: { minimum } });
const only = (restrictions, request = {}) => evaluated({ coupons: [coupon({ restrictions })], ...request });
const reasonOf = (...given) => reasons(only(...given))[0];
const items = (...lines) => ({ currency: "EGP", lines });
const week = (zone, ...windows) => ({ schedule: { zone, windows } });
const during = (days, from, to) => ({ days, from, to });

test("semantics §9: of two codes in sequence, one that needs 100 left of 120 depends on what comes before it", () => {
  const fixed = (priority) => coupon({ id: "f", code: "FIXED", discount: amount(3_000), priority });
  const needing = (priority) => coupon({ id: "n", code: "NEEDS", discount: percent(1_000), priority, ...least({ amounts: { EGP: 10_000 }, basis: "running_before_this" }) });
  const on = (...coupons) => evaluated({ coupons, codes: ["FIXED", "NEEDS"], cart: cart(12_000), policy: several("sequential") });
  assert.deepEqual([on(fixed(1), needing(2)).totals.discount, on(fixed(2), needing(1)).totals.discount], [3_000, 4_200]);
  assert.equal(evaluated({ coupons: [coupon({ discount: percent(9_000), ...least({ amounts: { EGP: 10_000 }, basis: "running_before_this" }) })], cart: cart(10_000) }).totals.discount, 9_000);
});

test("semantics §9: amount and quantity of one minimum both hold; a maximum by quantity is met by as many", () => {
  const on = (quantity, unitPrice) => only({ minimum: { amounts: { EGP: 1_000 }, quantity: 3 }, maximum: { quantity: 5 } }, { cart: items(line("a", unitPrice, { quantity })) });
  assert.deepEqual(on(2, 400).codes[0].rejection.details, { currency: "EGP", required: 1_000, actual: 800, shortfall: 200, scope: "all_lines", requiredQuantity: 3, actualQuantity: 2 });
  assert.deepEqual([on(3, 300), on(2, 500), on(3, 400), on(5, 400), on(6, 400)].map((quote) => reasons(quote)[0]), ["minimum_not_met", "minimum_not_met", "applied", "applied", "maximum_exceeded"]);
});

test("semantics §10: everything required is missing as long as one thing is, and excluded lines do not count for it", () => {
  const products = { include: ["a", "b"], exclude: ["b2"], requires: "all" };
  const [{ rejection }] = only({ products }, { cart: items(line("a", 100), line("b2", 100, { ids: ["b", "b2"] })) }).codes;
  assert.deepEqual([rejection.code, rejection.details.missing], ["no_eligible_items", ["b"]]);
  assert.equal(reasonOf({ products }, { cart: items(line("a", 100), line("b", 100)) }), "applied");
});

test("semantics §17: a weekly window may go past midnight, belongs to the day it begins on, and ends before its end", () => {
  const friday = week("UTC", during(["fri"], "22:00", "02:00"));
  const at = (day, hour, minute = 0, ms = 0) => reasonOf(friday, { now: Date.UTC(2026, 5, day, hour, minute, 0, ms) });
  assert.deepEqual([at(5, 21, 59), at(5, 22), at(6, 1, 59), at(6, 2), at(4, 23), at(5, 1)], ["outside_schedule", "applied", "applied", "outside_schedule", "outside_schedule", "outside_schedule"]);
});

test("semantics §17: a weekly window keeps its local hours over a change of the clocks", () => {
  const morning = week("Europe/Berlin", during(["sat", "mon"], "09:00", "10:00"));
  const at = (...utc) => reasonOf(morning, { now: Date.UTC(...utc) });
  // Clocks go forward on 29 March 2026: Saturday 09:00 is 08:00 UTC, Monday 09:00 is 07:00 UTC.
  assert.deepEqual([at(2026, 2, 28, 8), at(2026, 2, 28, 7, 59), at(2026, 2, 30, 7), at(2026, 2, 30, 8)], ["applied", "outside_schedule", "applied", "outside_schedule"]);
});

test("semantics §17: hours of coupon and code must both hold; what is no window is refused", async () => {
  const codes = [{ code: "C", restrictions: week("UTC", during(["mon"], "12:00", "13:00")) }];
  const coupons = [coupon({ restrictions: week("Africa/Cairo", during(["mon"], "15:30", "18:00")), codes })];
  const at = (now) => evaluated({ coupons, codes: ["C"], now }).codes[0].rejection?.level ?? "applied";
  assert.deepEqual([at(NOW), at(NOW + HOUR / 2), at(NOW + HOUR)], ["coupon", "applied", "code"]);
  const wrong = [[during([], "01:00", "02:00"), "days"], [during(["mon"], "01:00", "01:00"), "to"], [during(["mon"], "24:00", "01:00"), "from"], [during(["mon", "mon"], "01:00", "02:00"), "days[1]"]];
  for (const [window, path] of wrong) {
    const [, found] = await refused(() => only(week("UTC", window)));
    assert.equal(found, `coupons[0].restrictions.schedule.windows[0].${path}`);
  }
});

test("semantics §17: half past two on the night of a change is the instant that keeps validity no shorter than asked", () => {
  const iso = (local, edge) => new Date(instantOf(local, "Europe/Berlin", edge)).toISOString();
  for (const edge of ["start", "end"]) assert.equal(iso("2025-03-30T02:30", edge), "2025-03-30T01:30:00.000Z");
  assert.deepEqual([iso("2025-10-26T02:30", "start"), iso("2025-10-26T02:30", "end")], ["2025-10-26T00:30:00.000Z", "2025-10-26T01:30:00.000Z"]);
});

test("semantics §17, §23: a code's own dates narrow its coupon's, or stand in their place, each end for itself", () => {
  const coupons = (dates) => [coupon({ dates, restrictions: { startsAt: NOW, expiresAt: NOW + DAY }, codes: [{ code: "C", restrictions: { expiresAt: NOW + 5 * DAY } }] })];
  const at = (dates, now) => reasons(evaluated({ coupons: coupons(dates), codes: ["C"], now }))[0];
  assert.deepEqual([at("intersect", NOW - 1), at("intersect", NOW + 2 * DAY)], ["not_started", "expired"]);
  assert.deepEqual([at("override", NOW - 1), at("override", NOW + 5 * DAY), at("override", NOW + 5 * DAY + 1)], ["not_started", "applied", "expired"]);
});

test("semantics §17: valid so many days counts from the code's issue, to the very millisecond, and an earlier expiry wins", () => {
  const coupons = (restrictions) => [coupon({ code: null, codes: [{ code: "C", issuedAt: NOW, restrictions }] })];
  const at = (restrictions, now) => reasons(evaluated({ coupons: coupons(restrictions), codes: ["C"], now }))[0];
  assert.deepEqual([at({ validForDays: 7 }, NOW + 7 * DAY), at({ validForDays: 7 }, NOW + 7 * DAY + 1)], ["applied", "expired"]);
  assert.deepEqual([at({ validForDays: 7, expiresAt: NOW + DAY }, NOW + DAY), at({ validForDays: 7, expiresAt: NOW + DAY }, NOW + DAY + 1)], ["applied", "expired"]);
});

test("semantics §23: dates, users, limits, minimums and products of coupon and code intersect, and an empty meeting is nobody's", () => {
  const key = (name) => email(`${name}@example.com`);
  const refusal = (ofCoupon, ofCode, request) => {
    const coupons = [coupon({ restrictions: ofCoupon, limits: { total: 3 }, codes: [{ code: "C", restrictions: ofCode, limits: { total: 2 } }] })];
    const { rejection } = evaluated({ coupons, codes: ["C"], ...request }).codes[0];
    return rejection && [rejection.code, rejection.level];
  };
  const users = (who) => refusal({ customers: [key("ann"), key("bob")] }, { customers: [key("bob"), key("eve")] }, { customer: buyer(key(who)) });
  assert.deepEqual([users("ann"), users("bob"), users("eve")], [["customer_not_allowed", "code"], null, ["customer_not_allowed", "coupon"]]);
  assert.deepEqual(refusal({ customers: [key("ann")] }, { customers: [key("bob")] }, { customer: buyer(key("ann")) }), ["customer_not_allowed", "code"]);
  const used = (ofCoupon, ofCode) => refusal({}, {}, { usage: redeemed({ "coupon/c1": ofCoupon, "code/C": ofCode }) });
  assert.deepEqual([used(2, 1), used(3, 1), used(2, 2)], [null, ["limit_reached", "coupon"], ["limit_reached", "code"]]);
});

test("semantics §23: a code and its coupon are both active, and so is the rule", () => {
  const found = (ofCoupon, ofCode, ofRule) => {
    const coupons = [coupon({ discount: null, rules: ["r1"], state: ofCoupon, codes: [{ code: "C", state: ofCode }] })];
    const { rejection } = evaluated({ coupons, codes: ["C"], rules: [rule({ state: ofRule })] }).codes[0];
    return rejection === null ? "applied" : `${rejection.code} ${rejection.level}`;
  };
  assert.deepEqual([found("active", "active", "active"), found("inactive", "active", "active"), found("active", "archived", "active"), found("active", "active", "inactive")], ["applied", "inactive coupon", "archived code", "inactive rule"]);
});
