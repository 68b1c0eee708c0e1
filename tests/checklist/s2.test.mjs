/**
 * Guide S2, coupons and promotion codes: the items that the engine itself owns, as a shop sees them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, email, evaluated, openShop, percent, reasons, refused } from "./shop.mjs";

const least = (minor) => ({ minimum: { amounts: { EGP: minor } } });
const mona = email("mona@example.com");
const omar = email("omar@example.com");

test("S2.1 one coupon, two codes with restrictions of their own", async () => {
  const codes = [{ code: "SUMMER20", restrictions: least(20_000) }, { code: "FRIENDS20" }];
  const { apply } = await openShop({ coupons: [coupon({ code: null, codes })] });
  const on = async (code, minor) => reasons(await apply([code], cart(minor)))[0];
  assert.deepEqual([await on("SUMMER20", 19_999), await on("FRIENDS20", 19_999)], ["minimum_not_met", "applied"]);
  assert.deepEqual([await on("SUMMER20", 20_000), await on("FRIENDS20", 20_000)], ["applied", "applied"]);
});

test("S2.2 a coupon carries discount, duration, limits, minimum, cap and products", async () => {
  const terms = {
    discount: percent(2_000, { EGP: 10_000 }),
    duration: { type: "repeating", months: 3 },
    limits: { total: 100, perCustomer: 2 },
  };
  const { engine } = await openShop({ coupons: [coupon({ ...terms, restrictions: { ...least(50_000), products: { include: ["hat"] } } })] });
  const { coupon: stored } = await engine.coupons.get("c1");
  const { discount, duration, limits, restrictions } = stored;
  assert.deepEqual({ discount, duration, limits }, { ...terms, limits: { ...terms.limits, budget: null, windows: [] } });
  assert.deepEqual(restrictions.minimum, { amounts: { EGP: 50_000 }, quantity: null, scope: "all_lines", basis: "before_coupons" });
  assert.deepEqual(restrictions.products, { include: ["hat"], exclude: [], requires: "any", excludeOnSale: false });
});

test("S2.3 a promotion code carries text, first-order and customer restriction, limit, expiry, minimum and active", async () => {
  const { engine } = await openShop({ coupons: [coupon()] });
  await engine.codes.add({
    couponId: "c1",
    code: "friends20",
    restrictions: { ...least(5_000), firstOrderOnly: true, customers: [mona], expiresAt: "2026-12-31T23:59:59Z" },
    limits: { total: 50 },
    state: "inactive",
  });
  const { items } = await engine.codes.list({ couponId: "c1" });
  const { code, restrictions, limits, state } = items.find((item) => item.code === "FRIENDS20");
  assert.deepEqual([code, state, limits], ["FRIENDS20", "inactive", { total: 50, perCustomer: null, budget: null, windows: [] }]);
  const given = Object.fromEntries(Object.entries(restrictions).filter(([, value]) => value !== null));
  assert.deepEqual(given, {
    expiresAt: Date.UTC(2026, 11, 31, 23, 59, 59),
    minimum: { amounts: { EGP: 5_000 }, quantity: null, scope: "all_lines", basis: "before_coupons" },
    customers: [mona],
    firstOrderOnly: true,
  });
});

test("S2.4 a coupon without codes is applied by its id, and no text finds it", async () => {
  const { apply, validate } = await openShop({ coupons: [coupon({ id: "staff-only", code: null })] });
  assert.equal((await apply([{ couponId: "staff-only" }])).totals.discount, 20_000);
  assert.deepEqual(reasons(await validate(["staff-only"])), ["not_found"]);
});

test("S2.5 what customers type needs a promotion code", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ id: "quiet", code: null })] });
  assert.deepEqual(reasons(await apply(["QUIET"])), ["not_found"]);
  await engine.codes.add({ couponId: "quiet", code: "QUIET" });
  assert.deepEqual(reasons(await apply(["QUIET"])), ["applied"]);
});

const BOTH_MINIMUMS = [[10_000, 20_000, 15_000, "minimum_not_met"], [10_000, 20_000, 20_000, "applied"], [30_000, 20_000, 25_000, "minimum_not_met"], [30_000, 20_000, 30_000, "applied"]];
for (const [ofCoupon, ofCode, order, expected] of BOTH_MINIMUMS) {
  test(`S2.6 coupon minimum ${ofCoupon} and code minimum ${ofCode}: an order of ${order} is ${expected}`, () => {
    const coupons = [coupon({ restrictions: least(ofCoupon), codes: [{ code: "BOTH", restrictions: least(ofCode) }] })];
    assert.deepEqual(reasons(evaluated({ coupons, codes: ["BOTH"], cart: cart(order) })), [expected]);
  });
}

test("S2.7 after A, A and B the coupon's own limit of 3 stops every code, whatever the codes have left", async () => {
  const codes = [{ code: "A", limits: { total: 2 } }, { code: "B", limits: { total: 2 } }];
  const { created, redeem, apply } = await openShop({ coupons: [coupon({ code: null, codes, limits: { total: 3 } })] });
  const [{ codes: [a, b] }] = created;
  for (const code of [a, a, b]) {
    assert.deepEqual(reasons(await apply([code.code])), ["applied"]);
    await redeem("coupon/c1");
    await redeem(`code/${code.id}`);
  }
  const [ofA] = (await apply(["A"])).codes;
  assert.deepEqual([ofA.rejection, ...ofA.also].map(({ code, level }) => [code, level]), [["limit_reached", "coupon"], ["limit_reached", "code"]]);
  const [ofB] = (await apply(["B"])).codes;
  assert.deepEqual([ofB.rejection, ...ofB.also].map(({ code, level }) => [code, level]), [["limit_reached", "coupon"]]);
});

test("S2.9 a list names the coupon, by its id where it has no name", async () => {
  const { engine } = await openShop({ coupons: [coupon({ name: "Summer" }), coupon({ id: "c2", code: "X" })] });
  const { items } = await engine.coupons.list();
  assert.deepEqual(items.map(({ description }) => description.label), ["Summer", "c2"]);
});

const TERMS = [
  [percent(2_000), { type: "forever" }, "20% off forever"],
  [amount(10_000), { type: "once" }, "100 EGP off once"],
  [percent(1_500), { type: "repeating", months: 3 }, "15% off for 3 months"],
  [percent(1_500), { type: "repeating", months: 1 }, "15% off for 1 month"],
];
for (const [discount, duration, words] of TERMS) {
  test(`S2.10 terms in plain words: ${words}`, async () => {
    const { engine } = await openShop({ coupons: [coupon({ discount, duration })] });
    assert.equal((await engine.coupons.describe("c1")).terms, words);
  });
}

test("S2.11 redemptions with a maximum are X/Y, without X", async () => {
  const { engine } = await openShop({ coupons: [coupon({ limits: { total: 50 } }), coupon({ id: "c2", code: "X" })] });
  for (let order = 0; order < 12; order += 1) {
    for (const code of ["SAVE20", "X"]) await engine.redeemNow({ key: `${code}-${order}`, codes: [code], cart: cart(1_000) });
  }
  assert.equal((await engine.coupons.describe("c1")).redemptions, "12/50");
  assert.equal((await engine.coupons.describe("c2")).redemptions, "12");
});

test("S2.13 the status follows from active and redeem-by; inactive wins", async () => {
  const past = { expiresAt: NOW - 1 };
  const { engine } = await openShop({
    coupons: [
      coupon({ id: "on", code: "A", restrictions: { expiresAt: NOW } }),
      coupon({ id: "past", code: "B", restrictions: past }),
      coupon({ id: "off", code: "C", state: "inactive" }),
      coupon({ id: "off-past", code: "D", state: "inactive", restrictions: past }),
    ],
  });
  const { items } = await engine.coupons.list();
  assert.deepEqual(items.map(({ description }) => description.status), ["active", "expired", "inactive", "inactive"]);
});

test("S2.14 a row of the list leads to the same coupon by its id", async () => {
  const { engine } = await openShop({ coupons: [coupon({ name: "Summer" })] });
  const { items: [row] } = await engine.coupons.list();
  assert.deepEqual(await engine.coupons.get(row.coupon.id), row);
  assert.equal(await engine.coupons.get("unknown"), null);
});

test("S2.15 the name is optional: receipts show it, the detail page says Untitled coupon without one", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ name: "Summer" }), coupon({ id: "c2", code: "PLAIN" })] });
  assert.equal((await engine.coupons.describe("c1")).title, "Summer");
  assert.equal((await engine.coupons.describe("c2")).title, "Untitled coupon");
  assert.equal((await apply(["SAVE20"])).adjustments[0].label, "Summer");
  assert.equal((await apply(["PLAIN"])).adjustments[0].label, "PLAIN");
});

test("S2.16 the guide's shop takes percentages from 1 to 100", async () => {
  const { engine } = await openShop({ policy: { preset: "xpay" } });
  for (const basisPoints of [0, 50, 99, 10_001]) {
    const run = () => engine.coupons.create({ type: "standard", code: `P${basisPoints}`, discount: percent(basisPoints) });
    assert.deepEqual(await refused(run), ["out_of_range", "discount.basisPoints"], `${basisPoints}`);
  }
  for (const basisPoints of [100, 10_000]) {
    const { coupon: created } = await engine.coupons.create({ type: "standard", code: `P${basisPoints}`, discount: percent(basisPoints) });
    assert.equal(created.discount.basisPoints, basisPoints);
  }
});

test("S2.17 20 % but no more than 100 EGP: 100 off 1000, 80 off 400", () => {
  const coupons = [coupon({ discount: percent(2_000, { EGP: 10_000 }) })];
  assert.equal(evaluated({ coupons, cart: cart(100_000) }).totals.discount, 10_000);
  assert.equal(evaluated({ coupons, cart: cart(40_000) }).totals.discount, 8_000);
});

test("S2.18 a fixed amount takes no maximum", async () => {
  const { engine } = await openShop();
  const run = () => engine.coupons.create(coupon({ discount: { ...amount(10_000), cap: { EGP: 5_000 } } }));
  assert.deepEqual(await refused(run), ["unknown_field", "discount.cap"]);
});

test("S2.19 100 EGP off: 250 becomes 150, 80 becomes 0, another currency is refused, a currency is required", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ discount: amount(10_000) })] });
  assert.equal((await apply(["SAVE20"], cart(25_000))).totals.total, 15_000);
  assert.deepEqual((await apply(["SAVE20"], cart(8_000))).totals, { subtotal: 8_000, discount: 8_000, shipping: 0, shippingDiscount: 0, tax: 0, credit: 0, total: 0 });
  assert.deepEqual(reasons(await apply(["SAVE20"], { ...cart(25_000), currency: "USD" })), ["currency_mismatch"]);
  assert.deepEqual(await refused(() => engine.coupons.create({ type: "standard", code: "X", discount: { type: "amount" } })), ["required", "discount.amounts"]);
  assert.equal((await refused(() => engine.coupons.create({ type: "standard", code: "X", discount: { type: "amount", amounts: {} } })))[1], "discount.amounts");
});

test("S2.20 chosen products alone are discounted; without a choice, all", () => {
  const of = (products) => evaluated({ coupons: [coupon({ restrictions: { products } })], cart: cart(10_000, 30_000) }).lines.map(({ discount }) => discount);
  assert.deepEqual(of({ include: ["b"] }), [0, 6_000]);
  assert.deepEqual(of({ include: [] }), [2_000, 6_000]);
  assert.deepEqual(of(null), [2_000, 6_000]);
});

test("S2.25 a one-time purchase gets the same under every duration", () => {
  for (const duration of [{ type: "once" }, { type: "forever" }, { type: "repeating", months: 3 }, undefined]) {
    assert.equal(evaluated({ coupons: [coupon({ duration })] }).totals.discount, 20_000);
  }
});

test("S2.26 redeem by: valid at that very instant, not a millisecond later", () => {
  const coupons = [coupon({ restrictions: { expiresAt: NOW } })];
  assert.deepEqual(reasons(evaluated({ coupons, now: NOW })), ["applied"]);
  const [{ rejection }] = evaluated({ coupons, now: NOW + 1 }).codes;
  assert.deepEqual([rejection.code, rejection.details], ["expired", { expiresAt: NOW }]);
});

test("S2.27 the total limit counts all customers together", async () => {
  const { redeem, apply } = await openShop({ coupons: [coupon({ limits: { total: 2 } })] });
  const by = async (key) => reasons(await apply(["SAVE20"], cart(1_000), { customer: buyer(key) }))[0];
  await redeem("coupon/c1");
  assert.deepEqual([await by(mona), await by(omar)], ["applied", "applied"]);
  await redeem("coupon/c1");
  assert.deepEqual([await by(mona), await by(omar)], ["limit_reached", "limit_reached"]);
});

test("S2.28 once per customer: the first has had it, the second may, and the total goes on", async () => {
  const { apply, engine } = await openShop({ coupons: [coupon({ limits: { perCustomer: 1 } })] });
  const by = async (key) => reasons(await apply(["SAVE20"], cart(1_000), { customer: buyer(key) }))[0];
  const buy = (key) => engine.redeemNow({ key: key.value, codes: ["SAVE20"], cart: cart(1_000), customer: buyer(key) });
  assert.equal((await buy(mona)).status, "redeemed");
  assert.deepEqual([await by(mona), await by(omar)], ["customer_limit_reached", "applied"]);
  assert.equal((await buy(omar)).status, "redeemed");
  assert.equal(await by(omar), "customer_limit_reached");
  assert.equal((await engine.coupons.describe("c1")).used, 2);
});

test("S2.29 a minimum of 500: 499.99 is one short, 500.00 will do", () => {
  const coupons = [coupon({ restrictions: least(50_000) })];
  const [{ state, rejection }] = evaluated({ coupons, cart: cart(49_999) }).codes;
  assert.deepEqual([state, rejection.code], ["parked", "minimum_not_met"]);
  assert.deepEqual(rejection.details, { currency: "EGP", required: 50_000, actual: 49_999, shortfall: 1, scope: "all_lines" });
  assert.equal(evaluated({ coupons, cart: cart(50_000) }).totals.discount, 10_000);
});

test("S2.30 an option that is not set is none, and 0 is refused rather than taken for it", async () => {
  const { engine } = await openShop({ coupons: [coupon({ restrictions: { expiresAt: null, minimum: null }, limits: { total: null, perCustomer: null } })] });
  const { limits, restrictions } = (await engine.coupons.get("c1")).coupon;
  assert.deepEqual([limits.total, limits.perCustomer, restrictions.expiresAt, restrictions.minimum], [null, null, null, null]);
  for (const limit of ["total", "perCustomer"]) {
    const run = () => engine.coupons.create(coupon({ id: "c2", code: "X", limits: { [limit]: 0 } }));
    assert.deepEqual(await refused(run), ["out_of_range", `limits.${limit}`]);
  }
  const alone = [{ limits: { total: 9 } }, { limits: { perCustomer: 9 } }, { restrictions: { expiresAt: NOW + DAY } }, { restrictions: least(1) }];
  for (const [at, option] of alone.entries()) {
    const quote = evaluated({ coupons: [coupon(option)], customer: buyer(mona) });
    assert.deepEqual(reasons(quote), ["applied"], `option ${at}`);
  }
});

test("S2.31 several codes come into being with their coupon", async () => {
  const { created, codesOf, apply } = await openShop({ coupons: [coupon({ code: null, codes: [{ code: "SUMMER20" }, { code: "FRIENDS20" }] })] });
  assert.deepEqual(created[0].codes.map(({ code }) => code), ["SUMMER20", "FRIENDS20"]);
  assert.deepEqual(created[0].warnings, []);
  for (const code of await codesOf("c1")) assert.equal((await apply([code])).totals.discount, 20_000);
});

test("S2.32 codes do not care about case", async () => {
  const { apply } = await openShop({ coupons: [coupon({ code: "Friends20" })] });
  for (const entered of ["friends20", "FRIENDS20", "fRiEnDs20"]) assert.deepEqual(reasons(await apply([entered])), ["applied"]);
});

test("S2.33 a text is taken by any coupon's code, active, inactive or archived", async () => {
  for (const state of ["active", "inactive", "archived"]) {
    const { engine } = await openShop({ coupons: [coupon({ code: null, codes: [{ code: "FRIENDS20", state }] }), coupon({ id: "c2", code: "OTHER" })] });
    assert.deepEqual(await refused(() => engine.codes.add({ couponId: "c2", code: "friends20" })), ["duplicate_code", "code"], state);
    assert.deepEqual(await refused(() => engine.coupons.create(coupon({ id: "c3", code: "Friends20" }))), ["duplicate_code", "code"], state);
  }
});

test("S2.34 a blank code is generated: new each time, and redeemable", async () => {
  const { engine, apply, created } = await openShop({ coupons: [coupon({ code: null, codes: [{}, { code: null }] })] });
  const third = await engine.codes.add({ couponId: "c1" });
  const texts = [...created[0].codes, third].map(({ code }) => code);
  assert.equal(new Set(texts).size, 3);
  for (const text of texts) {
    assert.match(text, /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{12}$/);
    assert.deepEqual(reasons(await apply([text])), ["applied"]);
  }
});

test("S2.35 first orders only: completed orders count, abandoned and failed ones do not", async () => {
  const orders = [
    { by: "mona@example.com", status: "failed" },
    { by: "mona@example.com", status: "abandoned" },
    { by: "omar@example.com", status: "completed" },
  ];
  const priorOrders = ({ keys }) => orders.filter(({ by, status }) => status === "completed" && keys.some(({ value }) => value === by)).length;
  const codes = [{ code: "FIRST", restrictions: { firstOrderOnly: true } }];
  const { apply } = await openShop({ coupons: [coupon({ codes })], priorOrders });
  const by = async (customer) => reasons(await apply(["FIRST"], cart(1_000), { customer }))[0];
  assert.deepEqual([await by(buyer(mona)), await by(buyer(omar)), await by(null)], ["applied", "not_first_order", "customer_required"]);
  assert.equal(await by({ keys: [mona], priorOrders: 1 }), "not_first_order");
});

test("S2.36 a code for one customer: nobody else, and nobody unknown", async () => {
  const { apply } = await openShop({ coupons: [coupon({ codes: [{ code: "MONA", restrictions: { customers: [mona] } }] })] });
  const by = async (customer) => reasons(await apply(["MONA"], cart(1_000), { customer }))[0];
  assert.deepEqual([await by(buyer(mona)), await by(buyer(omar)), await by(null)], ["applied", "customer_not_allowed", "customer_required"]);
});

test("S2.37 a code's own limit stops that code, not its coupon", async () => {
  const { created, redeem, apply } = await openShop({ coupons: [coupon({ limits: { total: 100 }, codes: [{ code: "TWICE", limits: { total: 2 } }] })] });
  await redeem("coupon/c1", 2);
  await redeem(`code/${created[0].codes[0].id}`, 2);
  const [{ rejection }] = (await apply(["TWICE"])).codes;
  assert.deepEqual([rejection.code, rejection.level, rejection.details], ["limit_reached", "code", { limit: 2, used: 2 }]);
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["applied"]);
});

test("S2.38 a code's own expiry ends that code, not its coupon", () => {
  const coupons = [coupon({ codes: [{ code: "SOON", restrictions: { expiresAt: NOW } }] })];
  assert.deepEqual(reasons(evaluated({ coupons, codes: ["SOON"] })), ["applied"]);
  const [{ rejection }] = evaluated({ coupons, codes: ["SOON"], now: NOW + 1 }).codes;
  assert.deepEqual([rejection.code, rejection.level], ["expired", "code"]);
  assert.deepEqual(reasons(evaluated({ coupons, now: NOW + 1 })), ["applied"]);
});

test("S2.39 a code's own minimum binds that code, not its coupon", () => {
  const coupons = [coupon({ codes: [{ code: "BIG", restrictions: least(30_000) }] })];
  const [{ rejection }] = evaluated({ coupons, codes: ["BIG"], cart: cart(29_000) }).codes;
  assert.deepEqual([rejection.code, rejection.level, rejection.details.shortfall], ["minimum_not_met", "code", 1_000]);
  assert.deepEqual(reasons(evaluated({ coupons, cart: cart(29_000) })), ["applied"]);
});

test("S2.40 a code added later has the same fields and works at once", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ code: null })] });
  await engine.codes.add({ couponId: "c1", code: "LATER", restrictions: least(2_000), limits: { total: 1 } });
  assert.deepEqual(reasons(await apply(["LATER"], cart(1_999))), ["minimum_not_met"]);
  assert.equal((await apply(["LATER"], cart(2_000))).totals.discount, 400);
  assert.deepEqual(await refused(() => engine.codes.add({ couponId: "nobody", code: "X" })), ["coupon_not_found", "couponId"]);
});

test("S2.41 of three codes one is taken: the coupon, two codes and a warning by name", async () => {
  const { engine, codesOf } = await openShop({ coupons: [coupon({ code: "TAKEN" })] });
  const created = await engine.coupons.create(coupon({ id: "c2", code: null, codes: [{ code: "ONE" }, { code: "taken" }, { code: "TWO" }] }));
  assert.deepEqual(created.warnings, [{ code: "TAKEN", reason: "duplicate_code" }]);
  assert.deepEqual(created.codes.map(({ code }) => code), ["ONE", "TWO"]);
  assert.deepEqual(await codesOf("c2"), ["ONE", "TWO"]);
  assert.deepEqual((await engine.coupons.get("c2")).coupon, created.coupon);
});

test("S2.42 creation answers with the coupon one lands on", async () => {
  const { engine } = await openShop();
  const { coupon: created } = await engine.coupons.create({ type: "standard", code: "X", discount: percent(100) });
  assert.deepEqual((await engine.coupons.get(created.id)).coupon, created);
  assert.deepEqual([created.createdAt, created.version, created.state], [NOW, 1, "active"]);
});

test("S2.43 the header has the title and the status", async () => {
  const { engine } = await openShop({ coupons: [coupon({ state: "inactive" })] });
  const { title, status } = await engine.coupons.describe("c1");
  assert.deepEqual({ title, status }, { title: "Untitled coupon", status: "inactive" });
});

test("S2.47 the engine's own ids begin with coupon_", async () => {
  const { engine } = await openShop();
  const ids = [];
  for (const code of ["A", "B"]) ids.push((await engine.coupons.create({ type: "standard", code })).coupon.id);
  for (const id of ids) assert.match(id, /^coupon_[0-9a-v]{16}$/);
  assert.notEqual(ids[0], ids[1]);
});

test("S2.48 valid ends with each cause alone: inactive, expired, out of redemptions", async () => {
  const limited = { limits: { total: 2 } };
  const { engine, redeem } = await openShop({
    coupons: [
      coupon({ id: "fine", code: "A", ...limited }),
      coupon({ id: "off", code: "B", ...limited, state: "inactive" }),
      coupon({ id: "past", code: "C", ...limited, restrictions: { expiresAt: NOW - 1 } }),
      coupon({ id: "out", code: "D", ...limited }),
    ],
  });
  for (const id of ["fine", "off", "past"]) await redeem(`coupon/${id}`, 1);
  await redeem("coupon/out", 2);
  const { items } = await engine.coupons.list();
  assert.deepEqual(items.map(({ coupon: { id }, description: { valid } }) => [id, valid]), [["fine", true], ["off", false], ["past", false], ["out", false]]);
});

test("S2.63 with code entry closed every code is refused, and a coupon by id still works", async () => {
  const { apply, validate } = await openShop({ coupons: [coupon()] });
  const closed = { codesAllowed: false };
  assert.deepEqual(reasons(await apply(["SAVE20"], cart(1_000), closed)), ["codes_not_allowed"]);
  assert.deepEqual(reasons(await validate(["SAVE20", "UNKNOWN"], cart(1_000), { ...closed, disclosure: "actionable" })), ["codes_not_allowed", "codes_not_allowed"]);
  assert.equal((await apply([{ couponId: "c1" }], cart(1_000), closed)).totals.discount, 200);
});

test("S2.64 what is to be paid is the discounted total, for the customer the code is valid for", async () => {
  const { apply } = await openShop({ coupons: [coupon({ codes: [{ code: "MONA", restrictions: { customers: [mona] } }] })] });
  const order = { ...cart(8_000, 2_000), shipping: 500 };
  const toPay = async (customer) => (await apply(["MONA"], order, { customer })).totals;
  assert.deepEqual(await toPay(buyer(mona)), { subtotal: 10_000, discount: 2_000, shipping: 500, shippingDiscount: 0, tax: 0, credit: 0, total: 8_500 });
  assert.deepEqual(await toPay(buyer(omar)), { subtotal: 10_000, discount: 0, shipping: 500, shippingDiscount: 0, tax: 0, credit: 0, total: 10_500 });
});

test("S2+.3 a customer is known by e-mail, by a stable id or by phone; any one will do", () => {
  const keys = [email("Mona@Example.com"), { kind: "id", value: "42" }, { kind: "phone", value: "+20100" }];
  for (const key of keys) {
    const coupons = [coupon({ restrictions: { customers: [key] } })];
    const by = (...given) => reasons(evaluated({ coupons, customer: buyer(...given) }))[0];
    assert.deepEqual([by(key), by({ kind: "card", value: "x" }, key), by({ kind: "card", value: key.value })], ["applied", "applied", "customer_not_allowed"]);
  }
  assert.deepEqual(reasons(evaluated({ coupons: [coupon({ restrictions: { customers: [keys[0]] } })], customer: buyer(email(" mona@example.COM ")) })), ["applied"]);
});

test("S2+.5 a discount is an amount or a percentage, one of them and more than nothing", async () => {
  const { engine } = await openShop();
  const create = (discount) => () => engine.coupons.create(coupon({ discount }));
  assert.deepEqual(await refused(create({ ...amount(100), basisPoints: 100 })), ["unknown_field", "discount.basisPoints"]);
  assert.deepEqual(await refused(create({ ...percent(100), amounts: { EGP: 100 } })), ["unknown_field", "discount.amounts"]);
  assert.deepEqual(await refused(create(percent(0))), ["out_of_range", "discount.basisPoints"]);
  assert.deepEqual(await refused(create(amount(0))), ["out_of_range", "discount.amounts.EGP"]);
});
