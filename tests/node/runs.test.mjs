/**
 * What the back office does with objects and callbacks of others while it works: records it hands out, progress it
 * awaits, an engine that is closed under a run.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { coupon, engineOn, rejectionOf } from "./samples.mjs";

const pool = () => coupon({ id: "pool", type: "bulk_pool", code: "SUMMER" });

async function poolEngine(options = {}) {
  const engine = await engineOn(options);
  await engine.coupons.create(pool());
  return engine;
}

function endOf(storage) {
  return storage.registry.listBatches("pool").map(({ state, generated }) => [state, generated]);
}

test("changing an answer does not change what an adapter kept", async () => {
  const kept = [];
  const storage = memoryStorage();
  const keeping = (method) => (...given) => {
    kept.push(...given.flat());
    return storage.registry[method](...given);
  };
  const replace = { registry: { insertCoupon: keeping("insertCoupon"), insertCodes: keeping("insertCodes"), putSettings: keeping("putSettings") } };
  const engine = await engineOn({ storage, replace });
  const created = await engine.coupons.create(coupon({ codes: [{ code: "MORE", metadata: { owner: "a" } }] }));
  const policy = await engine.settings.update({});
  const before = structuredClone(kept);
  created.coupon.discount.basisPoints = 9_999;
  created.code.code = "CHANGED";
  created.codes[0].metadata.owner = "b";
  policy.rounding = "changed";
  assert.equal(kept.length, 4);
  assert.deepEqual(kept, before);
});

test("an adapter that changes what it is given changes no answer", async () => {
  const storage = memoryStorage();
  const spoiling = (method) => (first, ...more) => {
    const answer = storage.registry[method](first, ...more);
    if (Array.isArray(first)) first.length = 0;
    else Object.assign(first, { id: "spoiled", couponId: "spoiled" });
    return answer;
  };
  const replace = { registry: { insertCoupon: spoiling("insertCoupon"), insertCodes: spoiling("insertCodes"), openBatch: spoiling("openBatch") } };
  const engine = await engineOn({ storage, replace });
  assert.equal((await engine.coupons.create(pool())).coupon.id, "pool");
  const run = await engine.generate({ couponId: "pool", count: 5 });
  assert.equal(run.sample.length, 5);
  assert.deepEqual(endOf(storage), [["complete", 5]]);
  assert.equal(storage.registry.listCodes({ couponId: "pool", after: null, limit: 10 }).items.length, 5);
});

test("an adapter may change the names of the counters it is asked for", async () => {
  const storage = memoryStorage();
  const read = (request) => {
    const answer = storage.ledger.read(structuredClone(request));
    request.counters.push("more");
    return answer;
  };
  const engine = await engineOn({ storage, replace: { ledger: { read } } });
  await engine.coupons.create(coupon());
  assert.equal((await engine.coupons.list()).items.length, 1);
});

test("progress is awaited, and what it rejects with ends the run", async () => {
  const storage = memoryStorage();
  const engine = await poolEngine({ storage });
  const order = [];
  await engine.generate({
    couponId: "pool",
    count: 6_000,
    async onProgress({ done }) {
      order.push(`told ${done}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`noted ${done}`);
    },
  });
  assert.deepEqual(order, ["told 5000", "noted 5000", "told 6000", "noted 6000"]);

  const cause = new Error("the log is full");
  const error = await rejectionOf(engine.generate({ couponId: "pool", count: 6_000, onProgress: () => Promise.reject(cause) }));
  assert.deepEqual([error.code, error.path, error.cause], ["aborted", "onProgress", cause]);
  assert.deepEqual(endOf(storage), [["complete", 6_000], ["failed", 5_000]]);
});

/** The end of the run is recorded before the storage is closed, wherever the run stands. */
function closable(replace) {
  const storage = memoryStorage();
  const order = [];
  const closeBatch = (batch) => {
    order.push(batch.state);
    return storage.registry.closeBatch(batch);
  };
  const close = () => void order.push("closed");
  return { storage, order, options: { storage, callbacks: { close }, replace: { registry: { closeBatch, ...replace(storage) } } } };
}

test("closing the engine between two chunks ends the run, and its batch says so", async () => {
  const { storage, order, options } = closable(() => ({}));
  const engine = await poolEngine(options);
  const error = await rejectionOf(engine.generate({ couponId: "pool", count: 12_000, onProgress: () => engine.close() }));
  assert.equal(error.code, "closed");
  assert.deepEqual(order, ["failed", "closed"]);
  assert.deepEqual(endOf(storage), [["failed", 5_000]]);
});

test("closing the engine while a chunk is being stored counts that chunk", async () => {
  let closing;
  const { storage, order, options } = closable((original) => ({
    async insertCodes(codes) {
      closing = engine.close();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return original.registry.insertCodes(codes);
    },
  }));
  const engine = await poolEngine(options);
  const error = await rejectionOf(engine.generate({ couponId: "pool", count: 12_000 }));
  await closing;
  assert.equal(error.code, "closed");
  assert.deepEqual(order, ["failed", "closed"]);
  assert.deepEqual(endOf(storage), [["failed", 5_000]]);
});

test("closing the engine while a batch is being opened leaves none running", async () => {
  let closing;
  const { storage, options } = closable((original) => ({
    async openBatch(batch) {
      closing = engine.close();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return original.registry.openBatch(batch);
    },
  }));
  const engine = await poolEngine(options);
  assert.equal((await rejectionOf(engine.generate({ couponId: "pool", count: 3 }))).code, "closed");
  await closing;
  assert.deepEqual(endOf(storage), [["failed", 0]]);
});

test("closing the engine after the last chunk lets the run complete", async () => {
  const { storage, order, options } = closable(() => ({}));
  const engine = await poolEngine(options);
  const run = await engine.generate({ couponId: "pool", count: 3, onProgress: () => engine.close() });
  assert.equal(run.count, 3);
  assert.deepEqual(order, ["complete", "closed"]);
  assert.deepEqual(endOf(storage), [["complete", 3]]);
});

test("a run whose end cannot be recorded does not keep the storage open", async () => {
  const { order, options } = closable(() => ({ closeBatch: () => { throw new Error("down"); } }));
  const engine = await poolEngine(options);
  const error = await rejectionOf(engine.generate({ couponId: "pool", count: 12_000, onProgress: () => engine.close() }));
  assert.equal(error.code, "closed");
  assert.deepEqual(order, ["closed"]);
});
