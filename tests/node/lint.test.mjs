/**
 * `coupon-engine/lint`: each warning on a coupon that has the oddity, and its absence on the nearest that has not; the
 * sets of coupons that together take too much; and that both end on inputs of any size.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, memoryStorage, preload } from "./package.mjs";
import { NOW, cart, coupon, engineOn, errorOf } from "./samples.mjs";

const { lint, stackable } = await import(new URL("../../dist/package/dist/lint.js", import.meta.url).href);
const DAY = 86_400_000;
const percent = (basisPoints, more = {}) => ({ type: "percent", basisPoints, ...more });
const amount = (minor, currency = "EGP") => ({ type: "amount", amounts: { [currency]: minor } });
const rule = (changes = {}) => ({ id: "r1", gate: "coupon", discount: percent(1_000), ...changes });
const linking = (...rules) => coupon({ discount: null, rules });
const several = { stacking: { maxCodes: 5 } };

before(preload);

function found(code, coupons, more = {}) {
  const warnings = lint({ coupons: [coupons].flat(), now: NOW, ...more });
  return warnings.filter((warning) => warning.code === code);
}

function has(code, coupons, more = {}) {
  const [warning, ...others] = found(code, coupons, more);
  assert.ok(warning, `${code} is missing`);
  assert.deepEqual(others, []);
  assert.match(warning.message, /^[A-Z].*\.$/);
  return warning;
}

function hasNot(code, coupons, more = {}) {
  assert.deepEqual(found(code, coupons, more), []);
}

test("an ordinary coupon has nothing odd about it", () => {
  assert.deepEqual(lint({ coupons: [coupon()], now: NOW }), []);
  assert.deepEqual(lint({ coupons: [], rules: null, policy: null, cart: null, zones: null, now: NOW }), []);
});

test("uncapped_percent: from 50 % on, unless something bounds it; worse without a total limit", () => {
  const { details, severity, path, message } = has("uncapped_percent", coupon({ discount: percent(5_000) }));
  assert.deepEqual([details, severity, path], [{ basisPoints: 5_000, unlimited: true }, "warning", "coupons[0].discount"]);
  assert.equal(message, "Coupon c1 takes 50 % without a cap, and no total limit says how often.");
  assert.equal(has("uncapped_percent", coupon({ discount: percent(10_000), limits: { total: 5 } })).details.unlimited, false);
  for (const discount of [percent(4_999), percent(5_000, { cap: { EGP: 1 } }), percent(5_000, { maxPerLine: { EGP: 1 } }), percent(10_000, { target: "shipping" }), percent(10_000, { units: { from: "cheapest", take: 1 } })]) {
    hasNot("uncapped_percent", coupon({ discount }));
  }
  const tiers = { type: "tiers", by: "quantity", tiers: [{ from: 1, discount: percent(1_000) }, { from: 9, discount: percent(6_000) }] };
  assert.equal(has("uncapped_percent", coupon({ discount: tiers })).details.basisPoints, 6_000);
  assert.deepEqual(has("uncapped_percent", linking("r1"), { rules: [rule({ discount: percent(7_000) })] }).ruleIds, ["r1"]);
  assert.deepEqual(has("uncapped_percent", [], { rules: [rule({ gate: "automatic", discount: percent(7_000) })] }).couponIds, []);
});

test("unlimited_full_discount: all of the price without a total limit, and then no second warning for it", () => {
  assert.deepEqual(lint({ coupons: [coupon({ discount: percent(10_000) })], now: NOW }).map(({ code, severity }) => [code, severity]), [["unlimited_full_discount", "error"]]);
  hasNot("unlimited_full_discount", coupon({ discount: percent(9_999) }));
  hasNot("unlimited_full_discount", coupon({ discount: percent(10_000), limits: { total: 1 } }));
});

test("free_order: what brings the example to 0, by the shop's own policy", () => {
  const { details, message } = has("free_order", coupon({ discount: amount(10_000) }));
  assert.deepEqual(details, { currency: "EGP", subtotal: 10_000, discount: 10_000 });
  assert.equal(message, "Coupon c1 makes an order of 100.00 EGP free.");
  hasNot("free_order", coupon({ discount: amount(9_999) }));
  hasNot("free_order", coupon({ discount: amount(10_000), restrictions: { minimum: { amounts: { EGP: 10_001 } } } }));
  hasNot("free_order", coupon({ discount: amount(10_000) }), { policy: { allowZeroTotal: false } });
  assert.equal(has("free_order", coupon({ discount: amount(100_000, "KWD") })).details.subtotal, 100_000);
  hasNot("free_order", coupon({ discount: amount(10_000) }), { cart: cart() });
  has("free_order", coupon({ discount: amount(15_000) }), { cart: cart() });
  has("free_order", coupon({ discount: amount(10_000), restrictions: { products: { include: ["shirt"] }, customers: [{ kind: "id", value: "1" }] } }));
  const credit = { type: "store_credit", amounts: { EGP: 10_000 }, bearer: true };
  hasNot("free_order", coupon({ discount: credit }));
  hasNot("free_order", coupon({ discount: { ...credit, bearer: false }, restrictions: { customers: [{ kind: "id", value: "1" }] } }));
});

test("draft, linked_rule_inactive, rule_never_reached", () => {
  assert.equal(has("draft", coupon({ discount: null })).severity, "hint");
  hasNot("draft", coupon());
  const rules = [rule(), rule({ id: "r2", state: "inactive" })];
  const some = has("linked_rule_inactive", linking("r1", "r2"), { rules });
  assert.deepEqual([some.ruleIds, some.severity, some.path], [["r2"], "warning", "coupons[0].rules"]);
  assert.equal(has("linked_rule_inactive", linking("r2"), { rules }).severity, "error");
  hasNot("linked_rule_inactive", linking("r1"), { rules });
  assert.deepEqual(has("rule_never_reached", linking("r1"), { rules }).ruleIds, ["r2"]);
  assert.equal(has("rule_never_reached", [], { rules: [{ id: "gift", gate: "external" }] }).details.gate, "external");
  hasNot("rule_never_reached", linking("r1", "r2"), { rules });
  hasNot("rule_never_reached", [], { rules: [rule({ gate: "automatic" })] });
});

test("B3 ineffective_code_limit: a code's limit above its coupon's", () => {
  const limited = (limits, own) => coupon({ limits, codes: [{ code: "A1B2C3D4", limits: own }] });
  const { details, path } = has("ineffective_code_limit", limited({ total: 10 }, { total: 11 }));
  assert.deepEqual(details, { field: "total", code: "A1B2C3D4", limit: 11, couponLimit: 10 });
  assert.equal(path, "coupons[0].codes[0].limits.total");
  hasNot("ineffective_code_limit", limited({ total: 10 }, { total: 10 }));
  hasNot("ineffective_code_limit", limited({}, { total: 11 }));
  assert.equal(has("ineffective_code_limit", limited({ perCustomer: 2 }, { perCustomer: 3 })).details.field, "perCustomer");
  assert.equal(has("ineffective_code_limit", limited({ total: 1, perCustomer: 2 }, { perCustomer: 2 })).details.couponLimit, 1);
});

test("B3 ineffective_code_expiry: a code that is to end after its coupon", () => {
  const ending = (end, own, more = {}) => coupon({ restrictions: { expiresAt: end }, codes: [{ code: "A1B2C3D4", restrictions: { expiresAt: own } }], ...more });
  const { details } = has("ineffective_code_expiry", ending(NOW + DAY, NOW + DAY + 1));
  assert.deepEqual(details, { code: "A1B2C3D4", expiresAt: NOW + DAY + 1 });
  hasNot("ineffective_code_expiry", ending(NOW + DAY, NOW + DAY));
  hasNot("ineffective_code_expiry", ending(null, NOW + DAY));
  hasNot("ineffective_code_expiry", ending(NOW + DAY, NOW + 2 * DAY, { dates: "override" }));
  has("ineffective_code_expiry", ending("2026-06-02T00:00:00Z", "2026-06-02T00:00:00.001Z"));
});

const never = (reason, coupons, more) => {
  const warning = found("never_valid", coupons, more).find(({ details }) => details.reason === reason);
  assert.ok(warning, `${reason} is missing`);
  assert.equal(warning.severity, "error");
  return warning;
};
const couponAndCode = (restrictions, own, more = {}) => coupon({ restrictions, codes: [{ code: "A1B2C3D4", restrictions: own }], ...more });

test("never_valid: windows that are over, or have no instant in common", () => {
  assert.equal(never("window_past", coupon({ restrictions: { expiresAt: NOW - 1 } })).path, "coupons[0].restrictions");
  hasNot("never_valid", coupon({ restrictions: { expiresAt: NOW } }));
  hasNot("never_valid", coupon({ restrictions: { startsAt: NOW + 1, expiresAt: NOW + 1 } }));
  const apart = [{ expiresAt: NOW + DAY }, { startsAt: NOW + DAY + 1 }];
  const { path, details, message } = never("window_empty", couponAndCode(...apart));
  assert.deepEqual([path, details.code], ["coupons[0].codes[0].restrictions", "A1B2C3D4"]);
  assert.equal(message, "Coupon c1, with its code A1B2C3D4, can never be redeemed: its windows have no instant in common.");
  hasNot("never_valid", couponAndCode({ expiresAt: NOW + DAY }, { startsAt: NOW + DAY }));
  hasNot("never_valid", couponAndCode({ expiresAt: NOW - 1 }, { expiresAt: NOW + DAY }, { dates: "override" }));
  const rules = [rule({ restrictions: { startsAt: NOW + DAY + 1 } })];
  assert.deepEqual(never("window_empty", coupon({ discount: null, rules: ["r1"], restrictions: { expiresAt: NOW + DAY } }), { rules }).ruleIds, ["r1"]);
  never("window_past", [], { rules: [rule({ gate: "automatic", restrictions: { expiresAt: NOW - 1 } })] });
  never("window_past", couponAndCode({}, { validForDays: 1 }, { codes: [{ code: "A1B2C3D4", issuedAt: NOW - 2 * DAY, restrictions: { validForDays: 1 } }] }));
});

test("never_valid: a schedule that no instant of the window meets", () => {
  // 1 June 2026 is a Monday.
  const on = (day, from = "10:00", to = "12:00", zone = "Africa/Cairo") => ({ zone, windows: [{ days: [day], from, to }] });
  const until = { expiresAt: NOW + 3 * DAY };
  never("schedule", coupon({ restrictions: { ...until, schedule: on("fri") } }));
  hasNot("never_valid", coupon({ restrictions: { ...until, schedule: on("wed") } }));
  hasNot("never_valid", coupon({ restrictions: { schedule: on("fri") } }));
  hasNot("never_valid", couponAndCode({ schedule: on("fri", "10:00", "12:00") }, { schedule: on("fri", "11:59", "13:00") }));
  never("schedule", couponAndCode({ schedule: on("fri", "10:00", "12:00") }, { schedule: on("fri", "12:00", "13:00") }));
  // From Thursday night into Friday: the window ends at 03:00 of Cairo, an hour before.
  const night = { schedule: on("thu", "23:00", "01:00"), startsAt: "2026-06-04T21:00:00Z", expiresAt: "2026-06-04T21:30:00Z" };
  hasNot("never_valid", coupon({ restrictions: night }));
  never("schedule", coupon({ restrictions: { ...night, startsAt: "2026-06-04T22:00:00Z", expiresAt: "2026-06-04T22:30:00Z" } }));
  hasNot("never_valid", coupon({ restrictions: { ...night, startsAt: "2026-06-04T22:00:00Z", expiresAt: "2026-06-04T22:30:00Z" } }), { zones: { "Africa/Cairo": 120 } });
});

test("never_valid: nobody, no order, no place", () => {
  const ids = (...values) => ({ customers: values.map((value) => ({ kind: "id", value })) });
  never("customers", couponAndCode(ids("1", "2"), ids("3")));
  hasNot("never_valid", couponAndCode(ids("1", "2"), ids("2", "3")));
  hasNot("never_valid", couponAndCode(ids("1"), { customers: [{ kind: "email", value: "a@example.com" }] }));
  const mails = (...values) => ({ customers: values.map((value) => ({ kind: "email", value })) });
  hasNot("never_valid", couponAndCode(mails("*@example.com"), mails("A@example.com ")));
  never("customers", couponAndCode(mails("*@example.com"), mails("a@example.org")));
  never("order_number", couponAndCode({ firstOrderOnly: true }, { orderNumber: { from: 2 } }));
  hasNot("never_valid", couponAndCode({ orderNumber: { to: 2 } }, { orderNumber: { from: 2 } }));
  never("context", couponAndCode({ channels: ["web", "app"] }, { channels: ["till"] }));
  hasNot("never_valid", couponAndCode({ channels: ["web", "app"] }, { channels: ["app"], countries: ["EG"] }));
});

test("never_valid: no currency, no products, no value", () => {
  const minimum = (currency) => ({ minimum: { amounts: { [currency]: 100 } } });
  never("currency", coupon({ discount: amount(100), restrictions: minimum("USD") }));
  hasNot("never_valid", coupon({ discount: { type: "amount", amounts: { EGP: 1, USD: 1 } }, restrictions: minimum("USD") }));
  const products = (include, exclude, more = {}) => ({ products: { include, exclude, ...more } });
  never("products", coupon({ restrictions: products(["a", "b"], ["b", "a", "c"]) }));
  hasNot("never_valid", coupon({ restrictions: products(["a", "b"], ["b"]) }));
  never("products", coupon({ restrictions: products(["a", "b"], ["b"], { requires: "all" }) }));
  never("products", couponAndCode(products(["a"], []), products([], ["a"])));
  hasNot("never_valid", couponAndCode(products(["a"], []), products(["b"], [])));
  const between = (least, most) => coupon({ restrictions: { minimum: { amounts: { EGP: least } }, maximum: { amounts: { EGP: most } } } });
  never("minimum_above_maximum", between(101, 100));
  hasNot("never_valid", between(100, 100));
  never("minimum_above_maximum", couponAndCode({ minimum: { quantity: 5 } }, { maximum: { quantity: 4 } }));
  hasNot("never_valid", couponAndCode({ minimum: { quantity: 2_000_000, amounts: { EGP: 7 } } }, { maximum: { quantity: 2_000_000 } }));
  const tiers = { type: "tiers", by: "amount", tiers: [{ from: { EGP: 5_000 }, discount: percent(1_000) }] };
  never("minimum_above_maximum", coupon({ discount: tiers, restrictions: { maximum: { amounts: { EGP: 4_999 } } } }));
  const free = percent(10_000, { units: { from: "cheapest", take: 1, buy: { quantity: 2 } } });
  never("minimum_above_maximum", coupon({ discount: free, restrictions: { maximum: { quantity: 2 } } }));
  hasNot("never_valid", coupon({ discount: free, restrictions: { maximum: { quantity: 3 } } }));
});

test("guessable: short texts, small alphabets and full pools, by the arithmetic of generated codes", () => {
  const { details, severity } = has("guessable", coupon({ code: "ABC12" }));
  assert.deepEqual([details, severity], [{ codes: ["ABC12"], count: 1, guessesPerHit: String(36 ** 5) }, "hint"]);
  has("guessable", coupon({ code: "SUMMER" }));
  hasNot("guessable", coupon({ code: "SUMMER7" }));
  hasNot("guessable", coupon({ code: null }));
  const pool = (codes, more = {}) => coupon({ type: "bulk_pool", code: "WIN", codes: codes.map((code) => ({ code })), ...more });
  const numbered = Array.from({ length: 30 }, (_, index) => `WIN-${1_000 + index}`);
  const weak = has("guessable", pool(numbered));
  assert.deepEqual([weak.severity, weak.details.count, weak.details.codes.length], ["warning", 30, 5]);
  hasNot("guessable", pool(["WIN-A8K2X9Q4"]));
  has("guessable", pool(["WIN-A8K2X"]));
  hasNot("guessable", pool(["WIN-A8K2X9"]));
  has("guessable", pool(["WIN-A8K2X9", "WIN-B8K3X1", "WIN-C9K2X0"]));
  has("guessable", pool([], { template: "win-####" }));
  hasNot("guessable", pool([], { template: "win-######" }));
  has("guessable", pool([], { template: "win-######", limits: { total: 500 } }));
  const credit = (code, bearer) => coupon({ code, discount: { type: "store_credit", amounts: { EGP: 5 }, bearer }, ...(bearer ? {} : { restrictions: { customers: [{ kind: "id", value: "1" }] } }) });
  assert.equal(has("guessable", credit("GIFT-A8K2X9Q4Z", true)).severity, "warning");
  hasNot("guessable", credit("GIFT-A8K2X9Q4Z", false));
  hasNot("guessable", credit("GIFT-A8K2X9Q4ZB7H", true));
});

test("a generated pool is not called guessable exactly where generation says so", async () => {
  const engine = await engineOn();
  await engine.coupons.create({ id: "pool", type: "bulk_pool", code: "POOL", discount: percent(1_000) });
  await engine.codes.generate({ couponId: "pool", count: 40 });
  const { coupon: record } = await engine.coupons.get("pool");
  const { items } = await engine.codes.list({ couponId: "pool" });
  hasNot("guessable", { ...record, codes: items });
  await engine.coupons.create({ id: "small", type: "bulk_pool", code: "SMALL", discount: percent(1_000) });
  const { warnings } = await engine.codes.generate({ couponId: "small", count: 40, length: 4 });
  assert.equal(warnings[0].code, "guessable");
  const small = await engine.coupons.get("small");
  has("guessable", { ...small.coupon, codes: (await engine.codes.list({ couponId: "small" })).items });
  await engine.close();
});

test("template_mismatch: codes that do not look as the template says", () => {
  const shaped = (...codes) => coupon({ code: null, template: "sum-####", codes: codes.map((code) => ({ code })) });
  const { details } = has("template_mismatch", shaped("SUM-A1B2", "WIN-A1B2"));
  assert.deepEqual(details, { template: "SUM-####", codes: ["WIN-A1B2"], count: 1 });
  hasNot("template_mismatch", shaped("sum-a1b2"));
  has("template_mismatch", shaped("SUM-A1B"));
  hasNot("template_mismatch", coupon({ code: null, template: "sum-####", codes: [{}] }));
});

const b = (changes = {}) => coupon({ id: "c2", code: "OTHER77", discount: amount(1_000), ...changes });

test("can_never_combine: only where the shop takes several codes", () => {
  const reason = (coupons, more = {}) => has("can_never_combine", coupons, { policy: several, ...more });
  const alone = reason([coupon({ exclusive: true }), b(), b({ id: "c3", code: "THIRD33" })]);
  assert.deepEqual([alone.couponIds, alone.details.reason, alone.severity], [["c1"], "exclusive", "hint"]);
  hasNot("can_never_combine", [coupon(), b()], { policy: several });
  hasNot("can_never_combine", [coupon({ exclusive: true }), b()]);
  hasNot("can_never_combine", [coupon({ exclusive: true }), b()], { policy: { stacking: { maxCodes: 5, mode: "best" } } });
  assert.equal(reason(coupon({ combinesWith: "none" })).details.reason, "combines_with_none");
  const third = b({ id: "c3", code: "THIRD33" });
  const unknown = reason([coupon({ combinesWith: ["vip"] }), b(), third]);
  assert.deepEqual([unknown.details, unknown.severity], [{ reason: "unknown_category", categories: ["vip"] }, "warning"]);
  hasNot("can_never_combine", [coupon({ combinesWith: ["vip"] }), b({ category: "vip" }), third], { policy: several });
  const picky = { combinesWith: ["goods"], category: "goods" };
  assert.equal(reason([coupon(), b(picky), { ...third, ...picky }]).details.reason, "refused_by_all");
  // A window of its own: no instant has both.
  assert.equal(reason([coupon({ restrictions: { expiresAt: NOW + 1 } }), b({ restrictions: { startsAt: NOW + 2 } }), third].slice(0, 2).concat([b({ id: "c3", code: "THIRD33", restrictions: { startsAt: NOW + 2 } })])).couponIds[0], "c1");
});

test("order_dependent: both orders with their figures", () => {
  const sequential = { stacking: { mode: "sequential", maxCodes: 5 } };
  const { details, couponIds, severity, message } = has("order_dependent", [coupon(), b()], { policy: sequential });
  assert.deepEqual(couponIds, ["c1", "c2"]);
  assert.deepEqual(details, {
    currency: "EGP",
    orders: [{ couponIds: ["c1", "c2"], discount: 3_000 }, { couponIds: ["c2", "c1"], discount: 2_800 }],
    decidedBy: "order",
  });
  assert.equal(severity, "warning");
  assert.equal(message, "The order matters: c1 before c2 takes 30.00 EGP, c2 before c1 takes 28.00 EGP; their priorities are equal, so the shop's order decides.");
  hasNot("order_dependent", [coupon(), b()], { policy: several });
  hasNot("order_dependent", [coupon(), b()], { policy: { stacking: { mode: "sequential" } } });
  hasNot("order_dependent", [coupon(), b({ discount: percent(1_000) })], { policy: sequential });
  hasNot("order_dependent", [coupon({ exclusive: true }), b()], { policy: sequential });
  hasNot("order_dependent", [coupon({ state: "inactive" }), b()], { policy: sequential });
  hasNot("order_dependent", [coupon({ restrictions: { expiresAt: NOW + 1 } }), b({ restrictions: { startsAt: NOW + 2 } })], { policy: sequential });
  assert.equal(has("order_dependent", [coupon(), b({ priority: 1 })], { policy: sequential }).severity, "hint");
  const requested = { stacking: { ...sequential.stacking, order: "requested" } };
  assert.equal(has("order_dependent", [coupon(), b({ priority: 1 })], { policy: requested }).details.decidedBy, "shopper");
  const shown = has("order_dependent", [coupon(), b()], { policy: sequential, cart: cart() });
  assert.deepEqual(shown.details.orders.map(({ discount }) => discount), [4_000, 3_800]);
  hasNot("order_dependent", [coupon(), b({ discount: amount(1_000, "USD") })], { policy: sequential, cart: cart() });
});

test("the figures of both orders are those of the engine", () => {
  const policy = { stacking: { mode: "sequential", maxCodes: 5, order: "requested" } };
  const coupons = [coupon(), b()];
  const { details } = has("order_dependent", coupons, { policy, cart: cart() });
  for (const { couponIds, discount } of details.orders) {
    const codes = couponIds.map((couponId) => ({ couponId }));
    assert.equal(evaluate({ coupons, codes, cart: cart(), now: NOW, policy }).totals.discount, discount);
  }
});

test("archived coupons are not judged; unsaved ones are called by their place", () => {
  assert.deepEqual(lint({ coupons: [coupon({ discount: percent(10_000), state: "archived" })], now: NOW }), []);
  const { id: _, ...unsaved } = coupon({ discount: percent(5_000), limits: { total: 1 } });
  assert.deepEqual(has("uncapped_percent", unsaved).couponIds, ["unsaved_1"]);
  const { id: __, ...unsavedRule } = rule();
  assert.deepEqual(has("rule_never_reached", [], { rules: [unsavedRule] }).ruleIds, ["unsaved_rule_1"]);
});

test("records of the back office are taken as they are", async () => {
  const engine = await engineOn({ storage: memoryStorage() });
  const record = await engine.rules.create(rule({ discount: percent(8_000) }));
  await engine.coupons.create(linking("r1"));
  await engine.codes.add({ couponId: "c1", code: "FURTHER99" });
  const { items: views } = await engine.coupons.list();
  const { items: codes } = await engine.codes.list({ couponId: "c1" });
  const withCodes = [{ ...views[0].coupon, codes }];
  assert.deepEqual(has("uncapped_percent", withCodes, { rules: [record] }).ruleIds, ["r1"]);
  const { combinations } = stackable({ coupons: withCodes, rules: [record], cart: cart(), now: NOW, basisPoints: 5_000 });
  assert.deepEqual(combinations.map(({ couponIds, basisPoints }) => [couponIds, basisPoints]), [[["c1"], 8_000]]);
  await engine.close();
});

test("a broken request is refused with its path", () => {
  const wrong = [
    [{ now: NOW }, "required", "coupons"],
    [{ coupons: [coupon({ discount: { type: "percent", basisPoints: 0 } })], now: NOW }, "out_of_range", "coupons[0].discount.basisPoints"],
    [{ coupons: [coupon({ limit: 1 })], now: NOW }, "unknown_field", "coupons[0].limit"],
    [{ coupons: [7], now: NOW }, "invalid_type", "coupons[0]"],
    [{ coupons: "all", now: NOW }, "invalid_type", "coupons"],
    [{ coupons: [coupon(), coupon({ code: "OTHER77" })], now: NOW }, "duplicate", "coupons[1].id"],
    [{ coupons: [linking("absent")], now: NOW }, "linked_discount_not_found", "coupons[0].rules[0]"],
    [{ coupons: [coupon()] }, "required", "now"],
    [{ coupons: [coupon()], now: NOW, policy: { rounding: "up" } }, "invalid_value", "policy.rounding"],
    [{ coupons: [coupon()], now: NOW, cart: { currency: "EGP", lines: [{ unitPrice: 1, quantity: 1 }] } }, "required", "cart.lines[0].id"],
    [{ coupons: [coupon()], now: NOW, strict: true }, "unknown_field", "strict"],
  ];
  for (const [request, code, path] of wrong) {
    const error = errorOf(() => lint(request));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
  for (const [changes, code, path] of [[{ cart: null }, "required", "cart"], [{ basisPoints: undefined }, "required", "basisPoints"], [{ basisPoints: 10_001 }, "out_of_range", "basisPoints"], [{ customer: 5 }, "invalid_type", "customer"]]) {
    const error = errorOf(() => stackable({ coupons: [], cart: cart(), now: NOW, basisPoints: 1, ...changes }));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("the request is read once, not changed and not kept", () => {
  const request = { coupons: [coupon({ discount: percent(5_000), codes: [{ code: "A1B2C3D4" }] })], rules: [], now: NOW };
  const copy = structuredClone(request);
  lint(request);
  assert.deepEqual(request, copy);
  let reads = 0;
  const counting = { now: NOW, get coupons() { reads += 1; return [coupon()]; } };
  lint(counting);
  assert.equal(reads, 1);
});

const of = (basisPoints, coupons, more = {}) => stackable({ coupons, cart: cart(), now: NOW, policy: several, basisPoints, ...more });
const tens = (count, changes = {}) => Array.from({ length: count }, (_, index) => coupon({ id: `t${index}`, code: `TEN${index}X`, discount: percent(1_000), ...changes }));

test("stackable: the smallest sets that take more than a share, and none that contains another", () => {
  const coupons = [coupon({ id: "half", code: "HALF", discount: percent(5_000) }), ...tens(3)];
  const { combinations, exact } = of(4_999, coupons);
  assert.deepEqual([combinations, exact], [[{ couponIds: ["half"], ruleIds: [], discount: 7_500, basisPoints: 5_000 }], true]);
  const pairs = of(5_000, coupons).combinations;
  assert.deepEqual(pairs.map(({ couponIds }) => couponIds), [["half", "t0"], ["half", "t1"], ["half", "t2"]]);
  assert.deepEqual(pairs[0], { couponIds: ["half", "t0"], ruleIds: [], discount: 9_000, basisPoints: 6_000 });
  assert.deepEqual(of(2_999, tens(3)).combinations.map(({ couponIds }) => couponIds), [["t0", "t1", "t2"]]);
  assert.deepEqual(of(3_000, tens(3)), { combinations: [], exact: true });
});

test("stackable: only what goes together, at that time, by that shop and for that customer", () => {
  const two = tens(2);
  assert.equal(of(1_500, two).combinations.length, 1);
  assert.deepEqual(of(1_500, [two[0], { ...two[1], exclusive: true }]), { combinations: [], exact: true });
  assert.deepEqual(of(1_500, two, { policy: {} }), { combinations: [], exact: true });
  assert.deepEqual(of(1_500, two, { policy: { stacking: { maxCodes: 5, mode: "best" } } }).combinations, []);
  assert.deepEqual(of(1_500, two, { policy: { stacking: { maxCodes: 5 }, globalCapBasisPoints: 1_500 } }).combinations, []);
  assert.deepEqual(of(1_500, [two[0], { ...two[1], state: "inactive" }]).combinations, []);
  assert.deepEqual(of(1_500, [two[0], { ...two[1], restrictions: { startsAt: NOW + 1 } }]).combinations, []);
  const personal = [two[0], { ...two[1], restrictions: { customers: [{ kind: "id", value: "1" }] } }];
  assert.deepEqual(of(1_500, personal).combinations, []);
  assert.equal(of(1_500, personal, { customer: { keys: [{ kind: "id", value: "1" }] } }).combinations.length, 1);
  const waiting = [two[0], { ...two[1], restrictions: { coupons: ["t0"] } }];
  assert.deepEqual(of(1_500, waiting).combinations.map(({ couponIds }) => couponIds), [["t0", "t1"]]);
});

test("stackable: automatic rules are beside the coupons; the host's discounts, shipping and store credit are not counted", () => {
  const rules = [rule({ id: "always", gate: "automatic", discount: percent(2_000) })];
  const { combinations } = of(2_500, tens(1), { rules });
  assert.deepEqual(combinations, [{ couponIds: ["t0"], ruleIds: ["always"], discount: 4_500, basisPoints: 3_000 }]);
  assert.deepEqual(of(1_999, tens(1), { rules }).combinations, [{ couponIds: [], ruleIds: ["always"], discount: 3_000, basisPoints: 2_000 }]);
  const given = cart({ shipping: 5_000, foreignDiscounts: [{ lineId: "a", amount: 5_000 }] });
  const free = coupon({ id: "ship", code: "SHIP", discount: percent(10_000, { target: "shipping" }) });
  const credit = coupon({ id: "credit", code: "CREDIT", discount: { type: "store_credit", amounts: { EGP: 9_000 }, bearer: true } });
  assert.deepEqual(of(1_000, [free, credit, ...tens(1)], { cart: given }).combinations, []);
  assert.deepEqual(of(999, [free, credit, ...tens(1)], { cart: given }).combinations.map(({ couponIds }) => couponIds), [["t0"]]);
  assert.deepEqual(of(0, tens(1), { cart: { currency: "EGP", lines: [] } }), { combinations: [], exact: true });
});

test("stackable is exhaustive for twelve, and says so where it is not", () => {
  const wide = { policy: { stacking: { maxCodes: 30 } } };
  assert.deepEqual(of(10_000, tens(12, { discount: percent(100) }), wide), { combinations: [], exact: true });
  const all = of(1_199, tens(12, { discount: percent(100) }), wide);
  assert.deepEqual([all.combinations.length, all.combinations[0].couponIds.length, all.exact], [1, 12, true]);
  assert.equal(of(10_000, tens(40, { discount: percent(100) }), wide).exact, false);
  // Two codes at most: all pairs of forty are few.
  const pairs = of(150, tens(40, { discount: percent(100) }), { policy: { stacking: { maxCodes: 2 } } });
  assert.deepEqual([pairs.combinations.length, pairs.exact], [780, true]);
});

test("stackable finds what the strongest reach at any number of coupons, and what differs from it in one", () => {
  const wide = { policy: { stacking: { maxCodes: 30 } } };
  for (const [count, differing] of [[20, 75], [40, 175]]) {
    const { combinations, exact } = of(5_000, tens(count, { discount: percent(1_100) }), wide);
    assert.equal(exact, false);
    assert.deepEqual(combinations.map(({ couponIds, basisPoints }) => [couponIds.length, basisPoints]), Array.from({ length: 1 + differing }, () => [5, 5_500]));
    assert.equal(new Set(combinations.map(({ couponIds }) => couponIds.join())).size, 1 + differing);
    assert.ok(combinations.some(({ couponIds }) => couponIds.join() === "t0,t1,t2,t3,t4"));
    for (const { couponIds } of combinations) assert.ok(couponIds.filter((id) => ["t0", "t1", "t2", "t3", "t4"].includes(id)).length >= 4);
  }
  // 20 of 1 % and one of 48 %: the strongest, and any three beside it.
  const uneven = [...tens(20, { discount: percent(100) }), coupon({ id: "most", code: "MOST48", discount: percent(4_800) })];
  assert.deepEqual(of(5_000, uneven, wide).combinations.map(({ couponIds }) => couponIds.length).slice(0, 2), [4, 4]);
  // One that goes with nothing is in the way of no others, and one that only waits is put beside what it needs.
  const alone = coupon({ id: "alone", code: "ALONE", discount: percent(4_900), exclusive: true });
  const eleven = of(5_000, [alone, ...tens(20, { discount: percent(1_100) })], wide).combinations;
  assert.ok(eleven.length > 0 && eleven.every(({ couponIds }) => !couponIds.includes("alone")));
  const waiting = coupon({ id: "waits", code: "WAITS", discount: percent(4_800), restrictions: { coupons: ["t0"] } });
  const all = of(6_800, [waiting, ...tens(20, { discount: percent(100) })], wide);
  assert.equal(all.combinations.length, 0, "48 and 20 of 1 % are 68");
  assert.ok(of(5_500, [waiting, ...tens(20, { discount: percent(100) })], wide).combinations.some(({ couponIds }) => couponIds.includes("waits")));
  assert.deepEqual(of(9_000, tens(20, { discount: percent(100) }), wide), { combinations: [], exact: false });
});

test("stackable: no set of the list contains another, however it was found", () => {
  // One that stops the others makes larger sets take less than smaller ones.
  const coupons = [...tens(12, { discount: percent(900) }), ...Array.from({ length: 6 }, (_, index) => coupon({ id: `s${index}`, code: `STRONG${index}`, discount: percent(1_500), stopAfter: index === 2 }))];
  const { combinations } = of(4_000, coupons, { policy: { stacking: { maxCodes: 30, mode: "sequential" } } });
  assert.ok(combinations.length > 1);
  for (const one of combinations) {
    for (const other of combinations) assert.ok(one === other || !one.couponIds.every((id) => other.couponIds.includes(id)));
    assert.ok(one.basisPoints >= 4_000);
  }
});

test("duplicate_link: a rule that a coupon links twice", () => {
  const rules = [rule(), rule({ id: "r2" })];
  const { ruleIds, severity, path, message } = has("duplicate_link", linking("r1", "r2", "r1", "r1"), { rules });
  assert.deepEqual([ruleIds, severity, path], [["r1"], "hint", "coupons[0].rules"]);
  assert.equal(message, "Coupon c1 links r1 more than once: a discount applies once.");
  hasNot("duplicate_link", linking("r1", "r2"), { rules });
  hasNot("duplicate_link", [linking("r1"), coupon({ id: "c2", code: "OTHER77", discount: null, rules: ["r1"] })], { rules });
});

test("email_pattern: what covers nobody's address", () => {
  const forEmails = (...values) => ({ customers: values.map((value) => ({ kind: "email", value })) });
  const { details, path, severity } = has("email_pattern", coupon({ restrictions: forEmails("*@", "a*@x.y", "*@x.y", "a@x.y", "*", "*@*.y", "*@a@x.y") }));
  assert.deepEqual(details, { values: ["*@", "a*@x.y", "*", "*@*.y", "*@a@x.y"], count: 5 });
  assert.deepEqual([path, severity], ["coupons[0].restrictions.customers", "warning"]);
  hasNot("email_pattern", coupon({ restrictions: forEmails("*@x.y", " *@X.Y ", "a@x.y") }));
  hasNot("email_pattern", coupon({ restrictions: { customers: [{ kind: "id", value: "a*" }] } }));
  const ofCode = has("email_pattern", coupon({ codes: [{ code: "A1B2C3D4", restrictions: forEmails("*@") }] }));
  assert.deepEqual([ofCode.path, ofCode.message], ["coupons[0].codes[0].restrictions.customers", "Code A1B2C3D4 is for *@, which is no e-mail address of anybody; only *@ and a whole domain stands for several."]);
  assert.deepEqual(has("email_pattern", [], { rules: [rule({ gate: "automatic", restrictions: forEmails("*@") })] }).ruleIds, ["r1"]);
  // The engine agrees: the one warned of is refused, the other is not.
  for (const [value, state] of [["*@", "rejected"], ["*@x.y", "applied"]]) {
    const customer = { keys: [{ kind: "email", value: "anna@x.y" }] };
    assert.equal(evaluate({ coupons: [coupon({ restrictions: forEmails(value) })], codes: ["SAVE20"], cart: cart(), now: NOW, customer }).codes[0].state, state);
  }
});

test("ineffective_need: another coupon that it need not have", () => {
  const needing = (...coupons) => coupon({ restrictions: { coupons } });
  const itself = has("ineffective_need", needing("c1", "c2"), { policy: several });
  assert.deepEqual([itself.details, itself.severity, itself.path], [{ reason: "itself", coupons: ["c1", "c2"] }, "warning", "coupons[0].restrictions.coupons"]);
  assert.equal(itself.message, "Coupon c1 needs one of c1, c2, which it is itself: it needs no other.");
  const pair = [needing("c2"), b()];
  hasNot("ineffective_need", pair, { policy: several });
  const one = has("ineffective_need", pair);
  assert.deepEqual(one.details, { reason: "one_code", coupons: ["c2"] });
  assert.equal(one.message, "Coupon c1 needs c2 beside it, and the shop applies no two codes together: who enters both gets one of them at most.");
  const states = evaluate({ coupons: pair, codes: ["SAVE20", "OTHER77"], cart: cart(), now: NOW }).codes.map(({ state }) => state);
  assert.deepEqual(states, ["applied", "rejected"]);
  has("ineffective_need", pair, { policy: { stacking: { maxCodes: 5, mode: "best" } } });
  const credit = b({ discount: { type: "store_credit", amounts: { EGP: 500 }, bearer: true } });
  hasNot("ineffective_need", [needing("c2"), credit]);
  const rules = [rule({ restrictions: { coupons: ["c1"] } })];
  assert.deepEqual(has("ineffective_need", linking("r1"), { rules }).path, "rules[0].restrictions.coupons");
  hasNot("ineffective_need", [b()], { rules: [rule({ gate: "automatic", restrictions: { coupons: ["c2"] } })] });
  assert.equal(has("ineffective_need", coupon({ codes: [{ code: "A1B2C3D4", restrictions: { coupons: ["c1"] } }] })).path, "coupons[0].codes[0].restrictions.coupons");
});

test("many_discounts: more than twelve that may meet", () => {
  const automatic = (count, changes = {}) => Array.from({ length: count }, (_, index) => rule({ id: `a${index}`, gate: "automatic", ...changes }));
  const { details, severity, message } = has("many_discounts", coupon(), { rules: automatic(12) });
  assert.deepEqual([details, severity], [{ discounts: 13, automatic: 12, codes: 1 }, "hint"]);
  assert.equal(message, "An order may have 13 discounts at once, 12 of them automatic: of more than 12 the best combination is searched step by step, and may be missed.");
  hasNot("many_discounts", coupon(), { rules: automatic(11) });
  hasNot("many_discounts", coupon(), { rules: automatic(20, { state: "inactive" }) });
  hasNot("many_discounts", coupon(), { rules: automatic(20, { restrictions: { expiresAt: NOW - 1 } }) });
  hasNot("many_discounts", coupon(), { rules: automatic(20), policy: { stacking: { mode: "best" } } });
  const small = tens(20, { discount: percent(100) });
  hasNot("many_discounts", small, { policy: { stacking: { maxCodes: 12 } } });
  assert.deepEqual(has("many_discounts", small, { policy: { stacking: { maxCodes: 13, onInapplicable: "all_or_nothing" } } }).details, { discounts: 13, automatic: 0, codes: 13 });
  const rules = ["r1", "r2", "r3"].map((id) => rule({ id, combinesWith: "all" }));
  const linked = tens(5, { discount: null, rules: ["r1", "r2", "r3"] });
  assert.equal(has("many_discounts", linked, { rules, policy: several }).details.discounts, 15);
});

test("hostile sizes end, and what was not looked at is said", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => coupon({ id: `c${index}`, code: `CODE${index}XYZ`, discount: index % 2 ? percent(1_000) : amount(500) }));
  const warnings = lint({ coupons: many, now: NOW, policy: { stacking: { mode: "sequential", maxCodes: 5 } } });
  assert.deepEqual(warnings.filter(({ code }) => code === "unchecked").map(({ details }) => details.check), ["order_dependent"]);
  const lines = Array.from({ length: 1_000 }, (_, index) => ({ id: `l${index}`, unitPrice: 100, quantity: 1 }));
  assert.equal(stackable({ coupons: many, now: NOW, cart: { currency: "EGP", lines }, policy: several, basisPoints: 9_000 }).exact, false);
  const ids = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
  const customers = ids.map((value) => ({ kind: "id", value }));
  never("customers", couponAndCode({ customers }, { customers: customers.map(({ value }) => ({ kind: "id", value: `x${value}` })) }));
  never("products", coupon({ restrictions: { products: { include: ids, exclude: ids } } }));
  hasNot("never_valid", coupon({ restrictions: { products: { include: ids, exclude: ids.slice(1), requires: "any" } } }));
  const windows = Array.from({ length: 50 }, () => ({ days: ["fri"], from: "10:00", to: "11:00" }));
  never("schedule", couponAndCode({ schedule: { zone: "Africa/Cairo", windows } }, { schedule: { zone: "Africa/Cairo", windows: [{ days: ["fri"], from: "11:00", to: "12:00" }] } }));
});
