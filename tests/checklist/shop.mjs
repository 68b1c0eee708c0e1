/**
 * A shop for the tests of the guides: the built package on a fresh memory store, small carts in EGP, and words for the
 * discounts. Owns the one path to the package; holds no assertions but that a call was refused.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { heldToNative } from "./both.mjs";

const dist = new URL("../../dist/package/dist/", import.meta.url);

const built = await import(new URL("index.js", dist).href);
export const { CouponError, createCouponEngine, describe, discountActiveAt, generateCodes, instantOf, parseUrlToken } = built;
export const { memoryStorage } = await import(new URL("stores/memory.js", dist).href);
await built.preload();

/** Every pure evaluation of a test file is also made by the native engine, which must answer the same. */
export const evaluate = heldToNative(built.evaluate);

export const NOW = Date.UTC(2026, 5, 1, 12);
export const DAY = 86_400_000;

export const percent = (basisPoints, cap) => ({ type: "percent", basisPoints, ...(cap === undefined ? {} : { cap }) });
export const amount = (minor, currency = "EGP") => ({ type: "amount", amounts: { [currency]: minor } });
export const email = (value) => ({ kind: "email", value });
export const buyer = (...keys) => ({ keys });

/** 20 % by `SAVE20`, unless said otherwise. */
export function coupon(changes = {}) {
  return { id: "c1", type: "standard", code: "SAVE20", discount: percent(2_000), ...changes };
}

/** One line per price, named `a`, `b`, … and carrying its name as product id. */
export function cart(...prices) {
  return { currency: "EGP", lines: prices.map((unitPrice, at) => line("abcdefghij"[at], unitPrice)) };
}

export function line(id, unitPrice, changes = {}) {
  return { id, unitPrice, quantity: 1, ids: [id], ...changes };
}

/** A pure evaluation of one coupon by its own code on 1000.00 EGP. */
export function evaluated(changes = {}) {
  return evaluate({ coupons: [coupon()], codes: ["SAVE20"], cart: cart(100_000), now: NOW, ...changes });
}

/** What became of each code: its first reason, or `applied`. */
export function reasons({ codes }) {
  return codes.map(({ rejection, state }) => rejection?.code ?? state);
}

export function discounts({ codes }) {
  return codes.map(({ discount }) => discount);
}

/** Counters of a pure evaluation: so many redeemed, nothing held. */
export function redeemed(counters) {
  return { counters: Object.fromEntries(Object.entries(counters).map(([name, claimed]) => [name, { claimed }])) };
}

/** 10 % for whoever has a coupon linked to it, unless said otherwise. */
export function rule(changes = {}) {
  return { id: "r1", gate: "coupon", discount: percent(1_000), ...changes };
}

/** Several codes in one cart, in this mode. */
export function several(mode, more = {}) {
  return { stacking: { mode, maxCodes: 5, ...more } };
}

/** A shop with these coupons and rules, at `NOW`; reasons are told in full unless a call says otherwise. */
export async function openShop({ coupons = [], rules = [], policy, storage = memoryStorage(), priorOrders, messages } = {}) {
  const whole = priorOrders === undefined ? storage : { ...storage, priorOrders };
  const options = { ...(policy === undefined ? {} : { policy }), ...(messages === undefined ? {} : { messages }) };
  const engine = await createCouponEngine({ storage: whole, clock: () => NOW, creditDurability: "volatile", ...options });
  for (const definition of rules) await engine.rules.create(definition);
  const created = [];
  for (const definition of coupons) created.push(await engine.coupons.create(definition));
  return {
    engine,
    storage,
    created,
    apply: (codes, onCart = cart(100_000), more = {}) => engine.apply({ codes, cart: onCart, disclosure: "full", ...more }),
    validate: (codes, onCart = cart(100_000), more = {}) => engine.validate({ codes, cart: onCart, disclosure: "full", ...more }),
    /** What a paid order leaves in the ledger. */
    redeem: (counter, times = 1) =>
      storage.ledger.commit({ partition: "shop", insert: [], add: [{ counter: stored(counter), delta: times, ceiling: null }] }),
    /** What a checkout that is under way leaves in the ledger. */
    hold: (key, counter, holdUntil) =>
      storage.ledger.commit({
        partition: "shop",
        insert: [{ key, revision: 0, state: "held", at: NOW, holdUntil, body: "{}", index: { claims: [{ counter: stored(counter), amount: 1, ceiling: null }], coupons: [], codes: [], customerKeys: [], order: key } }],
        add: [{ counter: stored(counter), delta: 1, ceiling: null }],
      }),
    codesOf: async (couponId) => (await engine.codes.list({ couponId, limit: 1_000 })).items.map(({ code }) => code),
  };
}

/** A counter's name as the ledger has it: what a customer is known by, but for the host's own ids, is hashed. */
export function stored(counter) {
  const [name, key] = counter.split("/customer/");
  if (key === undefined || key.startsWith("id/")) return counter;
  const digest = createHmac("sha256", "").update(key).digest("hex").slice(0, 32);
  return `${name}/customer/${key.split("/")[0]}/h${digest}`;
}

/** `[code, path]` of the error that a call ends with. */
export async function refused(run) {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof CouponError, `not a CouponError: ${error}`);
    return [error.code, error.path];
  }
  return assert.fail("nothing was refused");
}
