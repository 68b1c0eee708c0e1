/**
 * A registry that lies: every answer is held against the contract, and what is wrong is told with its place in the answer.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, coupon, engineOn, rejectionOf } from "./samples.mjs";

const BATCH = { couponId: "c1", number: 1, requested: 5, shape: "", generated: 5, actor: null, createdAt: NOW, state: "complete" };

/** What a call ends with on a registry whose `method` answers `answer`. */
async function told(method, answer, call, storage = memoryStorage()) {
  const engine = await engineOn({ storage, replace: { registry: { [method]: () => answer } } });
  const { code, path } = await rejectionOf(call(engine));
  return [code, path];
}

test("a registry that lies is told where", async () => {
  const createWithCodes = (engine) => engine.coupons.create(coupon({ codes: [{ code: "X1" }] }));
  const get = (engine) => engine.coupons.get("c1");
  const list = (engine) => engine.coupons.list();
  const listCodes = (engine) => engine.codes.list({ couponId: "c1" });
  const wrong = [
    ["insertCoupon", undefined, (engine) => engine.coupons.create(coupon()), ""],
    ["insertCoupon", { status: "done" }, (engine) => engine.coupons.create(coupon()), ".status"],
    ["insertCodes", [], createWithCodes, ""],
    ["getCoupon", { id: "other", type: "standard" }, get, ".id"],
    ["getCoupon", 7, get, ""],
    ["getCoupon", { id: "c1" }, get, ".schemaVersion"],
    ["listCoupons", [], list, ""],
    ["listCoupons", { items: {}, next: null }, list, ".items"],
    ["listCoupons", { items: [null], next: null }, list, ".items[0]"],
    ["listCodes", { items: [], next: 5 }, listCodes, ".next"],
    ["listCodes", { items: [42, null], next: null }, listCodes, ".items[0]"],
    ["getSettings", {}, (engine) => engine.settings.get(), ".schemaVersion"],
    ["openBatch", { number: 0 }, generateOne, ".number"],
    ["openBatch", 1, generateOne, ""],
  ];
  for (const [method, answer, call, place] of wrong) {
    const storage = memoryStorage();
    if (method === "openBatch") await (await engineOn({ storage })).coupons.create(coupon());
    assert.deepEqual(await told(method, answer, call, storage), ["storage_invalid_answer", `storage.registry.${method}${place}`]);
  }
});

function generateOne(engine) {
  return engine.generate({ couponId: "c1", count: 1 });
}

test("each field of a batch is held against the contract", async () => {
  const wrong = [
    [undefined, ""],
    [{ 0: BATCH }, ""],
    [[null], "[0]"],
    [[{ generated: 1 }], "[0].number"],
    [[BATCH, { ...BATCH, couponId: "other" }], "[1].couponId"],
    [[{ ...BATCH, number: 0 }], "[0].number"],
    [[{ ...BATCH, requested: 0.5 }], "[0].requested"],
    [[{ ...BATCH, shape: null }], "[0].shape"],
    [[{ ...BATCH, generated: -1 }], "[0].generated"],
    [[{ ...BATCH, generated: "5" }], "[0].generated"],
    [[{ ...BATCH, actor: 7 }], "[0].actor"],
    [[{ ...BATCH, createdAt: "today" }], "[0].createdAt"],
    [[{ ...BATCH, state: "done" }], "[0].state"],
  ];
  for (const [answer, place] of wrong) {
    assert.deepEqual(await told("listBatches", answer, (engine) => engine.batches.list("c1")), ["storage_invalid_answer", `storage.registry.listBatches${place}`]);
  }
  const engine = await engineOn({ replace: { registry: { listBatches: () => [BATCH] } } });
  assert.deepEqual(await engine.batches.list("c1"), [BATCH]);
});

test("stored settings are held against their shape before anything is done with them", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage });
  await engine.settings.update({ stacking: { maxCodes: 3 } });
  const stored = await storage.registry.getSettings();
  const wrong = [
    [{ schemaVersion: 1, policy: 42 }, "storage_invalid_answer", ".policy"],
    [{ ...stored, schemaVersion: 0.5 }, "storage_invalid_answer", ".schemaVersion"],
    [{ ...stored, policy: { ...stored.policy, rounding: "up" } }, "storage_invalid_answer", ".policy.rounding"],
    [{ ...stored, schemaVersion: 999 }, "schema_too_new", ".schemaVersion"],
  ];
  for (const [answer, code, place] of wrong) {
    for (const call of [(other) => other.settings.get(), (other) => other.coupons.create(coupon())]) {
      assert.deepEqual(await told("getSettings", answer, call), [code, `storage.registry.getSettings${place}`]);
    }
  }
});

test("a record that is no code is told with its place in the answer", async () => {
  const storage = memoryStorage();
  const { code } = await (await engineOn({ storage })).coupons.create(coupon());
  const list = (engine) => engine.codes.list({ couponId: "c1" });
  const wrong = [
    [{ ...code, state: "gone" }, "storage_invalid_answer", ".state"],
    [{ ...code, couponId: 7 }, "storage_invalid_answer", ".couponId"],
    [{ ...code, limits: { total: -1 } }, "storage_invalid_answer", ".limits.total"],
    [{ ...code, schemaVersion: 999 }, "schema_too_new", ".schemaVersion"],
  ];
  for (const [broken, errorCode, place] of wrong) {
    assert.deepEqual(await told("listCodes", { items: [code, broken], next: null }, list), [errorCode, `storage.registry.listCodes.items[1]${place}`]);
  }
});

test("a coupon that is read to add codes to it is held against its shape as well", async () => {
  const storage = memoryStorage();
  const { coupon: record } = await (await engineOn({ storage })).coupons.create(coupon());
  const broken = { ...record, code: 7 };
  for (const call of [(engine) => engine.codes.add({ couponId: "c1" }), generateOne]) {
    assert.deepEqual(await told("getCoupon", broken, call), ["storage_invalid_answer", "storage.registry.getCoupon.code"]);
  }
});

test("a ledger that lies about a coupon's use is told where", async () => {
  const storage = memoryStorage();
  await (await engineOn({ storage })).coupons.create(coupon());
  const counter = { claimed: 2, held: 1, nextExpiry: null };
  const wrong = [
    [null, ""],
    [{}, ".counters"],
    [{ counters: [] }, ".counters"],
    [{ counters: [counter, counter] }, ".counters"],
    [{ counters: [7] }, ".counters[0]"],
    [{ counters: [{ ...counter, claimed: -1 }] }, ".counters[0].claimed"],
    [{ counters: [{ ...counter, held: 3 }] }, ".counters[0].held"],
    [{ counters: [{ ...counter, nextExpiry: "soon" }] }, ".counters[0].nextExpiry"],
  ];
  for (const [answer, place] of wrong) {
    const engine = await engineOn({ storage, replace: { ledger: { read: () => answer } } });
    const { code, path } = await rejectionOf(engine.coupons.get("c1"));
    assert.deepEqual([code, path], ["storage_invalid_answer", `storage.ledger.read${place}`]);
  }
});

test("a cursor that the list does not know is the caller's mistake", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage });
  await engine.coupons.create(coupon());
  const error = await rejectionOf(engine.coupons.list({ after: "nonsense" }));
  assert.deepEqual([error.code, error.path, error.retryable], ["invalid_value", "after", false]);

  const unknown = { unknownCursor: true };
  const listCodes = (other) => other.codes.list({ couponId: "c1", after: "X" });
  assert.deepEqual(await told("listCodes", unknown, listCodes), ["invalid_value", "after"]);
  assert.deepEqual(await told("listCoupons", unknown, (other) => other.coupons.list()), ["storage_invalid_answer", "storage.registry.listCoupons.items"]);
});

test("refusals that fit no code are told with their place in the answer", async () => {
  const first = { index: 0, reason: "duplicate_code" };
  const wrong = [
    [undefined, "refused"],
    [{ 0: first }, "refused"],
    [["code_1"], "refused[0]"],
    [[null], "refused[0]"],
    [[{ reason: "duplicate_code" }], "refused[0].index"],
    [[{ index: "0", reason: "duplicate_code" }], "refused[0].index"],
    [[{ index: 0.5, reason: "duplicate_code" }], "refused[0].index"],
    [[{ index: -1, reason: "duplicate_code" }], "refused[0].index"],
    [[{ index: 2, reason: "duplicate_code" }], "refused[0].index"],
    [[first, first], "refused[1].index"],
    [[{ index: 1, reason: "duplicate_id" }, first], "refused[1].index"],
    [[{ index: 0 }], "refused[0].reason"],
    [[first, { index: 1, reason: "taken" }], "refused[1].reason"],
  ];
  for (const [refused, place] of wrong) {
    const engine = await engineOn({ replace: { registry: { insertCodes: () => ({ refused }) } } });
    const error = await rejectionOf(engine.coupons.create(coupon({ codes: [{ code: "X1" }, { code: "X2" }] })));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", `storage.registry.insertCodes.${place}`]);
  }
});

test("a record that is no coupon is told with its place in the answer", async () => {
  const storage = memoryStorage();
  const { coupon: record } = await (await engineOn({ storage })).coupons.create(coupon());
  const broken = { ...record, priority: "high" };
  const engine = await engineOn({ storage, replace: { registry: { getCoupon: () => broken, listCoupons: () => ({ items: [record, broken], next: null }) } } });
  const got = await rejectionOf(engine.coupons.get("c1"));
  assert.deepEqual([got.code, got.path], ["storage_invalid_answer", "storage.registry.getCoupon.priority"]);
  const listed = await rejectionOf(engine.coupons.list());
  assert.deepEqual([listed.code, listed.path], ["storage_invalid_answer", "storage.registry.listCoupons.items[1].priority"]);
});
