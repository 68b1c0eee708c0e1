/**
 * Who, what, when, how much: the conditions that other systems have beyond the guides (B3 … B90), and the semantics of
 * those that the core gained with them (§9, §10, §17). Value and sharing out are in `distribution.test.mjs`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, email, evaluated, instantOf, line, openShop, percent, reasons, redeemed, refused, rule, several } from "./shop.mjs";

/** 1 June 2026, 12:00 UTC is a Monday, 15:00 in Cairo and 14:00 in Berlin. */
const HOUR = 3_600_000;
const least = (minimum) => ({ restrictions: { minimum } });
const only = (restrictions, request = {}) => evaluated({ coupons: [coupon({ restrictions })], ...request });
const reasonOf = (...given) => reasons(only(...given))[0];
const items = (...lines) => ({ currency: "EGP", lines });

test("B3 a code's later expiry and higher limit end with its coupon's; switching it on again does not revive it", async () => {
  const codes = [{ id: "k", code: "C", restrictions: { expiresAt: NOW + 9 * DAY }, limits: { total: 900 } }];
  const coupons = [coupon({ restrictions: { expiresAt: NOW + DAY }, limits: { total: 2 }, codes })];
  const at = (now, used) => evaluated({ coupons, codes: ["C"], now, usage: redeemed({ "coupon/c1": used, "code/k": used }) }).codes[0];
  assert.deepEqual([at(NOW + DAY, 1).state, at(NOW + DAY + 1, 1).rejection.level, at(NOW, 2).rejection.level], ["applied", "coupon", "coupon"]);
  const { engine, apply } = await openShop({ coupons: [coupon({ restrictions: { expiresAt: NOW - 1 }, codes: [{ id: "k", code: "C", state: "inactive" }] })] });
  await engine.codes.setActive("k", true);
  assert.deepEqual(reasons(await apply(["C"])), ["expired"]);
});

test("B11 a minimum by quantity, told with how many are missing", () => {
  const on = (quantity) => evaluated({ coupons: [coupon(least({ quantity: 3 }))], cart: items(line("a", 1_000, { quantity })) });
  const [{ state, rejection: { code, details } }] = on(2).codes;
  assert.deepEqual([state, code, details], ["parked", "minimum_not_met", { requiredQuantity: 3, actualQuantity: 2, scope: "all_lines" }]);
  assert.equal(on(3).totals.discount, 600);
});

test("B22 a condition on the amount before all discounts, or on what those before it left", () => {
  const coupons = (basis) => [coupon({ id: "thirty", code: "THIRTY", discount: amount(3_000), priority: 1 }), coupon({ priority: 2, ...least({ amounts: { EGP: 10_000 }, basis }) })];
  const on = (basis) => evaluated({ coupons: coupons(basis), codes: ["THIRTY", "SAVE20"], cart: cart(12_000), policy: several("sequential") });
  assert.deepEqual([reasons(on("before_coupons")), on("before_coupons").totals.discount], [["applied", "applied"], 4_800]);
  const after = on("running_before_this");
  assert.deepEqual([reasons(after), after.codes[1].rejection.details.actual, after.codes[1].state], [["applied", "minimum_not_met"], 9_000, "parked"]);
});

test("B30 a rule may refuse in the merchant's own words, with the engine's where it has none", async () => {
  const restrictions = { minimum: { amounts: { EGP: 200_000 } } };
  const { apply } = await openShop({ coupons: [coupon({ restrictions, refusalMessage: "Only for orders of 2000 and more." }), coupon({ id: "c2", code: "PLAIN", restrictions })] });
  const told = (await apply(["SAVE20", "PLAIN"], cart(100_000), { disclosure: "actionable" })).codes.map(({ rejection }) => rejection.message);
  assert.deepEqual(told, ["Only for orders of 2000 and more.", "Add 1000.00 EGP more to use this code."]);
});

test("B31 a code published to one customer is good for so many days, and publishing it again gives no second one", async () => {
  const { engine, apply, codesOf } = await openShop({ coupons: [coupon({ code: null })] });
  const publish = () => engine.codes.add({ id: "mail-77", couponId: "c1", code: "FOR-ANN", issuedAt: NOW - 2 * DAY, restrictions: { validForDays: 3, customers: [email("ann@example.com")] } });
  await publish();
  assert.deepEqual(await refused(publish), ["duplicate_id", "id"]);
  assert.deepEqual(await codesOf("c1"), ["FOR-ANN"]);
  const by = async (who, now) => reasons(await apply(["FOR-ANN"], cart(1_000), { customer: buyer(email(who)), now }))[0];
  assert.deepEqual([await by("ann@example.com", NOW + DAY), await by("ann@example.com", NOW + DAY + 1)], ["applied", "expired"]);
  assert.equal(await by("bob@example.com", NOW), "customer_not_allowed");
});

const week = (zone, ...windows) => ({ schedule: { zone, windows } });
const during = (days, from, to) => ({ days, from, to });

test("B32 days of the week and hours, in the project's zone", () => {
  const schedule = week("Africa/Cairo", during(["mon", "tue"], "15:00", "17:00"));
  const at = (now) => reasonOf(schedule, { now });
  assert.deepEqual([NOW - 1, NOW, NOW + 2 * HOUR - 1, NOW + 2 * HOUR, NOW + DAY, NOW + 2 * DAY].map(at), ["outside_schedule", "applied", "applied", "outside_schedule", "applied", "outside_schedule"]);
  const { details } = only(schedule, { now: NOW + 3 * HOUR + 5 * 60_000 }).codes[0].rejection;
  assert.deepEqual(details, { zone: "Africa/Cairo", localTime: "mon 18:05" });
});

test("B66 a promotion of weekdays only, and one of the weekend", () => {
  const days = (...names) => week("Europe/Berlin", during(names, "00:00", "24:00"));
  const open = (restrictions) => [0, 1, 2, 3, 4, 5, 6].map((later) => reasonOf(restrictions, { now: NOW + later * DAY })).flatMap((reason, at) => (reason === "applied" ? [at] : []));
  assert.deepEqual([open(days("mon", "tue", "wed", "thu", "fri")), open(days("sat", "sun"))], [[0, 1, 2, 3, 4], [5, 6]]);
});

test("B52 each code of a coupon has conditions of its own", () => {
  const codes = [
    { code: "WEB", restrictions: { channels: ["web"] } },
    { code: "BULK", restrictions: { minimum: { quantity: 10 } } },
    { code: "CLUB", restrictions: { customerGroups: ["club"] } },
  ];
  const on = (request) => ["WEB", "BULK", "CLUB"].map((code) => reasons(evaluated({ coupons: [coupon({ codes })], codes: [code], ...request }))[0]);
  assert.deepEqual(on({ cart: { ...cart(1_000), channel: "web" } }), ["applied", "minimum_not_met", "customer_required"]);
  assert.deepEqual(on({ cart: items(line("a", 100, { quantity: 10 })), customer: { ...buyer(email("a@b.example")), groups: ["club"] } }), ["context_mismatch", "applied", "applied"]);
});

test("B73 a code switched off for the checkout still serves the shop, which applies the coupon by its id", async () => {
  const { engine, created, apply } = await openShop({ coupons: [coupon()] });
  await engine.codes.setActive(created[0].code.id, false);
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["inactive"]);
  assert.equal((await apply([{ couponId: "c1" }])).totals.discount, 20_000);
  await engine.codes.setActive(created[0].code.id, true);
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["applied"]);
});

test("B79 a maximum spend, no reduced items, individual use, at most so many items", () => {
  const spend = { maximum: { amounts: { EGP: 10_000 } } };
  assert.deepEqual([10_000, 10_001].map((minor) => reasonOf(spend, { cart: cart(minor) })), ["applied", "maximum_exceeded"]);
  const { details } = only(spend, { cart: cart(10_001) }).codes[0].rejection;
  assert.deepEqual(details, { currency: "EGP", required: 10_000, actual: 10_001, scope: "all_lines" });
  const reduced = items(line("a", 1_000), line("b", 2_000, { onSale: true }));
  assert.deepEqual(only({ products: { excludeOnSale: true } }, { cart: reduced }).lines.map(({ discount }) => discount), [200, 0]);
  const alone = [coupon({ exclusive: true }), coupon({ id: "c2", code: "OTHER", priority: 1 })];
  assert.deepEqual(reasons(evaluated({ coupons: alone, codes: ["OTHER", "SAVE20"], policy: several("additive") })), ["not_combinable", "applied"]);
  const two = [coupon({ discount: { ...percent(5_000), units: { from: "cheapest", take: 2 } } })];
  assert.equal(evaluated({ coupons: two, cart: items(line("a", 1_000, { quantity: 5 })) }).totals.discount, 1_000);
});

test("B81 any of the products, or each of them; products within categories", () => {
  const on = (requires, ...ids) => only({ products: { include: ["shirt", "socks"], requires } }, { cart: items(...ids.map((id) => line(id, 1_000))) });
  assert.deepEqual([reasons(on("any", "shirt")), reasons(on("any", "hat"))], [["applied"], ["no_eligible_items"]]);
  assert.deepEqual(on("all", "shirt", "hat").codes[0].rejection.details.missing, ["socks"]);
  assert.deepEqual(on("all", "shirt", "hat", "socks").lines.map(({ discount }) => discount), [200, 0, 200]);
  const within = [coupon({ restrictions: { products: { include: ["wool", "silk"] } }, codes: [{ code: "C", restrictions: { products: { include: ["shirts"] } } }] })];
  const lines = [line("1", 1_000, { ids: ["wool", "shirts"] }), line("2", 1_000, { ids: ["wool"] }), line("3", 1_000, { ids: ["shirts"] })];
  assert.deepEqual(evaluated({ coupons: within, codes: ["C"], cart: items(...lines) }).lines.map(({ discount }) => discount), [200, 0, 0]);
});

const CONTEXTS = [["channels", "channel", "app"], ["countries", "country", "EG"], ["paymentMethods", "paymentMethod", "card"], ["shippingMethods", "shippingMethod", "pickup"]];
for (const [list, field, value] of CONTEXTS) {
  test(`B84 ${list}: a cart of another ${field}, or of none, is parked`, () => {
    const on = (more) => only({ [list]: ["zzz", value] }, { cart: { ...cart(1_000), ...more } }).codes[0];
    assert.equal(on({ [field]: value }).state, "applied");
    for (const more of [{}, { [field]: "other" }]) {
      const { state, rejection } = on(more);
      assert.deepEqual([state, rejection.code, rejection.details], ["parked", "context_mismatch", { field, allowed: [value, "zzz"] }]);
    }
  });
}

test("B84 roles: any group of the customer that is listed", () => {
  const by = (groups) => reasonOf({ customerGroups: ["wholesale", "staff"] }, { customer: { ...buyer(email("a@b.example")), groups } });
  assert.deepEqual([by(["retail", "staff"]), by(["retail"]), by([]), by(["Staff"])], ["applied", "customer_not_allowed", "customer_not_allowed", "customer_not_allowed"]);
});

test("B90 a combination required: without one of the listed coupons it waits for it", () => {
  const coupons = [coupon({ restrictions: { coupons: ["base", "other"] } }), coupon({ id: "base", code: "BASE", discount: amount(100) })];
  const on = (...codes) => evaluated({ coupons, codes, policy: several("additive") });
  const [{ state, rejection }] = on("SAVE20").codes;
  assert.deepEqual([state, rejection.code, rejection.details.coupons], ["parked", "coupon_required", ["base", "other"]]);
  assert.deepEqual(reasons(on("SAVE20", "BASE")), ["applied", "applied"]);
});

test("B90 a combination excluded: by category, from either side", () => {
  const coupons = (one, two) => [coupon({ id: "1", code: "A", category: "spring", ...one }), coupon({ id: "2", code: "B", category: "clearance", ...two })];
  const on = (one, two) => reasons(evaluated({ coupons: coupons(one, two), codes: ["A", "B"], policy: several("additive") }));
  assert.deepEqual([on({ combinesWith: ["spring"] }, {}), on({}, { combinesWith: ["clearance"] }), on({}, {})], [["applied", "not_combinable"], ["applied", "not_combinable"], ["applied", "applied"]]);
});

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
