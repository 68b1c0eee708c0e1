/**
 * `onEvent`: one event after each call, with counts and words only.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { coupon, rejectionOf } from "./samples.mjs";
import { ANN, checkout, intercepted, shopOf } from "./purchases.mjs";

async function watched(options = {}) {
  const events = [];
  const shop = await shopOf({ coupons: [coupon({ limits: { total: 1 } })], onEvent: (event) => events.push(event), ...options });
  return { ...shop, events, last: () => events.at(-1) };
}

test("each call tells its type, how it ended and what it cost", async () => {
  const { engine, events, clock } = await watched();
  await engine.validate(checkout("o1"));
  await engine.apply(checkout("o1"));
  await engine.reserve(checkout("o1", { holdFor: 1_000 }));
  await engine.extend({ key: "o1", holdFor: 2_000 });
  await engine.reserve(checkout("o2"));
  clock.now += 2_000;
  await engine.reserve(checkout("o2", { holdFor: 1_000 }));
  await engine.release({ key: "o2" });
  await engine.redeemNow(checkout("o3"));
  await engine.refundQuote({ key: "o3" });
  await engine.rollback({ key: "o3" });
  await engine.rollback({ key: "o3" });
  await engine.orderStatus({ key: "o3", to: "packed" });
  await rejectionOf(engine.redeem({ key: "nobody" }));
  const told = events.map(({ type, status, reason, changed, commits, helped }) => [type, status, reason, changed, commits, helped]);
  assert.deepEqual(told, [
    ["validate", "answered", null, false, 0, 0],
    ["apply", "answered", null, false, 0, 0],
    ["reserve", "held", null, true, 1, 0],
    ["extend", "held", null, true, 1, 0],
    ["reserve", "refused", "codes_refused", false, 0, 0],
    ["reserve", "held", null, true, 2, 1],
    ["release", "released", null, true, 1, 0],
    ["redeemNow", "redeemed", null, true, 1, 0],
    ["refundQuote", "answered", null, false, 0, 0],
    ["rollback", "rolled_back", null, true, 1, 0],
    ["rollback", "rolled_back", null, false, 0, 0],
    ["orderStatus", "none", null, false, 0, 0],
    ["redeem", "error", "reservation_not_found", false, 0, 0],
  ]);
  assert.ok(events.every(({ reads, milliseconds }) => reads >= 0 && milliseconds >= 0));
});

test("waits and unknown outcomes are told", async () => {
  const storage = memoryStorage();
  const answers = [() => ({ status: "busy", retryAfterMs: 1 }), () => { throw new Error("lost"); }];
  const over = (original) => intercepted(original, (path, run) => (path === "ledger.commit" && answers.length > 0 ? answers.shift()() : run()));
  const { engine, last } = await watched({ storage, over });
  await engine.reserve(checkout("o1"));
  const { waits, commits, unknown, status } = last();
  assert.deepEqual([waits, commits, unknown, status], [1, 3, 1, "held"]);
});

test("S2: no event has a key, a code, a customer or a text of anybody", async () => {
  const { engine, events } = await watched();
  await engine.reserve(checkout("order-4711", { customer: ANN }));
  await engine.redeem({ key: "order-4711", order: "invoice-12" });
  await rejectionOf(engine.redeem({ key: "order-9999" }));
  const names = ["type", "status", "reason", "changed", "reads", "commits", "waits", "helped", "unknown", "milliseconds"];
  for (const event of events) assert.deepEqual(Object.keys(event).sort(), [...names].sort());
  const told = JSON.stringify(events, (name, value) => (name === "milliseconds" ? 0 : value));
  assert.doesNotMatch(told, /4711|invoice|9999|ann|save20/i);
});

test("a platform without performance.now is told no time", async () => {
  const { engine, last } = await watched();
  const kept = globalThis.performance;
  try {
    globalThis.performance = undefined;
    await engine.apply(checkout("o1"));
  } finally {
    globalThis.performance = kept;
  }
  assert.equal(last().milliseconds, null);
});
