/**
 * Each case of the kit can fail: a right ledger, the memory store, is spoiled in one small way after another, and the case
 * that is for it fails, by its name. What needs contention to fail is with the wrong adapters.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entry } from "./support/package.mjs";
import { runPlainly } from "./support/plain-loop.mjs";

const { ConformanceFailure, ledgerCases, runLedgerConformance } = await entry("conformance");
const { memoryStorage } = await entry("stores/memory");

/** Changes what a read answers of each counter, each entry or the ended holds. */
const reading = (change) => ({ ledger, ...rest }) => ({ ...rest, ledger: { ...ledger, read: (request) => change(ledger.read(request), request, ledger) } });
const counters = (change) => reading((view, request) => ({ ...view, counters: view.counters.map((counter, place) => change(counter, request, place)) }));
const entries = (change) => reading((view) => ({ ...view, entries: view.entries.map((found) => found && change(found)), expiredHolds: view.expiredHolds.map(change) }));
/** Changes what is committed, or what is answered to it. */
const committing = (change) => ({ ledger, ...rest }) => ({ ...rest, ledger: { ...ledger, commit: (batch) => change((changed) => ledger.commit(changed), structuredClone(batch)) } });
const adding = (change) => committing((commit, batch) => commit({ ...batch, add: batch.add.map(change) }));
const capable = (change) => ({ ledger, ...rest }) => ({ ...rest, ledger: { ...ledger, capabilities: change(ledger.capabilities) } });
const listing = (name, change) => ({ redemptions, ...rest }) => ({ ...rest, redemptions: { ...redemptions, [name]: (request) => change((changed) => redemptions[name](changed), request) } });
const named = (rename) => committing((commit, batch) => commit({
  ...batch,
  insert: batch.insert.map((one) => ({ ...one, index: { ...one.index, claims: one.index.claims.map((claim) => ({ ...claim, counter: rename(claim.counter) })) } })),
  add: batch.add.map((one) => ({ ...one, counter: rename(one.counter) })),
}));

const FAULTS = {
  "manifest: capabilities are complete and do not change": capable((of) => ({ ...of, maxOperations: 99 })),
  "manifest: what is committed outlives the connection that wrote it": capable((of) => ({ ...of, durability: "process" })),
  "shape: an empty ledger answers zeros and nulls": reading((view) => ({ ...view, entries: view.entries.filter((found) => found !== null) })),
  "shape: answers come in the order of the questions, repeated ones too": reading((view) => ({ ...view, counters: [...view.counters].sort((one, other) => one.claimed - other.claimed) })),
  "shape: an empty commit is committed": committing((commit, batch) => {
    if (batch.add.length === 0) throw new SyntaxError("near \")\"");
    return commit(batch);
  }),
  "shape: an entry comes back as it was written": entries((found) => ({ ...found, body: JSON.stringify(JSON.parse(found.body)) })),
  "shape: the newest revision is the greatest, not the last one written": committing((commit, batch) => commit({ ...batch, insert: batch.insert.map((one) => ({ ...one, revision: one.revision % 10 })) })),
  "shape: keys and counters are told apart byte for byte": named((name) => name.normalize("NFC").trim()),
  "shape: long names and a body of 1,000,000 characters are taken": committing((commit, batch) => commit({ ...batch, insert: batch.insert.map((one) => ({ ...one, body: one.body.slice(0, 65_535) })) })),
  "shape: a commit of maxOperations operations is taken": committing((commit, batch) => {
    if (batch.insert.length > 400) throw new RangeError("too many parameters");
    return commit(batch);
  }),
  "insert: the same batch again is told exists": committing(async (commit, batch) => withStatus(await commit(batch), "exists", { status: "committed" })),
  "insert: the same batch again is told exists where its counter is full by now": ({ ledger, ...rest }) => ({
    ...rest,
    ledger: { ...ledger, commit: (batch) => withStatus(ledger.commit({ ...batch, insert: [] }), "committed", null) ?? ledger.commit(batch) },
  }),
  "insert: a taken revision keeps what was written first": committing((commit, batch) => commit({ ...batch, insert: batch.insert.map((one) => (one.state === "redeemed" && one.revision === 0 ? { ...one, revision: 1 } : one)) })),
  "insert: a batch of which one revision is taken writes none": committing((commit, batch) => {
    const outcome = commit(batch);
    if (outcome.status === "exists") commit({ ...batch, insert: batch.insert.filter((_, place) => place !== outcome.insert) });
    return outcome;
  }),
  "insert: revisions of one key follow each other": committing((commit, batch) => commit({ ...batch, insert: batch.insert.map((one) => ({ ...one, revision: 0 })) })),
  "bounded add: up to the ceiling and not past it": adding((one) => ({ ...one, ceiling: one.ceiling && one.ceiling + 1 })),
  "bounded add: the first touch of a counter is guarded too": ({ ledger, ...rest }) => ({
    ...rest,
    ledger: { ...ledger, commit: (batch) => ledger.commit({ ...batch, add: batch.add.map((one) => (claimedOf(ledger, one.counter) === 0 ? { ...one, ceiling: null } : one)) }) },
  }),
  "bounded add: not below 0": ({ ledger, ...rest }) => ({
    ...rest,
    ledger: { ...ledger, commit: (batch) => ledger.commit({ ...batch, add: batch.add.map((one) => ({ ...one, delta: Math.max(one.delta, -claimedOf(ledger, one.counter)) })) }) },
  }),
  "bounded add: a ceiling of null guards only the floor": adding((one) => ({ ...one, ceiling: one.ceiling ?? 5 })),
  "bounded add: a use is given back after the limit was lowered": (storage) => {
    const limits = new Map();
    return adding((one) => {
      if (one.ceiling !== null) limits.set(one.counter, one.ceiling);
      return { ...one, ceiling: limits.get(one.counter) ?? null };
    })(storage);
  },
  "bounded add: an add of 0 holds the counter to its ceiling": committing((commit, batch) => commit({ ...batch, add: batch.add.filter(({ delta }) => delta !== 0) })),
  "bounded add: a counter is exact up to 2^53 - 1": counters((counter) => ({ ...counter, claimed: Math.min(counter.claimed, 2 ** 31 - 1) })),
  "bounded add: a counter with an end is guarded like any other": adding((one) => (one.until === undefined ? one : { ...one, ceiling: null })),
  "all or nothing: the last of ten operations is refused: nothing has moved": committing((commit, batch) => {
    const outcome = commit(batch);
    if (outcome.status === "ceiling") commit({ ...batch, add: [] });
    return outcome;
  }),
  "all or nothing: the last insert is taken: nothing has moved": committing((commit, batch) => {
    const outcome = commit(batch);
    if (outcome.status === "exists") commit({ ...batch, insert: [] });
    return outcome;
  }),
  "all or nothing: a refused batch leaves the holds as they were": committing((commit, batch) => {
    const outcome = commit(batch);
    if (outcome.status === "ceiling" && batch.add.some(({ delta }) => delta < 0)) commit({ ...batch, add: [] });
    return outcome;
  }),
  "all or nothing: after a refused batch the connection works on": (storage) => {
    let aborted = false;
    return committing((commit, batch) => {
      if (aborted) throw new Error("current transaction is aborted");
      const outcome = commit(batch);
      aborted = outcome.status !== "committed";
      return outcome;
    })(storage);
  },
  "unknown outcome: what was answered is read": (storage) => {
    let stale = storage.ledger.read({ at: 0, counters: [], entries: [], expiredHolds: null });
    return reading((view, request, ledger) => {
      const late = { ...view, entries: view.entries.map((_, place) => stale.entries[place] ?? null) };
      stale = ledger.read(request);
      return late;
    })(storage);
  },
  "model: random purchases, run 1 of 3": counters((counter) => ({ ...counter, ended: 0 })),
  "holds: a hold has ended at its holdUntil, not after it": reading((view, request, ledger) => ledger.read({ ...request, at: request.at - 1 })),
  "holds: held and ended are sums of amounts": counters((counter) => ({ ...counter, held: Math.min(counter.held, 1) })),
  "holds: held follows the newest revision of each key": counters((counter) => ({ ...counter, held: counter.claimed })),
  "holds: expiredHolds: by counter, the longest ended first, no more than asked for": reading((view, request, ledger) => ({
    ...view,
    expiredHolds: request.expiredHolds === null ? [] : ledger.read({ ...request, expiredHolds: { counters: null, limit: request.expiredHolds.limit } }).expiredHolds,
  })),
  "holds: expiredHolds: only newest revisions, whole as they were written": reading((view) => ({ ...view, expiredHolds: view.expiredHolds.map((hold) => ({ ...hold, index: { ...hold.index, claims: [] } })) })),
  "redemptions: lists: newest revisions, by what they are indexed by, in these states, newest first": listing("list", (list, request) => list({ ...request, states: [] })),
  "redemptions: lists: entries of one instant come by key, over pages too": listing("list", (list, request) => ({ ...list({ ...request, after: null }), next: null })),
  "redemptions: history: every revision, oldest first": listing("history", (history, key) => history(key).slice(-1)),
  "redemptions: usage: what is redeemed, held and rolled back now, and the last redemption": listing("usage", (usage, request) => usage(request).map(({ redeemed, held, rolledBack, last }) => ({ redeemed: redeemed + held, held, rolledBack, last }))),
  "redemptions: tally: each counter equals what newest revisions claim of it": listing("tally", (tally, request) => {
    const page = tally(request);
    return { ...page, items: page.items.map(({ counter, claimed }) => ({ counter, claimed, live: claimed })) };
  }),
  "redemptions: rekey: a customer is renamed in every index and every counter": listing("rekey", (rekey, request) => (request.from === "id/bob" ? { entries: 0 } : rekey(request))),
  "redemptions: rekey: a coupon called customer is nobody": listing("rekey", (rekey, request) => (request.from === "day/2026-11-20" ? { entries: 1 } : rekey(request))),
  "redemptions: idle customers, and counters whose time is over": listing("prune", (prune, { before }) => prune({ before: before + 1 })),
};

for (const [name, spoil] of Object.entries(FAULTS)) {
  test(`${name}: can fail`, async () => {
    const { results } = await runPlainly(runLedgerConformance, { open: () => spoil(memoryStorage()) }, (other) => other === name);
    assert.equal(results.length, 1, "there is no such case");
    assert.ok(results[0].failure instanceof ConformanceFailure, "it passes");
    assert.ok(results[0].failure.message.startsWith(`${name}\n  seen: `), results[0].failure.message);
  });
}

test("every case is spoiled here, needs contention, or needs a second connection", () => {
  const elsewhere = ({ group, requires }) => ["race", "overlap", "load"].includes(group) || requires !== undefined;
  const alsoElsewhere = new Set(["unknown outcome: lost replies: reading again and resending converge", "redemptions: rekey while others buy: no use is lost"]);
  const names = ledgerCases().filter((one) => !elsewhere(one)).map(({ group, name }) => `${group}: ${name}`);
  const missing = names.filter((name) => !(name in FAULTS) && !alsoElsewhere.has(name) && !name.startsWith("model: "));
  assert.deepEqual(missing, []);
});

test("a failing run of the model names a seed that replays it", async () => {
  const spoil = counters((counter) => ({ ...counter, ended: 0 }));
  const failureWith = async (seed) => (await runPlainly(runLedgerConformance, { seed, open: () => spoil(memoryStorage()) }, (name) => name.startsWith("model"))).results;
  const second = (await failureWith(41))[1].failure.message;
  const [, seed, step] = /seed (\d+), step (\d+): replay with/u.exec(second);
  assert.equal(seed, "42");
  const replayed = (await failureWith(Number(seed)))[0].failure.message;
  assert.match(replayed, new RegExp(`seed 42, step ${step}: `, "u"));
});

function withStatus(outcome, status, instead) {
  return outcome.status === status ? instead : outcome;
}

function claimedOf(ledger, counter) {
  return ledger.read({ at: 0, counters: [counter], entries: [], expiredHolds: null }).counters[0].claimed;
}
