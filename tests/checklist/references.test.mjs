/**
 * What other systems have beyond the guides (B1 … B90), as far as the engine itself owns it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, buyer, cart, coupon, discounts, email, evaluated, line, openShop, percent, reasons, redeemed } from "./shop.mjs";

const inUsd = (onCart) => ({ ...onCart, currency: "USD" });
const least = (amounts, scope) => ({ minimum: { amounts, ...(scope === undefined ? {} : { scope }) } });

test("B1 amounts, caps and minimums have an entry per currency", () => {
  const fixed = [coupon({ discount: { type: "amount", amounts: { EGP: 10_000, USD: 250 } } })];
  assert.equal(evaluated({ coupons: fixed }).totals.discount, 10_000);
  assert.equal(evaluated({ coupons: fixed, cart: inUsd(cart(1_000)) }).totals.discount, 250);
  const capped = [coupon({ discount: percent(5_000, { EGP: 9_000, USD: 300 }), codes: [{ code: "C", restrictions: least({ EGP: 50_000, USD: 2_000 }) }] })];
  const on = (onCart) => evaluated({ coupons: capped, codes: ["C"], cart: onCart });
  assert.deepEqual([on(cart(50_000)).totals.discount, on(inUsd(cart(2_000))).totals.discount], [9_000, 300]);
  assert.deepEqual([on(cart(49_999)), on(inUsd(cart(1_999)))].flatMap(reasons), ["minimum_not_met", "minimum_not_met"]);
});

test("B5 earlier orders, minimum, maximum of uses, items, currency and expiry each have their own reason", () => {
  const reason = (changes, request = {}) => reasons(evaluated({ coupons: [coupon(changes)], ...request }))[0];
  const found = [
    reason({ restrictions: { firstOrderOnly: true } }, { customer: { keys: [email("a@b.example")], priorOrders: 1 } }),
    reason({ restrictions: least({ EGP: 200_000 }) }),
    reason({ limits: { total: 1 } }, { usage: redeemed({ "coupon/c1": 1 }) }),
    reason({ restrictions: { products: { include: ["z"] } } }),
    reason({ discount: amount(100, "USD") }),
    reason({ restrictions: { expiresAt: NOW - 1 } }),
  ];
  assert.deepEqual(found, ["not_first_order", "minimum_not_met", "limit_reached", "no_eligible_items", "currency_mismatch", "expired"]);
});

test("B6 an amount beyond the total ends at 0, and the rest is lost", () => {
  const quote = evaluated({ coupons: [coupon({ discount: amount(20_000) })], cart: cart(10_000) });
  assert.deepEqual([quote.totals.total, quote.adjustments[0].requested, quote.adjustments[0].amount], [0, 20_000, 10_000]);
});

test("B13 each call has the whole list, and the answer keeps the refused ones in their places", async () => {
  const { apply } = await openShop({ coupons: [coupon({ restrictions: least({ EGP: 50_000 }) }), coupon({ id: "c2", code: "OFF", state: "inactive" }), coupon({ id: "c3", code: "FINE", discount: amount(100) })] });
  const first = await apply(["SAVE20", "OFF", "FINE"], cart(1_000));
  assert.deepEqual(first.codes.map(({ index, code, state }) => [index, code, state]), [[0, "SAVE20", "parked"], [1, "OFF", "rejected"], [2, "FINE", "applied"]]);
  const second = await apply(["FINE"], cart(1_000));
  assert.deepEqual(second.codes.map(({ code }) => code), ["FINE"]);
});

const SELECTIONS = [["first", [1_000, 0], "stopped_by_previous"], ["best", [0, 3_000], "superseded_by_better"], ["additive", [1_000, 3_000], undefined]];
for (const [mode, taken, reason] of SELECTIONS) {
  test(`B16 of two codes ${mode} selects ${JSON.stringify(taken)}`, () => {
    const coupons = [coupon({ id: "one", code: "ONE", discount: percent(1_000), priority: 1 }), coupon({ id: "two", code: "TWO", discount: percent(3_000), priority: 2 })];
    const quote = evaluated({ coupons, codes: ["ONE", "TWO"], cart: cart(10_000), policy: { stacking: { mode, maxCodes: 2 } } });
    assert.deepEqual(discounts(quote), taken);
    assert.deepEqual(reasons(quote).filter((found) => found !== "applied"), reason === undefined ? [] : [reason]);
  });
}

test("B20 a code is applied, parked or rejected", () => {
  const coupons = [coupon(), coupon({ id: "c2", code: "BIG", restrictions: least({ EGP: 200_000 }) }), coupon({ id: "c3", code: "OLD", restrictions: { expiresAt: NOW - 1 } })];
  const { codes } = evaluated({ coupons, codes: ["SAVE20", "BIG", "OLD"], policy: { preset: "dino" } });
  assert.deepEqual(codes.map(({ state, discount }) => [state, discount]), [["applied", 20_000], ["parked", 0], ["rejected", 0]]);
});

test("B39 a coupon carries the host's attributes, and may have one recipient by the host's id", async () => {
  const recipient = { kind: "integration_id", value: "cust-7" };
  const { engine, apply } = await openShop({ coupons: [coupon({ metadata: { channel: "mail", wave: "2" }, restrictions: { customers: [recipient] } })] });
  assert.deepEqual((await engine.coupons.get("c1")).coupon.metadata, { channel: "mail", wave: "2" });
  const by = async (value) => reasons(await apply(["SAVE20"], cart(1_000), { customer: buyer({ kind: "integration_id", value }) }))[0];
  assert.deepEqual([await by("cust-7"), await by("cust-8")], ["applied", "customer_not_allowed"]);
});

test("B45 a refusal names the rule's level and its figures, and the further reasons after the first", () => {
  const coupons = [coupon({ limits: { total: 5 }, codes: [{ code: "C", restrictions: least({ EGP: 120_000 }) }] })];
  const [{ rejection, also }] = evaluated({ coupons, codes: ["C"], usage: redeemed({ "coupon/c1": 5 }) }).codes;
  assert.deepEqual([rejection.code, rejection.level, rejection.details], ["limit_reached", "coupon", { limit: 5, used: 5 }]);
  assert.deepEqual(also.map(({ code, level, details: { shortfall } }) => [code, level, shortfall]), [["minimum_not_met", "code", 20_000]]);
});

test("B46 a dry run takes the coupons that the caller chooses, at the instant and use of choice", () => {
  const planned = coupon({ restrictions: { startsAt: NOW + 1_000 }, limits: { total: 10 } });
  const run = (now, used) => reasons(evaluated({ coupons: [planned], now, usage: redeemed({ "coupon/c1": used }) }))[0];
  assert.deepEqual([run(NOW, 0), run(NOW + 1_000, 9), run(NOW + 1_000, 10)], ["not_started", "applied", "limit_reached"]);
});

test("B48 a limit counts by whatever identifier the host gives", () => {
  const coupons = [coupon({ limits: { perCustomer: 1 } })];
  const usage = redeemed({ "coupon/c1/customer/ip_hash/9f2c": 1 });
  const by = (value) => reasons(evaluated({ coupons, usage, customer: buyer({ kind: "ip_hash", value }) }))[0];
  assert.deepEqual([by("9f2c"), by("77aa")], ["customer_limit_reached", "applied"]);
});

const HALVES = [["half_up", 524], ["half_even", 524], ["half_down", 523], ["floor", 523]];
for (const [rounding, discount] of HALVES) {
  test(`B55 15 % of 34.90 is 523.5, ${rounding} ${discount}, and the answer says by which mode`, () => {
    const quote = evaluated({ coupons: [coupon({ discount: percent(1_500) })], cart: cart(3_490), policy: { rounding } });
    assert.deepEqual([quote.totals.discount, quote.strategy.rounding], [discount, rounding]);
  });
}

test("B62 one code per checkout by default, as many as the shop says otherwise", () => {
  const coupons = ["A", "B", "C"].map((code) => coupon({ id: code, code, discount: amount(100) }));
  const counts = (maxCodes) => {
    const quote = evaluated({ coupons, codes: ["A", "B", "C"], policy: maxCodes === undefined ? {} : { stacking: { maxCodes } } });
    return [quote.totals.discount, reasons(quote).filter((reason) => reason === "too_many_codes").length];
  };
  assert.deepEqual([counts(undefined), counts(2), counts(5)], [[100, 2], [200, 1], [300, 0]]);
});

test("B67 a plain percentage goes with any currency, a fixed amount with its own only", () => {
  for (const currency of ["EGP", "USD", "JPY", "KWD"]) {
    const onCart = { ...cart(1_000), currency };
    assert.equal(evaluated({ cart: onCart }).totals.discount, 200, currency);
    assert.deepEqual(reasons(evaluated({ coupons: [coupon({ discount: amount(100) })], cart: onCart })), [currency === "EGP" ? "applied" : "currency_mismatch"]);
  }
});

test("B71 a line that is not to be discounted and a gift card keep their price", () => {
  const lines = [line("a", 1_000), line("setup", 1_000, { discountable: false }), line("gift", 1_000, { kind: "gift_card" })];
  const quote = evaluated({ cart: { currency: "EGP", lines } });
  assert.deepEqual(quote.lines.map(({ total }) => total), [800, 1_000, 1_000]);
});

test("B75 one person by id, by e-mail without its tag, or by card: any key that is used up refuses", () => {
  const coupons = [coupon({ limits: { perCustomer: 1 } })];
  const keys = { id: { kind: "id", value: "7" }, mail: email("ann@example.com"), card: { kind: "payment", value: "fp-1" } };
  const used = { id: "coupon/c1/customer/id/7", mail: "coupon/c1/customer/email/ann@example.com", card: "coupon/c1/customer/payment/fp-1" };
  for (const known of ["id", "mail", "card"]) {
    const usage = redeemed({ [used[known]]: 1 });
    const [{ rejection }] = evaluated({ coupons, usage, customer: buyer(keys.id, keys.mail, keys.card) }).codes;
    assert.deepEqual([rejection.code, rejection.details.kind], ["customer_limit_reached", keys[known].kind]);
  }
  const tagged = { coupons, usage: redeemed({ [used.mail]: 1 }), customer: buyer(email("Ann+shop@Example.com")) };
  assert.deepEqual(reasons(evaluated({ ...tagged, policy: { stripPlusTag: true } })), ["customer_limit_reached"]);
  assert.deepEqual(reasons(evaluated(tagged)), ["applied"]);
});

test("B80 a minimum of all items, or of matching items: two settings", () => {
  const on = (scope) => {
    const coupons = [coupon({ restrictions: { ...least({ EGP: 10_000 }, scope), products: { include: ["a"] } } })];
    return reasons(evaluated({ coupons, cart: cart(6_000, 5_000) }))[0];
  };
  assert.deepEqual([on("all_lines"), on("eligible_lines"), on(undefined)], ["applied", "minimum_not_met", "applied"]);
});

test("B82 a code may be entered too early: it is kept with a message and works once the cart qualifies", async () => {
  const { apply } = await openShop({ coupons: [coupon({ restrictions: least({ EGP: 10_000 }) })] });
  const early = (await apply(["SAVE20"], cart(8_750), { disclosure: "actionable" })).codes[0];
  assert.deepEqual([early.state, early.rejection.message], ["parked", "Add 12.50 EGP more to use this code."]);
  assert.equal((await apply(["SAVE20"], cart(8_750, 1_250))).totals.discount, 2_000);
});
