/**
 * `sweep` and `reconcile`: what a tidy host runs now and then, on which no limit depends.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { coupon, rejectionOf } from "./samples.mjs";
import { ANN, checkout, claimedOf, intercepted, shopOf } from "./purchases.mjs";

const limited = coupon({ limits: { total: 1_000 } });

async function withHolds(count, options = {}) {
  const shop = await shopOf({ coupons: [limited], ...options });
  for (let number = 0; number < count; number += 1) await shop.engine.reserve(checkout(`h${number}`, { holdFor: 1_000 }));
  await shop.engine.reserve(checkout("live"));
  shop.clock.now += 1_000;
  return shop;
}

test("U9: sweep frees what has ended and nothing else, once, and tells how far it is", async () => {
  const { engine, storage } = await withHolds(230);
  const told = [];
  const swept = await engine.sweep({ onProgress: ({ expired }) => { told.push(expired); } });
  assert.deepEqual([swept, told], [{ expired: 230, counters: 0 }, [100, 200, 230, 230]]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  assert.equal((await engine.redemptions.get("h0")).state, "expired");
  assert.equal((await engine.redemptions.get("live")).state, "held");
  assert.deepEqual(await engine.sweep(), { expired: 0, counters: 0 });
  assert.deepEqual(await engine.reconcile(), { counters: 1, differences: [] });
});

test("sweep stops at its limit", async () => {
  const { engine, storage } = await withHolds(5);
  assert.equal((await engine.sweep({ limit: 2 })).expired, 2);
  assert.equal(await claimedOf(storage, "coupon/c1"), 4);
});

test("a ledger that goes on answering ended holds that are none does not keep sweep for ever", async () => {
  const storage = memoryStorage();
  let stale = null;
  const over = (original) => intercepted(original, async (path, run, [request]) => {
    const answer = await run();
    if (path !== "ledger.read" || request.expiredHolds === null) return answer;
    stale ??= answer.expiredHolds;
    return { ...answer, expiredHolds: stale };
  });
  const { engine } = await withHolds(3, { storage, over });
  assert.equal((await engine.sweep()).expired, 3);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("two sweeps at once free each hold once", async () => {
  const { engine, storage } = await withHolds(50);
  const [one, other] = await Promise.all([engine.sweep(), engine.sweep()]);
  assert.equal(one.expired + other.expired, 50);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("a hold that cannot be freed keeps the others from nothing; its error comes at the end", async () => {
  const storage = memoryStorage();
  const bad = new Set(Array.from({ length: 101 }, (_, number) => `h${number}`).filter((_, number) => number % 2 === 0));
  const over = (original) => intercepted(original, (path, run, [given]) => {
    if (path === "ledger.commit" && given.insert[0]?.state === "expired" && bad.has(given.insert[0].key)) throw new Error(`no ${given.insert[0].key}`);
    return run();
  });
  const { engine, clock } = await withHolds(230, { storage, over });
  await storage.ledger.commit({ partition: "shop", insert: [], add: [{ counter: "attempt/1", delta: 1, ceiling: null, until: clock.now }] });
  const told = [];
  const error = await rejectionOf(engine.sweep({ onProgress: (progress) => { told.push(progress); } }));
  assert.equal(error.code, "outcome_unknown");
  assert.equal(await claimedOf(storage, "coupon/c1"), 1 + bad.size);
  assert.deepEqual(told.at(-1), { expired: 230 - bad.size, counters: 1 });
  bad.clear();
  assert.equal((await engine.sweep()).expired, 51);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("a ledger that writes nothing ends the sweep before every hold was tried", async () => {
  const storage = memoryStorage();
  const tried = new Set();
  const over = (original) => intercepted(original, (path, run, [given]) => {
    if (path !== "ledger.commit" || given.insert[0]?.state !== "expired") return run();
    tried.add(given.insert[0].key);
    return { status: "nonsense" };
  });
  const { engine } = await withHolds(330, { storage, over });
  await rejectionOf(engine.sweep());
  assert.ok(tried.size >= 100 && tried.size < 330, String(tried.size));
});

test("a page that another sweep has freed does not end this one", async () => {
  const storage = memoryStorage();
  let isFirst = true;
  const over = (original) => intercepted(original, async (path, run, [request]) => {
    const answer = await run();
    if (path === "ledger.read" && request.expiredHolds !== null && isFirst) {
      isFirst = false;
      await other.sweep({ limit: 100 });
    }
    return answer;
  });
  const { engine, clock } = await withHolds(150, { storage, over });
  const { engine: other } = await shopOf({ storage, coupons: [], clock: () => clock.now });
  assert.equal((await engine.sweep()).expired, 50);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("U2: reconcile names the counters that are not what is claimed of them", async () => {
  const { engine, storage } = await shopOf({ coupons: Array.from({ length: 3 }, (_, index) => coupon({ id: `c${index}`, code: `CODE${index}`, limits: { total: 5 } })) });
  for (const index of [0, 1, 2]) await engine.redeemNow(checkout(`o${index}`, { codes: [`code${index}`] }));
  await storage.ledger.commit({ partition: "shop", insert: [], add: [{ counter: "coupon/c1", delta: 2, ceiling: null }, { counter: "stray", delta: 1, ceiling: null }] });
  const told = [];
  const { counters, differences } = await engine.reconcile({ onProgress: (progress) => { told.push(progress); } });
  assert.equal(counters, 4);
  assert.deepEqual(differences, [{ counter: "coupon/c1", claimed: 3, live: 1 }, { counter: "stray", claimed: 1, live: 0 }]);
  assert.deepEqual(told, [{ counters: 4, differences: 2 }]);
});

test("reconcile reads page by page", async () => {
  const pages = { null: { items: [{ counter: "a", claimed: 1, live: 1 }], next: "a" }, a: { items: [{ counter: "b", claimed: 1, live: 0 }], next: null } };
  const over = (original) => ({ ...original, redemptions: { ...original.redemptions, tally: ({ after }) => pages[after] } });
  const { engine } = await shopOf({ over });
  assert.deepEqual(await engine.reconcile(), { counters: 2, differences: [{ counter: "b", claimed: 1, live: 0 }] });
});

test("registries that lie are told where", async () => {
  const entry = { key: "o1", revision: 0, state: "held", at: 1, holdUntil: 2, body: "{}", index: { claims: [], coupons: [], codes: [], customerKeys: [], order: null } };
  const index = (changes) => ({ items: [{ ...entry, index: { ...entry.index, ...changes } }], next: null });
  const list = (engine) => engine.redemptions.list();
  const history = (engine) => engine.redemptions.history("o1");
  const wrong = [
    ["list", undefined, list, ""], ["list", { items: {}, next: null }, list, ".items"], ["list", { items: [], next: 7 }, list, ".next"],
    ["list", { items: [7], next: null }, list, ".items[0]"], ["list", { items: [{ ...entry, key: 1 }], next: null }, list, ".items[0].key"],
    ["list", { items: [{ ...entry, revision: -1 }], next: null }, list, ".items[0].revision"], ["list", { items: [{ ...entry, state: "new" }], next: null }, list, ".items[0].state"],
    ["list", { items: [{ ...entry, body: "no" }], next: null }, list, ".items[0].body"], ["list", { items: [entry], next: null }, list, ".items[0].body"],
    ["list", { items: [{ ...entry, index: 1 }], next: null }, list, ".items[0].index"], ["list", index({ order: 1 }), list, ".items[0].index.order"],
    ["list", index({ coupons: [1] }), list, ".items[0].index.coupons[0]"], ["list", index({ claims: [{ counter: "a", amount: -1, ceiling: null }] }), list, ".items[0].index.claims[0].amount"],
    ["history", {}, history, ""], ["history", [{ ...entry, key: "o2" }], history, "[0].key"],
    ["tally", { items: [{ counter: "a", claimed: 0.5, live: 0 }], next: null }, (engine) => engine.reconcile(), ".items[0].claimed"],
    ["prune", {}, (engine) => engine.sweep(), ".counters"], ["rekey", 3, (engine) => engine.customers.erase({ keys: [{ kind: "id", value: "1" }] }), ""],
    ["idleCustomers", [1], (engine) => engine.customers.retain({ before: 5 }), "[0]"],
  ];
  for (const [method, answer, call, place] of wrong) {
    const over = (original) => ({ ...original, redemptions: { ...original.redemptions, [method]: () => answer } });
    const { engine } = await shopOf({ over });
    const error = await rejectionOf(call(engine));
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", `storage.redemptions.${method}${place}`]);
  }
});

test("an incomplete registry of redemptions is refused at creation, and a closed engine takes no call", async () => {
  const over = (original) => ({ ...original, redemptions: { ...original.redemptions, rekey: undefined } });
  const error = await rejectionOf(shopOf({ over }));
  assert.deepEqual([error.code, error.path], ["required", "storage.redemptions.rekey"]);
  const { engine } = await shopOf();
  await engine.close();
  const calls = [
    ...["reserve", "extend", "redeem", "redeemNow", "release", "rollback", "refundQuote", "orderStatus"].map((name) => engine[name](checkout("o1"))),
    engine.sweep(), engine.reconcile(), engine.redemptions.list(), engine.redemptions.get("o1"), engine.customers.export({ keys: [{ kind: "id", value: "1" }] }),
    engine.credit.adjust({ couponId: "c1", id: "x", amount: 1 }),
  ];
  for (const call of calls) assert.equal((await rejectionOf(call)).code, "closed");
});

test("wrong requests of upkeep are refused with a path", async () => {
  const { engine } = await shopOf();
  const wrong = [
    [() => engine.sweep({ limit: 0 }), "out_of_range", "limit"], [() => engine.sweep({ max: 5 }), "unknown_field", "max"], [() => engine.sweep({ onProgress: 5 }), "invalid_type", "onProgress"],
    [() => engine.reconcile({ limit: 5 }), "unknown_field", "limit"], [() => engine.sweep(7), "invalid_type", undefined],
  ];
  for (const [call, code, path] of wrong) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("a list that ends nowhere is found out", async () => {
  const endless = (original) => ({
    ...original,
    redemptions: {
      ...original.redemptions,
      list: async () => ({ items: [], next: "again" }),
      tally: async () => ({ items: [], next: "again" }),
    },
  });
  const { engine } = await shopOf({ over: endless });
  for (const [call, path] of [
    [() => engine.reconcile(), "storage.redemptions.tally.next"],
    [() => engine.customers.export(ANN), "storage.redemptions.list.next"],
  ]) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], ["storage_invalid_answer", path]);
  }
});
