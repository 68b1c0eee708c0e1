/**
 * Owns the worked examples of restrictions: who, what, when, where, with whom, and how much of it is told.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isOpen, localTime, written } from "./schedule.mjs";
import { amount, automatic, coupon, line, linked, NOW, percent, quote, reasonsOf, refusalOf, sharesOf } from "./worked-quote.mjs";

const A_DAY = 86_400_000;
const under = (restrictions, more) => [coupon("A", percent(1000), { restrictions, ...more })];
const ask = (restrictions, lines = [line(1000)], more = {}) => quote(under(restrictions), lines, more);

test("§17 a weekly schedule is half-open, may run over midnight, and is read on the zone's clock", () => {
  // NOW is Sunday, 15 June 2025, 15:06:40 UTC.
  assert.equal(new Date(NOW).toISOString(), "2025-06-15T15:06:40.000Z");
  assert.equal(written(localTime(NOW, 0)), "sun 15:06");
  assert.equal(written(localTime(NOW, 14 * 60)), "mon 05:06");
  assert.equal(written(localTime(NOW, -24 * 60)), "sat 15:06");
  const open = (days, from, to, offset = 0) => isOpen([{ days, from, to }], localTime(NOW, offset));
  assert.deepEqual([open(["sun"], "15:06", "15:07"), open(["sun"], "15:00", "15:06"), open(["mon"], "15:00", "16:00")], [true, false, false]);
  assert.deepEqual([open(["sun"], "15:00", "24:00"), open(["sun"], "15:00", "00:00")], [true, true]);
  assert.deepEqual([open(["sat"], "22:00", "16:00"), open(["sun"], "22:00", "16:00"), open(["sun"], "15:00", "02:00")], [true, false, true]);
  assert.deepEqual([open(["sun"], "22:00", "06:00", 840), open(["mon"], "22:00", "06:00", 840)], [true, false]);
  const schedule = { zone: "Asia/Kathmandu", windows: [{ days: ["sun"], from: "09:00", to: "20:00" }] };
  const late = ask({ schedule }, undefined, { zones: { "Asia/Kathmandu": 345 } });
  assert.deepEqual(refusalOf(late), ["outside_schedule", "coupon", { zone: "Asia/Kathmandu", localTime: "sun 20:51" }]);
  assert.equal(late.codes[0].state, "rejected");
  assert.deepEqual(reasonsOf(ask({ schedule }, undefined, { zones: { "Asia/Kathmandu": 0 } })), ["applied"]);
});

test("valid for so many days after the issue, the last instant included; the earlier end counts", () => {
  const code = (issuedAt, more) => ({ code: "B", issuedAt, ...more });
  const coupons = (restrictions, given, more) => [coupon("A", percent(1000), { restrictions, codes: [given], ...more })];
  const reason = (...definition) => refusalOf(quote(coupons(...definition), [line(1000)], { codes: ["B"] }));
  assert.equal(reason({ validForDays: 2 }, code(NOW - 2 * A_DAY)), null);
  assert.deepEqual(reason({ validForDays: 2 }, code(NOW - 2 * A_DAY - 1)), ["expired", "coupon", { expiresAt: NOW - 1 }]);
  assert.deepEqual(reason({ validForDays: 2, expiresAt: NOW - 5 }, code(NOW - 2 * A_DAY - 1)), ["expired", "coupon", { expiresAt: NOW - 5 }]);
  assert.deepEqual(reason({}, code(NOW - A_DAY - 7, { restrictions: { validForDays: 1 } })), ["expired", "code", { expiresAt: NOW - 7 }]);
  assert.equal(reason({ validForDays: 1 }, code(undefined)), null, "issued now");
});

test("a code's own dates stand in place of the coupon's, each end for itself", () => {
  const dated = { startsAt: NOW + 5, expiresAt: NOW + 9 };
  const reasons = (restrictions, own, dates) => {
    const definition = coupon("A", percent(1000), { restrictions, dates, codes: [{ code: "B", restrictions: own, issuedAt: NOW }] });
    const { rejection, also } = quote([definition], [line(1000)], { codes: ["B"] }).codes[0];
    return (rejection ? [rejection, ...also] : []).map(({ code, level }) => `${level} ${code}`);
  };
  assert.deepEqual(reasons(dated, { startsAt: NOW - 1 }, "intersect"), ["coupon not_started"]);
  assert.deepEqual(reasons(dated, { startsAt: NOW - 1 }, "override"), []);
  assert.deepEqual(reasons(dated, { expiresAt: NOW + 99 }, "override"), ["coupon not_started"]);
  const over = { expiresAt: NOW - 1 };
  assert.deepEqual(reasons(over, { startsAt: NOW - 1 }, "override"), ["coupon expired"]);
  assert.deepEqual(reasons(over, { validForDays: 1 }, "override"), [], "days and date are one end");
  assert.deepEqual(reasons({}, { startsAt: NOW + 1 }, "override"), ["code not_started"]);
});

test("§11 customers by domain and by group", () => {
  const mail = (value, more) => ({ customer: { keys: [{ kind: "email", value }], ...more } });
  const domain = { customers: [{ kind: "email", value: " *@Example.com" }] };
  const reason = (restrictions, more) => reasonsOf(ask(restrictions, undefined, more))[0];
  assert.equal(reason(domain, mail("Ann@EXAMPLE.com ")), "applied");
  assert.equal(reason(domain, mail('"a@b"@example.com')), "applied");
  for (const other of ["ann@sub.example.com", "ann@example.com.test", "example.com"]) assert.equal(reason(domain, mail(other)), "customer_not_allowed");
  assert.equal(reason(domain, { customer: { keys: [{ kind: "id", value: "ann@example.com" }] } }), "customer_not_allowed");
  const groups = { customerGroups: ["vip", "staff"] };
  assert.equal(reason(groups, mail("a@b.c", { groups: ["x", "staff"] })), "applied");
  assert.equal(reason(groups, mail("a@b.c", { groups: ["VIP"] })), "customer_not_allowed", "compared exactly");
  assert.equal(reason(groups, mail("a@b.c")), "customer_not_allowed");
  assert.equal(reason(groups, {}), "customer_required");
  assert.equal(reason({ ...groups, ...domain }, mail("a@example.com", { groups: ["x"] })), "customer_not_allowed", "both must hold");
});

test("§12 the number of this order", () => {
  const nth = (orderNumber, priorOrders) => {
    const keys = [{ kind: "id", value: "ann" }];
    return refusalOf(ask({ orderNumber }, undefined, { customer: { keys, priorOrders } }));
  };
  assert.deepEqual(nth({ from: 3 }, 1), ["order_number_mismatch", "coupon", { priorOrders: 1 }]);
  assert.deepEqual([nth({ from: 3 }, 2), nth({ from: 2, to: 3 }, 2), nth({ to: 3 }, 2)], [null, null, null]);
  assert.equal(nth({ to: 3 }, 3)[0], "order_number_mismatch");
  assert.deepEqual(reasonsOf(ask({ orderNumber: { from: 3 } })), ["customer_required"]);
});

test("where it is bought: one refusal for each field that does not fit, and it parks", () => {
  const restrictions = { channels: ["web", "app", "web"], countries: ["EG"], paymentMethods: ["card"] };
  const { codes: [{ state, rejection, also }] } = ask(restrictions, undefined, { cart: { country: "EG", paymentMethod: "cash" } });
  assert.deepEqual([state, rejection, ...also], [
    "parked",
    { code: "context_mismatch", level: "coupon", details: { field: "channel", allowed: ["app", "web"] } },
    { code: "context_mismatch", level: "coupon", details: { field: "paymentMethod", allowed: ["card"] } },
  ]);
  assert.deepEqual(reasonsOf(ask(restrictions, undefined, { cart: { country: "EG", channel: "app", paymentMethod: "card" } })), ["applied"]);
});

test("§9 minimum and maximum by quantity and by both", () => {
  const lines = [line(100, { quantity: 2, ids: ["x"] }), line(50), line(9, { kind: "gift_card" })];
  assert.deepEqual(refusalOf(ask({ minimum: { quantity: 4 } }, lines)), ["minimum_not_met", "coupon", {
    requiredQuantity: 4, actualQuantity: 3, scope: "all_lines",
  }]);
  assert.deepEqual(reasonsOf(ask({ minimum: { quantity: 3 }, maximum: { quantity: 3, amounts: { USD: 250 } } }, lines)), ["applied"]);
  const both = ask({ minimum: { quantity: 3, amounts: { USD: 201 }, scope: "eligible_lines" }, products: { include: ["x"] } }, lines);
  assert.deepEqual(refusalOf(both)[2], {
    currency: "USD", required: 201, actual: 200, shortfall: 1, requiredQuantity: 3, actualQuantity: 2, scope: "eligible_lines",
  });
  const over = ask({ maximum: { quantity: 2, amounts: { USD: 249 } } }, lines);
  assert.deepEqual(refusalOf(over), ["maximum_exceeded", "coupon", {
    currency: "USD", required: 249, actual: 250, requiredQuantity: 2, actualQuantity: 3, scope: "all_lines",
  }]);
  assert.equal(over.codes[0].state, "parked");
  assert.deepEqual(reasonsOf(ask({ maximum: { amounts: { EUR: 1 } } }, lines)), ["currency_mismatch"]);
});

test("§9 the furthest minimum first, what the discount measures last", () => {
  const tiered = { type: "tiers", by: "amount", tiers: [{ from: { USD: 9000 }, discount: percent(1000) }] };
  const at = (required) => ({ restrictions: { minimum: { amounts: { USD: required } } } });
  const [entry] = quote([coupon("A", tiered, { ...at(2000), codes: [{ code: "B", ...at(3000) }] })], [line(1000)], { codes: ["B"] }).codes;
  const told = [entry.rejection, ...entry.also].map(({ level, details }) => [level, details.shortfall]);
  assert.deepEqual(told, [["code", 2000], ["coupon", 1000], ["coupon", 8000]]);
});

test("§9 Voucherify: a minimum on what the discounts before have left depends on the order", () => {
  const plain = coupon("A", amount({ USD: 3000 }));
  const asking = coupon("B", percent(1000), { restrictions: { minimum: { amounts: { USD: 8000 }, basis: "running_before_this" } } });
  const entered = (codes) => quote([plain, asking], [line(10_000)], { codes, order: "requested" });
  assert.deepEqual(entered(["B", "A"]).totals.discount, 4000);
  const late = entered(["A", "B"]);
  assert.deepEqual(late.codes[1].rejection, { code: "minimum_not_met", level: "coupon", details: {
    currency: "USD", required: 8000, actual: 7000, shortfall: 1000, scope: "all_lines",
  } });
  assert.equal(late.codes[1].state, "parked");
  const alone = coupon("A", percent(100), { exclusive: true });
  const unreached = { ...asking, restrictions: { minimum: { amounts: { USD: 99_999 }, basis: "running_before_this" } } };
  assert.deepEqual(reasonsOf(quote([alone, unreached], [line(10_000)])), ["applied", "not_combinable"], "looked at while stacking only");
});

test("§10 all products asked for, and nothing already reduced", () => {
  const lines = [line(100, { ids: ["x"] }), line(100, { ids: ["y"], discountable: false }), line(100, { ids: ["x", "z"], onSale: true })];
  const all = (include, more) => ask({ products: { include, requires: "all", ...more } }, lines);
  assert.deepEqual(sharesOf(all(["x", "z"])), [10, 0, 10]);
  assert.deepEqual(refusalOf(all(["z", "y", "x", "a"])), ["no_eligible_items", "coupon", { cartEmpty: false, missing: ["a", "y"] }]);
  assert.deepEqual(refusalOf(all(["x", "z"], { exclude: ["z"] }))[2].missing, ["z"]);
  assert.deepEqual(sharesOf(ask({ products: { excludeOnSale: true } }, lines)), [10, 0, 0]);
});

test("§23 the level is the first at which nothing is left", () => {
  const products = (include) => ({ restrictions: { products: { include } } });
  const lines = [line(100, { ids: ["x"] }), line(100, { ids: ["y"] })];
  const level = (ofCoupon, ofCode, ofRule) => {
    const linking = coupon("A", undefined, { rules: ["r"], ...ofCoupon, codes: [{ code: "B", ...ofCode }] });
    return refusalOf(quote([linking], lines, { codes: ["B"], rules: [linked("r", percent(1000), ofRule)] }))?.[1];
  };
  assert.equal(level(products(["z"]), {}, {}), "coupon");
  assert.equal(level(products(["x"]), products(["y"]), products(["x"])), "code");
  assert.equal(level(products(["x"]), {}, products(["y"])), "rule");
  assert.equal(level(products(["x"]), products(["x"]), products(["x"])), undefined);
});

test("only with another coupon that may be used itself", () => {
  const needing = coupon("A", percent(1000), { restrictions: { coupons: ["b", "c"] } });
  const reason = (more) => quote([needing, coupon("B", percent(500), more)], [line(1000)]).codes[0];
  assert.equal(reason({}).state, "applied");
  const alone = reason({ state: "inactive" });
  assert.deepEqual([alone.state, alone.rejection], ["parked", { code: "coupon_required", level: "coupon", details: { coupons: ["b", "c"] } }]);
  assert.equal(reason({ restrictions: { coupons: ["a"] } }).state, "applied", "what they ask of each other is not considered");
  const unentered = quote([needing, coupon("B", percent(500))], [line(1000)], { codes: ["A"] });
  assert.deepEqual(reasonsOf(unentered), ["coupon_required"]);
});

test("§24 the new reasons are masked like their neighbours, the merchant's words go with what is told", () => {
  const said = (restrictions, disclosure, more) =>
    quote(under(restrictions, { refusalMessage: "Sorry" }), [line(1000)], { disclosure, zones: { UTC: 0 }, ...more }).codes[0].rejection;
  const closed = { schedule: { zone: "UTC", windows: [{ days: ["mon"], from: "00:00", to: "01:00" }] } };
  for (const disclosure of ["actionable", "uniform"]) {
    assert.deepEqual(said(closed, disclosure), { code: "not_applicable", level: "code", details: {} });
  }
  const second = { customer: { keys: [{ kind: "id", value: "ann" }], priorOrders: 1 } };
  assert.equal(said({ orderNumber: { from: 3 } }, "actionable", second).code, "not_applicable");
  assert.equal(said({ orderNumber: { from: 3 } }, "full", second).code, "order_number_mismatch");
  assert.equal(said(closed, "full").details.text, "Sorry");
  const large = { maximum: { amounts: { USD: 999 } } };
  const figures = { currency: "USD", required: 999, actual: 1000, scope: "all_lines" };
  assert.deepEqual(said(large, "actionable").details, { ...figures, text: "Sorry" });
  assert.deepEqual(said(large, "uniform"), { code: "maximum_exceeded", level: "coupon", details: { text: "Sorry" } });
  const ofRule = quote([coupon("A", undefined, { rules: ["r"], refusalMessage: "Sorry" })], [line(1000)], {
    rules: [linked("r", percent(1000), { restrictions: large, refusalMessage: "Too much" })],
  });
  assert.deepEqual(refusalOf(ofRule), ["maximum_exceeded", "rule", { ...figures, text: "Too much" }]);
  const twice = quote([coupon("A", percent(1000), { refusalMessage: "Sorry", codes: [{ code: "B" }] })], [line(1000)], { codes: ["A", "B"] });
  assert.deepEqual(twice.codes[1].rejection.details, { with: ["A"] }, "not with reasons of stacking");
  const parked = (disclosure) => quote([], [line(1000)], { disclosure, rules: [
    automatic("r", percent(1000), { restrictions: { minimum: { amounts: { USD: 1001 } } } }),
    automatic("s", percent(1000), { restrictions: { expiresAt: NOW - 1 } }),
    automatic("t", percent(1000)),
  ] }).automatic.map(({ ruleId, state }) => `${ruleId} ${state}`);
  assert.deepEqual(parked("full"), ["r parked", "s rejected", "t applied"]);
  assert.deepEqual(parked("actionable"), ["r parked", "t applied"]);
});
