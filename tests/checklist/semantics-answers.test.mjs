/**
 * The rules of the semantics, §24 to §34, on the built package: in which order reasons come, who is told what, what is
 * parked, and what a coupon is said to be.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, buyer, cart, coupon, createCouponEngine, describe, email, evaluate, evaluated, instantOf, line, openShop, percent, reasons, redeemed, refused, several } from "./shop.mjs";

const least = (minor, more = {}) => ({ minimum: { amounts: { EGP: minor }, ...more } });
const onDay = (day) => ({ zone: "UTC", windows: [{ days: [day], from: "00:00", to: "24:00" }] });

/** Everything that can be wrong with one code at once, in the fixed order, and what puts it right. */
const WRONGS = [
  ["archived", (it) => (it.coupon.state = "active")],
  ["inactive", (it) => (it.code.state = "active")],
  ["no_discount_linked", (it) => (it.coupon.discount = amount(100))],
  ["not_started", (it) => (it.coupon.restrictions.startsAt = NOW)],
  ["expired", (it) => (it.code.restrictions.expiresAt = NOW)],
  ["outside_schedule", (it) => (it.code.restrictions.schedule = onDay("mon"))],
  ["limit_reached", (it) => (it.coupon.limits.total = 2)],
  ["reserved_elsewhere", (it) => (it.code.limits.total = 2)],
  ["codes_not_allowed", (it) => (it.request.codesAllowed = true)],
  ["customer_not_allowed", (it) => (it.code.restrictions.customers = [email("ann@example.com")])],
  ["not_first_order", (it) => (it.coupon.restrictions.firstOrderOnly = false)],
  ["order_number_mismatch", (it) => (it.request.customer.priorOrders = 2)],
  ["customer_limit_reached", (it) => (it.coupon.limits.perCustomer = 2)],
  ["context_mismatch", (it) => (it.request.cart.channel = "app")],
  ["currency_mismatch", (it) => (it.coupon.restrictions.minimum.amounts.EGP = 1)],
  ["no_eligible_items", (it) => (it.coupon.restrictions.products = { include: ["a"] })],
  ["minimum_not_met", (it) => (it.code.restrictions.minimum.amounts.EGP = 100_000)],
  ["maximum_exceeded", (it) => (it.coupon.restrictions.maximum.quantity = 2)],
  ["coupon_required", (it) => (it.code.restrictions.coupons = null)],
];

test("semantics §24: all reasons at once come in the fixed order, and each put right brings up the next", () => {
  const code = {
    code: "C",
    state: "inactive",
    restrictions: {
      expiresAt: NOW - 1,
      schedule: onDay("tue"),
      customers: [email("bob@example.com")],
      orderNumber: { from: 3 },
      minimum: { amounts: { EGP: 100_001 } },
      coupons: ["other"],
    },
    limits: { total: 1 },
  };
  const merchants = coupon({
    state: "archived",
    discount: null,
    restrictions: {
      startsAt: NOW + 1,
      firstOrderOnly: true,
      channels: ["app"],
      minimum: { amounts: { USD: 1 } },
      maximum: { quantity: 1 },
      products: { include: ["z"] },
    },
    limits: { total: 1, perCustomer: 1 },
    codes: [code],
  });
  const usage = { counters: { "coupon/c1": { claimed: 1 }, "code/C": { claimed: 1, held: 1 }, "coupon/c1/customer/email/ann@example.com": { claimed: 1 } } };
  const request = { coupons: [merchants], codes: ["c"], usage, customer: { keys: [email("ann@example.com")], priorOrders: 1 }, codesAllowed: false, cart: cart(60_000, 40_000), now: NOW };
  const order = WRONGS.map(([reason]) => reason);
  for (const [at, [, putRight]] of WRONGS.entries()) {
    const [{ rejection, also }] = evaluate(request).codes;
    assert.deepEqual([rejection, ...also].map((found) => found.code), order.slice(at));
    putRight({ coupon: merchants, code, request });
  }
  assert.deepEqual(reasons(evaluate(request)), ["applied"]);
});

test("semantics §24: full, actionable and uniform answers of one evaluation", () => {
  const coupons = [coupon({ id: "old", code: "OLD", restrictions: { expiresAt: NOW - 1 } }), coupon({ id: "big", code: "BIG", restrictions: least(200_000) }), coupon({ id: "who", code: "WHO", limits: { perCustomer: 1 } })];
  const told = (disclosure) => evaluated({ coupons, codes: ["OLD", "BIG", "WHO", "NONE"], disclosure }).codes.map(({ state, couponId, rejection: { code, details } }) => [state, couponId, code, details.shortfall ?? null]);
  assert.deepEqual(told("full"), [["rejected", "old", "expired", null], ["parked", "big", "minimum_not_met", 100_000], ["parked", "who", "customer_required", null], ["rejected", null, "not_found", null]]);
  assert.deepEqual(told("actionable"), [["rejected", null, "not_applicable", null], ["parked", "big", "minimum_not_met", 100_000], ["parked", "who", "customer_required", null], ["rejected", null, "not_applicable", null]]);
  assert.deepEqual(told("uniform"), [["rejected", null, "not_applicable", null], ["parked", "big", "minimum_not_met", null], ["rejected", null, "not_applicable", null], ["rejected", null, "not_applicable", null]]);
});

test("semantics §24: unknown, expired, switched off and used up look the same to a stranger", () => {
  const coupons = [coupon({ id: "1", code: "OLD", restrictions: { expiresAt: NOW - 1 } }), coupon({ id: "2", code: "OFF", state: "inactive" }), coupon({ id: "3", code: "OUT", limits: { total: 1 } }), coupon({ id: "4", code: "NEW", restrictions: { startsAt: NOW + 1 } })];
  for (const disclosure of ["actionable", "uniform"]) {
    const answers = ["UNKNOWN", "OLD", "OFF", "OUT", "NEW"].map((code) => {
      const quote = evaluated({ coupons, codes: [code], usage: redeemed({ "coupon/3": 1 }), disclosure });
      return JSON.stringify({ ...quote, codes: [{ ...quote.codes[0], code: null }] });
    });
    assert.deepEqual(new Set(answers).size, 1, disclosure);
  }
});

test("semantics §24: an unknown code costs the storage as many reads as a known one", async () => {
  const { storage } = await openShop({ coupons: [coupon()] });
  const reads = [];
  const counting = (name, run) => (request) => {
    reads.push([name, (request.codes ?? request.counters).length]);
    return run(request);
  };
  const engine = await createCouponEngine({
    storage: { catalog: { find: counting("find", storage.catalog.find) }, ledger: { ...storage.ledger, read: counting("read", storage.ledger.read) } },
    clock: () => NOW,
  });
  const readsOf = async (code) => {
    reads.length = 0;
    await engine.validate({ codes: [code], cart: cart(1_000) });
    return [...reads];
  };
  const known = await readsOf("SAVE20");
  assert.deepEqual(known, [["find", 1], ["read", 1]]);
  assert.deepEqual(await readsOf("SAVE21"), known);
});

test("semantics §25: archived, inactive, expired, exhausted, scheduled, active: the first that holds", async () => {
  const { created } = await openShop({ coupons: [coupon({ limits: { total: 1 } })] });
  const at = (state, used, changes = {}) => describe({ coupon: { ...created[0].coupon, state, restrictions: { ...created[0].coupon.restrictions, ...changes } }, used, now: NOW }).status;
  const past = { expiresAt: NOW - 1 };
  const ahead = { startsAt: NOW + 1 };
  assert.deepEqual(
    [at("archived", 1, past), at("inactive", 1, past), at("active", 1, past), at("active", 1, ahead), at("active", 0, ahead), at("active", 0)],
    ["archived", "inactive", "expired", "exhausted", "scheduled", "active"],
  );
});

test("semantics §25: what checkouts hold exhausts nothing; what is redeemed does", async () => {
  const { engine, hold, redeem, apply } = await openShop({ coupons: [coupon({ limits: { total: 2 } })] });
  await redeem("coupon/c1");
  await hold("order-1", "coupon/c1", NOW + 60_000);
  const { status, valid, redemptions } = await engine.coupons.describe("c1");
  assert.deepEqual([status, valid, redemptions], ["active", true, "1/2"]);
  const { code, details } = (await apply(["SAVE20"])).codes[0].rejection;
  assert.deepEqual([code, details], ["reserved_elsewhere", { limit: 2, used: 1, held: 1, nextExpiry: NOW + 60_000 }]);
});

test("semantics §27: a parked code applies by itself when the cart qualifies, and parks again", async () => {
  const { apply } = await openShop({ coupons: [coupon({ restrictions: { ...least(10_000), products: { include: ["a"] } } })] });
  const on = async (onCart) => {
    const quote = await apply(["SAVE20"], onCart, { disclosure: "actionable" });
    return [quote.codes[0].state, quote.codes[0].rejection?.code ?? null, quote.totals.discount];
  };
  assert.deepEqual(await on({ currency: "EGP", lines: [] }), ["parked", "no_eligible_items", 0]);
  assert.deepEqual(await on(cart(9_000)), ["parked", "minimum_not_met", 0]);
  assert.deepEqual(await on(cart(9_000, 1_000)), ["applied", null, 1_800]);
  assert.deepEqual(await on({ ...cart(9_000, 1_000), lines: [line("b", 10_000)] }), ["parked", "no_eligible_items", 0]);
});

const CREDIT = { type: "store_credit", amounts: { EGP: 100 }, bearer: true };
const PARKING = [
  ["minimum_not_met", { restrictions: least(200_000) }, {}, "parked"],
  ["no_eligible_items", { restrictions: { products: { include: ["z"] } } }, {}, "parked"],
  ["not_started", { restrictions: { startsAt: NOW + 1 } }, {}, "parked"],
  ["customer_required", { restrictions: { firstOrderOnly: true } }, {}, "parked"],
  ["currency_mismatch", { discount: amount(1, "USD") }, {}, "parked"],
  ["context_mismatch", { restrictions: { countries: ["EG"] } }, {}, "parked"],
  ["maximum_exceeded", { restrictions: { maximum: { amounts: { EGP: 99_999 } } } }, {}, "parked"],
  ["coupon_required", { restrictions: { coupons: ["other"] } }, {}, "parked"],
  ["not_all_applicable", {}, { codes: ["SAVE20", "GONE"], policy: several("additive", { onInapplicable: "all_or_nothing" }) }, "parked"],
  ["expired", { restrictions: { expiresAt: NOW - 1 } }, {}, "rejected"],
  ["inactive", { state: "inactive" }, {}, "rejected"],
  ["outside_schedule", { restrictions: { schedule: onDay("tue") } }, {}, "rejected"],
  ["order_number_mismatch", { restrictions: { orderNumber: { from: 2 } } }, { customer: { keys: [email("ann@example.com")], priorOrders: 0 } }, "rejected"],
  ["balance_exhausted", { discount: CREDIT }, { usage: redeemed({ "coupon/c1/credit": 100 }) }, "rejected"],
  ["foreign_coupon_present", { withForeign: "suppress" }, { cart: { ...cart(1_000), foreignDiscounts: [{ lineId: "a", amount: 1 }] } }, "rejected"],
  ["limit_reached", { limits: { total: 1 } }, { usage: redeemed({ "coupon/c1": 1 }) }, "rejected"],
  ["customer_not_allowed", { restrictions: { customers: [email("bob@example.com")] } }, { customer: buyer(email("ann@example.com")) }, "rejected"],
];
for (const [reason, changes, request, state] of PARKING) {
  test(`semantics §27: ${reason} is ${state}`, () => {
    const [outcome] = evaluated({ coupons: [coupon(changes)], ...request }).codes;
    assert.deepEqual([outcome.rejection.code, outcome.state, outcome.discount], [reason, state, 0]);
  });
}

const IN_WORDS = [
  [amount(1_050), { type: "once" }, "10.50 EGP off once"],
  [amount(1_250, "KWD"), { type: "once" }, "1.250 KWD off once"],
  [amount(500, "JPY"), { type: "forever" }, "500 JPY off forever"],
  [percent(1_250, { EGP: 10_000 }), { type: "repeating", months: 1 }, "12.5% off for 1 month up to 100 EGP"],
  [percent(3_333), { type: "repeating", months: 12 }, "33.33% off for 12 months"],
];
for (const [discount, duration, words] of IN_WORDS) {
  test(`semantics §28: ${words}`, async () => {
    const { created } = await openShop({ coupons: [coupon({ discount, duration })] });
    assert.equal(describe({ coupon: created[0].coupon, used: 0, now: NOW }).terms, words);
  });
}

const PRESETS = [
  ["default", { mode: "additive", maxCodes: 1 }, 1, false],
  ["dino", { mode: "additive", maxCodes: 5 }, 1, false],
  ["xpay", { mode: "additive", maxCodes: 1 }, 100, true],
  ["dovetech", { mode: "sequential", maxCodes: 5 }, 1, true],
  ["fontdue", { mode: "additive", maxCodes: 1 }, 1, true],
];
for (const [preset, stacking, minBasisPoints, urlTokenTyped] of PRESETS) {
  test(`semantics §33: the ${preset} preset, kept in the store and in force at the checkout`, async () => {
    const { engine, apply } = await openShop();
    const resolved = await engine.settings.update({ preset });
    assert.deepEqual(await engine.settings.get(), resolved);
    const { mode, maxCodes } = resolved.stacking;
    assert.deepEqual([{ mode, maxCodes }, resolved.minBasisPoints, resolved.urlTokenTyped], [stacking, minBasisPoints, urlTokenTyped]);
    const create = (basisPoints) => engine.coupons.create({ type: "url_token", code: `T${basisPoints}`, discount: percent(basisPoints) });
    if (minBasisPoints > 1) assert.deepEqual(await refused(() => create(minBasisPoints - 1)), ["out_of_range", "discount.basisPoints"]);
    await create(minBasisPoints);
    await create(5_000);
    await create(1_000);
    const [first, second] = (await apply([{ code: "T1000", origin: "url" }, { code: "T5000", origin: "url" }], cart(10_000))).codes;
    const figures = [first.rejection?.code ?? first.discount, second.discount];
    assert.deepEqual(figures, maxCodes === 1 ? ["too_many_codes", 5_000] : [1_000, mode === "sequential" ? 4_500 : 5_000]);
    assert.deepEqual(reasons(await apply(["T1000"], cart(10_000))), [urlTokenTyped ? "applied" : "not_found"]);
  });
}

test("semantics §24: a store credit's balance comes behind its limit and before the customer", () => {
  const coupons = [coupon({ discount: { type: "store_credit", amounts: { EGP: 100 } }, limits: { total: 1 }, restrictions: { customers: [email("bob@example.com")] } })];
  const of = (held) => {
    const usage = { counters: { "coupon/c1": { claimed: 1 }, "coupon/c1/credit": { claimed: 100, held } } };
    const { rejection, also } = evaluated({ coupons, usage, customer: buyer(email("ann@example.com")) }).codes[0];
    return [rejection, ...also].map(({ code }) => code);
  };
  assert.deepEqual(of(0), ["limit_reached", "balance_exhausted", "customer_not_allowed"]);
  assert.deepEqual(of(100), ["limit_reached", "reserved_elsewhere", "customer_not_allowed"]);
});

test("semantics §24: hours, balance and the number of the order are kept from a stranger, place, size and company are told", () => {
  const hidden = [{ restrictions: { schedule: onDay("tue") } }, { discount: CREDIT }, { restrictions: { orderNumber: { from: 2 } } }];
  const told = [{ restrictions: { channels: ["app"] } }, { restrictions: { maximum: { quantity: 1 } } }, { restrictions: { coupons: ["other"] } }];
  const request = { usage: redeemed({ "coupon/c1/credit": 100 }), customer: { keys: [email("ann@example.com")], priorOrders: 0 }, cart: cart(1_000, 1_000), disclosure: "actionable" };
  const of = (changes) => reasons(evaluated({ coupons: [coupon(changes)], ...request }))[0];
  assert.deepEqual(hidden.map(of), ["not_applicable", "not_applicable", "not_applicable"]);
  assert.deepEqual(told.map(of), ["context_mismatch", "maximum_exceeded", "coupon_required"]);
});

test("semantics §25: a store credit is exhausted by its balance, one that is held is not", async () => {
  const { created: [{ coupon: stored }] } = await openShop({ coupons: [coupon({ discount: CREDIT })] });
  const status = (credit) => describe({ coupon: stored, used: 0, credit, now: NOW }).status;
  assert.deepEqual([status({ claimed: 99 }), status({ claimed: 100 }), status({ claimed: 100, held: 100 }), status({ claimed: 100, added: 1 })], ["active", "exhausted", "active", "active"]);
});

/** By its number in the table: what holds where nothing is set. 7 and 11 are the checkout's. */
const DECISIONS = [
  ["1 the instant of expiry is valid", () => reasons(evaluated({ coupons: [coupon({ restrictions: { expiresAt: NOW } })] }))[0], "applied"],
  ["2 a date is the whole of that day", () => new Date(instantOf("2026-06-25", "UTC", "end")).toISOString(), "2026-06-25T23:59:59.999Z"],
  ["3 the minimum is of all lines, before coupons, and reached by as much", () => reasons(evaluated({ coupons: [coupon({ restrictions: { ...least(3_000), products: { include: ["a"] } } })], cart: cart(1_000, 2_000) }))[0], "applied"],
  ["4 a percentage is of the original price, in sequence of the running one", () => ["additive", "sequential"].map((mode) => evaluated({ coupons: [coupon(), coupon({ id: "c2", code: "B" })], codes: ["SAVE20", "B"], cart: cart(1_000), policy: several(mode) }).totals.discount).join(), "400,360"],
  ["5 a shop takes one code, additive", () => { const quote = evaluated({ coupons: [coupon(), coupon({ id: "c2", code: "B" })], codes: ["SAVE20", "B"] }); return `${quote.strategy.stacking} ${reasons(quote)}`; }, "additive too_many_codes,applied"],
  ["6 half a unit goes up, on the sum", () => evaluated({ coupons: [coupon({ discount: percent(1_500) })], cart: cart(3_490) }).totals.discount, 524],
  ["10 an unknown and an expired code look the same to the public", () => ["NONE", "SAVE20"].map((code) => reasons(evaluated({ coupons: [coupon({ restrictions: { expiresAt: NOW - 1 } })], codes: [code], disclosure: "actionable" }))[0]).join(), "not_applicable,not_applicable"],
  ["12 a family does not bring its children", () => reasons(evaluated({ coupons: [coupon({ restrictions: { products: { include: ["family"] } } })], cart: { currency: "EGP", lines: [line("family/style", 100)] } }))[0], "no_eligible_items"],
];
for (const [decision, run, expected] of DECISIONS) {
  test(`semantics §30: decision ${decision}`, () => assert.equal(run(), expected));
}

test("semantics §30: decisions 8 and 9: forever ends with its coupon, and an archived code's text stays taken", async () => {
  const { engine, created } = await openShop({ coupons: [coupon()] });
  assert.equal((await engine.settings.get()).stopOnDeactivate, true);
  await engine.codes.archive(created[0].code.id);
  assert.deepEqual(await refused(() => engine.codes.add({ couponId: "c1", code: "save20" })), ["duplicate_code", "code"]);
});

const LOCKS = [["default", "on_create"], ["dino", "never"], ["xpay", "on_create"], ["dovetech", "never"], ["fontdue", "on_create"]];
for (const [preset, lock] of LOCKS) {
  test(`semantics §33: under ${preset} terms are locked ${lock}, forever ends on deactivation, dates intersect`, async () => {
    const { engine, created } = await openShop({ coupons: [coupon()], policy: { preset } });
    const { lock: settled, stopOnDeactivate } = await engine.settings.get();
    assert.deepEqual([settled, stopOnDeactivate, created[0].coupon.dates], [lock, true, "intersect"]);
    const edit = () => engine.coupons.update("c1", { priority: 3 });
    if (lock === "never") assert.equal((await edit()).priority, 3);
    else assert.deepEqual(await refused(edit), ["terms_locked", "priority"]);
  });
}

test("semantics §34: a customer's text and a staff's, chosen by the disclosure, either replaceable by the host", async () => {
  const coupons = [coupon({ restrictions: least(200_000) })];
  const messages = { customer: { minimum_not_met: "Noch {shortfall}." } };
  const text = async (disclosure, options) => (await (await openShop({ coupons, ...options })).apply(["SAVE20"], cart(199_000), { disclosure })).codes[0].rejection.message;
  assert.equal(await text("actionable"), "Add 10.00 EGP more to use this code.");
  assert.match(await text("full"), /^The minimum of the coupon is not met: 1,990\.00 EGP of 2,000\.00 EGP, 10\.00 EGP short/);
  assert.equal(await text("actionable", { messages }), "Noch 10.00 EGP.");
  assert.match(await text("full", { messages }), /^The minimum/);
});

test("semantics §34: of what was typed a text has the canonical code and nothing else", async () => {
  const { apply } = await openShop();
  for (const disclosure of ["full", "actionable", "uniform"]) {
    const { codes } = await apply(["<b>bold</b>", "spring-9"], cart(100), { disclosure });
    assert.ok(!codes[0].rejection.message.includes("bold"), codes[0].rejection.message);
    assert.equal(codes[1].rejection.message.includes("SPRING-9"), disclosure === "full");
  }
});
