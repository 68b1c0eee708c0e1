/**
 * What other systems have beyond the guides (B3 … B90): who, what, when, how much.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, email, evaluated, line, openShop, percent, reasons, redeemed, refused, several } from "./shop.mjs";

/** 1 June 2026, 12:00 UTC is a Monday, 15:00 in Cairo and 14:00 in Berlin. */
const HOUR = 3_600_000;
const least = (minimum) => ({ restrictions: { minimum } });
const only = (restrictions, request = {}) => evaluated({ coupons: [coupon({ restrictions })], ...request });
const reasonOf = (...given) => reasons(only(...given))[0];
const items = (...lines) => ({ currency: "EGP", lines });
const week = (zone, ...windows) => ({ schedule: { zone, windows } });
const during = (days, from, to) => ({ days, from, to });

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
  assert.deepEqual(told, ["Only for orders of 2000 and more.", "Add 1,000.00 EGP more to use this code."]);
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
