/**
 * The PostgreSQL store against the shared contract, over a pool and behind a pooler, and what only a server promises:
 * that many connections share it, that shops in one database do not, what happens when connections break, and what an
 * analyst finds.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, describe, test } from "node:test";
import { Pool, types as pgTypes } from "pg";
import { cases } from "./contract.mjs";
import { createCouponEngine, postgresStorage } from "./package.mjs";
import { LendingPool } from "./postgres-pooler.mjs";
import { startPostgres } from "./postgres-server.mjs";
import { add, batch, code, counterOf, coupon, entry, newestOf, NOON, rule, settings, settled } from "./records.mjs";

const server = await startPostgres({ max_connections: 200, deadlock_timeout: "20ms" });
const { connectionString } = server;
const admin = new Pool({ connectionString, max: 3 });
admin.on("error", () => undefined);
after(async () => {
  await admin.end();
  await server.stop();
});

const COMMITTED = { status: "committed" };
let schemas = 0;
const newSchema = () => `shop_${schemas += 1}`;
const rowsOf = async (sql, values) => (await admin.query(sql, values)).rows;
const withSettings = (text) => `${connectionString}?options=${encodeURIComponent(text)}`;

/** Empty tables are made much more slowly than emptied, and the shared cases need hundreds. */
const emptied = [];
async function emptySchema(context) {
  const schema = emptied.pop() ?? newSchema();
  context.after(async () => {
    const tables = await rowsOf("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migrations'", [schema]);
    await admin.query(tables.map(({ tablename }) => `DELETE FROM ${schema}.${tablename}`).join("; "));
    emptied.push(schema);
  });
  return schema;
}

async function openFor(context, schema, options = { connectionString }) {
  const store = await postgresStorage({ schema, ...options });
  context.after(() => store.close());
  return store;
}

function poolFor(context, options = {}) {
  const pool = new Pool({ connectionString, ...options });
  context.after(() => pool.end());
  return pool;
}

cases("postgres", async (context) => {
  const schema = await emptySchema(context);
  return { store: await openFor(context, schema), probe: () => openFor(context, schema) };
});

cases("postgres behind a pooler that lends by transaction", async (context) => {
  const schema = await emptySchema(context);
  const pool = await LendingPool.open(connectionString, 5);
  context.after(() => pool.end());
  return { store: await openFor(context, schema, { pool }), probe: () => openFor(context, schema) };
});

describe("a schema", () => {
  test("everything is there again after closing and opening", async (context) => {
    const schema = newSchema();
    const first = await postgresStorage({ connectionString, schema });
    await first.registry.insertCoupon(coupon("spring", { code: "SPRING" }), code("SPRING", "spring"));
    await first.registry.putSettings(settings());
    await first.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]));
    await first.close();

    const second = await openFor(context, schema, { connectionString, migrate: false });
    assert.deepEqual(await second.catalog.find({ codes: ["SPRING"], couponIds: [], automatic: false }), {
      settings: settings(), coupons: [coupon("spring", { code: "SPRING" })], codes: [code("SPRING", "spring")], rules: [],
    });
    assert.deepEqual(await newestOf(second, "order-1"), entry("order-1", 0, ["c"]));
    assert.deepEqual(await second.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)])), { status: "exists", insert: 0 });
  });

  test("keeps text that PostgreSQL has no character for, told apart and in order", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema);
    const names = ["\0", "\0\0", "\0\u0001", "\0\u0002", "\u0001", "\u0001\0", "\u0001\u0001", "\u0001\u0002", "\u0002", "c", "c\0d", "c\0e", "cd"];
    await store.ledger.commit(batch(names.toReversed().map((name) => entry(name, 0, [name])), names.map((name, place) => add(name, place + 1))));
    await store.registry.insertCodes(names.toReversed().map((name) => code(name, "\0")));
    const other = await openFor(context, schema);
    const { counters, entries } = await other.ledger.read({ at: NOON, counters: names, entries: names, expiredHolds: null });
    assert.deepEqual(counters.map(({ claimed }) => claimed), names.map((_, place) => place + 1));
    assert.deepEqual(entries, names.map((name) => entry(name, 0, [name])));
    assert.deepEqual((await other.redemptions.list({ by: null, states: [], after: null, limit: 100 })).items.map(({ key }) => key), names);
    assert.deepEqual((await other.redemptions.tally({ after: "\0", limit: 2 })).items.map(({ counter }) => counter), ["\0\0", "\0\u0001"]);
    assert.deepEqual((await other.registry.listCodes({ couponId: "\0", after: null, limit: 100 })).items.map((found) => found.code), names);
    assert.deepEqual((await other.catalog.find({ codes: ["c\0d"], couponIds: [], automatic: false })).codes, [code("c\0d", "\0")]);
  });

  test("two shops in one database share ids and nothing else", async (context) => {
    const stores = [await openFor(context, newSchema()), await openFor(context, newSchema())];
    for (const [place, store] of stores.entries()) {
      const name = `shop ${place}`;
      assert.deepEqual(await store.registry.insertCoupon(coupon("spring", { name }), code("SPRING", "spring", { metadata: { name } })), { status: "inserted" });
      assert.deepEqual(await store.registry.insertRule(rule("gift", { name, gate: "automatic" })), { status: "inserted" });
      assert.deepEqual(await store.registry.openBatch({ couponId: "spring", requested: 1, shape: "", actor: name, createdAt: NOON }), { number: 1 });
      assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, ["c"], { body: JSON.stringify({ name }) })], [add("c", 1, 1)])), COMMITTED);
    }
    await stores[0].redemptions.rekey({ from: "id/42", to: "id/erased" });
    await stores[0].registry.updateCoupon(coupon("spring", { name: "edited", version: 2 }), 1);
    const { coupons, rules } = await stores[1].catalog.find({ codes: ["SPRING"], couponIds: [], automatic: true });
    assert.deepEqual([coupons[0].name, rules.map(({ name }) => name)], ["shop 1", ["shop 1"]]);
    assert.deepEqual(await newestOf(stores[1], "order-1"), entry("order-1", 0, ["c"], { body: JSON.stringify({ name: "shop 1" }) }));
    assert.equal((await counterOf(stores[1], "c")).claimed, 1);
    assert.deepEqual((await stores[1].registry.listBatches("spring")).map(({ actor }) => actor), ["shop 1"]);
  });

  test("may be brought up to date by many at once", async (context) => {
    const schema = newSchema();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openFor(context, schema)));
    const outcomes = await Promise.all(stores.map((store, place) => store.ledger.commit(batch([entry(`order-${place}`, 0, ["c"])], [add("c", 1, 8)]))));
    assert.deepEqual(outcomes, stores.map(() => COMMITTED));
    assert.deepEqual(await rowsOf(`SELECT version FROM ${schema}.migrations`), [{ version: 1 }]);
  });

  test("of a later version is refused and left alone", async () => {
    const schema = newSchema();
    await (await postgresStorage({ connectionString, schema })).close();
    await admin.query(`INSERT INTO ${schema}.migrations (version) VALUES (999)`);
    for (const migrate of [true, false]) await assert.rejects(postgresStorage({ connectionString, schema, migrate }), { code: "schema_too_new" });
  });

  test("without tables is refused where nothing may be migrated", async () => {
    const schema = newSchema();
    await assert.rejects(postgresStorage({ connectionString, schema, migrate: false }), { code: "not_supported", path: "migrate" });
    assert.deepEqual(await rowsOf("SELECT to_regnamespace($1) AS found", [schema]), [{ found: null }]);
  });

  test("whose migration fails is left as it was", async () => {
    const schema = newSchema();
    await admin.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.redemption_claims (mine integer)`);
    await assert.rejects(postgresStorage({ connectionString, schema }), { code: "storage_failed" });
    assert.deepEqual(await rowsOf("SELECT tablename FROM pg_tables WHERE schemaname = $1", [schema]), [{ tablename: "redemption_claims" }]);
  });

  test("is used with the rights to read and write alone", async (context) => {
    const schema = newSchema();
    await (await postgresStorage({ connectionString, schema })).close();
    await admin.query(`CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA ${schema} TO clerk;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO clerk`);
    const store = await openFor(context, schema, { connectionString: connectionString.replace("coupon@", "clerk@") });
    await store.registry.insertCoupon(coupon("spring"), code("SPRING", "spring"));
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)])), COMMITTED);
    assert.deepEqual(await store.redemptions.rekey({ from: "id/42", to: "id/erased" }), { entries: 1 });
  });

  test("in a database that is not UTF-8 is refused", async () => {
    await admin.query("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0");
    await assert.rejects(postgresStorage({ connectionString: connectionString.replace("/postgres", "/bytes") }), { code: "not_supported" });
  });
});

describe("many connections", () => {
  test("race for 100 units over four pools: exactly 100 win", async (context) => {
    const schema = newSchema();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openFor(context, schema)));
    const outcomes = await Promise.all(Array.from({ length: 400 }, (_, place) =>
      stores[place % 4].ledger.commit(batch([entry(`order-${place}`, 0, ["c"])], [add("c", 1, 100)]))));
    assert.deepEqual(countsOf(outcomes), { committed: 100, ceiling: 300 });
    const { claimed, held } = await counterOf(stores[0], "c");
    assert.deepEqual([claimed, held], [100, 100]);
    assert.deepEqual(await rowsOf(`SELECT count(*)::integer AS entries FROM ${schema}.ledger_entries`), [{ entries: 100 }], "a loser left nothing");
  });

  test("the first touch of a counter by many at once loses nothing", async (context) => {
    const schema = newSchema();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openFor(context, schema)));
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(Array.from({ length: 40 }, (_, place) =>
        stores[place % 4].ledger.commit(batch([], [add(`c${round}`, 1, 7)]))));
      assert.deepEqual(countsOf(outcomes), { committed: 7, ceiling: 33 });
    }
  });

  test("commits that overlap in opposite order never deadlock, by keys nor by counters", async (context) => {
    const store = await openFor(context, newSchema());
    const counters = ["a", "b", "c", "d"];
    const turned = (place, list) => (place % 2 === 0 ? list : list.toReversed());
    const outcomes = await Promise.all(Array.from({ length: 400 }, (_, place) => store.ledger.commit(place < 200
      ? batch(turned(place, ["k", "l", "m"]).map((key) => settled(key, place, "redeemed", [])))
      : batch([], turned(place, counters).map((counter) => add(counter, 1))))));
    assert.deepEqual(countsOf(outcomes), { committed: 400 });
    for (const counter of counters) assert.equal((await counterOf(store, counter)).claimed, 200);
  });

  test("a customer is renamed while commits name it: counters and claims stay equal", async (context) => {
    const store = await openFor(context, newSchema());
    const counter = "coupon/c/customer/id/42";
    const commit = (place) => store.ledger.commit(batch([entry(`order-${place}`, 0, [counter])], [add(counter, 1)]));
    const answers = await Promise.all(Array.from({ length: 60 }, (_, place) =>
      (place % 20 === 10 ? store.redemptions.rekey({ from: "id/42", to: "id/7" }) : commit(place))));
    assert.equal(answers.filter(({ status }) => status === "committed").length, 57);
    const { items } = await store.redemptions.tally({ after: null, limit: 10 });
    assert.equal(items.reduce((sum, { claimed }) => sum + claimed, 0), 57);
    for (const { claimed, live } of items) assert.equal(claimed, live);
  });

  test("a server that wants serializable transactions answers busy, and never too much", async (context) => {
    const store = await openFor(context, newSchema(), { connectionString: withSettings("-c default_transaction_isolation=serializable") });
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, place) => untilDecided(() =>
      store.ledger.commit(batch([entry(`order-${place}`, 0, ["c"])], [add("c", 1, 15)])))));
    assert.deepEqual(countsOf(outcomes), { committed: 15, ceiling: 25 });
    assert.equal((await counterOf(store, "c")).claimed, 15);
  });

  test("a lock that is not to be had is busy, and nothing is written", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema, { connectionString: withSettings("-c lock_timeout=20") });
    await store.ledger.commit(batch([], [add("c", 1)]));
    const unlock = await lockCounters(context, schema);
    const wanted = batch([entry("order-1", 0, ["c"])], [add("c", 1, 5)]);
    assert.deepEqual(await store.ledger.commit(wanted), { status: "busy" });
    await unlock();
    assert.equal(await newestOf(store, "order-1"), null);
    assert.deepEqual(await store.ledger.commit(wanted), COMMITTED);
  });
});

describe("connections", () => {
  test("one that breaks during a commit throws; the next call has another, and the outcome can be read", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema);
    await store.ledger.commit(batch([], [add("c", 1)]));
    const unlock = await lockCounters(context, schema);
    const wanted = batch([entry("order-1", 0, ["c"])], [add("c", 1, 5)]);
    const broken = assert.rejects(async () => store.ledger.commit(wanted));
    await terminateWaiting(schema);
    await broken;
    await unlock();
    assert.equal(await newestOf(store, "order-1"), null);
    assert.deepEqual(await store.ledger.commit(wanted), COMMITTED);
  });

  for (const [whose, poolOf] of [["the store's own", () => undefined], ["the host's", poolFor]]) {
    test(`one that breaks within a transaction throws, and ends no process: ${whose} pool`, async (context) => {
      const schema = newSchema();
      const pool = poolOf(context);
      pool?.on("error", () => undefined);
      const store = await openFor(context, schema, pool === undefined ? undefined : { pool });
      const client = await admin.connect();
      await client.query(`BEGIN; LOCK TABLE ${schema}.codes`);
      const broken = assert.rejects(async () => store.registry.insertCoupon(coupon("spring"), code("SPRING", "spring")));
      await terminateWaiting(schema);
      await broken;
      await client.query("ROLLBACK");
      client.release();
      assert.equal(await store.registry.getCoupon("spring"), null);
      assert.deepEqual(await store.registry.insertCoupon(coupon("spring"), code("SPRING", "spring")), { status: "inserted" });
    });
  }

  test("a connection is given back without what was listened to", async (context) => {
    const pool = poolFor(context, { max: 1 });
    const listeners = async () => {
      const client = await pool.connect();
      client.release();
      return client.listenerCount("error");
    };
    const store = await openFor(context, newSchema(), { pool });
    const before = await listeners();
    for (const id of ["spring", "summer"]) await store.registry.insertCoupon(coupon(id), code(id.toUpperCase(), id));
    assert.equal(await listeners(), before);
  });

  test("idle ones that break disturb nothing", async (context) => {
    const store = await openFor(context, newSchema(), { connectionString: `${connectionString}?application_name=idle` });
    await rowsOf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle'");
    const again = batch([], [add("c", 1, 1)]);
    const outcome = await Promise.resolve(store.ledger.commit(again)).catch(() => store.ledger.commit(again));
    assert.deepEqual(outcome, COMMITTED);
  });

  test("a transaction that fails gives its connection back, rolled back", async (context) => {
    const schema = newSchema();
    const pool = poolFor(context, { max: 1 });
    const store = await openFor(context, schema, { pool });
    await admin.query(`ALTER TABLE ${schema}.codes ADD CHECK (code <> 'BAD')`);
    await assert.rejects(async () => store.registry.insertCoupon(coupon("spring"), code("BAD", "spring")));
    assert.equal(await store.registry.getCoupon("spring"), null);
    assert.deepEqual(await store.registry.insertCoupon(coupon("spring"), code("GOOD", "spring")), { status: "inserted" });
  });

  test("the host's pool stays open, the store's own is ended", async (context) => {
    const pool = poolFor(context);
    const lent = await postgresStorage({ pool, schema: newSchema() });
    await lent.close();
    assert.deepEqual((await pool.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    const own = await postgresStorage({ connectionString: `${connectionString}?application_name=own`, schema: newSchema() });
    await own.close();
    await assert.rejects(async () => own.ledger.commit(batch([], [add("c", 1)])));
  });

  test("whatever the host has told pg to make of types, numbers are numbers", async (context) => {
    const types = { getTypeParser: (oid, format) => ({ 20: BigInt, 114: String, 3802: String, 25: String }[oid] ?? pgTypes.getTypeParser(oid, format)) };
    const store = await openFor(context, newSchema(), { pool: poolFor(context, { types }) });
    await store.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 2 ** 53 - 1)]));
    assert.equal((await counterOf(store, "c")).claimed, 2 ** 53 - 1);
    assert.deepEqual(await newestOf(store, "order-1"), entry("order-1", 0, ["c"]));
    await store.registry.openBatch({ couponId: "spring", requested: 3, shape: "", actor: null, createdAt: NOON });
    assert.deepEqual(await store.registry.listBatches("spring"),
      [{ couponId: "spring", number: 1, state: "running", requested: 3, generated: 0, shape: "", actor: null, createdAt: NOON }]);
    assert.deepEqual((await store.redemptions.tally({ after: null, limit: 1 })).items, [{ counter: "c", claimed: 2 ** 53 - 1, live: 1 }]);
  });

  test("a call is one statement", async (context) => {
    const pool = poolFor(context);
    const store = await openFor(context, newSchema(), { pool });
    const sent = [];
    const query = pool.query.bind(pool);
    pool.query = (text, values) => {
      sent.push(text);
      return query(text, values);
    };
    await store.ledger.commit(batch([entry("a", 0, ["c", "d"]), entry("b", 0, ["c"])], [add("c", 2, 2), add("d", 1, 1)]));
    await store.ledger.read({ at: NOON, counters: ["c", "d"], entries: ["a"], expiredHolds: { counters: ["c"], limit: 10 } });
    await store.catalog.find({ codes: ["A", "B"], couponIds: ["c"], automatic: true });
    assert.deepEqual(sent.map((text) => text.replace(/^SELECT "\w+"\.(\w+)\(.*/, "$1")), ["commit", "read", "find"]);
  });
});

describe("what an acknowledged commit survives", () => {
  test("a power cut", async (context) => {
    assert.equal((await openFor(context, newSchema())).ledger.capabilities.durability, "power");
  });

  test("a power cut, though the session does not wait for the log", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema, { connectionString: withSettings("-c synchronous_commit=off") });
    await admin.query(`CREATE TABLE ${schema}.seen (mode text);
      CREATE FUNCTION ${schema}.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO ${schema}.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER look AFTER INSERT ON ${schema}.ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${schema}.look()`);
    await store.ledger.commit(batch([entry("order-1", 0, [])]));
    assert.deepEqual(await rowsOf(`SELECT mode FROM ${schema}.seen`), [{ mode: "local" }], "as it is when the transaction commits");
  });

  test("only a killed process, where the server never flushes", async (context) => {
    const careless = await startPostgres({ fsync: "off" });
    context.after(() => careless.stop());
    const store = await openFor(context, "shop", { connectionString: careless.connectionString });
    assert.equal(store.ledger.capabilities.durability, "process");
  });
});

describe("an analyst", () => {
  test("finds one row per redemption as it stands, with times", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema);
    await store.ledger.commit(batch([entry("order-1", 0, ["coupon/spring"])], [add("coupon/spring", 1, 3)]));
    await store.ledger.commit(batch([settled("order-1", 1, "redeemed", ["coupon/spring"], { at: NOON + 60_000, body: '{"total":5}' })]));
    await store.ledger.commit(batch([entry("order-2", 0, ["coupon/spring"])], [add("coupon/spring", 1, 3)]));
    assert.deepEqual(await rowsOf(`SELECT * FROM ${schema}.redemptions ORDER BY key`), [
      {
        key: "order-1", revision: "1", state: "redeemed", at: new Date(NOON + 60_000), hold_until: null, order_id: "order-1",
        coupons: ["spring"], codes: ["SPRING"], customers: ["id/42"], record: { total: 5 },
      },
      {
        key: "order-2", revision: "0", state: "held", at: new Date(NOON), hold_until: new Date(NOON + 300_000), order_id: "order-2",
        coupons: ["spring"], codes: ["SPRING"], customers: ["id/42"], record: JSON.parse(entry("order-2", 0, []).body),
      },
    ]);
    assert.deepEqual(await rowsOf(`SELECT name, claimed, used, ceiling FROM ${schema}.counter_usage`),
      [{ name: "coupon/spring", claimed: "2", used: "1", ceiling: "3" }]);
    assert.deepEqual(await rowsOf(`SELECT key, coupon_id, state FROM ${schema}.redemption_coupons ORDER BY key`),
      [{ key: "order-1", coupon_id: "spring", state: "redeemed" }, { key: "order-2", coupon_id: "spring", state: "held" }]);
  });

  test("finds redemptions only, coupons only, and limits with all that is theirs", async (context) => {
    const schema = newSchema();
    const engine = await createCouponEngine({ storage: await postgresStorage({ connectionString, schema }), attempts: true, clock: () => NOON, policy: { lock: "never" } });
    context.after(() => engine.close());
    const cart = { currency: "EGP", lines: [{ id: "tea", unitPrice: 1000, quantity: 1 }] };
    const customer = { keys: [{ kind: "id", value: "42" }] };
    await engine.coupons.create({ id: "p", type: "standard", code: "P", discount: { type: "percent", basisPoints: 1000 } });
    const { code: { code: credit } } = await engine.credit.issue({ id: "mona", amount: 5000, currency: "EGP", customer });
    await engine.redeemNow({ key: "order-1", codes: ["p"], cart, customer });
    await engine.redeemNow({ key: "order-2", codes: [credit], cart, customer });
    await engine.credit.adjust({ couponId: "mona", id: "a1", amount: 700, reason: "late delivery" });
    await engine.coupons.update("p", { limits: { total: 9 } });
    await engine.validate({ codes: ["absent"], cart, customer });
    assert.deepEqual(
      await rowsOf(`SELECT DISTINCT split_part(key, '/', 1) AS key FROM ${schema}.ledger_newest ORDER BY 1`),
      [{ key: "credit" }, { key: "limit" }, { key: "order-1" }, { key: "order-2" }], "the engine wrote its own beside them");
    assert.ok((await rowsOf(`SELECT FROM ${schema}.counters WHERE name LIKE 'attempt/%'`)).length > 0);

    assert.deepEqual(await rowsOf(`SELECT key, state, order_id, coupons FROM ${schema}.redemptions ORDER BY key`), [
      { key: "order-1", state: "redeemed", order_id: "order-1", coupons: ["p"] },
      { key: "order-2", state: "redeemed", order_id: "order-2", coupons: ["mona"] },
    ]);
    assert.deepEqual(await rowsOf(`SELECT name, used, ceiling FROM ${schema}.counter_usage ORDER BY name`), [
      { name: "coupon/mona/credit", used: "1000", ceiling: "5700" },
      { name: "coupon/p", used: "1", ceiling: null },
    ]);
    for (const key of ["credit/mona/a1", "limit/coupon/p"]) {
      await assert.rejects(engine.redeemNow({ key, codes: ["p"], cart, customer }), { code: "invalid_value", path: "key" });
    }
  });

  test("finds holds that have ended apart from those that have not", async (context) => {
    const schema = newSchema();
    const store = await openFor(context, schema);
    const hold = (key, holdUntil) => entry(key, 0, ["coupon/spring"], { holdUntil });
    await store.ledger.commit(batch(
      [hold("ended", 1), hold("live", Date.UTC(9999, 0, 1)), hold("endless", null), settled("paid", 0, "redeemed", ["coupon/spring"])],
      [add("coupon/spring", 4, 5)]));
    assert.deepEqual(await rowsOf(`SELECT * FROM ${schema}.counter_usage`),
      [{ name: "coupon/spring", claimed: "4", held: "2", ended: "1", used: "1", ceiling: "5", customer: null }]);
  });

  test("finds every table, view and column described", async (context) => {
    const schema = newSchema();
    await openFor(context, schema);
    const undescribed = await rowsOf(
      "SELECT relname, attname FROM pg_class LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped " +
      "WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'v', 'm', 'p') " +
      "AND (obj_description(pg_class.oid, 'pg_class') IS NULL OR col_description(pg_class.oid, attnum) IS NULL) ORDER BY 1, attnum", [schema]);
    assert.deepEqual(undescribed.map(({ relname, attname }) => `${relname}.${attname}`), []);
  });

  test("finds a table guarded against what no commit would write", async (context) => {
    const schema = newSchema();
    await openFor(context, schema);
    for (const claimed of ["-1", "9007199254740992", "NULL"]) {
      await assert.rejects(admin.query(`INSERT INTO ${schema}.counters (name, claimed) VALUES ('c', ${claimed})`), /constraint/, claimed);
    }
  });
});

test("no checkout reads a whole table", async (context) => {
  const schema = newSchema();
  const scans = () => rowsOf(
    "SELECT relname, seq_scan FROM pg_stat_all_tables WHERE schemaname = $1 AND relname NOT IN ('migrations', 'settings') ORDER BY 1", [schema]);
  await (await postgresStorage({ connectionString, schema })).close();
  const before = await scans();
  assert.ok(before.length > 10);

  // One connection, which keeps the plans that it makes while the tables are empty, and tells what it did when it ends.
  const pool = new Pool({ connectionString, max: 1 });
  const store = await openFor(context, schema, { pool });
  for (let place = 0; place < 12; place += 1) {
    const key = `order-${place}`;
    await store.catalog.find({ codes: ["A", "B"], couponIds: ["c"], automatic: true });
    await store.ledger.read({ at: NOON + 1e9, counters: ["c", "x"], entries: [key, "absent"], expiredHolds: { counters: ["c"], limit: 3 } });
    await store.ledger.commit(batch([entry(key, 0, ["c", "x"])], [add("c", 1, 10_000), add("x", 1)]));
    await store.ledger.commit(batch([settled(key, 1, "redeemed", ["c"])], [add("x", -1)]));
  }
  await pool.end();
  assert.deepEqual(await scans(), before);
});

describe("options", () => {
  const pool = { query: () => assert.fail("queried"), connect: () => assert.fail("connected"), end: () => assert.fail("ended") };
  for (const [name, options, expected, at] of [
    ["nothing", undefined, "invalid_type", undefined],
    ["neither pool nor address", {}, "required", "connectionString"],
    ["an empty address", { connectionString: "" }, "required", "connectionString"],
    ["a number for the address", { connectionString: 5432 }, "invalid_type", "connectionString"],
    ["both pool and address", { pool, connectionString }, "invalid_value", "connectionString"],
    ["a pool that is none", { pool: { query: 1 } }, "invalid_type", "pool"],
    ["a schema with a quote", { pool, schema: 'a"b' }, "invalid_value", "schema"],
    ["a schema in capitals", { pool, schema: "Shop" }, "invalid_value", "schema"],
    ["a schema of 64 characters", { pool, schema: "s".repeat(64) }, "invalid_value", "schema"],
    ["a schema of the server's own", { pool, schema: "pg_shop" }, "invalid_value", "schema"],
    ["a text for migrate", { pool, migrate: "no" }, "invalid_type", "migrate"],
    ["a priorOrders that is none", { pool, priorOrders: 2 }, "invalid_type", "priorOrders"],
    ["a misspelt option", { pool, shema: "shop" }, "unknown_field", "shema"],
  ]) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(postgresStorage(options), (error) => {
        assert.deepEqual([error.name, error.code, error.path], ["CouponError", expected, at]);
        return true;
      });
    });
  }

  test("priorOrders is offered only if the host gave one", async (context) => {
    const schema = newSchema();
    assert.equal("priorOrders" in (await openFor(context, schema)), false);
    const { priorOrders } = await openFor(context, schema, { connectionString, priorOrders: ({ keys }) => keys.length });
    assert.equal(await priorOrders({ keys: [{ kind: "id", value: "42" }], excluding: null, asOf: 0 }), 1);
  });

  test("a server that is not there is storage_failed", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address();
    closed.close();
    await once(closed, "close");
    await assert.rejects(postgresStorage({ connectionString: `postgres://coupon@127.0.0.1:${port}/postgres` }), { code: "storage_failed" });
  });
});

/** Keeps every counter locked until the answer is called, or the test ends. */
async function lockCounters(context, schema) {
  const client = await admin.connect();
  await client.query(`BEGIN; SELECT FROM ${schema}.counters FOR UPDATE`);
  let locked = true;
  const unlock = async () => {
    if (!locked) return;
    locked = false;
    await client.query("ROLLBACK");
    client.release();
  };
  context.after(unlock);
  return unlock;
}

/** Ends the connection of the one statement of this schema that waits for a lock, once it does. */
async function terminateWaiting(schema) {
  for (;;) {
    const ended = await rowsOf(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND position($1 in query) > 0", [`"${schema}"`]);
    if (ended.length > 0) return;
  }
}

async function untilDecided(attempt) {
  for (;;) {
    const outcome = await attempt();
    if (outcome.status !== "busy") return outcome;
  }
}

function countsOf(outcomes) {
  const counts = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
