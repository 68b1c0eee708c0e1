/**
 * The shared cases of the ledger: the two guards, all or nothing, what a read answers. Lists and the care of old data
 * are elsewhere. It must not know which store it runs against, so everything is awaited.
 */
import assert from "node:assert/strict";
import { add, batch, claim, counterOf, entry, index, newestOf, NOON, settled } from "./records.mjs";

const MOST = 2 ** 53 - 1;
const COMMITTED = { status: "committed" };
const UNTOUCHED = { claimed: 0, held: 0, ended: 0, nextExpiry: null };
const minutes = (count) => NOON + count * 60_000;

export const ledgerCases = {
  "the ledger says what it can do": async ({ store }) => {
    const { atomicCommit, maxOperations, durability } = store.ledger.capabilities;
    assert.equal(atomicCommit, true);
    assert.ok(Number.isSafeInteger(maxOperations) && maxOperations >= 100);
    assert.ok(["volatile", "process", "power", "failover"].includes(durability));
  },

  "a read is aligned with its request, what is missing or asked for twice included": async ({ store }) => {
    const one = entry("one", 0, []);
    await store.ledger.commit(batch([one], [add("a", 3), add("b", 4)]));
    const request = { at: NOON, counters: ["b", "absent", "a", "b"], entries: ["absent", "one", "one"], expiredHolds: null };
    assert.deepEqual(await store.ledger.read(request), {
      counters: [{ ...UNTOUCHED, claimed: 4 }, UNTOUCHED, { ...UNTOUCHED, claimed: 3 }, { ...UNTOUCHED, claimed: 4 }],
      entries: [null, one, one],
      expiredHolds: [],
    });
    assert.deepEqual(await store.ledger.read({ at: NOON, counters: [], entries: [], expiredHolds: null }),
      { counters: [], entries: [], expiredHolds: [] });
  },

  "an entry comes back as it was written, and always the newest revision": async ({ store }) => {
    const first = entry("order-1", 0, [], {
      body: JSON.stringify({ note: "Grüße 🎟 \u2028 'quoted\"" }),
      index: {
        claims: [claim("coupon/z", MOST, MOST), claim("coupon/a", 0, null), claim("coupon/a/customer/email/a%2Fb", 1, 1)],
        coupons: ["z", "a", "a/credit"], codes: ["Z", "A"], customerKeys: ["phone/1", "email/a%2Fb"], order: "№ 7",
      },
    });
    await store.ledger.commit(batch([first]));
    assert.deepEqual(await newestOf(store, "order-1"), first);
    const second = settled("order-1", 1, "redeemed", [], { at: NOON - 5, index: index(null, { coupons: [], codes: [], customerKeys: [] }) });
    await store.ledger.commit(batch([second]));
    assert.deepEqual(await newestOf(store, "order-1"), second, "newest by revision, not by time");
  },

  "what a store was given or has answered is its own": async ({ store }) => {
    const mine = entry("order-1", 0, ["c"]);
    await store.ledger.commit(batch([mine]));
    mine.index.claims[0].amount = 7;
    mine.index.codes.push("MORE");
    (await newestOf(store, "order-1")).index.coupons.push("more");
    assert.deepEqual(await newestOf(store, "order-1"), entry("order-1", 0, ["c"]));
    assert.equal((await counterOf(store, "c")).held, 1);
  },

  "an empty commit is committed": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([])), COMMITTED);
  },

  "a revision is written once": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [], { body: "{}" })])), { status: "exists", insert: 0 });
    assert.deepEqual(await newestOf(store, "order-1"), entry("order-1", 0, []), "the first stays");
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 1, [])])), COMMITTED);
    assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, []), entry("order-1", 1, [])])),
      { status: "exists", insert: 1 });
    assert.equal(await newestOf(store, "order-2"), null, "the refused batch left nothing");
    assert.deepEqual(await store.ledger.commit(batch([entry("order-2", 0, [])])), COMMITTED);
  },

  "one commit cannot write a revision twice": async ({ store }) => {
    const twice = batch([entry("order-1", 0, []), entry("order-2", 0, []), entry("order-1", 0, [], { body: "{}" })]);
    assert.deepEqual(await store.ledger.commit(twice), { status: "exists", insert: 2 });
    assert.equal(await newestOf(store, "order-2"), null);
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])])), COMMITTED);
  },

  "a replay at an exhausted ceiling answers exists, not ceiling": async ({ store }) => {
    const purchase = batch([entry("order-1", 0, ["c"])], [add("c", 1, 1)]);
    assert.deepEqual(await store.ledger.commit(purchase), COMMITTED);
    assert.deepEqual(await store.ledger.commit(purchase), { status: "exists", insert: 0 });
    const behindANewOne = batch([entry("order-2", 0, ["c"]), entry("order-1", 0, ["c"])], [add("c", 2, 1)]);
    assert.deepEqual(await store.ledger.commit(behindANewOne), { status: "exists", insert: 1 });
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

  "an add of 0 only holds the counter to its ceiling": async ({ store }) => {
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 0, 0), add("d", 0, null)])), COMMITTED);
    await store.ledger.commit(batch([], [add("c", 5, 5)]));
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 0, 5)])), COMMITTED);
    const refused = batch([entry("order-1", 0, [])], [add("c", 0, 4)]);
    assert.deepEqual(await store.ledger.commit(refused), { status: "ceiling", add: 0, claimed: 5 });
    assert.equal(await newestOf(store, "order-1"), null);
    assert.deepEqual(await store.ledger.commit(batch([], [add("c", 0, null)])), COMMITTED);
    assert.equal(await claimed(store, "c"), 5);
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

  "amounts, instants and revisions are exact up to 2^53 − 1": async ({ store }) => {
    const far = entry("order-1", MOST, [], { at: MOST - 2, holdUntil: MOST, index: index("o", { claims: [claim("c", MOST, MOST)] }) });
    assert.deepEqual(await store.ledger.commit(batch([far], [add("c", MOST, MOST, { until: MOST })])), COMMITTED);
    assert.deepEqual(await newestOf(store, "order-1"), far);
    assert.deepEqual(await counterOf(store, "c", MOST - 1), { claimed: MOST, held: MOST, ended: 0, nextExpiry: MOST });
    assert.deepEqual(await counterOf(store, "c", MOST), { claimed: MOST, held: 0, ended: MOST, nextExpiry: null });
  },

  "keys and counters are any text, told apart byte for byte": async ({ store }) => {
    const names = ["é", "e\u0301", "🎟", "🎟 ", "C", "c", " c", "c ", "%", "_", "';--", "\\", "", "零"];
    for (const [place, name] of names.entries()) {
      assert.deepEqual(await store.ledger.commit(batch([entry(name, 0, [name])], [add(name, place + 1)])), COMMITTED, name);
    }
    const { counters, entries } = await store.ledger.read({ at: NOON, counters: names, entries: names, expiredHolds: null });
    assert.deepEqual(counters.map((counter) => counter.claimed), names.map((_, place) => place + 1));
    assert.deepEqual(counters.map((counter) => counter.held), names.map(() => 1));
    assert.deepEqual(entries, names.map((name) => entry(name, 0, [name])));
  },

  "a large body and a full index are taken": async ({ store }) => {
    const many = Array.from({ length: 200 }, (_, place) => `v${place}`);
    const body = JSON.stringify({ note: "é".repeat(500_000) });
    const full = { claims: many.map((counter) => claim(counter)), coupons: many, codes: many, customerKeys: many, order: null };
    const large = entry("order-1", 0, [], { body, index: full });
    assert.deepEqual(await store.ledger.commit(batch([large])), COMMITTED);
    assert.deepEqual(await newestOf(store, "order-1"), large);
    assert.equal((await counterOf(store, "v199")).held, 1);
  },

  "a commit carries as many operations as the ledger says, one more is refused before anything is written": async ({ store }) => {
    const most = store.ledger.capabilities.maxOperations;
    const counters = Array.from({ length: most - 1 }, (_, place) => add(`c${String(place).padStart(6, "0")}`, 1, 1));
    assert.deepEqual(await store.ledger.commit(batch([entry("order-1", 0, [])], counters)), COMMITTED);
    await assert.rejects(
      async () => store.ledger.commit(batch([entry("order-2", 0, []), entry("order-3", 0, [])], counters)),
      { code: "too_large" });
    assert.equal(await newestOf(store, "order-2"), null);
  },

  "if the last of ten operations is refused, nothing has moved": async ({ store, probe }) => {
    await store.ledger.commit(batch([entry("order-0", 0, ["c4"])], [add("c4", 1, 1)]));
    const inserts = Array.from({ length: 5 }, (_, place) => entry(`order-${place}`, place === 0 ? 1 : 0, ["c0", "c4"]));
    const adds = ["c0", "c1", "c2", "c3", "c4"].map((counter) => add(counter, 1, 1));
    assert.deepEqual(await store.ledger.commit(batch(inserts, adds)), { status: "ceiling", add: 4, claimed: 1 });

    const other = await probe();
    const names = adds.map(({ counter }) => counter);
    const keys = inserts.map(({ key }) => key);
    const { counters, entries } = await other.ledger.read({ at: NOON, counters: names, entries: keys, expiredHolds: null });
    assert.deepEqual(counters.map((counter) => counter.claimed), [0, 0, 0, 0, 1]);
    assert.deepEqual(counters.map((counter) => counter.held), [0, 0, 0, 0, 1]);
    assert.deepEqual(entries, [entry("order-0", 0, ["c4"]), null, null, null, null]);
    assert.deepEqual(await other.ledger.commit(batch(inserts)), COMMITTED, "none of its revisions was written");
  },

  "held, ended and nextExpiry count amounts, by the newest revision of each key": async ({ store }) => {
    const view = async () => counterOf(store, "c");
    const holding = (amount) => ({ index: index(null, { claims: [claim("c", amount)] }) });
    await store.ledger.commit(batch([entry("one", 0, [], { holdUntil: minutes(9), ...holding(30) })], [add("c", 30)]));
    await store.ledger.commit(batch([entry("two", 0, [], { holdUntil: minutes(5), ...holding(12) })], [add("c", 12)]));
    assert.deepEqual(await view(), { claimed: 42, held: 42, ended: 0, nextExpiry: minutes(5) });

    await store.ledger.commit(batch([entry("two", 1, [], { holdUntil: minutes(20), ...holding(10) })], [add("c", -2)]));
    assert.deepEqual(await view(), { claimed: 40, held: 40, ended: 0, nextExpiry: minutes(9) }, "extended, and less of it");

    await store.ledger.commit(batch([settled("one", 1, "redeemed", [], holding(30))]));
    assert.deepEqual(await view(), { claimed: 40, held: 10, ended: 0, nextExpiry: minutes(20) }, "redeemed stays claimed");

    await store.ledger.commit(batch([entry("two", 2, ["d"], { holdUntil: minutes(30) })], [add("c", -10)]));
    assert.deepEqual(await view(), { claimed: 30, held: 0, ended: 0, nextExpiry: null }, "replaced by a cart without this counter");

    await store.ledger.commit(batch([entry("two", 3, ["c"], { holdUntil: null })], [add("c", 1)]));
    assert.deepEqual(await view(), { claimed: 31, held: 1, ended: 0, nextExpiry: null }, "a hold without an end");

    for (const [revision, state] of [[4, "released"], [6, "expired"], [8, "rolled_back"]]) {
      await store.ledger.commit(batch([settled("two", revision, state, ["c"])], [add("c", -1)]));
      assert.deepEqual(await view(), { claimed: 30, held: 0, ended: 0, nextExpiry: null }, state);
      await store.ledger.commit(batch([entry("two", revision + 1, ["c"])], [add("c", 1)]));
      assert.equal((await view()).held, 1, `held anew after ${state}`);
    }
  },

  "a hold is live until just before its end, by the instant of the request": async ({ store }) => {
    await store.ledger.commit(batch([
      entry("one", 0, ["c"], { holdUntil: minutes(5) }), entry("two", 0, ["c"], { holdUntil: minutes(7) }),
    ], [add("c", 2)]));
    assert.deepEqual(await counterOf(store, "c", minutes(5) - 1), { claimed: 2, held: 2, ended: 0, nextExpiry: minutes(5) });
    assert.deepEqual(await counterOf(store, "c", minutes(5)), { claimed: 2, held: 1, ended: 1, nextExpiry: minutes(7) });
    assert.deepEqual(await counterOf(store, "c", minutes(7)), { claimed: 2, held: 0, ended: 2, nextExpiry: null });
    assert.deepEqual(await counterOf(store, "c", 0), { claimed: 2, held: 2, ended: 0, nextExpiry: minutes(5) }, "no clock is read");
  },

  "holds that have ended are found by the counters they claim, the longest ended first": async ({ store }) => {
    const inserts = [
      entry("late", 0, ["c"], { holdUntil: minutes(3) }), entry("first", 0, ["c", "d"], { holdUntil: minutes(1) }),
      entry("b", 0, ["d"], { holdUntil: minutes(2) }), entry("a", 0, ["d"], { holdUntil: minutes(2) }),
      entry("live", 0, ["c"], { holdUntil: minutes(4) + 1 }), entry("endless", 0, ["c"], { holdUntil: null }),
      entry("elsewhere", 0, ["e"], { holdUntil: minutes(0) }), entry("free", 0, [], { holdUntil: minutes(4) }),
    ];
    await store.ledger.commit(batch(inserts));
    const ended = async (counters, limit = 100, at = minutes(4)) => {
      const view = await store.ledger.read({ at, counters: [], entries: [], expiredHolds: { counters, limit } });
      for (const hold of view.expiredHolds) assert.deepEqual(hold, inserts.find(({ key }) => key === hold.key));
      return view.expiredHolds.map(({ key }) => key);
    };
    assert.deepEqual(await ended(["c", "d"]), ["first", "a", "b", "late"], "each once, equal ends by key");
    assert.deepEqual(await ended(["c"]), ["first", "late"]);
    assert.deepEqual(await ended(["c", "d"], 2), ["first", "a"]);
    assert.deepEqual(await ended(["absent"]), []);
    assert.deepEqual(await ended([]), []);
    assert.deepEqual(await ended(null), ["elsewhere", "first", "a", "b", "late", "free"], "of any counter, and of none");
    assert.deepEqual(await ended(null, 1), ["elsewhere"]);
    assert.deepEqual(await ended(["c", "d"], 100, minutes(2)), ["first", "a", "b"], "the end itself is not live any more");
    assert.deepEqual(await ended(["c", "d"], 100, minutes(2) - 1), ["first"]);
  },

  "a hold that was extended, redeemed, freed or has left the counter is no ended one": async ({ store }) => {
    const keys = ["extended", "redeemed", "released", "expired", "rolled_back", "moved"];
    await store.ledger.commit(batch(keys.map((key) => entry(key, 0, ["c"], { holdUntil: NOON }))));
    await store.ledger.commit(batch([
      entry("extended", 1, ["c"], { holdUntil: minutes(9) }), entry("moved", 1, ["d"], { holdUntil: NOON }),
      ...["redeemed", "released", "expired", "rolled_back"].map((state) => settled(state, 1, state, ["c"], { holdUntil: NOON })),
    ]));
    const ended = async (counters) => (await store.ledger.read({
      at: minutes(1), counters: [], entries: [], expiredHolds: { counters, limit: 100 },
    })).expiredHolds.map(({ key }) => key);
    assert.deepEqual(await ended(["c"]), []);
    assert.deepEqual(await ended(null), ["moved"]);
  },

  "within one commit the newest revision counts, in whatever order they come": async ({ store }) => {
    await store.ledger.commit(batch([
      settled("one", 1, "released", ["c"]), entry("one", 0, ["c"]),
      entry("two", 0, ["c"]), entry("two", 1, ["c"], { holdUntil: minutes(1) }),
    ]));
    assert.deepEqual(await counterOf(store, "c"), { claimed: 0, held: 1, ended: 0, nextExpiry: minutes(1) });
    assert.equal((await newestOf(store, "one")).state, "released");
    assert.deepEqual(await store.ledger.commit(batch([entry("one", 0, ["c"])])), { status: "exists", insert: 0 });
  },

  "a refused commit leaves the holds as they were": async ({ store }) => {
    await store.ledger.commit(batch([entry("one", 0, ["c"])], [add("c", 1, 1)]));
    await store.ledger.commit(batch([settled("one", 1, "released")], [add("c", -2)]));
    assert.deepEqual(await counterOf(store, "c"), { claimed: 1, held: 1, ended: 0, nextExpiry: minutes(5) });
    assert.equal((await newestOf(store, "one")).revision, 0);
  },

  "contenders for the last units: exactly as many win as there are": async ({ store }) => {
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, place) =>
      decided(store, batch([entry(`order-${place}`, 0, ["c"])], [add("c", 1, 25)]))));
    assert.equal(outcomes.filter(({ status }) => status === "committed").length, 25);
    assert.equal(outcomes.filter(({ status }) => status === "ceiling").length, 35);
    assert.deepEqual(await counterOf(store, "c"), { claimed: 25, held: 25, ended: 0, nextExpiry: minutes(5) });
  },

  "contenders for one revision: one of them writes it": async ({ store }) => {
    await store.ledger.commit(batch([entry("order-1", 0, ["c"])], [add("c", 1)]));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () =>
      decided(store, batch([settled("order-1", 1, "expired")], [add("c", -1)]))));
    assert.equal(outcomes.filter(({ status }) => status === "committed").length, 1);
    assert.equal(outcomes.filter(({ status }) => status === "exists").length, 19);
    assert.deepEqual(await counterOf(store, "c"), UNTOUCHED);
  },
};

/** Sends a batch until somebody has decided about it. */
async function decided(store, wanted) {
  for (;;) {
    const outcome = await store.ledger.commit(wanted);
    if (outcome.status !== "busy") return outcome;
    await new Promise((resume) => setTimeout(resume, outcome.retryAfterMs ?? 1));
  }
}

async function claimed(store, counter) {
  return (await counterOf(store, counter)).claimed;
}
