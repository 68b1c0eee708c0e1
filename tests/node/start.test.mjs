/**
 * Loading: nothing happens at import, a failed start can be repeated, prepared sets outlive a full instance. This file
 * must not load the engine before its first test.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCouponEngine, evaluate, generateCodes, instantOf, memoryStorage, parseUrlToken, preload, prepare } from "./package.mjs";
import { assertStillWorks, coupon, errorOf, rejectionOf, request } from "./samples.mjs";

test("a synchronous call before the engine is loaded says what to do", () => {
  for (const call of [() => evaluate(request()), () => prepare([]), () => generateCodes({ count: 1 }), () => parseUrlToken("https://a.example/")]) {
    const error = errorOf(call);
    assert.equal(error.code, "not_initialized");
    assert.match(error.message, /preload\(\)/);
  }
  assert.equal(instantOf("1970-01-01", "UTC", "start"), 0);
});

test("a start that failed is told, and the next one works", async () => {
  const { compile, instantiate } = WebAssembly;
  const cause = new Error("out of memory");
  // Node may compile a small module of its own meanwhile; only the engine's, which is large, shall fail.
  const failing = (original) => (source, ...rest) =>
    source?.byteLength > 200_000 ? Promise.reject(cause) : Reflect.apply(original, WebAssembly, [source, ...rest]);
  Object.assign(WebAssembly, { compile: failing(compile), instantiate: failing(instantiate) });
  try {
    const storage = memoryStorage();
    for (const start of [preload, () => createCouponEngine({ storage })]) {
      const error = await rejectionOf(start());
      assert.deepEqual([error.code, error.cause], ["not_initialized", cause]);
    }
  } finally {
    Object.assign(WebAssembly, { compile, instantiate });
  }
  await Promise.all([preload(), preload(), createCouponEngine({ storage: memoryStorage() })]);
  assertStillWorks();
});

test("sets that fill the instance beyond its limit still answer", () => {
  const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, "v".repeat(100)]));
  const coupons = Array.from({ length: 1_000 }, (_, index) => coupon({ id: `c${index}`, code: `CODE${index}`, metadata }));
  const sets = Array.from({ length: 6 }, () => prepare(coupons));
  const { coupons: _, ...rest } = request({ codes: ["code7"] });
  for (const set of sets) assert.equal(set.evaluate(rest).totals.discount, 3_000);
  for (const set of sets) set.close();
  assertStillWorks();
});
