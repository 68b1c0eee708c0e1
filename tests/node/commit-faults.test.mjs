/**
 * A storage that fails at any one call of any operation: a typed error or a right answer, nothing lost, nothing counted
 * twice, and the same call again finds out. Each fault at each call, from the first to the last.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, cart, coupon, rejectionOf } from "./samples.mjs";
import { ANN, BOB, checkout, claimedOf, forever, intercepted, shopOf } from "./purchases.mjs";

const boom = new Error("connection reset by peer");
/** What happens to one call: it never arrives; it arrives and its answer is lost; it hangs, before or after; nonsense. */
const FAULTS = {
  throws: () => { throw boom; },
  "applies, then throws": async (run) => { await run(); throw boom; },
  hangs: forever,
  "applies, then hangs": async (run) => { await run(); return forever(); },
  "answers nonsense": () => ({ status: "perhaps" }),
  "applies, then answers nonsense": async (run) => { await run(); return "ok"; },
};
const TYPED = new Set(["storage_failed", "storage_timeout", "storage_invalid_answer", "outcome_unknown"]);

const other = cart({ lines: [{ id: "a", unitPrice: 5_000, quantity: 1 }] });
/** What is done before, the call, and the state and the claims of `coupon/c1` that it leads to. */
const OPERATIONS = {
  reserve: { call: (engine) => engine.reserve(checkout("o1", { customer: ANN })), state: "held", claimed: 1 },
  "reserve with replace": {
    before: (engine) => engine.reserve(checkout("o1")), call: (engine) => engine.reserve(checkout("o1", { cart: other, replace: true })), state: "held", claimed: 1,
  },
  "reserve in the place of an ended hold": {
    before: async (engine, clock) => {
      for (const key of ["x", "y"]) await engine.reserve(checkout(key, { holdFor: 1_000 }));
      clock.now += 1_000;
    },
    call: (engine) => engine.reserve(checkout("o1")), state: "held", claimed: 1,
  },
  redeemNow: { call: (engine) => engine.redeemNow(checkout("o1", { customer: BOB })), state: "redeemed", claimed: 1 },
  extend: { before: (engine) => engine.reserve(checkout("o1")), call: (engine) => engine.extend({ key: "o1", holdFor: 3_600_000 }), state: "held", claimed: 1 },
  redeem: { before: (engine) => engine.reserve(checkout("o1")), call: (engine) => engine.redeem({ key: "o1", order: "17" }), state: "redeemed", claimed: 1 },
  "redeem after its time": {
    before: async (engine, clock) => {
      await engine.reserve(checkout("o1", { holdFor: 1_000 }));
      clock.now += 1_000;
    },
    call: (engine) => engine.redeem({ key: "o1" }), state: "redeemed", claimed: 1,
  },
  release: { before: (engine) => engine.reserve(checkout("o1")), call: (engine) => engine.release({ key: "o1" }), state: "released", claimed: 0 },
  rollback: { before: (engine) => engine.redeemNow(checkout("o1")), call: (engine) => engine.rollback({ key: "o1" }), state: "rolled_back", claimed: 0 },
  "rollback of a part": {
    before: (engine) => engine.redeemNow(checkout("o1")), call: (engine) => engine.rollback({ key: "o1", lines: [{ lineId: "b", quantity: 1 }], refundId: "r1" }), state: "redeemed", claimed: 1,
  },
  orderStatus: { before: (engine) => engine.reserve(checkout("o1")), call: (engine) => engine.orderStatus({ key: "o1", to: "processing" }), state: "redeemed", claimed: 1 },
};

/** A shop whose storage does `fault` at its call number `at` of those that begin after `arm()`. */
async function faultyShop({ before }, fault, at) {
  const storage = memoryStorage();
  let calls = Number.NEGATIVE_INFINITY;
  const over = (original) => intercepted(original, (path, run) => {
    if (path === "capabilities") return run();
    calls += 1;
    return calls === at ? fault(run) : run();
  });
  const shop = await shopOf({ storage, over, timeoutMs: 15, coupons: [coupon({ limits: { total: 2 } })] });
  await before?.(shop.engine, shop.clock);
  calls = 0;
  return { ...shop, callsSoFar: () => calls };
}

async function assertAtRest({ engine, storage }, { state, claimed }) {
  assert.equal((await engine.redemptions.get("o1")).state, state);
  assert.equal(await claimedOf(storage, "coupon/c1"), claimed);
  assert.deepEqual((await engine.reconcile()).differences, []);
}

for (const [name, operation] of Object.entries(OPERATIONS)) {
  for (const [kind, fault] of Object.entries(FAULTS)) {
    test(`U3, U11: ${name}: the storage ${kind} at each of its calls`, async () => {
      let at = 1;
      for (; ; at += 1) {
        const shop = await faultyShop(operation, fault, at);
        const outcome = await operation.call(shop.engine).catch((error) => error);
        if (shop.callsSoFar() < at) break;
        if (outcome instanceof Error) {
          assert.ok(TYPED.has(outcome.code), `${outcome.code} at call ${at}`);
          const again = await operation.call(shop.engine);
          assert.notEqual(again.status ?? again.outcome?.status, "refused");
        } else {
          assert.notEqual(outcome.status, "refused");
        }
        await assertAtRest(shop, operation);
        await operation.call(shop.engine);
        await assertAtRest(shop, operation);
      }
      assert.ok(at > 2, "an operation reads and commits");
    });
  }
}

/** A shop whose commits are done by `commit(run, number)`, its reads by `read`. */
async function spoilt({ commit = (run) => run(), read = (run) => run(), ...options }) {
  const storage = memoryStorage();
  let commits = 0;
  let reads = 0;
  const over = (original) => intercepted(original, (path, run, given) => {
    if (path === "ledger.commit") return commit(run, (commits += 1), given);
    return path === "ledger.read" ? read(run, (reads += 1), given) : run();
  });
  return shopOf({ storage, over, timeoutMs: 15, coupons: [coupon({ limits: { total: 2 } })], ...options });
}

test("U11: a commit whose answer is lost is looked up, and the call ends with what was written", async () => {
  const { engine, storage } = await spoilt({ commit: FAULTS["applies, then throws"] });
  const outcome = await engine.reserve(checkout("o1"));
  assert.deepEqual([outcome.status, outcome.changed, await claimedOf(storage, "coupon/c1")], ["held", true, 1]);
});

test("U11: where nobody can say what was written, the call says so, with the cause, and the same call finds out", async () => {
  let isDown = false;
  const { engine } = await spoilt({
    commit: async (run) => { await run(); isDown = true; throw boom; },
    read: (run) => { if (isDown) throw new Error("still down"); return run(); },
  });
  const error = await rejectionOf(engine.reserve(checkout("o1")));
  assert.deepEqual([error.code, error.retryable, error.cause.code, error.cause.cause], ["outcome_unknown", true, "storage_failed", boom]);
  isDown = false;
  const again = await engine.reserve(checkout("o1"));
  assert.deepEqual([again.status, again.changed], ["held", false]);
});

test("U11: after a commit without an answer, whatever goes wrong is an unknown outcome", async () => {
  const spoil = (change) => async (run) => { const view = await run(); return { ...view, entries: view.entries.map((entry) => entry && change(entry)) }; };
  const later = {
    hangs: forever, "answers nothing": () => undefined, "answers a list": () => [], "has a body that is no JSON": spoil((entry) => ({ ...entry, body: "{" })),
    "has another body": spoil((entry) => ({ ...entry, body: JSON.stringify({ key: "o1" }) })), "has another key": spoil((entry) => ({ ...entry, key: "o2" })),
    "has a newer schema": spoil((entry) => ({ ...entry, body: JSON.stringify({ ...JSON.parse(entry.body), schemaVersion: 99 }) })),
  };
  for (const [what, fault] of Object.entries(later)) {
    let isDown = false;
    const { engine, storage } = await spoilt({
      commit: async (run) => { await run(); isDown = true; throw boom; },
      read: (run) => (isDown ? fault(run) : run()),
    });
    const error = await rejectionOf(engine.reserve(checkout("o1")));
    assert.deepEqual([error.code, error.retryable], ["outcome_unknown", true], what);
    assert.notEqual(error.cause, undefined);
    isDown = false;
    assert.equal((await engine.reserve(checkout("o1"))).changed, false);
    assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  }
});

test("a ledger that is always busy is asked twelve times, and nothing was written", async () => {
  const pauses = [];
  const { engine, storage } = await spoilt({ commit: (_, number) => { pauses.push(number); return { status: "busy", retryAfterMs: 1 }; } });
  const error = await rejectionOf(engine.reserve(checkout("o1")));
  assert.deepEqual([error.code, error.retryable, pauses.length], ["storage_busy", true, 12]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 0);
});

test("a busy ledger is waited for", async () => {
  const { engine } = await spoilt({ commit: (run, number) => (number < 3 ? { status: "busy" } : run()) });
  assert.equal((await engine.reserve(checkout("o1"))).status, "held");
});

test("answers of a commit that are out of shape are unknown outcomes, never a yes or a no", async () => {
  const answers = [undefined, null, 7, "committed", [], {}, { status: "done" }, { status: "exists" }, { status: "exists", insert: 1 }, { status: "exists", insert: -1 },
    { status: "ceiling", add: 0.5 }, { status: "ceiling", claimed: "2" }, { status: "busy", retryAfterMs: -5 }, { status: "busy", retryAfterMs: Number.NaN }];
  for (const answer of answers) {
    const { engine, storage } = await spoilt({ commit: (run, number) => (number === 1 ? answer : run()) });
    assert.equal((await engine.reserve(checkout("o1"))).status, "held", JSON.stringify(answer));
    assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  }
});

test("what a driver answers besides the contract does no harm", async () => {
  const { engine } = await spoilt({ commit: async (run) => ({ ...(await run()), rowCount: 3, command: "INSERT" }) });
  assert.equal((await engine.reserve(checkout("o1"))).status, "held");
});

for (const [when, fault] of [["before", () => forever()], ["after", async (run) => { await run(); return forever(); }]]) {
  test(`aborted while a commit is under way, which hangs ${when} it is written: the outcome is unknown`, async () => {
    const controller = new AbortController();
    const reason = new Error("the shopper left");
    let sent = 0;
    const commit = (run) => {
      sent += 1;
      if (sent > 1) return run();
      setTimeout(() => controller.abort(reason), 1);
      return fault(run);
    };
    const { engine, storage } = await spoilt({ commit, timeoutMs: 5_000 });
    const error = await rejectionOf(engine.reserve({ ...checkout("o1"), signal: controller.signal }));
    assert.deepEqual([error.code, error.cause.code, error.cause.cause], ["outcome_unknown", "aborted", reason]);
    assert.equal((await engine.reserve(checkout("o1"))).status, "held");
    assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  });
}

test("aborted before any commit, the call is aborted and nothing is written", async () => {
  const controller = new AbortController();
  const { engine } = await spoilt({ read: (run) => { controller.abort(); return run(); }, commit: () => assert.fail("no commit is to be sent") });
  assert.equal((await rejectionOf(engine.reserve({ ...checkout("o1"), signal: controller.signal }))).code, "aborted");
});

test("aborted while the outcome of a commit is looked up, it stays unknown, by the abort", async () => {
  const controller = new AbortController();
  let isLost = false;
  const { engine } = await spoilt({
    commit: async (run) => { await run(); isLost = true; throw boom; },
    read: (run) => { if (isLost) controller.abort(); return run(); },
  });
  const error = await rejectionOf(engine.reserve({ ...checkout("o1"), signal: controller.signal }));
  assert.deepEqual([error.code, error.cause.code], ["outcome_unknown", "aborted"]);
});

test("aborted in the moment before a commit is sent, it is not sent, and nothing is unknown", async () => {
  let looks = 0;
  const signal = { get aborted() { looks += 1; return looks > 2; }, addEventListener() {}, removeEventListener() {} };
  const { engine } = await spoilt({ commit: () => assert.fail("no commit is to be sent") });
  assert.equal((await rejectionOf(engine.reserve({ ...checkout("o1"), signal }))).code, "aborted");
  assert.equal(looks, 3);
});

test("aborted while it waits for a busy ledger, the call ends at once, aborted, and leaves no timer behind", async () => {
  const controller = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  let isAsked;
  const asked = new Promise((resolve) => { isAsked = resolve; });
  const { engine } = await spoilt({ commit: () => { isAsked(); return { status: "busy", retryAfterMs: 60_000 }; }, timeoutMs: 5_000 });
  let ended = null;
  const reserve = async () => { ended = await rejectionOf(engine.reserve({ ...checkout("o1"), signal: controller.signal })); };
  const call = reserve();
  await asked;
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.equal(ended, null);
  controller.abort();
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.equal(ended?.code, "aborted");
  assert.equal(timers(), before);
  await call;
});

test("U11: a ledger that never answers a commit is asked four times, and the outcome is told as unknown", async () => {
  for (const fault of ["hangs", "throws"]) {
    const storage = memoryStorage();
    let commits = 0;
    const over = (original) => intercepted(original, (path, run) => {
      if (path !== "ledger.commit") return run();
      commits += 1;
      return FAULTS[fault](run);
    });
    const { engine } = await shopOf({ storage, over, timeoutMs: 15 });
    const error = await rejectionOf(engine.reserve(checkout("o1")));
    assert.deepEqual([error.code, error.retryable, commits], ["outcome_unknown", true, 4], fault);
    const sound = await shopOf({ storage, coupons: [] });
    assert.equal((await sound.engine.reserve(checkout("o1"))).status, "held");
  }
});

test("an answer that comes late changes nothing", async () => {
  const late = [];
  const commit = (run, number) => (number > 1 ? run() : new Promise((resolve) => { late.push(() => resolve({ status: "ceiling" })); }));
  const { engine, storage } = await spoilt({ commit });
  const outcome = await engine.reserve(checkout("o1"));
  late[0]();
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  assert.deepEqual([outcome.status, await claimedOf(storage, "coupon/c1")], ["held", 1]);
  assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
});

test("a claim that one commit cannot carry is refused before it is sent", async () => {
  const coupons = Array.from({ length: 12 }, (_, index) => coupon({ id: `c${index}`, code: `CODE${index}`, discount: { type: "amount", amounts: { EGP: 10 } }, limits: { total: 5, perCustomer: 5 } }));
  const keys = Array.from({ length: 10 }, (_, index) => ({ kind: `card${index}`, value: "x" }));
  const over = (original) => ({
    ...original,
    ledger: { capabilities: { ...original.ledger.capabilities, maxOperations: 100 }, read: original.ledger.read, commit: () => assert.fail("no commit is to be sent") },
  });
  const { engine } = await shopOf({ coupons, over, policy: { stacking: { maxCodes: 30 } } });
  const error = await rejectionOf(engine.reserve(checkout("o1", { codes: coupons.map(({ code }) => code), customer: { keys } })));
  assert.equal(error.code, "too_large");
  assert.match(error.message, /133 operations, and the storage carries 100/);
});

test("a ledger that carries less than the contract asks for is refused at creation", async () => {
  for (const [maxOperations, code] of [[99, "out_of_range"], ["100", "invalid_type"], [undefined, "invalid_type"], [100.5, "invalid_value"]]) {
    const over = (original) => ({ ...original, ledger: { ...original.ledger, capabilities: { ...original.ledger.capabilities, maxOperations } } });
    const error = await rejectionOf(shopOf({ over }));
    assert.deepEqual([error.code, error.path], [code, "storage.ledger.capabilities.maxOperations"]);
  }
});

test("a stored record that is no record is told with its place", async () => {
  const spoil = (change) => async (run, _number, [{ entries }]) => {
    const view = await run();
    return entries.length === 0 ? view : { ...view, entries: view.entries.map((entry) => entry && change(entry)) };
  };
  const path = "storage.ledger.read.entries[0]";
  const deep = "[".repeat(20) + "]".repeat(20);
  const wrong = [
    [(entry) => ({ ...entry, body: "{" }), `${path}.body`],
    [(entry) => ({ ...entry, body: undefined }), `${path}.body`],
    [(entry) => ({ ...entry, body: { ...JSON.parse(entry.body) } }), `${path}.body`],
    [(entry) => ({ ...entry, body: deep }), `${path}.body`],
    [(entry) => ({ ...entry, body: JSON.stringify({ ...JSON.parse(entry.body), adjustments: JSON.parse(deep) }) }), `${path}.body`],
    [(entry) => ({ ...entry, body: "x".repeat(1_000_001) }), `${path}.body`],
    [(entry) => ({ ...entry, body: "42" }), `${path}.body`],
    [(entry) => ({ ...entry, revision: 4 }), `${path}.`],
    [(entry) => ({ ...entry, key: "o2" }), `${path}.`],
    [(entry) => ({ ...entry, state: "paid" }), `${path}.state`],
    [(entry) => ({ ...entry, index: null }), `${path}.index`],
  ];
  for (const [change, place] of wrong) {
    let isSpoilt = false;
    const lie = spoil(change);
    const { engine } = await spoilt({ read: (run, number, given) => (isSpoilt ? lie(run, number, given) : run()) });
    await engine.reserve(checkout("o1"));
    isSpoilt = true;
    for (const call of [() => engine.redeem({ key: "o1" }), () => engine.redemptions.get("o1")]) {
      const error = await rejectionOf(call());
      assert.equal(error.code, "storage_invalid_answer", `${error.code}: ${error.message}`);
      assert.ok(error.path.startsWith(place), `${error.path}, not ${place}`);
    }
    isSpoilt = false;
    assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
  }
});

test("bodies longer than any text of a request are stored and read", async () => {
  const lines = Array.from({ length: 900 }, (_, index) => ({ id: `line-${"x".repeat(80)}-${index}`, unitPrice: 999, quantity: 3 }));
  const { engine, storage } = await shopOf();
  await engine.reserve(checkout("o1", { cart: cart({ lines }) }));
  const { entries: [{ body }] } = await storage.ledger.read({ at: NOW, counters: [], entries: ["o1"], expiredHolds: null });
  assert.ok(body.length > 100_000);
  assert.equal((await engine.redeem({ key: "o1" })).redemption.lines.length, 900);
  assert.equal((await engine.redemptions.list()).items[0].lines.length, 900);
});

test("a key without a record, and bad requests, are errors with a path", async () => {
  const { engine } = await shopOf();
  for (const call of ["extend", "redeem", "release", "rollback", "refundQuote"]) {
    assert.equal((await rejectionOf(engine[call]({ key: "nobody" }))).code, "reservation_not_found", call);
    assert.equal((await rejectionOf(engine[call]({}))).path, "key", call);
    const unknown = await rejectionOf(engine[call]({ key: "o1", kye: 1 }));
    assert.deepEqual([unknown.code, unknown.path], ["unknown_field", "kye"], call);
    assert.equal((await rejectionOf(engine[call]({ key: "o1", signal: 1 }))).path, "signal", call);
  }
  for (const [changes, code, path] of [
    [{ key: undefined }, "required", "key"], [{ key: "" }, "invalid_value", "key"], [{ key: "x".repeat(201) }, "too_long", "key"], [{ key: "credit/c1/1" }, "invalid_value", "key"],
    [{ key: "limit/coupon/c1/2" }, "invalid_value", "key"], [{ holdFor: 999 }, "out_of_range", "holdFor"], [{ caller: 7 }, "invalid_type", "caller"],
    [{ verified: "yes" }, "invalid_type", "verified"], [{ replace: 1 }, "invalid_type", "replace"],
  ]) {
    const error = await rejectionOf(engine.reserve({ ...checkout("o1"), ...changes }));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("T3: a clock that goes back revives nothing and frees nothing twice", async () => {
  const { engine, storage, clock } = await shopOf({ coupons: [coupon({ limits: { total: 1 } })] });
  await engine.reserve(checkout("o1", { holdFor: 1_000 }));
  clock.now += 1_000;
  await engine.reserve(checkout("o2"));
  clock.now -= 3_600_000;
  assert.equal((await engine.redeem({ key: "o1" })).reason, "hold_expired");
  assert.equal((await engine.redeem({ key: "o2" })).status, "redeemed");
  assert.deepEqual(await engine.sweep(), { expired: 0, counters: 0 });
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  assert.equal((await engine.rollback({ key: "o2" })).status, "rolled_back");
  assert.equal((await engine.rollback({ key: "o2" })).changed, false);
  assert.equal(await claimedOf(storage, "coupon/c1"), 0);
});
