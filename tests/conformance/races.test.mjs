/**
 * U1, U2, U3, U8: 64 workers race for a coupon of 100 uses, 2,000 orders a round: first raw commits on each ledger, each of
 * them replayed; then purchases through the engine, of which all winners and some of the losers ask again when it is over.
 * On SQLite and PostgreSQL the workers are in eight processes.
 *
 * `COUPON_ENGINE_RACE_ROUNDS` says how many rounds.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { startPostgres } from "../stores/postgres-server.mjs";
import { reserveBatch, settled } from "./support/batches.mjs";
import { inLanes } from "./support/lanes.mjs";
import { engineOn, manyCodes, purchase, repeat, sharedCode } from "./support/shop.mjs";
import { openStore } from "./support/stores.mjs";
import { WorkerProcess } from "./support/workers.mjs";

const LIMIT = 100;
const ATTEMPTS = 2_000;
const ROUNDS = Number(process.env.COUPON_ENGINE_RACE_ROUNDS ?? 20);
const WORKERS = 64;
const PROCESSES = 8;

const folder = mkdtempSync(join(tmpdir(), "coupon-engine-races-"));
const server = await startPostgres({ max_connections: 200 });
const processes = Array.from({ length: PROCESSES }, () => new WorkerProcess());
after(async () => {
  await Promise.all(processes.map((worker) => worker.stop()));
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const STORES = {
  memory: { kind: "memory" },
  sqlite: { kind: "sqlite", path: join(folder, "shop.db") },
  postgres: { kind: "postgres", connectionString: server.connectionString, schema: "races" },
};

for (const [name, description] of Object.entries(STORES)) {
  describe(name, () => {
    test(`U1: ${ROUNDS} rounds of ${ATTEMPTS} raw claims by ${WORKERS} workers: exactly ${LIMIT} win, and replays are told so`, async (context) => {
      const { storage, team } = await opened(context, description, "open");
      for (let round = 0; round < ROUNDS; round += 1) {
        const claims = claimsOf(round);
        const outcomes = await team("claim", claims);
        assert.deepEqual(tally(outcomes), { committed: LIMIT, ceiling: ATTEMPTS - LIMIT }, `round ${round}`);
        const replies = await team("claim", claims, 1);
        assert.deepEqual(replies, outcomes.map((status) => (status === "committed" ? "exists" : status)), `replays of round ${round}`);
      }
      await assertCountersAreLive(storage, ROUNDS * LIMIT);
    });

    test(`U1, U2, U3: ${ROUNDS} rounds of ${ATTEMPTS} orders through the engine by ${WORKERS} workers: exactly ${LIMIT} are redeemed`, async (context) => {
      const { storage, team } = await opened(context, description, "openEngine");
      const engine = await engineOn(storage);
      for (let round = 0; round < ROUNDS; round += 1) {
        const { id, orders } = await couponOf(engine, storage, round);
        const outcomes = await team("purchase", orders);
        assert.deepEqual(outcomes.flatMap(({ faults }) => faults), [], `replays of round ${round}`);
        assert.deepEqual(tally(outcomes.map(({ status, reason }) => reason ?? status)), { redeemed: LIMIT, codes_refused: ATTEMPTS - LIMIT }, `round ${round}`);
        assert.equal(await claimedOf(storage, `coupon/${id}`), LIMIT);

        const asked = orders.map((order, place) => ({ order, first: outcomes[place] }))
          .filter(({ first }, place) => round < 2 || first.status === "redeemed" || place % 10 === 0);
        const replies = await team("repeat", asked.map(({ order }) => order), 1);
        assert.deepEqual(replies.map(({ status, reason, changed, redemption }) => ({ status, reason, changed, redemption })),
          asked.map(({ first: { status, reason, redemption } }) => ({ status, reason, changed: false, redemption })), `repeated orders of round ${round}`);
        assert.deepEqual(tally(replies.flatMap(({ rejections }) => rejections ?? [])), { limit_reached: asked.length - LIMIT });
      }
      await assertCountersAreLive(storage);
    });

    test("U8: orders with two coupons in opposite order: none waits for ever, both limits are taken together", async (context) => {
      const { storage, team } = await opened(context, description, "openEngine");
      const engine = await engineOn(storage);
      const ids = [await sharedCode(engine, `LEFT-${name}`, 300), await sharedCode(engine, `RIGHT-${name}`, 200)];
      const codes = [`LEFT-${name}`, `RIGHT-${name}`];
      const orders = Array.from({ length: 600 }, (_, place) => ({ key: `both-${place}`, codes: place % 2 === 0 ? codes : [codes[1], codes[0]] }));
      const outcomes = await team("purchase", orders);
      assert.deepEqual(tally(outcomes.map(({ status, reason }) => reason ?? status)), { redeemed: 200, codes_refused: 400 });
      assert.deepEqual(outcomes.flatMap(({ faults }) => faults), []);
      for (const id of ids) assert.equal(await claimedOf(storage, `coupon/${id}`), 200);
      await assertCountersAreLive(storage);
    });
  });
}

/** Even rounds: one counter. Odd rounds: a code of its own for each order, and the coupon's counter behind all of them. */
function claimsOf(round) {
  return Array.from({ length: ATTEMPTS }, (_, place) => ({
    key: `raw-${round}-${place}`,
    ceilings: round % 2 === 0 ? { [`coupon/${round}`]: LIMIT } : { [`code/${round}-${place}`]: 1, [`coupon/${round}`]: LIMIT },
  }));
}

async function couponOf(engine, storage, round) {
  const orders = Array.from({ length: ATTEMPTS }, (_, place) => `order-${round}-${place}`);
  if (round % 2 === 0) {
    const code = `SHARED-${round}`;
    return { id: await sharedCode(engine, code, LIMIT), orders: orders.map((key) => ({ key, codes: [code] })) };
  }
  const { id, codes } = await manyCodes(engine, storage, `POOL-${round}`, ATTEMPTS, LIMIT);
  assert.equal(new Set(codes).size, ATTEMPTS);
  return { id, orders: orders.map((key, place) => ({ key, codes: [codes[place]] })) };
}

/**
 * The store, and 64 workers on it. `team` deals work out over them and answers in its order; `shift` deals it so that
 * whoever asked first is not who asks again.
 */
async function opened(context, description, how) {
  const storage = await openStore(description);
  context.after(() => storage.close?.());
  if (description.kind === "memory") {
    const engine = await engineOn(storage);
    const tasks = {
      claim: ({ key, ceilings }) => settled(storage.ledger, reserveBatch(key, ceilings)),
      purchase: (order) => purchase(engine, order),
      repeat: (order) => repeat(engine, order),
    };
    return { storage, team: (task, work) => inLanes(work, WORKERS, tasks[task]) };
  }
  const connections = await Promise.all(processes.map((worker) => worker.call(how, description)));
  async function team(task, work, shift = 0) {
    const shares = processes.map((_, place) => work.filter((_item, at) => (at + shift) % PROCESSES === place));
    const answers = await Promise.all(processes.map((worker, place) =>
      worker.call(task, connections[place].connection, shares[place], WORKERS / PROCESSES)));
    return work.map((_, at) => answers[(at + shift) % PROCESSES][Math.floor(at / PROCESSES)]);
  }
  context.after(() => Promise.all(processes.map((worker, place) => worker.call("close", connections[place].connection))));
  return { storage, team };
}

/** Each counter is what the records behind it claim. */
async function assertCountersAreLive(storage, atLeast = 1) {
  let live = 0;
  for (let cursor = null, last = false; !last;) {
    const { items, next } = await storage.redemptions.tally({ after: cursor, limit: 1000 });
    assert.deepEqual(items.filter((counter) => counter.claimed !== counter.live), []);
    live += items.filter(({ counter }) => counter.startsWith("coupon/")).reduce((sum, counter) => sum + counter.live, 0);
    [cursor, last] = [next, next === null];
  }
  assert.ok(live >= atLeast, `${live} uses are live`);
}

async function claimedOf(storage, counter) {
  const { counters } = await storage.ledger.read({ at: 0, counters: [counter], entries: [], expiredHolds: null });
  return counters[0].claimed;
}

function tally(outcomes) {
  const counts = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
