/**
 * The shared cases of the ledger: the two guards, all or nothing, what a read answers. Definitions are elsewhere.
 */
import assert from "node:assert/strict";
import { add, batch, entry, NOON } from "./records.mjs";

const MOST = 2 ** 53 - 1;
const COMMITTED = { status: "committed" };

export const ledgerCases = {
  "the ledger says what it can do": async ({ store }) => {
    const { atomicCommit, maxOperations, durability } = store.ledger.capabilities;
    assert.equal(atomicCommit, true);
    assert.equal(maxOperations, 1000);
    assert.ok(["volatile", "power"].includes(durability));
  },

  "a read is aligned with its request, missing and repeated counters included": async ({ store }) => {
    await store.ledger.commit(batch([], [add("a", 3), add("b", 4)]));
    const nothing = { claimed: 0, held: 0, nextExpiry: null };
    assert.deepEqual(await store.ledger.read({ counters: ["b", "absent", "a", "b"] }), {
      counters: [{ ...nothing, claimed: 4 }, nothing, { ...nothing, claimed: 3 }, { ...nothing, claimed: 4 }],
    });
    assert.deepEqual(await store.ledger.read({ counters: [] }), { counters: [] });
  },

  "an empty commit is committed": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([])), COMMITTED);
  },

  "a revision is written once": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [], { body: "{}" })])), { status: "exists", insert: 0 });
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 1, [])])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, []), entry("order-1", 1, [])])),
      { status: "exists", insert: 1 });
    assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, [])])), COMMITTED, "the refused batch left nothing");
  },

  "one commit cannot write a revision twice": async ({ store }) => {
    const twice = batch([entry("order-1", 0, []), entry("order-1", 0, [])]);
    assert.deepEqual(await store.ledger.commit(twice), { status: "exists", insert: 1 });
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])])), COMMITTED);
  },

  "a replay at an exhausted ceiling answers exists, not ceiling": async ({ store }) => {
    const purchase = batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]);
    assert.deepEqual(await store.ledger.commit(purchase), COMMITTED);
    assert.deepEqual(await store.ledger.commit(purchase), { status: "exists", insert: 0 });
    assert.equal(await claimed(store, "c"), 1);
  },

  "an add may reach its ceiling and not pass it": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 4, 5)])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 2, 5)])), { status: "ceiling", add: 0, claimed: 4 });
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 5)])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 5)])), { status: "ceiling", add: 0, claimed: 5 });
    assert.equal(await claimed(store, "c"), 5);
  },

  "the first touch of a counter is held against its ceiling": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 2, 1)])), { status: "ceiling", add: 0, claimed: 0 });
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 0)])), { status: "ceiling", add: 0, claimed: 0 });
    assert.equal(await claimed(store, "c"), 0);
  },

  "a counter never goes below 0": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", -1)])), { status: "ceiling", add: 0, claimed: 0 });
    await store.ledger.commit(batch([], [add("c", 2)]));
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", -3)])), { status: "ceiling", add: 0, claimed: 2 });
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", -2)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 0);
  },

  "without a ceiling only the floor is guarded": async ({ store }) => {
    await store.ledger.commit(batch([], [add("c", 5, 5)]));
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 7, null)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 12);
  },

  "a ceiling travels with its command: it can be raised and lowered, and a release still works": async ({ store }) => {
    await store.ledger.commit(batch([], [add("c", 5, 5)]));
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, 2)])), { status: "ceiling", add: 0, claimed: 5 });
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", -1, null)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 4, "still above the lowered ceiling of 2");
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 6, 10)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 10);
  },

  "counters are exact up to 2^53 − 1 and stop there": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", MOST - 1, MOST)])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, MOST)])), COMMITTED);
    assert.equal(await claimed(store, "c"), MOST);
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 1, null)])), { status: "ceiling", add: 0, claimed: MOST });
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", -MOST)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 0);
  },

  "keys and counters are any text, told apart byte for byte": async ({ store }) => {
    const names = ["é", "e\u0301", "🎟", "🎟 ", "C", "c", "c\u0000d", "c\u0000e", "';--", "", "零"];
    for (const [index, name] of names.entries()) {
      assert.deepEqual(await store.ledger.commit(batch([entry(name, 0, [name])], [add(name, index + 1)])), COMMITTED, name);
    }
    const { counters } = await store.ledger.read({ counters: names });
    assert.deepEqual(counters.map((counter) => counter.claimed), names.map((_, index) => index + 1));
    assert.deepEqual(counters.map((counter) => counter.held), names.map(() => 1));
  },

  "a large body and a full index are taken": async ({ store }) => {
    const many = Array.from({ length: 200 }, (_, index) => `v${index}`);
    const body = JSON.stringify({ note: "é".repeat(500_000) });
    const large = entry("order-1", 0, many, { body, index: { counters: many, coupons: many, codes: many, customerKeys: many, order: null } });
    assert.deepEqual(await store.ledger.commit(batch([large])), COMMITTED);
    assert.equal((await store.ledger.read({ counters: ["v199"] })).counters[0].held, 1);
  },

  "1,000 operations fit into a commit, 1,001 are refused before anything is written": async ({ store }) => {
    const counters = Array.from({ length: 999 }, (_, index) => add(`c${index}`, 1, 1));
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])], counters)), COMMITTED);
    await assert.rejects(
      async () => store.ledger.commit(batch([entry("order-2", 0, []), entry("order-3", 0, [])], counters)),
      { code: "too_large" });
    assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, [])])), COMMITTED);
  },

  "if the last of ten operations is refused, nothing has moved": async ({ store, probe }) => {
    await store.ledger.commit(batch([entry("order-0", 0, ["c4"])], [add("c4", 1, 1)]));
    const inserts = Array.from({ length: 5 }, (_, index) => entry(`order-${index + 1}`, 0, ["c0", "c4"]));
    const adds = ["c0", "c1", "c2", "c3", "c4"].map((counter) => add(counter, 1, 1));
    assert.deepEqual(await store.ledger.commit(batch(inserts, adds)), { status: "ceiling", add: 4, claimed: 1 });

    const other = await probe();
    const { counters } = await other.ledger.read({ counters: ["c0", "c1", "c2", "c3", "c4"] });
    assert.deepEqual(counters.map((counter) => counter.claimed), [0, 0, 0, 0, 1]);
    assert.deepEqual(counters.map((counter) => counter.held), [0, 0, 0, 0, 1]);
    assert.deepEqual(await other.ledger.commit(batch(inserts)), COMMITTED, "none of its revisions was written");
  },

  "held and nextExpiry follow the newest revision of each key": async ({ store }) => {
    const until = (minutes) => NOON + minutes * 60_000;
    const view = async () => (await store.ledger.read({ counters: ["c"] })).counters[0];
    await store.ledger.commit(batch([entry("one", 0, ["c"], { holdUntil: until(9) })], [add("c", 1)]));
    await store.ledger.commit(batch([entry("two", 0, ["c", "d"], { holdUntil: until(5) })], [add("c", 1)]));
    assert.deepEqual(await view(), { claimed: 2, held: 2, nextExpiry: until(5) });

    await store.ledger.commit(batch([entry("two", 1, ["c", "d"], { holdUntil: until(20) })]));
    assert.deepEqual(await view(), { claimed: 2, held: 2, nextExpiry: until(9) }, "extended");

    await store.ledger.commit(batch([entry("one", 1, ["c"], { state: "redeemed", holdUntil: null })]));
    assert.deepEqual(await view(), { claimed: 2, held: 1, nextExpiry: until(20) }, "redeemed stays claimed");

    await store.ledger.commit(batch([entry("two", 2, ["d"], { holdUntil: until(30) })], [add("c", -1)]));
    assert.deepEqual(await view(), { claimed: 1, held: 0, nextExpiry: null }, "replaced by a cart without this counter");

    await store.ledger.commit(batch([entry("two", 3, ["c"], { holdUntil: null })], [add("c", 1)]));
    assert.deepEqual(await view(), { claimed: 2, held: 1, nextExpiry: null }, "a hold without an end");

    for (const [revision, state] of [[4, "released"], [6, "expired"], [8, "rolled_back"]]) {
      await store.ledger.commit(batch([entry("two", revision, ["c"], { state, holdUntil: null })], [add("c", -1)]));
      assert.deepEqual(await view(), { claimed: 1, held: 0, nextExpiry: null }, state);
      await store.ledger.commit(batch([entry("two", revision + 1, ["c"])], [add("c", 1)]));
      assert.equal((await view()).held, 1, `held anew after ${state}`);
    }
  },

  "within one commit the newest revision counts, in whatever order they come": async ({ store }) => {
    await store.ledger.commit(batch([
      entry("one", 1, ["c"], { state: "released", holdUntil: null }), entry("one", 0, ["c"]),
      entry("two", 0, ["c"]), entry("two", 1, ["c"], { holdUntil: NOON }),
    ]));
    const { counters } = await store.ledger.read({ counters: ["c"] });
    assert.deepEqual(counters, [{ claimed: 0, held: 1, nextExpiry: NOON }]);
  },

  "a refused commit leaves the holds as they were": async ({ store }) => {
    await store.ledger.commit(batch([entry("one", 0, ["c"])], [add("c", 1, 1)]));
    await store.ledger.commit(batch([entry("one", 1, ["c"], { state: "released", holdUntil: null })], [add("c", -2)]));
    const { counters } = await store.ledger.read({ counters: ["c"] });
    assert.deepEqual(counters, [{ claimed: 1, held: 1, nextExpiry: NOON + 300_000 }]);
  },

  "contenders for the last units: exactly as many win as there are": async ({ store }) => {
    const outcomes = await Promise.all(Array.from({ length: 60 }, async (_, index) =>
      store.ledger.commit(batch([entry(`order-${index}`, 0, ["c"])], [add("c", 1, 25)]))));
    assert.equal(outcomes.filter(({ status }) => status === "committed").length, 25);
    assert.equal(outcomes.filter(({ status }) => status === "ceiling").length, 35);
    assert.deepEqual((await store.ledger.read({ counters: ["c"] })).counters,
      [{ claimed: 25, held: 25, nextExpiry: NOON + 300_000 }]);
  },
};

async function claimed(store, counter) {
  return (await store.ledger.read({ counters: [counter] })).counters[0].claimed;
}
