/**
 * Small valid requests that a test changes in one place, and engines on a fresh memory store. Holds no assertions but
 * the one every bad input ends with: the next call works.
 */
import assert from "node:assert/strict";
import { CouponError, createCouponEngine, evaluate, memoryStorage } from "./package.mjs";

export const NOW = Date.UTC(2026, 5, 1);

export function cart(changes = {}) {
  return { currency: "EGP", lines: [{ id: "a", unitPrice: 10_000, quantity: 1 }, { id: "b", unitPrice: 2_500, quantity: 2 }], ...changes };
}

export function coupon(changes = {}) {
  return { id: "c1", type: "standard", code: "SAVE20", discount: { type: "percent", basisPoints: 2_000 }, ...changes };
}

export function request(changes = {}) {
  return { coupons: [coupon()], codes: ["save20"], cart: cart(), now: NOW, ...changes };
}

/** An engine on a memory store, with `replace` put over parts of the store: `{ catalog: { find() {…} } }`. */
export async function engineOn({ replace = {}, storage = memoryStorage(), ...options } = {}) {
  const parts = { catalog: storage.catalog, ledger: storage.ledger, registry: storage.registry, ...options.callbacks };
  for (const [name, methods] of Object.entries(replace)) parts[name] = over(parts[name], methods);
  const { callbacks: _, ...rest } = options;
  return createCouponEngine({ storage: parts, clock: () => NOW, creditDurability: "volatile", ...rest });
}

function over(original, methods) {
  return new Proxy(original, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name];
      const value = target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The error a call ends with; fails if it is not a `CouponError`. */
export function errorOf(run) {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CouponError, `not a CouponError: ${error}`);
    return error;
  }
  return assert.fail("nothing was thrown");
}

export async function rejectionOf(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof CouponError, `not a CouponError: ${error}`);
    return error;
  }
  return assert.fail("nothing was thrown");
}

/** 20 % of 150.00 EGP. */
export function assertStillWorks() {
  assert.equal(evaluate(request()).totals.discount, 3_000);
}
