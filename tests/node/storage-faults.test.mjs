/**
 * A storage that throws, hangs, lies or answers twice: a typed error with a path, or a right answer; and the next call
 * works.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCouponEngine, memoryStorage } from "./package.mjs";
import { coupon, engineOn, rejectionOf, request } from "./samples.mjs";

const { coupons: _, ...checkout } = request();
const forever = () => new Promise(() => {});

/** An engine whose `part.method` behaves as `fault` for the first call and rightly from then on. */
async function faulty(part, method, fault, options = {}) {
  const storage = memoryStorage();
  const original = storage[part];
  let calls = 0;
  const replacement = (...given) => (calls++ === 0 ? fault(...given) : original[method](...given));
  const engine = await engineOn({ storage, replace: { [part]: { [method]: replacement } }, ...options });
  await storage.registry.insertCoupon(...(await stored()));
  return engine;
}

async function stored() {
  const storage = memoryStorage();
  const engine = await engineOn({ storage });
  const { coupon: record, code } = await engine.coupons.create(coupon({ limits: { total: 10 } }));
  return [record, code];
}

async function assertNextWorks(engine) {
  assert.equal((await engine.apply(checkout)).totals.discount, 3_000);
}

for (const [part, method] of [["catalog", "find"], ["ledger", "read"]]) {
  const path = `storage.${part}.${method}`;

  test(`${path} throws`, async () => {
    const cause = new Error("connection reset");
    const engine = await faulty(part, method, () => { throw cause; });
    const error = await rejectionOf(engine.apply(checkout));
    assert.deepEqual([error.code, error.path, error.cause, error.retryable], ["storage_failed", path, cause, true]);
    await assertNextWorks(engine);
  });

  test(`${path} rejects`, async () => {
    const engine = await faulty(part, method, () => Promise.reject(undefined));
    const error = await rejectionOf(engine.validate(checkout));
    assert.deepEqual([error.code, error.path], ["storage_failed", path]);
    await assertNextWorks(engine);
  });

  test(`${path} hangs`, async () => {
    const engine = await faulty(part, method, forever, { timeoutMs: 20 });
    const error = await rejectionOf(engine.apply(checkout));
    assert.deepEqual([error.code, error.path, error.retryable], ["storage_timeout", path, true]);
    await assertNextWorks(engine);
  });

  test(`${path} hangs and the caller gives up`, async () => {
    const engine = await faulty(part, method, forever);
    const controller = new AbortController();
    const call = engine.apply({ ...checkout, signal: controller.signal });
    const reason = new Error("the shopper left");
    setTimeout(() => controller.abort(reason), 5);
    const error = await rejectionOf(call);
    assert.deepEqual([error.code, error.cause], ["aborted", reason]);
    await assertNextWorks(engine);
  });

  for (const [kind, answer] of [["nothing", undefined], ["null", null], ["a number", 42], ["a string", "{}"], ["a list", []], ["an empty object", {}]]) {
    test(`${path} answers ${kind}`, async () => {
      const engine = await faulty(part, method, () => answer);
      const error = await rejectionOf(engine.apply(checkout));
      assert.equal(error.code, "storage_invalid_answer");
      assert.ok(error.path.startsWith(path), error.path);
      await assertNextWorks(engine);
    });
  }

  test(`${path} answers an object that throws when read`, async () => {
    const engine = await faulty(part, method, () => new Proxy({}, { ownKeys() { throw new Error("no"); } }));
    const error = await rejectionOf(engine.apply(checkout));
    assert.deepEqual([error.code, error.path, error.cause.code], ["storage_invalid_answer", path, "unreadable"]);
    await assertNextWorks(engine);
  });
}

test("a storage that answers in the wrong types is told where", async () => {
  const [record, code] = await stored();
  const wrong = [
    [{ settings: null, coupons: [{ ...record, priority: "high" }], codes: [code] }, "storage.catalog.find.coupons[0].priority"],
    [{ settings: null, coupons: [record], codes: [{ ...code, couponId: 7 }] }, "storage.catalog.find.codes[0].couponId"],
    [{ settings: null, coupons: [record], codes: [{ ...code, metadata: new Map() }] }, "storage.catalog.find.codes[0].metadata"],
    [{ settings: null, coupons: {}, codes: [] }, "storage.catalog.find.coupons"],
  ];
  for (const [answer, path] of wrong) {
    const engine = await faulty("catalog", "find", () => answer);
    const error = await rejectionOf(engine.apply(checkout));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", path]);
    await assertNextWorks(engine);
  }
});

test("a ledger that answers too few, too many or false counters is refused", async () => {
  const counter = { claimed: 0, held: 0, nextExpiry: null };
  const wrong = [[], Array.from({ length: 40 }, () => counter), [{ ...counter, claimed: -1 }], [{ ...counter, claimed: 0.5 }]];
  for (const counters of wrong) {
    const engine = await faulty("ledger", "read", () => ({ counters }));
    assert.equal((await rejectionOf(engine.apply(checkout))).code, "storage_invalid_answer");
    await assertNextWorks(engine);
  }
});

test("a record of a newer schema stops the call", async () => {
  const [record, code] = await stored();
  const engine = await faulty("catalog", "find", () => ({ settings: null, coupons: [{ ...record, schemaVersion: 999 }], codes: [code] }));
  assert.equal((await rejectionOf(engine.apply(checkout))).code, "schema_too_new");
  await assertNextWorks(engine);
});

test("a thenable that answers twice counts once", async () => {
  const storage = memoryStorage();
  const twice = (asked) => ({
    // oxlint-disable-next-line no-thenable -- a host's own, which keeps no promise's promises
    then(resolve, reject) {
      resolve(storage.catalog.find(asked));
      resolve({ settings: null, coupons: [], codes: [] });
      reject(new Error("and fails"));
    },
  });
  const engine = await engineOn({ storage, replace: { catalog: { find: twice } } });
  await engine.coupons.create(coupon());
  await assertNextWorks(engine);
});

test("an answer after the time-out changes nothing and is no unhandled rejection", async () => {
  let answerLate;
  const late = new Promise((_resolve, reject) => { answerLate = reject; });
  const engine = await faulty("catalog", "find", () => late, { timeoutMs: 10 });
  assert.equal((await rejectionOf(engine.apply(checkout))).code, "storage_timeout");
  answerLate(new Error("too late"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await assertNextWorks(engine);
});

test("a signal that is aborted already asks nobody", async () => {
  let asked = 0;
  const engine = await engineOn({ replace: { catalog: { find: () => { asked++; return forever(); } } } });
  const error = await rejectionOf(engine.apply({ ...checkout, signal: AbortSignal.abort() }));
  assert.deepEqual([error.code, asked], ["aborted", 0]);
  assert.equal((await rejectionOf(engine.apply({ ...checkout, signal: {} }))).path, "signal");
});

test("a finished call leaves no timer and no listener behind", async () => {
  const timersBefore = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const { signal } = new AbortController();
  const listeners = new Set();
  const counted = new Proxy(signal, {
    get(target, name) {
      if (name === "addEventListener") return (_type, listener) => listeners.add(listener);
      if (name === "removeEventListener") return (_type, listener) => listeners.delete(listener);
      return Reflect.get(target, name, target);
    },
  });
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  await engine.apply({ ...checkout, signal: counted });
  const failing = await engineOn({ replace: { catalog: { find: () => { throw new Error("no"); } } } });
  await rejectionOf(failing.apply({ ...checkout, signal: counted }));
  assert.equal(listeners.size, 0);
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, timersBefore);
});

test("an incomplete storage is refused at creation", async () => {
  const { catalog, ledger } = memoryStorage();
  const capabilities = ledger.capabilities;
  const wrong = [
    [{}, "required", "storage"],
    [{ storage: 7 }, "invalid_type", "storage"],
    [{ storage: { ledger } }, "required", "storage.catalog"],
    [{ storage: { catalog: {}, ledger } }, "required", "storage.catalog.find"],
    [{ storage: { catalog: { find: 1 }, ledger } }, "invalid_type", "storage.catalog.find"],
    [{ storage: { catalog } }, "required", "storage.ledger"],
    [{ storage: { catalog, ledger: { capabilities } } }, "required", "storage.ledger.commit"],
    [{ storage: { catalog, ledger: { capabilities, commit() {} } } }, "required", "storage.ledger.read"],
    [{ storage: { catalog, ledger: { capabilities: { atomicCommit: false } } } }, "invalid_value", "storage.ledger.capabilities.atomicCommit"],
    [{ storage: { catalog, ledger: { ...ledger, capabilities: { ...capabilities, durability: "forever" } } } }, "invalid_value", "storage.ledger.capabilities.durability"],
    [{ storage: { catalog, ledger }, creditDurability: "none" }, "invalid_value", "creditDurability"],
    [{ storage: { catalog, ledger, registry: {} } }, "required", "storage.registry.insertCoupon"],
    [{ storage: { catalog, ledger, get registry() { throw new Error("no"); } } }, "unreadable", "storage.registry"],
    [{ storage: { catalog, ledger }, timeoutMs: 0 }, "out_of_range", "timeoutMs"],
    [{ storage: { catalog, ledger }, timeoutMs: "1" }, "invalid_type", "timeoutMs"],
    [{ storage: { catalog, ledger }, clock: 5 }, "invalid_type", "clock"],
    [{ storage: { catalog, ledger }, policy: { rounding: "up" } }, "invalid_value", "policy.rounding"],
    [{ storage: { catalog, ledger }, policy: { preset: "default", rouding: 1 } }, "unknown_field", "policy.rouding"],
    [{ storage: { catalog, ledger }, messages: { locale: "no such tag" } }, "invalid_value", "messages.locale"],
    [{ storage: { catalog, ledger }, shop: 1 }, "unknown_field", "shop"],
  ];
  for (const [options, code, path] of wrong) {
    const error = await rejectionOf(createCouponEngine(options));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("a clock that throws or lies is told", async () => {
  const broken = await engineOn({ clock: () => { throw new Error("no"); } });
  assert.deepEqual(codeAndPath(await rejectionOf(broken.apply({ ...checkout, now: undefined }))), ["unreadable", "clock"]);
  const lying = await engineOn({ clock: () => new Date() });
  assert.deepEqual(codeAndPath(await rejectionOf(lying.apply({ ...checkout, now: undefined }))), ["invalid_type", "clock"]);
});

function codeAndPath({ code, path }) {
  return [code, path];
}

test("close closes the storage once, and what comes after is refused", async () => {
  let closed = 0;
  const engine = await engineOn({ callbacks: { close: () => { closed++; } } });
  await Promise.all([engine.close(), engine.close()]);
  assert.equal(closed, 1);
  for (const call of [() => engine.apply(checkout), () => engine.validate(checkout), () => engine.coupons.get("c1"), () => engine.settings.get(), () => engine.codes.list({ couponId: "c1" }), () => engine.batches.list("c1")]) {
    assert.equal((await rejectionOf(call())).code, "closed");
  }
  await engine.close();
});
