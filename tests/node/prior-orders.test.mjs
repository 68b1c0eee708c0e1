/**
 * `storage.priorOrders`: asked for a known and an unknown code alike (semantics §24), and missed only where a coupon needs it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, coupon, engineOn, rejectionOf, request } from "./samples.mjs";

const { coupons: _, ...rest } = request();
const customer = { keys: [{ kind: "id", value: "7" }] };
const checkout = { ...rest, customer };

/** An engine with a plain coupon SAVE20 and a first-order coupon FIRST. */
async function shop(priorOrders, options = {}) {
  const engine = await engineOn({ callbacks: { priorOrders }, ...options });
  await engine.coupons.create(coupon());
  await engine.coupons.create(coupon({ id: "c2", code: "FIRST", restrictions: { firstOrderOnly: true } }));
  return engine;
}

test("it is asked once for a plain, a first-order and an unknown code alike", async () => {
  const asked = [];
  const engine = await shop((question) => {
    asked.push(question);
    return 2;
  });
  for (const code of ["SAVE20", "FIRST", "NOBODY"]) {
    asked.length = 0;
    await engine.validate({ ...checkout, codes: [code] });
    assert.deepEqual(asked, [{ keys: customer.keys, excluding: null, asOf: NOW }], code);
  }
});

test("its number decides about a first-order coupon", async () => {
  const engine = await shop(async () => 2);
  const [refused] = (await engine.validate({ ...checkout, codes: ["FIRST"], disclosure: "full" })).codes;
  assert.deepEqual([refused.rejection.code, refused.rejection.details.priorOrders], ["not_first_order", 2]);
  const newcomers = await shop(() => 0);
  assert.equal((await newcomers.validate({ ...checkout, codes: ["FIRST"] })).codes[0].state, "applied");
});

test("it is not asked where the request says the number, or no customer", async () => {
  const engine = await shop(() => assert.fail("asked"));
  const known = await engine.validate({ ...checkout, codes: ["FIRST"], customer: { ...customer, priorOrders: 0 } });
  assert.equal(known.codes[0].state, "applied");
  await engine.validate({ ...rest, codes: ["FIRST"] });
});

const cause = new Error("the orders are down");
const FAULTS = [
  ["throws", () => { throw cause; }, "storage_failed"],
  ["rejects", () => Promise.reject(cause), "storage_failed"],
  ["hangs", () => new Promise(() => {}), "storage_timeout"],
];

for (const [fault, priorOrders, code] of FAULTS) {
  test(`that it ${fault} does not matter to a checkout that does not need it`, async () => {
    const engine = await shop(priorOrders, { timeoutMs: 30 });
    assert.equal((await engine.apply(checkout)).totals.discount, 3_000);
    const [unknown] = (await engine.validate({ ...checkout, codes: ["NOBODY"], disclosure: "full" })).codes;
    assert.equal(unknown.rejection.code, "not_found");
  });

  test(`that it ${fault} is what a first-order coupon is told`, async () => {
    const engine = await shop(priorOrders, { timeoutMs: 30 });
    const error = await rejectionOf(engine.apply({ ...checkout, codes: ["FIRST"] }));
    assert.deepEqual([error.code, error.path, error.retryable], [code, "storage.priorOrders", true]);
  });
}

test("the ledger's failure is told although priorOrders hangs, and the caller's abort ends both", async () => {
  const hang = () => new Promise(() => {});
  const failing = await shop(hang, { replace: { ledger: { read: () => { throw cause; } } } });
  assert.equal((await rejectionOf(failing.apply(checkout))).path, "storage.ledger.read");
  const controller = new AbortController();
  const engine = await shop(hang);
  const call = engine.apply({ ...checkout, signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  assert.equal((await rejectionOf(call)).code, "aborted");
});

test("a wrong answer is told even where it is not needed", async () => {
  for (const answer of ["two", -1, 0.5, undefined, null, { count: 2 }, new Map()]) {
    const engine = await shop(() => answer);
    const error = await rejectionOf(engine.validate(checkout));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", "storage.priorOrders"]);
  }
});

test("without it a first-order coupon says what is missing", async () => {
  const engine = await shop(undefined);
  assert.equal((await engine.apply(checkout)).totals.discount, 3_000);
  assert.equal((await rejectionOf(engine.apply({ ...checkout, codes: ["FIRST"] }))).code, "prior_orders_unavailable");
});
