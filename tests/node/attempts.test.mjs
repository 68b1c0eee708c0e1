/**
 * Limits on guessing codes (threat model §4, S1): counted in the store, per caller, account and pool; a blocked code is
 * not looked up; a sale is never stopped by the counting.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, coupon, rejectionOf } from "./samples.mjs";
import { ANN, BOB, checkout, intercepted, shopOf } from "./purchases.mjs";

const HOUR = 3_600_000;
const identityKey = "a key outside of the store";

/** A shop that counts, and what its `onAttempt` and `onEvent` heard. */
async function counting({ attempts = true, ...options } = {}) {
  const heard = [];
  const events = [];
  const shop = await shopOf({ attempts, identityKey, onAttempt: (attempt) => heard.push(attempt), onEvent: (event) => events.push(event), ...options });
  const enter = (codes, changes = {}) => shop.engine.validate({ ...checkout(undefined, { codes: [codes].flat() }), caller: "203.0.113.7", ...changes });
  const guess = async (count, changes) => {
    for (let number = 0; number < count; number += 1) await enter(`no-such-${number}`, changes);
  };
  return { ...shop, heard, events, enter, guess };
}

const reasonOf = ({ codes: [{ state, rejection }] }) => rejection?.code ?? state;

test("S1: a caller has ten failed attempts a minute, then even a good code is not looked up", async () => {
  const { enter, guess, clock } = await counting();
  await guess(9);
  assert.equal(reasonOf(await enter("save20")), "applied");
  await guess(1);
  const blocked = await enter("save20");
  assert.deepEqual([reasonOf(blocked), blocked.codes[0].couponId, blocked.codes[0].label], ["too_many_attempts", null, null]);
  assert.match(blocked.codes[0].rejection.message, /try again/i);
  assert.equal(reasonOf(await enter("save20", { caller: "198.51.100.1" })), "applied");
  clock.now += 60_000;
  assert.equal(reasonOf(await enter("save20")), "applied");
});

test("S1: many guesses in one call are let through to the end of the budget, in their order", async () => {
  const { enter, guess, heard } = await counting({ policy: { stacking: { maxCodes: 30 } } });
  await guess(4);
  heard.length = 0;
  const { codes } = await enter([...Array.from({ length: 28 }, (_, number) => `many-${number}`), "save20"]);
  assert.deepEqual(heard.map(({ outcome }) => outcome), [...Array(6).fill("failed"), ...Array(23).fill("blocked")]);
  assert.ok(heard.slice(6).every(({ scope }) => scope === "caller"));
  assert.equal(codes[28].rejection.code, "too_many_attempts");
  assert.equal(reasonOf(await enter("save20", { customer: ANN })), "too_many_attempts", "six were counted, no more");
  assert.equal(reasonOf(await enter("save20", { caller: "198.51.100.1" })), "applied");
});

test("S1: in one call each budget is its own: codes of a closed pool take nothing from another's", async () => {
  const { enter, heard } = await counting({ attempts: { pool: 2, caller: 5 }, policy: { stacking: { maxCodes: 30 } } });
  await enter(["a-1", "a-2", "a-3", "a-4", "b-1", "b-2", "b-3", "c-1", "c-2"]);
  assert.deepEqual(heard.map(({ outcome, scope }) => scope ?? outcome), ["failed", "failed", "pool", "pool", "failed", "failed", "pool", "failed", "caller"]);
});

test("S1: an account has twenty an hour, by whichever key, and whoever calls for it", async () => {
  const { enter, guess, clock } = await counting();
  for (let round = 0; round < 4; round += 1) await guess(5, { caller: `caller ${round}`, customer: round % 2 ? { ...ANN, priorOrders: 3, groups: ["vip"] } : { keys: [ANN.keys[1]] } });
  assert.equal(reasonOf(await enter("save20", { caller: "new", customer: ANN })), "too_many_attempts");
  assert.equal(reasonOf(await enter("save20", { caller: "new", customer: BOB })), "applied");
  clock.now += HOUR;
  assert.equal(reasonOf(await enter("save20", { customer: ANN })), "applied");
});

test("S1: a pool whose budget is gone is open to customers and verified callers only, and a success gives nothing back", async () => {
  const coupons = [coupon({ id: "pool", type: "bulk_pool", code: "SUMMER" }), coupon()];
  const { engine, enter, heard } = await counting({ attempts: { pool: 3, caller: 1_000, account: 1_000 }, coupons });
  const { code } = await engine.codes.add({ couponId: "pool", code: "SUMMER-A8K2X9QZ" });
  for (const [index, text] of ["SUMMER-1", " summer-2", "ｓummer-3"].entries()) {
    await enter(text, { caller: `bot ${index}` });
    assert.equal(reasonOf(await enter(code, { caller: `bot ${index}`, customer: BOB })), "applied");
  }
  assert.equal(reasonOf(await enter(code)), "too_many_attempts");
  assert.equal(reasonOf(await enter(code.toLowerCase(), { caller: undefined })), "too_many_attempts");
  assert.equal(reasonOf(await enter(code, { verified: true })), "applied");
  assert.equal(reasonOf(await enter(code, { customer: ANN })), "applied");
  assert.equal(reasonOf(await enter("save20")), "applied");
  assert.equal(heard.filter(({ scope }) => scope === "pool").length, 2);
});

test("only what a stranger must not tell apart is a failure", async () => {
  const coupons = [
    coupon(), coupon({ id: "late", code: "LATE", restrictions: { expiresAt: NOW - 1 } }), coupon({ id: "full", code: "FULL", limits: { total: 1 } }), coupon({ id: "big", code: "BIG", restrictions: { minimum: { amounts: { EGP: 99_900 } } } }),
    coupon({ id: "off", code: "OFF", state: "inactive" }), coupon({ id: "her", code: "HERS", restrictions: { customers: [ANN.keys[0]] } }),
  ];
  for (const disclosure of ["actionable", "full"]) {
    const { engine, enter, heard } = await counting({ coupons, attempts: { caller: 1_000 } });
    await engine.redeemNow(checkout("o1", { codes: ["full"] }));
    const outcomes = [];
    for (const code of ["save20", "late", "full", "off", "hers", "nobody", "x".repeat(300), "big"]) {
      heard.length = 0;
      await enter(code, { disclosure, customer: BOB });
      outcomes.push(heard.map(({ outcome }) => outcome).join());
    }
    assert.deepEqual(outcomes, ["accepted", ...Array(6).fill("failed"), "accepted"]);
  }
});

test("coupons applied by their ids, and codes where none are taken, are no attempts", async () => {
  const { enter, heard, storage } = await counting();
  await enter([{ couponId: "nobody" }]);
  await enter("nobody", { codesAllowed: false });
  assert.deepEqual([heard, (await storage.redemptions.prune({ before: NOW + 2 * HOUR })).counters], [[], 0]);
});

test("each failing text counts, also of a link, also of reserve, redeemNow, apply and orderStatus", async () => {
  const { engine, enter, heard } = await counting({ policy: { stacking: { maxCodes: 5 } } });
  await enter(["no-1", { code: "no-2", origin: "url" }, "save20"]);
  const who = { caller: "203.0.113.7" };
  await engine.apply({ ...checkout("o1", { codes: ["no-3"] }), ...who });
  await engine.reserve({ ...checkout("o1", { codes: ["no-4", "no-5"] }), ...who });
  await engine.redeemNow({ ...checkout("o1", { codes: ["no-6", "no-7"] }), ...who });
  await engine.orderStatus({ ...checkout("o1", { codes: ["no-8", "no-9"] }), ...who, to: "pending" });
  assert.equal(heard.filter(({ outcome }) => outcome === "failed").length, 9);
  assert.equal(reasonOf(await enter("save20")), "applied");
  await enter("no-10");
  const blocked = await engine.reserve({ ...checkout("o1"), ...who });
  assert.deepEqual([blocked.reason, reasonOf(blocked.quote)], ["codes_refused", "too_many_attempts"]);
  assert.deepEqual(heard.at(-1), { outcome: "blocked", pool: heard.at(-1).pool, scope: "caller" });
});

test("a blocked code costs no look-up, and the other reads stay as they are", async () => {
  const storage = memoryStorage();
  let looked = [];
  const over = (original) => intercepted(original, (path, run, [given]) => {
    if (path === "catalog.find") looked.push(given.codes);
    return run();
  });
  const { enter, guess } = await counting({ storage, over });
  await guess(10);
  looked = [];
  await enter("save20");
  assert.deepEqual(looked.flat(), []);
});

test("all engines on one store count together", async () => {
  const storage = memoryStorage();
  const one = await counting({ storage });
  await one.guess(10);
  const other = await counting({ storage, coupons: [] });
  assert.equal(reasonOf(await other.enter("save20")), "too_many_attempts");
});

test("a code entered by nobody in particular counts for its pool alone", async () => {
  const { guess, enter } = await counting();
  await guess(30, { caller: undefined });
  assert.equal(reasonOf(await enter("save20", { caller: undefined })), "applied");
});

test("nothing is counted unless it is asked for", async () => {
  const { guess, enter, heard, storage } = await counting({ attempts: null });
  await guess(30);
  assert.equal(reasonOf(await enter("save20")), "applied");
  assert.deepEqual([heard, (await storage.redemptions.prune({ before: NOW + 2 * HOUR })).counters], [[], 0]);
});

test("S2: nothing that a shopper typed or is known by is in a counter's name or in what onAttempt hears", async () => {
  const storage = memoryStorage();
  const seen = [];
  const over = (original) => intercepted(original, (path, run, given) => {
    if (path.startsWith("ledger")) seen.push(JSON.stringify(given));
    return run();
  });
  const { enter, heard } = await counting({ storage, over });
  await enter("secret-guess", { customer: ANN });
  const text = seen.join("\n") + JSON.stringify(heard);
  assert.match(text, /attempt\/caller\/[0-9a-f]{32}\/\d+/);
  assert.doesNotMatch(text, /203\.0|ann@|secret|guess|"id\/7"/i);
  assert.deepEqual(Object.keys(heard[0]).sort(), ["outcome", "pool", "scope"]);
});

test("#34: a ledger that cannot be read or written costs the count, not the checkout, and is told of", async () => {
  const storage = memoryStorage();
  let broken = new Set();
  const isCount = (request) => (request.counters ?? request.add.map(({ counter }) => counter)).some((name) => name.startsWith("attempt/"));
  const over = (original) => intercepted(original, (path, run, [request]) => {
    if (broken.has(path) && isCount(request)) throw new Error("down");
    return run();
  });
  const { enter, events, heard } = await counting({ storage, over, attempts: { caller: 1 } });
  broken = new Set(["ledger.read"]);
  assert.equal(reasonOf(await enter("save20")), "applied");
  broken = new Set(["ledger.commit"]);
  assert.equal(reasonOf(await enter("nobody")), "not_applicable");
  assert.equal(reasonOf(await enter("save20")), "applied");
  const told = events.filter(({ type }) => type === "attempts");
  assert.deepEqual(told.map(({ status, reason }) => [status, reason]), [["error", "storage_failed"], ["error", "storage_failed"]]);
  assert.deepEqual(heard.map(({ outcome }) => outcome), ["accepted", "failed", "accepted"]);

  broken = new Set();
  await enter("nobody");
  assert.equal(reasonOf(await enter("save20")), "too_many_attempts");
  broken = new Set(["ledger.read"]);
  assert.equal(reasonOf(await enter("save20")), "too_many_attempts", "what was closed stays closed");
});

test("a ledger that lies about the counts costs the count as well", async () => {
  const storage = memoryStorage();
  const over = (original) => intercepted(original, (path, run, [request]) =>
    path === "ledger.read" && request.counters[0]?.startsWith("attempt/") ? { counters: [{ claimed: "many" }] } : run());
  const { enter, events } = await counting({ storage, over });
  assert.equal(reasonOf(await enter("save20")), "applied");
  assert.deepEqual(events.map(({ type, reason }) => [type, reason]), [["attempts", "storage_invalid_answer"], ["validate", null]]);
});

test("an observer that throws, at once or later, stops nothing", async () => {
  const onAttempt = () => { throw new Error("no"); };
  const onEvent = () => Promise.reject(new Error("no"));
  const { enter } = await counting({ onAttempt, onEvent });
  assert.equal(reasonOf(await enter("save20")), "applied");
  await new Promise((resolve) => { setTimeout(resolve, 1); });
});

test("counters of windows that are over are dropped by sweep", async () => {
  const { engine, enter, clock } = await counting();
  await enter("nobody", { customer: BOB });
  assert.equal((await engine.sweep()).counters, 0);
  clock.now += 60_000;
  assert.equal((await engine.sweep()).counters, 1);
  clock.now += HOUR;
  assert.equal((await engine.sweep()).counters, 2);
  assert.deepEqual(await engine.reconcile(), { counters: 0, differences: [] });
});

test("wrong options are refused with a path, and a secret is not in the message", async () => {
  const wrong = [
    [{ attempts: 5 }, "invalid_type", "attempts"], [{ attempts: { caller: 0 } }, "out_of_range", "attempts.caller"], [{ attempts: { pool: "1" } }, "invalid_type", "attempts.pool"],
    [{ attempts: { session: 5 } }, "unknown_field", "attempts.session"], [{ onAttempt: 1 }, "invalid_type", "onAttempt"], [{ onEvent: {} }, "invalid_type", "onEvent"],
    [{ identityKey: "swordfish" }, "out_of_range", "identityKey"], [{ identityKey: 12345678901234567890n }, "invalid_type", "identityKey"], [{ identityKey: "k".repeat(1_025) }, "too_long", "identityKey"],
  ];
  for (const [options, code, path] of wrong) {
    const error = await rejectionOf(shopOf(options));
    assert.deepEqual([error.code, error.path], [code, path]);
    assert.doesNotMatch(error.message, /swordfish|123|kkk/);
  }
  assert.equal(reasonOf(await (await counting({ attempts: false })).enter("save20")), "applied");
});
