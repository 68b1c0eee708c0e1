/**
 * Invariant X5: a million mixed calls, refused ones among them, leave the memory where a few thousand left it.
 * `COUPON_ENGINE_SOAK` sets how many.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, parseUrlToken, preload, prepare } from "./package.mjs";
import { coupon, request } from "./samples.mjs";

const CALLS = Number(process.env.COUPON_ENGINE_SOAK ?? 1_000_000);
const ALLOWED_GROWTH = 4 * 1024 * 1024;

before(preload);

test(`X5 linear memory is the same after ${CALLS} calls`, () => {
  const { coupons, ...rest } = request();
  const broken = { ...rest, now: "yesterday" };
  const kept = prepare(coupons);
  const calls = [
    () => kept.evaluate(rest),
    () => assert.throws(() => kept.evaluate(broken), { code: "invalid_value", path: "now" }),
    () => evaluate(request()),
    () => parseUrlToken("/shoes?coupon=summer20&utm_source=mail"),
    () => assert.throws(() => parseUrlToken("/", { maxCodes: 9 }), { code: "out_of_range" }),
    () => prepare([coupon()]).close(),
  ];
  const run = (count) => {
    for (let call = 0; call < count; call++) calls[call % calls.length]();
    return process.memoryUsage().external;
  };
  const settled = run(5_000);
  assert.ok(settled > 1024 * 1024, "the wasm memory is part of what is measured");
  const grown = run(CALLS) - settled;
  assert.ok(grown <= ALLOWED_GROWTH, `grew by ${grown} bytes`);
  kept.close();
});
