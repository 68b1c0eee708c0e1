/**
 * Guide S1, the overview: the items that the engine itself owns, as a shop sees them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cart, coupon, generateCodes, openShop, percent, reasons, refused } from "./shop.mjs";

test("S1.6 one definition of type and discount serves every code of the coupon", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ id: "news", type: "bulk_pool", code: "NEWS", discount: percent(1_000) })] });
  const { sample } = await engine.generate({ couponId: "news", count: 5 });
  assert.equal(sample.length, 5);
  for (const code of sample) {
    const quote = await apply([code], cart(5_000));
    assert.deepEqual([quote.totals.discount, quote.codes[0].couponId, quote.codes[0].code], [500, "news", code]);
  }
});

test("S1.9 five hundred codes in one run are unique and carry the prefix", async () => {
  const { engine, codesOf } = await openShop({ coupons: [coupon({ id: "pool", type: "bulk_pool", code: "SUMMER" })] });
  const { batch, count } = await engine.generate({ couponId: "pool", count: 500 });
  assert.deepEqual([batch, count], [1, 500]);
  const codes = await codesOf("pool");
  assert.equal(new Set(codes).size, 500);
  assert.ok(codes.every((code) => code.startsWith("SUMMER-")));
});

test("S1.12 a shared code is typed, a pool's code is typed, a link token comes by link", async () => {
  const { engine, apply } = await openShop({
    coupons: [coupon({ id: "s", code: "SHARED" }), coupon({ id: "p", type: "bulk_pool", code: "POOL" }), coupon({ id: "u", type: "url_token", code: "LINK" })],
  });
  const { sample } = await engine.generate({ couponId: "p", count: 1 });
  const outcomes = await Promise.all(["SHARED", "POOL", sample[0], "LINK", { code: "LINK", origin: "url" }].map((entered) => apply([entered])));
  assert.deepEqual(outcomes.flatMap(reasons), ["applied", "not_found", "applied", "not_found", "applied"]);
});

test("S1.13 ten thousand codes in one call, none twice", async () => {
  const { codes } = generateCodes({ count: 10_000, prefix: "MAIL" });
  assert.equal(new Set(codes).size, 10_000);
  const { engine } = await openShop({ coupons: [coupon({ id: "pool", type: "bulk_pool", code: "MAIL" })] });
  const progress = [];
  await engine.generate({ couponId: "pool", count: 10_000, onProgress: ({ done, total }) => progress.push([done, total]) });
  assert.deepEqual(progress.at(-1), [10_000, 10_000]);
  let stored = 0;
  for (let after = null; ; ) {
    const { items, next } = await engine.codes.list({ couponId: "pool", after, limit: 1_000 });
    stored += items.length;
    if (next === null) break;
    after = next;
  }
  assert.equal(stored, 10_000);
  assert.deepEqual(await refused(() => generateCodes({ count: 0 })), ["out_of_range", "count"]);
});
