/**
 * Create, list, generate and settings, through the engine on the memory store.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { memoryStorage, sqliteStorage } from "./package.mjs";
import { NOW, coupon, engineOn, rejectionOf, request } from "./samples.mjs";

const { coupons: _, ...checkout } = request();

function pool(changes = {}) {
  return coupon({ id: "pool", type: "bulk_pool", code: "SUMMER", ...changes });
}

async function allCodes(engine, couponId) {
  const codes = [];
  let cursor = null;
  do {
    const page = await engine.codes.list({ couponId, after: cursor, limit: 1_000 });
    codes.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return codes;
}

test("create stores the coupon, its own code and its further codes", async () => {
  const engine = await engineOn();
  const created = await engine.coupons.create(coupon({ codes: [{ code: "vip-1" }, {}] }));
  assert.equal(created.coupon.createdAt, NOW);
  assert.equal(created.code.code, "SAVE20");
  assert.equal(created.codes[0].code, "VIP-1");
  assert.match(created.codes[1].code, /^[A-Z0-9-]{6,}$/);
  assert.deepEqual(created.warnings, []);
  const { codes } = await engine.validate({ ...checkout, codes: ["vip-1"] });
  assert.equal(codes[0].state, "applied");
});

test("an inline code that is taken is a warning, and the coupon stays", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  const created = await engine.coupons.create(coupon({ id: "c2", code: "OTHER", codes: [{ code: "save20" }, { code: "FREE" }] }));
  assert.deepEqual(created.warnings, [{ code: "SAVE20", reason: "duplicate_code" }]);
  assert.deepEqual(created.codes.map(({ code }) => code), ["FREE"]);
  assert.deepEqual((await engine.coupons.get("c2")).coupon, created.coupon);
});

test("an inline code whose id is taken is a warning of its own, and the others are stored", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon({ codes: [{ id: "code_1", code: "FIRST" }] }));
  const created = await engine.coupons.create(coupon({
    id: "c2", code: "OTHER", codes: [{ code: "FREE" }, { id: "code_1", code: "SECOND" }, { id: "code_2", code: "THIRD" }, { code: "first" }],
  }));
  assert.deepEqual(created.warnings, [{ code: "SECOND", reason: "duplicate_id" }, { code: "FIRST", reason: "duplicate_code" }]);
  assert.deepEqual(created.codes.map(({ code }) => code), ["FREE", "THIRD"]);
  const { items } = await engine.codes.list({ couponId: "c2" });
  assert.deepEqual(items.map(({ code }) => code), ["FREE", "OTHER", "THIRD"]);
});

test("two inline codes with one id are refused with a path, and nothing is stored", async () => {
  const engine = await engineOn();
  const error = await rejectionOf(engine.coupons.create(coupon({ codes: [{ id: "code_1", code: "ONE" }, { id: "code_1", code: "TWO" }] })));
  assert.deepEqual([error.code, error.path], ["duplicate", "codes[1].id"]);
  assert.equal(await engine.coupons.get("c1"), null);
  assert.deepEqual(await allCodes(engine, "c1"), []);
});

test("of two inline codes with one text the first is stored and answered", async () => {
  const engine = await engineOn();
  const created = await engine.coupons.create(coupon({ codes: [{ code: "twin", limits: { total: 1 } }, { code: "TWIN", limits: { total: 2 } }] }));
  assert.deepEqual(created.warnings, [{ code: "TWIN", reason: "duplicate_code" }]);
  assert.deepEqual(created.codes.map(({ code, limits }) => [code, limits.total]), [["TWIN", 1]]);
  const { items } = await engine.codes.list({ couponId: "c1" });
  assert.deepEqual(items.filter(({ code }) => code === "TWIN"), created.codes);
});

test("a taken id or code is refused with its path, and nothing is stored", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  const sameId = await rejectionOf(engine.coupons.create(coupon({ code: "OTHER" })));
  assert.deepEqual([sameId.code, sameId.path], ["duplicate_id", "id"]);
  const sameCode = await rejectionOf(engine.coupons.create(coupon({ id: "c2", code: " save20 " })));
  assert.deepEqual([sameCode.code, sameCode.path], ["duplicate_code", "code"]);
  assert.equal(await engine.coupons.get("c2"), null);
  assert.equal((await engine.coupons.list()).items.length, 1);
});

test("a definition is refused with a path", async () => {
  const engine = await engineOn();
  const error = await rejectionOf(engine.coupons.create(coupon({ discount: { type: "percent", basisPoints: 10_001 } })));
  assert.deepEqual([error.code, error.path], ["out_of_range", "discount.basisPoints"]);
  assert.equal((await rejectionOf(engine.coupons.create(undefined))).code, "invalid_type");
});

test("a coupon without id is given one", async () => {
  const engine = await engineOn();
  const { id: _id, ...definition } = coupon();
  const { coupon: created } = await engine.coupons.create(definition);
  assert.match(created.id, /^coupon_/);
  assert.equal((await engine.coupons.get(created.id)).description.status, "active");
});

test("get and list describe with the ledger's use, holds not counted", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({
    storage,
    replace: { ledger: { read: ({ counters }) => ({ counters: counters.map((name) => (name === "coupon/c1" ? { claimed: 5, held: 2, nextExpiry: null } : { claimed: 0, held: 0, nextExpiry: null })), entries: [], expiredHolds: [] }) } },
  });
  await engine.coupons.create(coupon({ limits: { total: 10 } }));
  await engine.coupons.create(coupon({ id: "c2", code: "SECOND", discount: { type: "amount", amounts: { EGP: 10_000 } }, duration: { type: "once" } }));
  const view = await engine.coupons.get("c1");
  assert.deepEqual([view.description.used, view.description.redemptions, view.description.status], [3, "3/10", "active"]);
  assert.deepEqual(await engine.coupons.describe("c1"), view.description);
  const first = await engine.coupons.list({ limit: 1 });
  assert.deepEqual(first.items, [view]);
  const second = await engine.coupons.list({ limit: 1, after: first.next });
  assert.equal(second.items[0].description.terms, "100 EGP off once");
  assert.equal(second.next, null);
  assert.equal(await engine.coupons.get("nobody"), null);
  assert.equal(await engine.coupons.describe("nobody"), null);
  assert.equal((await rejectionOf(engine.coupons.list({ limit: 0 }))).path, "limit");
  assert.equal((await rejectionOf(engine.coupons.get(7))).path, "id");
});

test("codes.add takes a text or draws one, and says where it is wrong", async () => {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  const named = await engine.codes.add({ couponId: "c1", code: "friend", limits: { total: 1 } });
  assert.deepEqual([named.code, named.couponId, named.limits.total, named.batch], ["FRIEND", "c1", 1, null]);
  const drawn = await engine.codes.add({ couponId: "c1" });
  assert.notEqual(drawn.code, named.code);
  const wrong = [
    [{ couponId: "c1", code: "FRIEND" }, "duplicate_code", "code"],
    [{ couponId: "c1", code: "NEW", id: named.id }, "duplicate_id", "id"],
    [{ couponId: "c1", code: "FRIEND", id: named.id }, "duplicate_id", "id"],
    [{ couponId: "nobody", code: "X1" }, "coupon_not_found", "couponId"],
    [{ couponId: "c1", limits: { total: 0 } }, "out_of_range", "limits.total"],
    [{ couponId: "c1", cod: "X" }, "unknown_field", "cod"],
    [{ couponId: "c1", code: "!" }, "invalid_code", "code"],
    [{ code: "X" }, "required", "couponId"],
  ];
  for (const [input, code, path] of wrong) {
    const error = await rejectionOf(engine.codes.add(input));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("codes.add with a taken id is refused at once, not drawn again", async () => {
  const storage = memoryStorage();
  let inserts = 0;
  const counting = (codes) => {
    inserts += 1;
    return storage.registry.insertCodes(codes);
  };
  const engine = await engineOn({ storage, replace: { registry: { insertCodes: counting } } });
  await engine.coupons.create(coupon());
  await engine.codes.add({ couponId: "c1", id: "code_1" });
  inserts = 0;
  const error = await rejectionOf(engine.codes.add({ couponId: "c1", id: "code_1" }));
  assert.deepEqual([error.code, error.path, inserts], ["duplicate_id", "id", 1]);
});

test("a generated text that is taken is drawn again, 20 times at most", async () => {
  const storage = memoryStorage();
  let taken = 19;
  const draws = [];
  const insertCodes = (codes) => {
    draws.push(codes[0].code);
    return taken-- > 0 ? { refused: [{ index: 0, reason: "duplicate_code" }] } : storage.registry.insertCodes(codes);
  };
  const engine = await engineOn({ storage, replace: { registry: { insertCodes } } });
  await engine.coupons.create(coupon());
  const added = await engine.codes.add({ couponId: "c1", id: "code_1" });
  assert.deepEqual([added.id, added.code], ["code_1", draws[19]]);
  assert.equal(new Set(draws).size, 20);
  taken = 20;
  assert.equal((await rejectionOf(engine.codes.add({ couponId: "c1" }))).code, "key_space_exhausted");
  assert.equal(draws.length, 40);
});

test("generate fills a pool in chunks, reports progress and closes its batch", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const progress = [];
  const run = await engine.generate({ couponId: "pool", count: 12_000, actor: "mona", onProgress: (step) => progress.push(step) });
  assert.deepEqual(progress, [{ done: 5_000, total: 12_000 }, { done: 10_000, total: 12_000 }, { done: 12_000, total: 12_000 }]);
  assert.equal(run.batch, 1);
  assert.equal(run.count, 12_000);
  assert.equal(run.sample.length, 5);
  const codes = await allCodes(engine, "pool");
  assert.equal(new Set(codes.map(({ code }) => code)).size, 12_000);
  assert.ok(codes.every(({ code, batch }) => code.startsWith("SUMMER-") && code.length === 7 + run.length && batch === 1));
  const shape = JSON.stringify(["SUMMER-", run.length, "23456789ABCDEFGHJKMNPQRSTVWXYZ", ""]);
  assert.deepEqual(await engine.batches.list("pool"), [
    { couponId: "pool", requested: 12_000, shape, actor: "mona", createdAt: NOW, number: 1, state: "complete", generated: 12_000 },
  ]);
  const quote = await engine.apply({ ...checkout, codes: [run.sample[0].toLowerCase()] });
  assert.equal(quote.totals.discount, 3_000);
});

test("generate honours a shape and warns when it can be guessed", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const run = await engine.codes.generate({ couponId: "pool", count: 20, length: 4, charset: "ABCDEFGH", prefix: "", suffix: "EG", separator: "_" });
  assert.match(run.sample[0], /^[A-H]{4}_EG$/);
  assert.equal(run.guessesPerHit, String(8 ** 4 / 20 | 0));
  assert.deepEqual(run.warnings.map(({ code }) => code), ["guessable"]);
});

test("a space too small is refused before anything is written", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const small = { couponId: "pool", length: 2, charset: "AB" };
  const error = await rejectionOf(engine.codes.generate({ ...small, count: 3 }));
  assert.deepEqual([error.code, error.path], ["key_space_exhausted", "count"]);
  assert.deepEqual(await engine.batches.list("pool"), []);
  await engine.codes.generate({ ...small, count: 2 });
  assert.equal((await rejectionOf(engine.codes.generate({ ...small, count: 1 }))).code, "key_space_exhausted");
});

test("only codes of the same shape count against its space", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const run = (changes) => engine.codes.generate({ couponId: "pool", length: 2, charset: "AB", count: 2, ...changes });
  await run({});
  for (const other of [{ prefix: "WINTER" }, { suffix: "EG" }, { charset: "CD" }, { length: 3 }, { separator: "_" }]) {
    assert.equal((await run(other)).count, 2, JSON.stringify(other));
  }
  const writtenOtherwise = [{ charset: "bBa" }, { prefix: "summer" }, { prefix: " SUMMER-" }, { prefix: "SUMMER", separator: "-" }];
  for (const same of writtenOtherwise) {
    assert.equal((await rejectionOf(run({ ...same, count: 1 }))).code, "key_space_exhausted", JSON.stringify(same));
  }
});

test("a named shape and its symbols given as a charset are one shape", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const charsets = { unguessable: "23456789ABCDEFGHJKMNPQRSTVWXYZ", short: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" };
  for (const [shape, charset] of Object.entries(charsets)) {
    const named = await engine.codes.generate({ couponId: "pool", count: 2_000, shape, length: 6 });
    assert.equal(named.guessesPerHit, String(Math.floor(charset.length ** 6 / 2_000)));
    const spelled = await engine.codes.generate({ couponId: "pool", count: 1_000, charset, length: 6 });
    assert.equal(spelled.guessesPerHit, String(Math.floor(charset.length ** 6 / 3_000)));
    const ofRun = (await allCodes(engine, "pool")).filter(({ batch }) => batch === named.batch);
    const drawn = new Set(ofRun.map(({ code }) => code.slice(-6)).join(""));
    assert.deepEqual([...drawn].sort(), [...charset].sort(), "the symbols that the engine draws from");
  }
});

test("an automatic length grows where the codes of that length leave too little room", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const run = (count) => engine.codes.generate({ couponId: "pool", count, length: "auto", charset: "0123456789" });
  const first = await run(6);
  assert.deepEqual([first.length, first.guessesPerHit], [10, String(Math.floor(10 ** 10 / 6))]);
  const second = await run(4);
  assert.deepEqual([second.length, second.guessesPerHit], [10, "1000000000"]);
  const third = await run(1);
  assert.deepEqual([third.length, third.guessesPerHit], [9, "1000000000"]);
  const fourth = await run(2);
  assert.deepEqual([fourth.length, fourth.guessesPerHit], [11, "50000000000"]);
});

test("codes the store refuses are drawn again", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage });
  await engine.coupons.create(pool());
  await engine.coupons.create(coupon({ codes: ["AA", "AB", "BA"].map((end) => ({ code: `SUMMER-${end}${end}` })) }));
  const run = await engine.codes.generate({ couponId: "pool", count: 8, length: 4, charset: "AB" });
  assert.equal(run.count, 8);
  const codes = (await allCodes(engine, "pool")).map(({ code }) => code);
  assert.equal(new Set(codes).size, 8);
  assert.ok(!codes.includes("SUMMER-AAAA"));
});

test("a store that keeps nothing ends the run, and the batch says so", async () => {
  const storage = memoryStorage();
  const nothingKept = (codes) => ({ refused: Array.from(codes.keys(), (index) => ({ index, reason: "duplicate_code" })) });
  const engine = await engineOn({ storage, replace: { registry: { insertCodes: nothingKept } } });
  await engine.coupons.create(pool());
  const error = await rejectionOf(engine.codes.generate({ couponId: "pool", count: 3 }));
  assert.deepEqual([error.code, error.details], ["key_space_exhausted", { batch: 1, generated: 0 }]);
  assert.equal((await engine.batches.list("pool"))[0].state, "failed");
});

test("a run that is aborted, or whose store fails, leaves a failed batch with what was stored", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const controller = new AbortController();
  const aborted = await rejectionOf(engine.codes.generate({ couponId: "pool", count: 20_000, signal: controller.signal, onProgress: ({ done }) => done === 10_000 && controller.abort() }));
  assert.equal(aborted.code, "aborted");
  const thrown = await rejectionOf(engine.codes.generate({ couponId: "pool", count: 6_000, onProgress: () => { throw new Error("no"); } }));
  assert.deepEqual([thrown.code, thrown.path], ["aborted", "onProgress"]);
  assert.deepEqual((await engine.batches.list("pool")).map(({ number, state, generated }) => [number, state, generated]), [[1, "failed", 10_000], [2, "failed", 5_000]]);
  assert.equal((await allCodes(engine, "pool")).length, 15_000);
});

test("generate refuses what it does not know", async () => {
  const engine = await engineOn();
  await engine.coupons.create(pool());
  const wrong = [
    [{ couponId: "nobody", count: 1 }, "coupon_not_found", "couponId"],
    [{ count: 1 }, "required", "couponId"],
    [{ couponId: "pool" }, "required", "count"],
    [{ couponId: "pool", count: 0 }, "out_of_range", "count"],
    [{ couponId: "pool", count: 1_000_001 }, "out_of_range", "count"],
    [{ couponId: "pool", count: 1.5 }, "invalid_value", "count"],
    [{ couponId: "pool", count: 1, lenght: 8 }, "unknown_field", "lenght"],
    [{ couponId: "pool", count: 1, length: 0 }, "out_of_range", "length"],
    [{ couponId: "pool", count: 1, onProgress: 1 }, "invalid_type", "onProgress"],
  ];
  for (const [input, code, path] of wrong) {
    const error = await rejectionOf(engine.codes.generate(input));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
  assert.deepEqual(await engine.batches.list("pool"), []);
});

test("settings are resolved, kept in the store and used by every engine on it", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage });
  const before = await engine.settings.get();
  assert.deepEqual([before.preset, before.disclosure], ["default", "actionable"]);
  const updated = await engine.settings.update({ disclosure: "full", stacking: { maxCodes: 3 } });
  assert.deepEqual([updated.disclosure, updated.stacking.maxCodes, updated.rounding], ["full", 3, before.rounding]);
  const other = await engineOn({ storage });
  assert.deepEqual(await other.settings.get(), updated);
  const { codes } = await other.validate({ ...checkout, codes: ["unknown"] });
  assert.equal(codes[0].rejection.code, "not_found");
  const error = await rejectionOf(engine.settings.update({ stacking: { maxCodes: 0 } }));
  assert.deepEqual([error.code, error.path], ["out_of_range", "policy.stacking.maxCodes"]);
  assert.deepEqual(await engine.settings.get(), updated);
});

test("an engine's policy that differs from the store's stops a checkout", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage, policy: { disclosure: "uniform" } });
  assert.equal((await engine.settings.get()).disclosure, "uniform");
  await engine.apply(checkout);
  await (await engineOn({ storage })).settings.update({ disclosure: "full" });
  assert.equal((await rejectionOf(engine.apply(checkout))).code, "policy_conflict");
});

test("an engine with a policy of its own does not store another one", async () => {
  const storage = memoryStorage();
  const engine = await engineOn({ storage, policy: { disclosure: "uniform" } });
  const error = await rejectionOf(engine.settings.update({ disclosure: "full" }));
  assert.deepEqual([error.code, error.path], ["policy_conflict", "policy"]);
  assert.equal(await storage.registry.getSettings(), null);
  await engine.apply(checkout);

  await (await engineOn({ storage })).settings.update({ disclosure: "full" });
  const updated = await engine.settings.update({ preset: "default", disclosure: "uniform" });
  assert.equal(updated.disclosure, "uniform", "its own policy ends the conflict");
  await engine.apply(checkout);
});

test("a stored policy is what a definition is checked against", async () => {
  const engine = await engineOn();
  await engine.settings.update({ minBasisPoints: 500 });
  const error = await rejectionOf(engine.coupons.create(coupon({ discount: { type: "percent", basisPoints: 400 } })));
  assert.deepEqual([error.code, error.path], ["out_of_range", "discount.basisPoints"]);
});

const folder = mkdtempSync(join(tmpdir(), "coupon-engine-settings-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const STORES = {
  memory: () => memoryStorage(),
  sqlite: () => sqliteStorage({ path: join(folder, "shop.db") }),
};

for (const [name, open] of Object.entries(STORES)) {
  test(`settings of a newer schema stop the engine, and stay as they are, on ${name}`, async (context) => {
    const storage = await open();
    if (storage.close) context.after(() => storage.close());
    const engine = await engineOn({ storage });
    const policy = await engine.settings.update({});
    const newer = { schemaVersion: 3, policy };
    await storage.registry.putSettings(newer);
    const calls = [
      () => engine.settings.get(),
      () => engine.settings.update({}),
      () => engine.coupons.create(coupon()),
      () => engine.apply(checkout),
    ];
    for (const call of calls) assert.equal((await rejectionOf(call())).code, "schema_too_new");
    assert.deepEqual(await storage.registry.getSettings(), newer);
  });
}

test("without a registry the back office says so, and a checkout works", async () => {
  const storage = memoryStorage();
  await (await engineOn({ storage })).coupons.create(coupon());
  const engine = await engineOn({ storage, callbacks: { registry: undefined } });
  const calls = [() => engine.coupons.create(coupon()), () => engine.coupons.get("c1"), () => engine.coupons.list(), () => engine.codes.add({ couponId: "c1" }), () => engine.codes.generate({ couponId: "c1", count: 1 }), () => engine.batches.list("c1"), () => engine.settings.get(), () => engine.settings.update({})];
  for (const call of calls) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], ["not_supported", "storage.registry"]);
  }
  assert.equal((await engine.apply(checkout)).totals.discount, 3_000);
});
