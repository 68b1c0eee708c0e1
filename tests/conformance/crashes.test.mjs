/**
 * U10, U2, U3: kill -9 of the workers, and of the PostgreSQL server, in the middle of whatever they do. Nothing that was
 * acknowledged is lost, no counter is off, and whoever did not get an answer may ask again.
 *
 * `COUPON_ENGINE_CRASHES` says how many rounds a store, `COUPON_ENGINE_SEED` with which choices.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { redeemBatch, releaseBatch, reserveBatch, settled } from "./support/batches.mjs";
import { CrashingPostgres } from "./support/crashing-postgres.mjs";
import { openStore } from "./support/stores.mjs";
import { WorkerProcess } from "./support/workers.mjs";

const ROUNDS = Number(process.env.COUPON_ENGINE_CRASHES ?? 20);
const SEED = Number(process.env.COUPON_ENGINE_SEED ?? 1);
const WORKERS = 3;
/** Per counter; small enough that some orders are refused. */
const CEILINGS = { "coupon/a": 60, "coupon/b": 40 };

const folder = mkdtempSync(join(tmpdir(), "coupon-engine-crashes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test(`U10: ${ROUNDS} rounds of kill -9 of SQLite's writers: nothing acknowledged is lost`, async (context) => {
  const store = { kind: "sqlite", path: join(folder, "shop.db") };
  const storage = await openStore(store);
  context.after(() => storage.close());
  assert.notEqual(storage.ledger.capabilities.durability, "volatile");
  for (let round = 0; round < ROUNDS; round += 1) {
    const diary = await buyAndKill(store, round, (workers) => Promise.all(workers.map((worker) => worker.kill())));
    await assertNothingLost(storage, diary, round);
  }
});

test(`U10: ${ROUNDS} rounds of kill -9 of PostgreSQL's clients and, every other round, of the server`, async (context) => {
  const server = await CrashingPostgres.create();
  context.after(() => server.stop());
  const store = { kind: "postgres", connectionString: server.connectionString, schema: "crashes" };
  await closing(store, ({ ledger }) => assert.equal(ledger.capabilities.durability, "power"));
  for (let round = 0; round < ROUNDS; round += 1) {
    const diary = await buyAndKill(store, round, async (workers) => {
      if (round % 2 === 0) await server.crash();
      await Promise.all(workers.map((worker) => worker.kill()));
      if (round % 2 === 0) await server.start();
    });
    await closing(store, (storage) => assertNothingLost(storage, diary, round));
  }
});

/** Lets workers buy until they have noted so many steps, strikes while they go on, and answers what they had noted. */
async function buyAndKill(store, round, strike) {
  const diary = { sent: new Map(), answered: new Set(), ceilings: ceilingsOf(round) };
  const workers = Array.from({ length: WORKERS }, () => new WorkerProcess());
  try {
    const connections = await Promise.all(workers.map((worker) => worker.call("open", store)));
    const enough = withResolvers();
    let notesLeft = 30 + (SEED * 7919 + round * 104_729) % 400;
    for (const worker of workers) {
      worker.onNote = (note) => {
        const [what, key, revision, state] = note.split(" ");
        if (what === "sent") diary.sent.set(`${key} ${revision}`, state ?? "held");
        if (what === "answered") diary.answered.add(`${key} ${revision}`);
        notesLeft -= 1;
        if (notesLeft === 0) enough.resolve();
      };
    }
    const endings = workers.map((worker, place) =>
      worker.call("buyUntilKilled", connections[place].connection, `r${round}-w${place}`, diary.ceilings).catch(() => {}));
    await Promise.race([enough.promise, Promise.all(endings)]);
    await new Promise((resolve) => setTimeout(resolve, round % 5)); // not always where a note has just been sent
    await strike(workers);
    await Promise.all(endings);
    return diary;
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

async function assertNothingLost(storage, { sent, answered, ceilings }, round) {
  assert.ok(answered.size > 0, `round ${round} was over before anything was answered`);
  for (const step of answered) {
    const [key, revision] = step.split(" ");
    const stored = await revisionOf(storage, key, Number(revision));
    assert.equal(stored?.state, sent.get(step), `round ${round}: ${step} was acknowledged`);
  }
  await assertCountersAreLive(storage, ceilings, `round ${round}, after the crash`);

  const open = [...sent].filter(([step]) => !answered.has(step)).sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [step, state] of open) {
    const [key, revision] = step.split(" ");
    const before = await revisionOf(storage, key, Number(revision));
    const told = await settled(storage.ledger, batchOf(key, state, ceilings));
    // A server may still carry out what a killed client had sent: what was not there may come between any two looks.
    assert.ok(before === undefined ? ["committed", "ceiling", "exists"].includes(told) : told === "exists", `round ${round}: ${step} sent again is told ${told}`);
    const again = await settled(storage.ledger, batchOf(key, state, ceilings));
    assert.ok(again === "exists" || (again === "ceiling" && told === "ceiling"), `round ${round}: ${step} sent a third time is told ${again}`);
    assert.equal(again === "exists", (await revisionOf(storage, key, Number(revision))) !== undefined, `round ${round}: ${step} is stored as told`);
  }
  await assertCountersAreLive(storage, ceilings, `round ${round}, after everybody has asked again`);
}

async function assertCountersAreLive(storage, ceilings, when) {
  const { items } = await storage.redemptions.tally({ after: null, limit: 1000 });
  assert.deepEqual(items.filter(({ claimed, live }) => claimed !== live), [], when);
  for (const [counter, ceiling] of Object.entries(ceilings)) {
    const claimed = items.find((item) => item.counter === counter)?.claimed ?? 0;
    assert.ok(claimed <= ceiling, `${when}: ${counter} is at ${claimed} of ${ceiling}`);
  }
}

function ceilingsOf(round) {
  return Object.fromEntries(Object.entries(CEILINGS).map(([counter, ceiling]) => [`${counter}/${round}`, ceiling]));
}

function batchOf(key, state, ceilings) {
  if (state === "held") return reserveBatch(key, ceilings);
  return state === "redeemed" ? redeemBatch(key, ceilings) : releaseBatch(key, ceilings);
}

async function revisionOf(storage, key, revision) {
  return (await storage.redemptions.history(key)).find((stored) => stored.revision === revision);
}

async function closing(store, work) {
  const storage = await openStore(store);
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve) => {
    parts.resolve = resolve;
  });
  return parts;
}
