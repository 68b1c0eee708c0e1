/**
 * Whether later payments of a stored coupon are discounted: its duration and state as they are today, the shop's policy.
 * Owns the way through the store; the calendar is tested in `tests/checklist/duration.test.mjs`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCouponEngine, memoryStorage } from "./package.mjs";

const NOW = Date.parse("2026-03-31T10:00:00Z");
const payment = (paymentAt, paymentNumber) => ({ redeemedAt: NOW, paymentAt, paymentNumber });
const discount = { type: "percent", basisPoints: 1000 };

async function shop(policy) {
  const engine = await createCouponEngine({ storage: memoryStorage(), clock: () => NOW });
  if (policy) await engine.settings.update(policy);
  await engine.coupons.create({ id: "always", type: "standard", code: "ALWAYS", discount, duration: { type: "forever" } });
  await engine.coupons.create({ id: "month", type: "standard", code: "MONTH", discount, duration: { type: "repeating", months: 1 } });
  return engine;
}

test("S2.24 forever ends when the coupon is switched off, unless the policy says otherwise", async () => {
  for (const [policy, after] of [[undefined, false], [{ stopOnDeactivate: false }, true]]) {
    const { coupons } = await shop(policy);
    assert.equal(await coupons.discountActiveAt("always", payment("2027-03-31T10:00:00Z", 13)), true);
    await coupons.setActive("always", false);
    assert.equal(await coupons.discountActiveAt("always", payment("2027-03-31T10:00:00Z", 13)), after);
  }
});

test("S2.23 a month from 31 March ends with 30 April", async () => {
  const { coupons } = await shop();
  assert.equal(await coupons.discountActiveAt("month", payment("2026-04-30T09:59:59.999Z", 5)), true);
  assert.equal(await coupons.discountActiveAt("month", payment("2026-04-30T10:00:00Z", 5)), false);
});

test("unknown coupons and fields are refused", async () => {
  const { coupons } = await shop();
  await assert.rejects(coupons.discountActiveAt("nobody", payment(NOW, 1)), { code: "coupon_not_found", path: "id" });
  await assert.rejects(coupons.discountActiveAt("month", { ...payment(NOW, 1), state: "active" }), { code: "unknown_field", path: "state" });
});
