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
import { add, batch, claim, code, codeOfSchema1, counterOf, coupon, entry, newestOf, NOON, rule, settings, settled } from "./records.mjs";

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
      assert.deepEqual(await counterOf(second, "c"), { claimed: 1, held: 1, ended: 0, nextExpiry: NOON + 300_000 });
      assert.deepEqual(await newestOf(second, "order-1"), entry("order-1", 0, ["c"]));
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
      assert.equal((await counterOf(one, "c")).claimed, 0);
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
      const purchase = batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]);
      assert.deepEqual(await store.ledger.commit(purchase), { status: "busy" });
      assert.equal((await counterOf(store, "c")).claimed, 0, "a read does not wait for a writer");
      locked.exec("ROLLBACK");
      assert.deepEqual(await store.ledger.commit(purchase), { status: "committed" });
    });

    test("a file that is up to date is opened while somebody writes", async (context) => {
      const path = newFile();
      await (await open(path)).close();
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      const store = await openFor(context, path, { busyTimeoutMs: 0 });
      assert.equal((await counterOf(store, "c")).claimed, 0);
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

    test("only what is needed of old revisions is searched", async (context) => {
      const path = newFile();
      const store = await openFor(context, path);
      await store.ledger.commit(batch([entry("order-1", 0, ["c1", "c2"]), settled("order-1", 1, "redeemed", ["c2"])]));
      const native = await nativeConnection(driver, path);
      context.after(() => native.close());
      const rows = (sql) => native.prepare(sql).all().map(({ found }) => found);
      assert.deepEqual(rows("SELECT kind || '=' || value || ' ' || state AS found FROM ledger_terms ORDER BY 1"),
        ["code=SPRING redeemed", "coupon=spring redeemed", "customer=id/42 redeemed", "order=order-1 redeemed"]);
      assert.deepEqual(rows("SELECT counter || ' ' || held AS found FROM live_claims"), ["c2 0"]);
      assert.deepEqual(rows("SELECT revision AS found FROM ledger_newest"), [1]);
    });

    test("every query of a list, a sum or a search goes over an index", async (context) => {
      const path = newFile();
      await openFor(context, path);
      const native = await nativeConnection(driver, path);
      context.after(() => native.close());
      const planOf = (sql) => native.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join("; ");
      for (const sql of [
        "SELECT at, key FROM ledger_newest WHERE state = 'held' ORDER BY at DESC, key LIMIT 5",
        "SELECT at, key FROM ledger_newest WHERE state = 'held' AND at = 1 AND key > 'a' ORDER BY at DESC, key LIMIT 5",
        "SELECT at, key FROM ledger_terms WHERE kind = 'coupon' AND value = 'c' AND state = 'held' AND at < 1 ORDER BY at DESC, key LIMIT 5",
        "SELECT count(*) FROM ledger_terms WHERE kind = 'coupon' AND value = 'c' AND state = 'held'",
        "SELECT key FROM ledger_newest WHERE hold_until <= 1 ORDER BY hold_until, key LIMIT 5",
        "SELECT key, hold_until FROM live_claims WHERE counter = 'c' AND held = 1 AND hold_until <= 1 ORDER BY hold_until, key LIMIT 5",
        "SELECT customer FROM customers WHERE last_at < 1 ORDER BY last_at, customer LIMIT 5",
      ]) {
        assert.match(planOf(sql), /^SEARCH \w+ USING COVERING INDEX \w+ \([^)]*\)$/u, sql);
      }
    });

    test("a read is of one moment: what others commit meanwhile is not in it", async (context) => {
      const path = newFile();
      const [reader, writer] = [await openFor(context, path), await openFor(context, path)];
      const claims = ["c1", "c2"];
      await writer.ledger.commit(batch([entry("order-0", 0, claims)], claims.map((counter) => add(counter, 1))));
      let revision = 0;
      const view = await reader.ledger.read({
        at: NOON, entries: ["order-0"], expiredHolds: null,
        // The list of counters is walked within the read: every step of it, another connection commits.
        counters: { map: (see) => claims.map((counter) => {
          const seen = see(counter);
          revision += 1;
          assert.deepEqual(writer.ledger.commit(batch([entry("order-0", revision, [])], claims.map((name) => add(name, 1)))), { status: "committed" });
          return seen;
        }) },
      });
      assert.deepEqual(view.counters.map(({ claimed }) => claimed), [1, 1]);
      assert.equal(view.entries[0].revision, 0);
      assert.equal((await newestOf(reader, "order-0")).revision, 2);
    });

    test("names are told apart behind a zero character too", async (context) => {
      const store = await openFor(context, newFile());
      const names = ["c", "c\u0000d", "c\u0000e"];
      for (const [place, name] of names.entries()) {
        assert.deepEqual(await store.ledger.commit(batch([entry(name, 0, [name])], [add(name, place + 1)])), { status: "committed" });
      }
      for (const [place, name] of names.entries()) {
        assert.deepEqual([(await counterOf(store, name)).claimed, (await counterOf(store, name)).held], [place + 1, 1]);
      }
    });

    test("a rename that cannot get the lock renames nothing", async (context) => {
      const path = newFile();
      const store = await openFor(context, path, { busyTimeoutMs: 20 });
      await store.ledger.commit(batch([entry("order-1", 0, ["coupon/c/customer/id/42"])], [add("coupon/c/customer/id/42", 1)]));
      const locked = await nativeConnection(driver, path);
      context.after(() => locked.close());
      locked.exec("BEGIN IMMEDIATE");
      await assert.rejects(async () => store.redemptions.rekey({ from: "id/42", to: "id/gone" }), /locked/);
      await assert.rejects(async () => store.redemptions.prune({ before: NOON }), /locked/);
      assert.deepEqual((await store.redemptions.list({ by: { kind: "customer", value: "id/42" }, states: [], after: null, limit: 5 })).items,
        [entry("order-1", 0, ["coupon/c/customer/id/42"])], "a list does not wait for a writer");
      locked.exec("ROLLBACK");
      assert.deepEqual(await store.redemptions.rekey({ from: "id/42", to: "id/gone" }), { entries: 1 });
    });

    test("a rename that fails half way has renamed nothing", async (context) => {
      const path = newFile();
      const store = await openFor(context, path);
      const most = 2 ** 53 - 1;
      await store.ledger.commit(batch([entry("order-1", 0, ["coupon/c/customer/id/42"])], [add("coupon/c/customer/id/42", 1), add("coupon/c/customer/id/gone", most)]));
      await assert.rejects(async () => store.redemptions.rekey({ from: "id/42", to: "id/gone" }), /CHECK/);
      const other = await openFor(context, path);
      assert.deepEqual(await newestOf(other, "order-1"), entry("order-1", 0, ["coupon/c/customer/id/42"]));
      assert.deepEqual([(await counterOf(other, "coupon/c/customer/id/42")).claimed, (await counterOf(other, "coupon/c/customer/id/gone")).claimed], [1, most]);
      assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, [])])), { status: "committed" }, "no transaction was left open");
    });

    test("a file of version 1 is brought up to date and keeps everything", async (context) => {
      const store = await openFor(context, await fileOf("schema-1.sql", driver));
      const { coupons, codes, settings: kept } = await store.catalog.find({ codes: ["SPRING", "POOL-7K4M9X"], couponIds: [], automatic: true });
      assert.deepEqual(coupons.map(({ id, schemaVersion, state }) => [id, schemaVersion, state]).sort(), [["pool", 1, "archived"], ["spring", 1, "active"]]);
      assert.deepEqual(coupons.find(({ id }) => id === "spring").restrictions.minimum, { amounts: { EGP: 5000 }, scope: "all_lines" });
      assert.deepEqual(codes.find(({ couponId }) => couponId === "spring"), codeOfSchema1("SPRING", "spring"));
      assert.deepEqual([kept.policy.preset, kept.policy.stacking.maxCodes], ["dino", 5]);
      assert.deepEqual((await store.registry.listCoupons({ after: null, limit: 10 })).items.map(({ id }) => id), ["spring", "pool"]);
      assert.deepEqual((await store.registry.listBatches("pool")).map(({ number, actor, generated }) => [number, actor, generated]), [[1, "mona", 1]]);
      assert.deepEqual(await counterOf(store, "coupon/pool"), { claimed: 3, held: 1, ended: 0, nextExpiry: NOON + 300_000 });
      assert.deepEqual(await newestOf(store, "order-1"), {
        key: "order-1", revision: 0, state: "held", at: NOON, holdUntil: NOON + 300_000, body: "{}",
        index: { claims: [claim("coupon/pool")], coupons: ["pool"], codes: [], customerKeys: [], order: null },
      });
    });

    test("a file of version 2 is brought up to date: definitions and rules stay, entries get their index back", async (context) => {
      const store = await openFor(context, await fileOf("schema-2.sql", driver));
      const { coupons, codes, rules, settings: kept } = await store.catalog.find({ codes: ["SPRING", "POOL-7K4M9X"], couponIds: [], automatic: true });
      assert.deepEqual(coupons.map(({ id, rules: linked }) => [id, linked]).sort(), [["pool", []], ["spring", ["gift"]]]);
      assert.deepEqual([codes.length, rules.map(({ id, gate }) => [id, gate]).sort()], [2, [["free", "automatic"], ["gift", "coupon"]]]);
      assert.equal(kept.policy.preset, "dovetech");
      assert.deepEqual((await store.registry.listBatches("pool")).map(({ number, state }) => [number, state]), [[1, "complete"]]);

      const claims = [claim("coupon/pool"), claim("coupon/pool/customer/email/ann@example.com")];
      const first = {
        key: "order-1", revision: 0, state: "held", at: NOON, holdUntil: NOON + 300_000, body: '{"n":0}',
        index: { claims, coupons: ["pool"], codes: ["code_POOL-7K4M9X"], customerKeys: ["email/ann@example.com", "id/42"], order: null },
      };
      const second = { ...first, revision: 1, state: "redeemed", at: NOON + 1, holdUntil: null, body: '{"n":1}', index: { ...first.index, order: 'the "1st"' } };
      assert.deepEqual(await store.redemptions.history("order-1"), [first, second]);
      const bare = { claims: [], coupons: [], codes: [], customerKeys: [], order: null };
      assert.deepEqual(await newestOf(store, "order-3"), { ...first, key: "order-3", state: "released", holdUntil: null, body: "{}", index: bare });
    });

    test("a file of version 2 is brought up to date: what was derived is derived anew", async (context) => {
      const store = await openFor(context, await fileOf("schema-2.sql", driver));
      const keysOf = async (by, states = []) => (await store.redemptions.list({ by, states, after: null, limit: 9 })).items.map(({ key }) => key);
      assert.deepEqual(await keysOf(null), ["order-1", "order-2", "order-3"]);
      assert.deepEqual(await keysOf({ kind: "customer", value: "id/42" }), ["order-1"]);
      assert.deepEqual(await keysOf({ kind: "order", value: 'the "1st"' }, ["redeemed"]), ["order-1"]);
      assert.deepEqual(await store.redemptions.usage({ kind: "coupon", values: ["pool"] }), [{
        redeemed: 1, held: 1, rolledBack: 0, last: { key: "order-1", at: NOON + 1, order: 'the "1st"', customerKeys: ["email/ann@example.com", "id/42"] },
      }]);
      assert.deepEqual(await counterOf(store, "coupon/pool", NOON + 600_000), { claimed: 2, held: 0, ended: 1, nextExpiry: null });
      const { expiredHolds } = await store.ledger.read({ at: NOON + 600_000, counters: [], entries: [], expiredHolds: { counters: ["coupon/pool"], limit: 5 } });
      assert.deepEqual(expiredHolds.map(({ key }) => key), ["order-2"]);
      assert.deepEqual((await store.redemptions.tally({ after: null, limit: 9 })).items, [
        { counter: "coupon/pool", claimed: 2, live: 2 }, { counter: "coupon/pool/customer/email/ann@example.com", claimed: 1, live: 1 },
      ]);
      assert.deepEqual(await store.redemptions.idleCustomers({ before: NOON + 2, limit: 9 }), ["email/ann@example.com", "id/42"]);
      assert.deepEqual(await store.redemptions.idleCustomers({ before: NOON + 1, limit: 9 }), [], "as of the newest of all revisions");
      assert.deepEqual(await store.redemptions.rekey({ from: "email/ann@example.com", to: "email/h0" }), { entries: 2 });
      assert.equal((await counterOf(store, "coupon/pool/customer/email/h0")).claimed, 1);
    });

    test("a file of version 2 is brought up to date: the name of a coupon is nobody's", async (context) => {
      const path = await fileOf("schema-2.sql", driver);
      const native = await nativeConnection(driver, path);
      native.exec(`
        INSERT INTO ledger_index (kind, value, key, revision) VALUES ('counter', 'coupon/customer/customer/id/7', 'order-2', 0), ('counter', 'coupon/customer/x', 'order-3', 0);
        INSERT INTO counters (name, claimed, ceiling) VALUES ('coupon/customer/customer/id/7', 1, 1), ('coupon/customer/x', 1, 1);`);
      native.close();
      const store = await openFor(context, path);
      assert.deepEqual(await store.redemptions.rekey({ from: "customer/id/7", to: "id/9" }), { entries: 0 });
      assert.deepEqual(await store.redemptions.rekey({ from: "id/7", to: "id/9" }), { entries: 1 });
      assert.equal((await counterOf(store, "coupon/customer/customer/id/9")).claimed, 1);
      const migrated = await nativeConnection(driver, path);
      context.after(() => migrated.close());
      assert.deepEqual(migrated.prepare("SELECT DISTINCT customer FROM ledger_customers ORDER BY 1").all().map(({ customer }) => customer), ["email/ann@example.com", "id/42", "id/9"]);
      assert.deepEqual(migrated.prepare("SELECT name FROM counters WHERE customer IS NULL ORDER BY 1").all().map(({ name }) => name), ["coupon/customer/x", "coupon/pool"]);
    });

    for (const schema of ["schema-1.sql", "schema-2.sql"]) {
      test(`a file of ${schema} takes rules, edits and redemptions, and is not migrated again`, async (context) => {
        const path = await fileOf(schema, driver);
        const first = await open(path);
        await first.registry.insertRule(rule("new", { gate: "automatic" }));
        const edited = coupon("spring", { name: "edited", rules: ["new"], discount: null, version: 2 });
        assert.deepEqual(await first.registry.updateCoupon(edited, 1), { status: "updated" });
        assert.deepEqual(await first.registry.updateCode(code("POOL-7K4M9X", "pool", { version: 2 }), 1), { status: "updated" });
        assert.deepEqual(await first.ledger.commit(batch([entry("order-9", 0, ["coupon/pool"])], [add("coupon/pool", 1, 5)])), { status: "committed" });
        assert.deepEqual(await first.ledger.commit(batch([settled("order-1", 0, "released")])), { status: "exists", insert: 0 });
        await first.close();
        const second = await openFor(context, path);
        const view = await second.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false });
        assert.deepEqual([view.coupons, view.rules], [[edited], [rule("new", { gate: "automatic" })]]);
        assert.deepEqual(await newestOf(second, "order-9"), entry("order-9", 0, ["coupon/pool"]));
        const native = await nativeConnection(driver, path);
        context.after(() => native.close());
        assert.deepEqual(native.prepare("SELECT schema_version FROM meta").all().map((row) => row.schema_version), [3]);
      });

      test(`a migrated file of ${schema} has the tables of a new one`, async (context) => {
        const tables = async (path) => {
          await (await open(path)).close();
          const native = await nativeConnection(driver, path);
          context.after(() => native.close());
          return native.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all().map(({ name, sql }) => [name, sql?.replaceAll(/\s+/gu, " ")]);
        };
        assert.deepEqual(await tables(await fileOf(schema, driver)), await tables(newFile()));
      });
    }

    test("eight connections may bring one file up to date at once", async (context) => {
      const path = await fileOf("schema-1.sql", driver);
      const outcomes = await race({ path, driver, busyTimeoutMs: 5000, workers: 8, attempts: 1, ceiling: 8 });
      assert.equal(outcomes.committed, 8);
      const store = await openFor(context, path);
      assert.equal((await counterOf(store, "coupon/pool")).claimed, 3);
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
      assert.equal((await counterOf(store, "coupon")).claimed, 8);
    });

    for (const busyTimeoutMs of [5000, 1]) {
      test(`eight threads race for 100 units, waiting ${busyTimeoutMs} ms for the lock: exactly 100 win`, async (context) => {
        const path = newFile();
        const store = await openFor(context, path);
        const outcomes = await race({ path, driver, busyTimeoutMs, workers: 8, attempts: 50, ceiling: 100 });
        assert.equal(outcomes.committed, 100);
        assert.equal(outcomes.ceiling, 300);
        assert.equal(outcomes.exists, undefined);
        const { claimed, held } = await counterOf(store, "coupon");
        assert.deepEqual([claimed, held], [100, 100]);
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
    assert.equal((await counterOf(reader, "c")).held, 1);
  });

  if (!hasNodeSqlite) {
    test("asking for node:sqlite where Node has none names the fix", async () => {
      await assert.rejects(sqliteStorage({ path: newFile(), driver: "node" }),
        { code: "not_supported", path: "driver", message: /use Node 22\.13 or later, or the driver libsql/ });
    });
  }
});

async function fileOf(schema, driver) {
  const path = newFile();
  const native = await nativeConnection(driver, path);
  native.exec(readFileSync(new URL(schema, import.meta.url), "utf8"));
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
