/**
 * How often coupons and codes were used, as lists and detail pages show it; and what limits do that are given later.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, coupon, rejectionOf } from "./samples.mjs";
import { ANN, BOB, MINUTE, checkout, claimedOf, intercepted, shopOf, withoutRedemptions } from "./purchases.mjs";

const POOL = coupon({ id: "pool", type: "bulk_pool", code: "SUMMER", codes: [{ id: "a", code: "SUMMER-A", limits: { total: 3 } }, { id: "b", code: "SUMMER-B" }] });

async function pool(limits = {}) {
  const shop = await shopOf({ coupons: [{ ...POOL, limits }] });
  const { engine, clock } = shop;
  const buy = async (key, code, changes = {}) => {
    clock.now += 1_000;
    await engine.redeemNow(checkout(key, { codes: [code], ...changes }));
  };
  const usage = async () => (await engine.coupons.get("pool")).usage;
  const usages = async () => engine.codes.usage((await engine.codes.list({ couponId: "pool" })).items);
  return { ...shop, buy, usage, usages };
}

test("S0.45 a code tells redemptions, what remains and its last use; S1.10 by whom and for which order", async () => {
  const { engine, buy, usages, clock } = await pool();
  await buy("o1", "summer-a", { customer: ANN, order: "inv-1" });
  await buy("o2", "summer-a", { customer: BOB });
  await engine.reserve(checkout("o3", { codes: ["summer-a"] }));
  const [a, b] = await usages();
  const { lastUsedBy, ...figures } = a;
  assert.deepEqual(figures, { used: 2, redeemed: 2, held: 1, rolledBack: 0, remaining: 1, lastUsedAt: clock.now, lastOrder: "o2" });
  assert.match(lastUsedBy.join(), /^email\/h[0-9a-f]{32}$/);
  assert.deepEqual(b, { used: 0, redeemed: 0, held: 0, rolledBack: 0, remaining: null, lastUsedAt: null, lastUsedBy: null, lastOrder: null });
});

test("S0.46, S1.8: a coupon's use is the sum over its codes, limited or not", async () => {
  for (const limits of [{}, { total: 10 }]) {
    const { buy, usage, usages, engine } = await pool(limits);
    await buy("o1", "summer-a");
    await buy("o2", "summer-a");
    await buy("o3", "summer-b", { order: "inv-3" });
    const [a, b] = await usages();
    const { used, redeemed, remaining, lastOrder } = await usage();
    assert.deepEqual([a.redeemed, b.redeemed, used, redeemed, lastOrder], [2, 1, 3, 3, "inv-3"]);
    assert.equal(remaining, limits.total === undefined ? null : 7);
    assert.equal((await engine.coupons.describe("pool")).used, 3);
    assert.equal((await engine.coupons.list()).items[0].usage.used, 3);
  }
});

test("S1.14, S3: the full history of a code, and S1.16 its order numbers", async () => {
  const { engine, buy } = await pool();
  for (const order of ["i1", "i2", "i3"]) await buy(order, "summer-b", { order });
  const orders = (await engine.redemptions.list({ codeId: "b", states: ["redeemed"] })).items.map(({ order }) => order);
  assert.deepEqual(orders, ["i3", "i2", "i1"]);
});

test("what is given back may be used again; what is not stays used; both are rolled back", async () => {
  const { engine, buy, usages } = await pool();
  await buy("o1", "summer-a");
  await buy("o2", "summer-a");
  await engine.rollback({ key: "o1", cause: "cancelled" });
  await engine.rollback({ key: "o2", cause: "refunded" });
  const [{ used, redeemed, rolledBack, remaining }] = await usages();
  assert.deepEqual([used, redeemed, rolledBack, remaining], [1, 0, 2, 2]);
});

test("a hold that has ended keeps nothing, whether anybody has freed it or not", async () => {
  const { engine, usages, clock } = await pool();
  await engine.reserve(checkout("o1", { codes: ["summer-a"], holdFor: 1_000 }));
  clock.now += 1_000;
  const [{ used, held, remaining }] = await usages();
  assert.deepEqual([used, held, remaining], [0, 0, 3]);
});

test("remaining is never negative, also where a limit was lowered below its use", async () => {
  const { engine, buy, usages } = await pool();
  await engine.settings.update({ lock: "never" });
  for (const key of ["o1", "o2", "o3"]) await buy(key, "summer-a");
  await engine.codes.update("a", { limits: { total: 1 } });
  const [{ used, remaining }] = await usages();
  assert.deepEqual([used, remaining], [3, 0]);
});

test("without storage.redemptions the counted figures are there, and the others are null", async () => {
  const { engine } = await shopOf({ coupons: [{ ...POOL, limits: { total: 5 } }], over: withoutRedemptions });
  await engine.redeemNow(checkout("o1", { codes: ["summer-b"] }));
  const { usage } = await engine.coupons.get("pool");
  assert.deepEqual(usage, { used: 1, redeemed: null, held: 0, rolledBack: null, remaining: 4, lastUsedAt: null, lastUsedBy: null, lastOrder: null });
  const [, b] = await engine.codes.usage((await engine.codes.list({ couponId: "pool" })).items);
  assert.deepEqual([b.used, b.redeemed, b.held, b.remaining], [null, null, null, null]);
});

test("on_first_redemption locks the terms of a coupon without a limit as well", async () => {
  const { engine } = await shopOf({ policy: { lock: "on_first_redemption" } });
  await engine.coupons.update("c1", { priority: 1 });
  await engine.redeemNow(checkout("o1"));
  assert.equal((await rejectionOf(engine.coupons.update("c1", { priority: 2 }))).code, "terms_locked");
  const [code] = (await engine.codes.list({ couponId: "c1" })).items;
  assert.equal((await rejectionOf(engine.codes.update(code.id, { limits: { total: 2 } }))).code, "terms_locked");
  await engine.rollback({ key: "o1" });
  assert.equal((await rejectionOf(engine.coupons.update("c1", { priority: 2 }))).code, "terms_locked", "it was redeemed once");
});

test("a limit given later counts what was redeemed and is held by then", async () => {
  const { engine, storage } = await shopOf({ policy: { lock: "never" } });
  for (const key of ["o1", "o2"]) await engine.redeemNow(checkout(key));
  await engine.reserve(checkout("o3"));
  await engine.coupons.update("c1", { limits: { total: 4 } });
  assert.equal(await claimedOf(storage, "coupon/c1"), 3);
  assert.deepEqual(await engine.reconcile(), { counters: 1, differences: [] });
  assert.equal((await engine.reserve(checkout("o4"))).status, "held");
  assert.equal((await engine.reserve(checkout("o5"))).status, "refused");
  assert.deepEqual((await engine.redemptions.list()).items.map(({ key }) => key).sort(), ["o1", "o2", "o3", "o4"]);
  assert.equal((await engine.coupons.get("c1")).usage.redeemed, 2);

  await engine.coupons.update("c1", { limits: { total: null } });
  await engine.redeemNow(checkout("o6"));
  await engine.coupons.update("c1", { limits: { total: 5 } });
  assert.equal(await claimedOf(storage, "coupon/c1"), 5);
  assert.equal((await engine.reserve(checkout("o7"))).status, "refused");
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("a hold that a limit given later counts gives its use back when it ends, and its payment is not kept out by itself", async () => {
  const { engine, storage, clock } = await shopOf({ policy: { lock: "never" } });
  const keys = ["o1", "o2", "o3", "o4", "o5"];
  for (const key of keys) await engine.reserve(checkout(key));
  await engine.coupons.update("c1", { limits: { total: 5 } });
  assert.equal(await claimedOf(storage, "coupon/c1"), 5);
  assert.equal((await engine.reserve(checkout("o6"))).status, "refused");
  assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
  assert.equal((await engine.release({ key: "o2" })).status, "released");
  clock.now += 15 * MINUTE;
  assert.equal((await engine.redeem({ key: "o3" })).status, "redeemed", "late, and there is room");
  assert.equal((await engine.sweep()).expired, 2);
  const { used, held, remaining } = (await engine.coupons.get("c1")).usage;
  assert.deepEqual([used, held, remaining], [2, 0, 3]);
  for (const key of ["o7", "o8", "o9"]) assert.equal((await engine.redeemNow(checkout(key))).status, "redeemed");
  assert.equal((await engine.redeemNow(checkout("o10"))).status, "refused");
  assert.equal((await engine.rollback({ key: "o1" })).status, "rolled_back");
  assert.equal(await claimedOf(storage, "coupon/c1"), 4);
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("a limit given while checkouts go on is never overrun by those that had begun", async () => {
  const { engine, storage } = await shopOf({ policy: { lock: "never" } });
  const keys = Array.from({ length: 30 }, (_, index) => `o${index}`);
  await Promise.all(keys.map((key) => engine.reserve(checkout(key))));
  const steps = keys.map((key, index) => (index % 3 === 0 ? engine.redeem({ key }) : index % 3 === 1 ? engine.release({ key }) : engine.extend({ key, holdFor: 3_600_000 })));
  await Promise.all([...steps, engine.coupons.update("c1", { limits: { total: 25 } })]);
  assert.deepEqual((await engine.reconcile()).differences, []);
  const more = await Promise.all(Array.from({ length: 30 }, (_, index) => engine.redeemNow(checkout(`n${index}`))));
  assert.equal(more.filter(({ status }) => status === "redeemed").length, 5);
  assert.equal(await claimedOf(storage, "coupon/c1"), 25);
});

test("a limit given later does not count a hold that has ended by then", async () => {
  const { engine, storage, clock } = await shopOf({ policy: { lock: "never" } });
  await engine.redeemNow(checkout("o1"));
  await engine.reserve(checkout("o2", { holdFor: 1_000 }));
  await engine.reserve(checkout("o3"));
  clock.now += 1_000;
  await engine.coupons.update("c1", { limits: { total: 3 } });
  assert.equal(await claimedOf(storage, "coupon/c1"), 2);
  assert.equal((await engine.reserve(checkout("o4"))).status, "held");
  assert.equal((await engine.reserve(checkout("o5"))).status, "refused");
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("D2: a limit given back counts what was kept by a refund, what was sold since, and nothing twice", async () => {
  const { engine, storage, clock } = await shopOf({ coupons: [coupon({ limits: { total: 10 } })], policy: { lock: "never" } });
  for (const key of ["o1", "o2", "o3"]) {
    await engine.redeemNow(checkout(key));
    await engine.rollback({ key, cause: "refunded" });
  }
  await engine.reserve(checkout("ended", { holdFor: 1_000 }));
  clock.now += 1_000;
  await engine.coupons.update("c1", { limits: { total: null } });
  for (const key of ["o4", "o5", "o6"]) await engine.redeemNow(checkout(key));
  await engine.coupons.update("c1", { limits: { total: 6 } });
  const { used, remaining } = (await engine.coupons.get("c1")).usage;
  assert.deepEqual([used, remaining], [6, 0]);
  assert.equal((await engine.reserve(checkout("o7"))).status, "refused");
  assert.deepEqual((await engine.reconcile()).differences, []);
  await engine.sweep();
  assert.equal(await claimedOf(storage, "coupon/c1"), 6);
});

test("the same of a code; an edit that fails leaves the counter right for the next", async () => {
  const storage = memoryStorage();
  let isDown = false;
  const over = (original) => intercepted(original, (path, run) => {
    if (isDown && path === "registry.updateCode") throw new Error("down");
    return run();
  });
  const { engine } = await shopOf({ storage, over, policy: { lock: "never" } });
  await engine.redeemNow(checkout("o1"));
  const [code] = (await engine.codes.list({ couponId: "c1" })).items;
  isDown = true;
  assert.equal((await rejectionOf(engine.codes.update(code.id, { limits: { total: 1 } }))).code, "storage_failed");
  isDown = false;
  await engine.redeemNow(checkout("o2"));
  await engine.codes.update(code.id, { limits: { total: 2 } });
  assert.equal(await claimedOf(storage, `code/${code.id}`), 2);
  assert.equal((await engine.reserve(checkout("o3"))).status, "refused");
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("two edits at once that give a limit count the past once", async () => {
  const { engine, storage } = await shopOf({ policy: { lock: "never" } });
  await engine.redeemNow(checkout("o1"));
  await Promise.all([1, 2, 3].map((more) => engine.coupons.update("c1", { limits: { total: 1 + more } })));
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("codes.usage takes records, and is refused with a path", async () => {
  const { engine } = await pool();
  const wrong = [
    ["a", "invalid_type", "codes"], [["a"], "invalid_type", "codes[0]"], [[{ id: 7 }], "invalid_type", "codes[0].id"],
    [[{ id: "a", limits: { total: "3" } }], "invalid_type", "codes[0].limits.total"], [Array.from({ length: 1_001 }, () => ({ id: "a" })), "too_large", "codes"],
  ];
  for (const [codes, code, path] of wrong) {
    const error = await rejectionOf(engine.codes.usage(codes));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
  assert.deepEqual(await engine.codes.usage([]), []);
});

test("usage that lies is told with its place", async () => {
  const last = { key: "o1", at: NOW, order: null, customerKeys: [] };
  const fact = { redeemed: 1, held: 0, rolledBack: 0, last };
  const wrong = [
    [undefined, ""], [[], ""], [[fact, fact], ""], [[{ ...fact, redeemed: -1 }], "[0].redeemed"], [[{ ...fact, held: "0" }], "[0].held"],
    [[{ ...fact, last: { ...last, at: "now" } }], "[0].last.at"], [[{ ...fact, last: { ...last, customerKeys: [7] } }], "[0].last.customerKeys[0]"], [[{ ...fact, last: undefined }], "[0].last"],
  ];
  for (const [answer, place] of wrong) {
    const over = (original) => ({ ...original, redemptions: { ...original.redemptions, usage: () => answer } });
    const { engine } = await shopOf({ over });
    const error = await rejectionOf(engine.coupons.get("c1"));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", `storage.redemptions.usage${place}`]);
  }
});
