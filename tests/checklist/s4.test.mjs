/**
 * Guide S4, percent and credit coupons: the items that the engine itself owns, as a shop sees them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, cart, coupon, evaluated, instantOf, line, openShop, percent, reasons, refused } from "./shop.mjs";

const policy = { preset: "fontdue" };

test("S4.2 percent: for many customers, with a limit or without", async () => {
  const { redeem, apply } = await openShop({ policy, coupons: [coupon(), coupon({ id: "c2", code: "FEW", limits: { total: 2 } })] });
  for (const counter of ["coupon/c1", "coupon/c2"]) await redeem(counter, 2);
  assert.equal((await apply(["SAVE20"], cart(5_000))).totals.discount, 1_000);
  assert.deepEqual(reasons(await apply(["FEW"], cart(5_000))), ["limit_reached"]);
});

test("S4.3 credit of 20: 10 off a cart of 10, and still 20 off the next", async () => {
  const { redeem, apply } = await openShop({ policy, coupons: [coupon({ discount: amount(2_000) })] });
  const { adjustments: [first], totals } = await apply(["SAVE20"], cart(1_000));
  assert.deepEqual([first.requested, first.amount, totals.total], [2_000, 1_000, 0]);
  await redeem("coupon/c1");
  assert.equal((await apply(["SAVE20"], cart(5_000))).totals.discount, 2_000);
});

test("S4.8 the code is what customers enter", async () => {
  const { apply } = await openShop({ policy, coupons: [coupon({ code: "TYPE-10" })] });
  assert.deepEqual(reasons(await apply(["type-10", "TYPE-20"], cart(1_000))), ["applied", "not_found"]);
});

test("S4.9 the discount's type is one of those there are", async () => {
  const { engine } = await openShop({ policy });
  assert.deepEqual(await refused(() => engine.coupons.create(coupon({ discount: { type: "free" } }))), ["invalid_value", "discount.type"]);
  assert.deepEqual(await refused(() => engine.coupons.create(coupon({ discount: { basisPoints: 100 } }))), ["required", "discount.type"]);
});

test("S4.10 a percentage for percent, an amount for credit, never the other's field", async () => {
  const { engine } = await openShop({ policy });
  const create = (discount) => () => engine.coupons.create(coupon({ discount }));
  assert.deepEqual(await refused(create({ type: "percent", amounts: { EGP: 100 } })), ["unknown_field", "discount.amounts"]);
  assert.deepEqual(await refused(create({ type: "amount", basisPoints: 100 })), ["unknown_field", "discount.basisPoints"]);
  assert.deepEqual(await refused(create({ type: "percent" })), ["required", "discount.basisPoints"]);
  assert.deepEqual(await refused(create({ type: "amount" })), ["required", "discount.amounts"]);
});

test("S4.11 unlimited is no maximum; a maximum is at least 1", async () => {
  const { engine, redeem, apply } = await openShop({ policy, coupons: [coupon({ limits: { total: null } }), coupon({ id: "c2", code: "ONCE", limits: { total: 1 } })] });
  for (const counter of ["coupon/c1", "coupon/c2"]) await redeem(counter);
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["applied"]);
  assert.deepEqual(reasons(await apply(["ONCE"])), ["limit_reached"]);
  for (const total of [0, -1, 1.5]) {
    const [, path] = await refused(() => engine.coupons.create(coupon({ id: "c3", code: "X", limits: { total } })));
    assert.equal(path, "limits.total");
  }
});

test("S4.13 it stops after its date and time", async () => {
  const { apply } = await openShop({ policy, coupons: [coupon({ restrictions: { expiresAt: "2026-06-01T17:30:00Z" } })] });
  const at = async (now) => reasons(await apply(["SAVE20"], cart(1_000), { now }))[0];
  assert.deepEqual([await at("2026-06-01T17:30:00Z"), await at("2026-06-01T17:30:00.001Z")], ["applied", "expired"]);
});

test("S4.14 what is entered in the admin's zone is stored as an instant, and shows the same local time again", async () => {
  const zone = "Europe/Berlin";
  const { engine } = await openShop({ policy });
  const stored = async (code, local) => {
    const { coupon: created } = await engine.coupons.create({ type: "standard", code, restrictions: { expiresAt: instantOf(local, zone, "end") } });
    return created.restrictions.expiresAt;
  };
  const summer = await stored("SUMMER", "2026-07-01T18:00");
  assert.equal(summer, Date.UTC(2026, 6, 1, 16));
  assert.equal(new Date(summer).toLocaleTimeString("en-GB", { timeZone: zone }), "18:00:00");
  assert.equal(await stored("GAP", "2025-03-30T02:30"), Date.UTC(2025, 2, 30, 1, 30));
});

test("S4.15 without an expiry it goes on", () => {
  for (const restrictions of [{}, { expiresAt: null }]) {
    assert.deepEqual(reasons(evaluated({ coupons: [coupon({ restrictions })], now: Date.UTC(2099, 0) })), ["applied"]);
  }
});

test("S4.16 limited to a collection, a bundle and a style: those lines only", () => {
  const products = { include: ["collection-1", "bundle-2", "style-3"] };
  const lines = ["collection-1", "bundle-2", "style-3", "style-4"].map((sku) => line(sku, 1_000));
  const quote = evaluated({ coupons: [coupon({ restrictions: { products } })], cart: { currency: "EGP", lines } });
  assert.deepEqual(quote.lines.map(({ discount }) => discount), [200, 200, 200, 0]);
});

test("S4.17 a family that is listed does not bring its styles along", () => {
  const coupons = [coupon({ restrictions: { products: { include: ["family-F"] } } })];
  const on = (id) => evaluated({ coupons, cart: { currency: "EGP", lines: [line(id, 1_000)] } });
  assert.deepEqual(reasons(on("family-F/regular")), ["no_eligible_items"]);
  assert.deepEqual(reasons(on("family-F")), ["applied"]);
});

test("S4.18 families, bundles and styles stand side by side in one restriction", () => {
  const coupons = [coupon({ restrictions: { products: { include: ["family-F", "family-F/bold", "bundle-2"] } } })];
  const lines = ["family-F", "family-F/regular", "family-F/bold", "bundle-2"].map((sku) => line(sku, 500));
  const quote = evaluated({ coupons, cart: { currency: "EGP", lines } });
  assert.deepEqual(quote.lines.map(({ discount }) => discount), [100, 0, 100, 100]);
});

test("S4.19 a percentage is of the matching lines, and credit stops at them", () => {
  const restrictions = { products: { include: ["a"] } };
  const of = (discount) => evaluated({ coupons: [coupon({ discount, restrictions })], cart: cart(500, 8_500) });
  assert.deepEqual(of(percent(1_000)).lines.map(({ discount }) => discount), [50, 0]);
  assert.deepEqual(of(amount(1_000)).lines.map(({ discount }) => discount), [500, 0]);
});

/** `[status in the list, answer at checkout]` of a coupon that has been used so often. */
async function statusOf(changes, used = 0) {
  const { engine, redeem, apply } = await openShop({ policy, coupons: [coupon(changes)] });
  if (used > 0) await redeem("coupon/c1", used);
  return [(await engine.coupons.describe("c1")).status, ...reasons(await apply(["SAVE20"]))];
}

test("S4.22 active: there for customers to use", async () => {
  assert.deepEqual(await statusOf({ limits: { total: 4 }, restrictions: { expiresAt: NOW } }, 3), ["active", "applied"]);
});

test("S4.23 disabled: switched off by hand, refused at checkout", async () => {
  assert.deepEqual(await statusOf({ state: "inactive" }), ["inactive", "inactive"]);
});

test("S4.24 exhausted: its uses are gone", async () => {
  assert.deepEqual(await statusOf({ limits: { total: 4 } }, 4), ["exhausted", "limit_reached"]);
});

test("S4.25 expired: past its date", async () => {
  assert.deepEqual(await statusOf({ restrictions: { expiresAt: NOW - 1 } }), ["expired", "expired"]);
});

test("S4.26 percent and credit are exhausted at the maximum of uses, not one before", async () => {
  for (const discount of [percent(1_000), amount(1_000)]) {
    const { engine, redeem } = await openShop({ policy, coupons: [coupon({ discount, limits: { total: 3 } })] });
    const statuses = [];
    for (let use = 1; use <= 3; use++) {
      await redeem("coupon/c1");
      statuses.push((await engine.coupons.describe("c1")).status);
    }
    assert.deepEqual(statuses, ["active", "active", "exhausted"]);
  }
});

test("S4.28 disabled wins over expired, expired over exhausted, exhausted over active, in all combinations", async () => {
  const coupons = [];
  const expected = {};
  for (const disabled of [false, true]) {
    for (const expired of [false, true]) {
      for (const exhausted of [false, true]) {
        const id = `c${Number(disabled)}${Number(expired)}${Number(exhausted)}`;
        coupons.push(coupon({ id, code: id, state: disabled ? "inactive" : "active", restrictions: { expiresAt: expired ? NOW - DAY : NOW + DAY }, limits: { total: exhausted ? 1 : 2 } }));
        expected[id] = disabled ? "inactive" : expired ? "expired" : exhausted ? "exhausted" : "active";
      }
    }
  }
  const { engine, redeem } = await openShop({ policy, coupons });
  for (const { id } of coupons) await redeem(`coupon/${id}`);
  const { items } = await engine.coupons.list();
  assert.deepEqual(Object.fromEntries(items.map(({ coupon: { id }, description }) => [id, description.status])), expected);
});

test("S4.35 computed on the cart total at checkout; shipping and tax stay outside", () => {
  const quote = evaluated({ cart: { ...cart(3_000, 7_000), shipping: 1_500, tax: 1_400 } });
  assert.deepEqual(quote.totals, { subtotal: 10_000, discount: 2_000, shipping: 1_500, shippingDiscount: 0, tax: 1_400, credit: 0, total: 10_900 });
  assert.deepEqual(quote.lines.map(({ total }) => total), [2_400, 5_600]);
});
