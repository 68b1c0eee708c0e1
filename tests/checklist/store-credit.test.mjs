/**
 * Store credit (guide S4; semantics §16) as far as an evaluation goes: who may spend it, what it pays, what is left of
 * it. The ledger's view is given; what a checkout writes into it is not tested here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, buyer, cart, coupon, email, evaluated, line, openShop, percent, reasons, redeemed, refused } from "./shop.mjs";

const ann = email("ann@example.com");
const bob = email("bob@example.com");
const money = (minor, more = {}) => ({ type: "store_credit", amounts: { EGP: minor }, ...more });
/** A credit of Ann's, by the code `CREDIT`. */
const credit = (minor, changes = {}) => coupon({ id: "sc", code: "CREDIT", discount: money(minor), restrictions: { customers: [ann] }, ...changes });
const bearer = (minor, more) => coupon({ id: "sc", code: "CREDIT", discount: money(minor, { bearer: true, ...more }) });
const spending = (coupons, changes = {}) => evaluated({ coupons: [coupons].flat(), codes: ["CREDIT"], customer: buyer(ann), ...changes });
const spent = (minor, held = 0) => ({ counters: { "coupon/sc/credit": { claimed: minor, held } } });
const paid = ({ credits }) => credits.map(({ balance, amount: minor }) => [balance, minor]);

test("S4.1 percent off, credit off and store credit on the same cart", () => {
  const coupons = [coupon({ discount: percent(1_000) }), coupon({ id: "off", code: "OFF", discount: amount(2_000) }), credit(3_000)];
  const by = (code) => {
    const { totals, adjustments, credits } = spending(coupons, { codes: [code], cart: cart(5_000) });
    return [adjustments.map((each) => each.amount), credits.map((each) => each.amount), totals.total];
  };
  assert.deepEqual([by("SAVE20"), by("OFF"), by("CREDIT")], [[[500], [], 4_500], [[2_000], [], 3_000], [[], [3_000], 2_000]]);
});

test("S4.4 store credit is its customer's: others are refused, unless it is the bearer's", async () => {
  const by = (who, coupons) => reasons(spending(coupons, { customer: who }))[0];
  assert.deepEqual([by(buyer(ann), credit(100)), by(buyer(bob), credit(100)), by(null, credit(100))], ["applied", "customer_not_allowed", "customer_required"]);
  assert.deepEqual([by(buyer(bob), bearer(100)), by(null, bearer(100))], ["applied", "applied"]);
  const { engine } = await openShop();
  assert.deepEqual(await refused(() => engine.coupons.create(credit(100, { restrictions: {} }))), ["required", "restrictions.customers"]);
});

test("S4.5 credit of 30: a cart of 10 costs nothing and leaves 20, one of 50 takes all", async () => {
  const { engine, apply, redeem } = await openShop({ coupons: [credit(3_000)] });
  const on = async (minor) => {
    const { credits, totals } = await apply(["CREDIT"], cart(minor), { customer: buyer(ann) });
    return [credits[0].balance, credits[0].amount, totals.total];
  };
  const left = async () => (await engine.coupons.describe("sc")).balance;
  assert.deepEqual([await on(1_000), await on(5_000)], [[3_000, 1_000, 0], [3_000, 3_000, 2_000]]);
  await redeem("coupon/sc/credit", 1_000);
  assert.deepEqual([await on(5_000), await left()], [[2_000, 2_000, 3_000], { currency: "EGP", amount: 2_000 }]);
});

test("S4.6, S4.27 store credit is finished at a balance of nothing", async () => {
  const { engine, apply, redeem } = await openShop({ coupons: [credit(3_000)] });
  await redeem("coupon/sc/credit", 2_999);
  const status = async () => (await engine.coupons.describe("sc")).status;
  assert.equal(await status(), "active");
  await redeem("coupon/sc/credit", 1);
  assert.equal(await status(), "exhausted");
  const [{ rejection }] = (await apply(["CREDIT"], cart(100), { customer: buyer(ann) })).codes;
  assert.deepEqual([rejection.code, rejection.details], ["balance_exhausted", { currency: "EGP", limit: 3_000, used: 3_000 }]);
});

test("S4.7 store credit in place of a refund: its amount, its customer and the order it stands for", async () => {
  const { engine, apply } = await openShop();
  const { coupon: issued } = await engine.coupons.create({ type: "standard", code: "REFUND-1042", discount: money(4_250), restrictions: { customers: [ann] }, metadata: { order: "1042" } });
  assert.deepEqual((await engine.coupons.get(issued.id)).coupon.metadata, { order: "1042" });
  const { totals } = await apply(["REFUND-1042"], cart(5_000), { customer: buyer(ann) });
  assert.deepEqual([totals.discount, totals.credit, totals.total], [0, 4_250, 750]);
});

test("S4.12, S4.27 store credit may have a maximum of uses: with balance left it is exhausted all the same", async () => {
  const { engine, apply, redeem } = await openShop({ coupons: [credit(3_000, { limits: { total: 2 } })] });
  await redeem("coupon/sc", 2);
  await redeem("coupon/sc/credit", 1_000);
  const { status, valid, balance } = await engine.coupons.describe("sc");
  assert.deepEqual([status, valid, balance.amount], ["exhausted", false, 2_000]);
  assert.deepEqual(reasons(await apply(["CREDIT"], cart(100), { customer: buyer(ann) })), ["limit_reached"]);
});

test("S4+.1 a store of one currency: a credit has that one, a cart has one, and another's code does not go", async () => {
  const { engine } = await openShop();
  const both = { type: "store_credit", amounts: { EGP: 100, USD: 100 }, bearer: true };
  assert.equal((await refused(() => engine.coupons.create(coupon({ discount: both }))))[1], "discount.amounts");
  assert.deepEqual(reasons(spending(credit(3_000), { cart: { ...cart(5_000), currency: "USD" } })), ["currency_mismatch"]);
  const mixed = { currency: "EGP", lines: [line("a", 100, { currency: "USD" })] };
  assert.deepEqual(await refused(() => evaluated({ cart: mixed })), ["unknown_field", "cart.lines[0].currency"]);
});

test("S4+.3 the checkout shows the discounted subtotal, and the total with tax", () => {
  const { totals } = evaluated({ cart: { ...cart(6_000, 4_000), shipping: 900, tax: 1_120 } });
  assert.deepEqual([totals.subtotal - totals.discount, totals.tax, totals.total], [8_000, 1_120, 10_020]);
});

test("B33 the balance is what was issued, at first and since, without what is spent; what checkouts hold is not there either", async () => {
  const usage = { counters: { "coupon/sc/credit": { claimed: 1_200, held: 500 }, "coupon/sc/credit/added": { claimed: 400 } } };
  assert.deepEqual(paid(spending(credit(1_000), { usage, cart: cart(5_000) })), [[200, 200]]);
  const { engine, redeem } = await openShop({ coupons: [credit(1_000)] });
  await redeem("coupon/sc/credit", 1_200 - 500);
  await redeem("coupon/sc/credit/added", 400);
  assert.deepEqual((await engine.coupons.describe("sc")).balance, { currency: "EGP", amount: 700 });
});

const COVERS = [[undefined, 2_000, 1_500], ["items", 2_000, 1_500], ["items_tax", 2_800, 700], ["grand_total", 3_500, 0]];
for (const [covers, pays, total] of COVERS) {
  test(`B87 store credit over ${covers ?? "what is not said"} pays ${pays} and leaves ${total}`, () => {
    const quote = spending(bearer(9_000, covers === undefined ? {} : { covers }), { cart: { ...cart(2_000), tax: 800, shipping: 700 } });
    assert.deepEqual([quote.totals.credit, quote.totals.total], [pays, total]);
  });
}

test("semantics §16: credit comes after all discounts, whatever its priority, and counts in no cap, minimum or best-of", () => {
  const coupons = [coupon({ discount: percent(5_000), priority: 9 }), credit(3_000, { priority: -9 })];
  const quote = spending(coupons, { codes: ["CREDIT", "SAVE20"], cart: cart(5_000), policy: { stacking: { mode: "best", maxCodes: 1 } } });
  assert.deepEqual([reasons(quote), quote.totals.discount, quote.totals.credit, quote.totals.total], [["applied", "applied"], 2_500, 2_500, 0]);
});

test("semantics §16: 30.00, of which 10.00 are used: 20.00", () => {
  assert.deepEqual(paid(spending(credit(3_000), { usage: spent(1_000), cart: cart(9_000) })), [[2_000, 2_000]]);
});

test("semantics §16: all of it held by one checkout, another sees nothing; that is no exhaustion", async () => {
  const [{ rejection }] = spending(credit(3_000), { usage: spent(3_000, 3_000) }).codes;
  assert.deepEqual([rejection.code, rejection.details.held], ["reserved_elsewhere", 3_000]);
  const { engine, created } = await openShop({ coupons: [credit(3_000)] });
  assert.equal(created[0].coupon.id, "sc");
  assert.equal((await engine.coupons.describe("sc")).status, "active");
});

test("semantics §16: several credits pay one after the other, by priority, and never more than is to be paid", () => {
  const coupons = [credit(3_000, { id: "late", code: "LATE", priority: 2 }), credit(3_000, { priority: 1 })];
  const quote = spending(coupons, { codes: ["LATE", "CREDIT"], cart: cart(4_000) });
  assert.deepEqual(quote.credits.map(({ code, amount: minor }) => [code, minor]), [["CREDIT", 3_000], ["LATE", 1_000]]);
  assert.deepEqual([quote.totals.credit, quote.totals.total], [4_000, 0]);
});

test("semantics §16: it pays goods that no coupon discounts, and no gift cards", () => {
  const lines = [line("fee", 1_000, { discountable: false }), line("gift", 2_000, { kind: "gift_card" })];
  assert.deepEqual(spending(bearer(9_000), { cart: { currency: "EGP", lines } }).totals.credit, 1_000);
});

test("semantics §16: a credit leaves the least payment, or all of it is paid", () => {
  const on = (minor) => spending(bearer(minor), { cart: cart(1_000), policy: { minPayable: { EGP: 300 } } }).totals;
  assert.deepEqual([on(800).credit, on(800).total, on(1_000).total, on(700).total], [700, 300, 0, 300]);
});

test("semantics §16: limit, expiry and minimum hold for credit as for any coupon", () => {
  const only = { customers: [ann] };
  const found = [
    reasons(spending(credit(100, { limits: { total: 1 } }), { usage: redeemed({ "coupon/sc": 1 }) }))[0],
    reasons(spending(credit(100, { restrictions: { ...only, expiresAt: NOW - 1 } })))[0],
    reasons(spending(credit(100, { restrictions: { ...only, minimum: { amounts: { EGP: 100_001 } } } })))[0],
    reasons(spending(credit(100, { restrictions: { ...only, products: { include: ["z"] } } })))[0],
  ];
  assert.deepEqual(found, ["limit_reached", "expired", "minimum_not_met", "no_eligible_items"]);
});
