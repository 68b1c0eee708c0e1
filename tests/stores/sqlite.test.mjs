/**
 * The SQLite store against the shared contract, on every driver that this Node has, and what only a file promises:
 * that it survives, that several connections share it, that a race across threads is decided by it.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- a thread, not a window */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import { cases } from "./contract.mjs";
import { sqliteStorage } from "./package.mjs";
import { add, batch, code, codeOfSchema1, coupon, entry, NOON, rule, settings } from "./records.mjs";

const hasNodeSqlite = await import("node:sqlite").then(() => true, () => false);
const folder = mkdtempSync(join(tmpdir(), "coupon-engine-stores-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = () => join(folder, `shop-${files += 1}.db`);

for (const driver of hasNodeSqlite ? ["libsql", "node"] : ["libsql"]) {
  const open = (path, options = {}) => sqliteStorage({ path, driver, ...options });

  async function openFor(context, path, options) {
    const store = await open(path, options);
    context.after(() => store.close());
    return store;
  }

  cases(`sqlite on ${driver}`, async (context) => {
    const path = newFile();
    return { store: await openFor(context, path), probe: () => openFor(context, path) };
  });

  describe(`a file on ${driver}`, () => {
    test("an answered commit survives a power cut, and the ledger says so", async (context) => {
      const store = await openFor(context, newFile());
      assert.equal(store.ledger.capabilities.durability, "power");
    });

    test("everything is there again after closing and opening", async (context) => {
      const path = newFile();
      const first = await open(path);
      await first.registry.insertCoupon(coupon("spring", { code: "SPRING" }), code("SPRING", "spring"));
      await first.registry.putSettings(settings());
      await first.registry.openBatch({ couponId: "spring", requested: 1, shape: "", actor: null, createdAt: NOON });
      await first.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]));
      await first.close();

      const second = await openFor(context, path);
      assert.deepEqual(await second.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false }), {
        settings: settings(), coupons: [coupon("spring", { code: "SPRING" })], codes: [code("SPRING", "spring")], rules: [],
      });
      assert.deepEqual((await second.ledger.read({ counters: ["c"] })).counters,
        [{ claimed: 1, held: 1, nextExpiry: NOON + 300_000 }]);
      assert.deepEqual(await second.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)])),
        { status: "exists", insert: 0 });
      assert.deepEqual(await second.registry.openBatch({ couponId: "spring", requested: 1, shape: "", actor: null, createdAt: NOON }),
        { number: 2 });
    });

    test("two connections see each other's writes and share every guard", async (context) => {
      const path = newFile();
      const [one, other] = [await openFor(context, path), await openFor(context, path)];
      await one.registry.insertCoupon(coupon("spring"), code("SALE", "spring"));
      assert.deepEqual(await other.registry.insertCoupon(coupon("autumn"), code("SALE", "autumn", { id: "code_other" })),
        { status: "duplicate_code" });
      assert.deepEqual(await one.ledger.commit(batch([], [add("c", 1, 1)])), { status: "committed" });
      assert.deepEqual(await other.ledger.commit(batch([], [add("c", 1, 1)])), { status: "ceiling", add: 0, claimed: 1 });
      await other.ledger.commit(batch([], [add("c", -1)]));
      assert.equal((await one.ledger.read({ counters: ["c"] })).counters[0].claimed, 0);
    });

    test("codes are inserted all in one step: one that cannot be written leaves none", async (context) => {
      const path = newFile();
      const store = await openFor(context, path);
      const unwritable = code("B", "pool", { metadata: { owner: 1n } });
      await assert.rejects(async () => store.registry.insertCodes([code("A", "pool"), unwritable, code("C", "pool")]), TypeError);
      const { codes } = await (await openFor(context, path)).catalog.find({ codes: ["A", "B", "C"], couponIds: [], automatic: false });
      assert.deepEqual(codes, []);
      assert.deepEqual(await store.registry.insertCodes([code("A", "pool")]), { refused: [] }, "no transaction was left open");
    });

    test("codes that cannot get the lock are neither judged nor stored", async (context) => {
      const path = newFile();
      const store = await openFor(context, path, { busyTimeoutMs: 20 });
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      await assert.rejects(async () => store.registry.insertCodes([code("A", "pool")]), /locked/);
      locked.exec("ROLLBACK");
      assert.deepEqual(await store.registry.insertCodes([code("A", "pool")]), { refused: [] });
    });

    test("a commit that cannot get the lock answers busy and applies nothing", async (context) => {
      const path = newFile();
      const store = await openFor(context, path, { busyTimeoutMs: 20 });
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      const claim = batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]);
      assert.deepEqual(await store.ledger.commit(claim), { status: "busy" });
      assert.equal((await store.ledger.read({ counters: ["c"] })).counters[0].claimed, 0, "a read does not wait for a writer");
      locked.exec("ROLLBACK");
      assert.deepEqual(await store.ledger.commit(claim), { status: "committed" });
    });

    test("a file that is up to date is opened while somebody writes", async (context) => {
      const path = newFile();
      await (await open(path)).close();
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      const store = await openFor(context, path, { busyTimeoutMs: 0 });
      assert.equal((await store.ledger.read({ counters: ["c"] })).counters[0].claimed, 0);
      locked.exec("ROLLBACK");
    });

    test("what an add would answer is decided under the lock, never beside a writer", async (context) => {
      const path = newFile();
      const store = await openFor(context, path, { busyTimeoutMs: 20 });
      await store.ledger.commit(batch([], [add("c", 1, 1)]));
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 1)])), { status: "busy" });
      locked.exec("ROLLBACK");
    });

    test("opening waits while somebody else sets the file up, and not for ever", async (context) => {
      const path = newFile();
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN EXCLUSIVE");
      await assert.rejects(open(path, { busyTimeoutMs: 20 }), { code: "storage_failed" });
      setTimeout(() => locked.exec("ROLLBACK"), 50);
      const store = await openFor(context, path);
      assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 1)])), { status: "committed" });
    });

    test("the file itself refuses a counter outside its bounds", async (context) => {
      const path = newFile();
      await openFor(context, path);
      const native = await nativeConnection(driver, path);
      context.after(() => native.close());
      for (const row of ["'c', -1, NULL", "'c', 2, 1", "'c', 9007199254740992, NULL", "'c', 0.5, NULL", "'c', NULL, NULL"]) {
        assert.throws(() => native.exec(`INSERT INTO counters (name, claimed, ceiling) VALUES (${row})`), row);
      }
    });

    test("every claim is found in the index by counter, coupon, code, customer and order", async (context) => {
      const path = newFile();
      const store = await openFor(context, path);
      await store.ledger.commit(batch([entry("order-1", 0, ["c1", "c2"])]));
      const native = await nativeConnection(driver, path);
      context.after(() => native.close());
      const rows = native.prepare("SELECT kind || '=' || value AS term FROM ledger_index WHERE key = ? ORDER BY 1").all("order-1");
      assert.deepEqual(rows.map(({ term }) => term),
        ["code=SPRING", "counter=c1", "counter=c2", "coupon=spring", "customer=id:42", "order=order-1"]);
    });

    test("a file of version 1 is brought to version 2 and keeps everything", async (context) => {
      const path = await fileOfVersion1(driver);
      const store = await openFor(context, path);
      const { coupons, codes, settings: kept } = await store.catalog.find({ codes: ["SPRING", "POOL-7K4M9X"], couponIds: [], automatic: true });
      assert.deepEqual(coupons.map(({ id, schemaVersion, state }) => [id, schemaVersion, state]).sort(), [["pool", 1, "archived"], ["spring", 1, "active"]]);
      assert.deepEqual(coupons.find(({ id }) => id === "spring").restrictions.minimum, { amounts: { EGP: 5000 }, scope: "all_lines" });
      assert.deepEqual(codes.find(({ couponId }) => couponId === "spring"), codeOfSchema1("SPRING", "spring"));
      assert.deepEqual([kept.policy.preset, kept.policy.stacking.maxCodes], ["dino", 5]);
      assert.deepEqual((await store.registry.listCoupons({ after: null, limit: 10 })).items.map(({ id }) => id), ["spring", "pool"]);
      assert.deepEqual((await store.registry.listBatches("pool")).map(({ number, actor, generated }) => [number, actor, generated]), [[1, "mona", 1]]);
      assert.deepEqual((await store.ledger.read({ counters: ["coupon/pool"] })).counters, [{ claimed: 3, held: 1, nextExpiry: NOON + 300_000 }]);
    });

    test("a file that was brought to version 2 takes rules and edits, and is not migrated again", async (context) => {
      const path = await fileOfVersion1(driver);
      const first = await open(path);
      await first.registry.insertRule(rule("gift", { gate: "automatic" }));
      const edited = coupon("spring", { name: "edited", rules: ["gift"], discount: null, version: 2 });
      assert.deepEqual(await first.registry.updateCoupon(edited, 1), { status: "updated" });
      assert.deepEqual(await first.registry.updateCode(code("POOL-7K4M9X", "pool", { version: 2 }), 1), { status: "updated" });
      await first.close();
      const second = await openFor(context, path);
      const view = await second.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false });
      assert.deepEqual([view.coupons, view.rules], [[edited], [rule("gift", { gate: "automatic" })]]);
      const native = await nativeConnection(driver, path);
      context.after(() => native.close());
      assert.deepEqual(native.prepare("SELECT schema_version FROM meta").all().map((row) => row.schema_version), [2]);
    });

    test("eight connections may bring one file to version 2 at once", async (context) => {
      const path = await fileOfVersion1(driver);
      const outcomes = await race({ path, driver, busyTimeoutMs: 5000, workers: 8, attempts: 1, ceiling: 8 });
      assert.equal(outcomes.committed, 8);
      const store = await openFor(context, path);
      assert.equal((await store.ledger.read({ counters: ["coupon/pool"] })).counters[0].claimed, 3);
    });

    test("an edit that cannot get the lock is neither judged nor stored", async (context) => {
      const path = newFile();
      const store = await openFor(context, path, { busyTimeoutMs: 20 });
      await store.registry.insertCoupon(coupon("spring"), null);
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      await assert.rejects(async () => store.registry.updateCoupon(coupon("spring", { version: 2 }), 1), /locked/);
      locked.exec("ROLLBACK");
      assert.deepEqual(await store.registry.updateCoupon(coupon("spring", { version: 2 }), 1), { status: "updated" });
    });

    test("a file of a later version is refused and left alone", async () => {
      const path = newFile();
      await (await open(path)).close();
      const native = await nativeConnection(driver, path);
      native.exec("UPDATE meta SET schema_version = 999");
      native.close();
      await assert.rejects(open(path), { code: "schema_too_new" });
      await assert.rejects(open(path), { code: "schema_too_new" }, "the first refusal left no lock");
    });

    test("what is no database is refused", async () => {
      const path = newFile();
      writeFileSync(path, "this is no database, and longer than a header of one hundred bytes would be ".repeat(20));
      await assert.rejects(open(path), { code: "storage_failed" });
      await assert.rejects(open(join(folder, "absent", "shop.db")), { code: "storage_failed" });
      for (const unnamed of ["", ":memory:"]) await assert.rejects(open(unnamed), { code: "invalid_value" });
    });

    test("eight connections may create one file at once", async (context) => {
      const path = newFile();
      const outcomes = await race({ path, driver, busyTimeoutMs: 5000, workers: 8, attempts: 1, ceiling: 8 });
      assert.equal(outcomes.committed, 8);
      const store = await openFor(context, path);
      assert.equal((await store.ledger.read({ counters: ["coupon"] })).counters[0].claimed, 8);
    });

    for (const busyTimeoutMs of [5000, 1]) {
      test(`eight threads race for 100 units, waiting ${busyTimeoutMs} ms for the lock: exactly 100 win`, async (context) => {
        const path = newFile();
        const store = await openFor(context, path);
        const outcomes = await race({ path, driver, busyTimeoutMs, workers: 8, attempts: 50, ceiling: 100 });
        assert.equal(outcomes.committed, 100);
        assert.equal(outcomes.ceiling, 300);
        assert.equal(outcomes.exists, undefined);
        const [counter] = (await store.ledger.read({ counters: ["coupon"] })).counters;
        assert.deepEqual([counter.claimed, counter.held], [100, 100]);
      });
    }
  });
}

describe("choosing a driver", () => {
  test("auto opens a file with what there is", async (context) => {
    const store = await sqliteStorage({ path: newFile() });
    context.after(() => store.close());
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 1)])), { status: "committed" });
  });

  test("both drivers read the same file", async (context) => {
    const path = newFile();
    const writer = await sqliteStorage({ path, driver: "libsql" });
    await writer.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]));
    await writer.close();
    const reader = await sqliteStorage({ path, driver: hasNodeSqlite ? "node" : "auto" });
    context.after(() => reader.close());
    assert.equal((await reader.ledger.read({ counters: ["c"] })).counters[0].held, 1);
  });

  if (!hasNodeSqlite) {
    test("asking for node:sqlite where Node has none names the fix", async () => {
      await assert.rejects(sqliteStorage({ path: newFile(), driver: "node" }),
        { code: "not_supported", path: "driver", message: /use Node 22\.13 or later, or the driver libsql/ });
    });
  }
});

async function fileOfVersion1(driver) {
  const path = newFile();
  const native = await nativeConnection(driver, path);
  native.exec(readFileSync(new URL("schema-1.sql", import.meta.url), "utf8"));
  native.close();
  return path;
}

/** A connection past the store, to lock, damage or inspect a file. */
async function nativeConnection(driver, path) {
  if (driver === "node") return new (await import("node:sqlite")).DatabaseSync(path);
  return new (await import("libsql")).default(path);
}

/** Starts the workers together and adds up their outcomes. */
async function race({ workers, ...shared }) {
  const contenders = Array.from({ length: workers }, (_, worker) =>
    new Worker(new URL("./race.worker.mjs", import.meta.url), { workerData: { ...shared, worker } }));
  try {
    await Promise.all(contenders.map(nextMessage));
    const finished = contenders.map(nextMessage);
    for (const contender of contenders) contender.postMessage("go");
    return sum(await Promise.all(finished));
  } finally {
    await Promise.all(contenders.map((contender) => contender.terminate()));
  }
}

function sum(tallies) {
  const total = {};
  for (const [status, count] of tallies.flatMap(Object.entries)) total[status] = (total[status] ?? 0) + count;
  return total;
}

function nextMessage(worker) {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
