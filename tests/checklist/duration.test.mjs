/**
 * How long a redeemed coupon discounts later payments (guide S2; semantics §18): `discountActiveAt`, as a host's billing
 * run asks it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, coupon, discountActiveAt, openShop, refused } from "./shop.mjs";

const once = { type: "once" };
const forever = { type: "forever" };
const months = (count) => ({ type: "repeating", months: count });
const payments = (count) => ({ type: "repeating", payments: count });
const utc = (...parts) => Date.UTC(...parts);
const paid = (duration, redeemedAt, paymentAt, paymentNumber = 2, more = {}) => discountActiveAt({ duration, redeemedAt, paymentAt, paymentNumber, ...more });
/** Which of these payments are discounted. */
const discounted = (duration, redeemedAt, instants) => instants.map((paymentAt, at) => paid(duration, redeemedAt, paymentAt, at + 1));

test("S2.21 forever: every payment as long as the coupon is active", () => {
  const years = [0, 1, 5, 30].map((later) => utc(2026 + later, 5, 1));
  assert.deepEqual(discounted(forever, years[0], years), [true, true, true, true]);
});

test("S2.22 once: the first payment, however soon the second comes", () => {
  assert.deepEqual(discounted(once, NOW, [NOW, NOW, NOW + DAY]), [true, false, false]);
});

test("S2.23 three months: the payment of the redemption, one and two months later, not the one at three", () => {
  const monthly = [0, 1, 2, 3].map((later) => utc(2026, 5 + later, 1, 12));
  assert.deepEqual(discounted(months(3), monthly[0], monthly), [true, true, true, false]);
});

test("S2.24 forever ends when the coupon is switched off, by the coupon's own state and the shop's own setting", async () => {
  const { engine } = await openShop({ coupons: [coupon({ duration: forever })] });
  const next = async () => {
    const { coupon: { duration, state } } = await engine.coupons.get("c1");
    const { stopOnDeactivate } = await engine.settings.get();
    return paid(duration, NOW, NOW + 90 * DAY, 4, { state, stopOnDeactivate });
  };
  assert.equal(await next(), true);
  await engine.coupons.setActive("c1", false);
  assert.equal(await next(), false);
  await engine.coupons.setActive("c1", true);
  assert.equal(await next(), true);
  await engine.coupons.archive("c1");
  assert.equal(await next(), false);
});

test("B14 a number of cycles: so many payments, whenever they are", () => {
  const instants = [NOW, NOW + DAY, NOW + 400 * DAY, NOW + 401 * DAY];
  assert.deepEqual(discounted(payments(3), NOW, instants), [true, true, true, false]);
  assert.deepEqual(discounted(payments(1), NOW, instants), [true, false, false, false]);
});

test("semantics §18: three months, billed monthly, are three payments, to the millisecond", () => {
  const end = utc(2026, 8, 1, 12);
  assert.deepEqual([paid(months(3), NOW, end - 1), paid(months(3), NOW, end)], [true, false]);
});

test("semantics §18: one month, billed weekly: every payment of the first month", () => {
  const weekly = [0, 1, 2, 3, 4, 5].map((week) => utc(2026, 5, 1) + week * 7 * DAY);
  assert.deepEqual(discounted(months(1), weekly[0], weekly), [true, true, true, true, true, false]);
});

test("semantics §18: months of the calendar from the 31st: end of February, then the 31st again", () => {
  const anchor = utc(2027, 0, 31, 9);
  const edge = (count, instant) => [paid(months(count), anchor, instant - 1), paid(months(count), anchor, instant)];
  assert.deepEqual(edge(1, utc(2027, 1, 28, 9)), [true, false]);
  assert.deepEqual(edge(2, utc(2027, 2, 31, 9)), [true, false]);
  assert.deepEqual(edge(13, utc(2028, 1, 29, 9)), [true, false]);
});

test("semantics §18: a yearly payment within four months is discounted whole, the next is not", () => {
  assert.deepEqual(discounted(months(4), NOW, [NOW, utc(2027, 5, 1, 12)]), [true, false]);
});

test("semantics §18: switched off midway: forever ends or goes on as the shop says, the others go on", () => {
  for (const state of ["inactive", "archived"]) {
    const later = (duration, stopOnDeactivate) => paid(duration, NOW, NOW + DAY, 2, { state, stopOnDeactivate });
    assert.deepEqual([later(forever, true), later(forever, false), later(months(3), true), later(payments(3), true)], [false, true, true, true], state);
  }
  assert.equal(paid(forever, NOW, NOW + DAY, 2, { state: "inactive" }), false);
});

test("semantics §18: nothing before the redemption, and what is no payment is refused", async () => {
  for (const duration of [forever, months(3), payments(3)]) assert.equal(paid(duration, NOW, NOW - 1), false);
  assert.deepEqual(await refused(() => paid(once, NOW, NOW, 0)), ["out_of_range", "paymentNumber"]);
  assert.deepEqual(await refused(() => paid({ type: "repeating" }, NOW, NOW)), ["required", "duration.months"]);
});
