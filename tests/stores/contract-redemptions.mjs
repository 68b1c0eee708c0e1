/**
 * The shared cases of `RedemptionRegistry`: lists, sums, and the care of old data. It must not know which store it runs
 * against, so everything is awaited.
 */
import assert from "node:assert/strict";
import { allPages } from "./pages.mjs";
import { add, batch, claim, counterOf, entry, index, newestOf, NOON, settled } from "./records.mjs";

const MINUTE = 60_000;
const FIRST = { after: null, limit: 100 };
const keysOf = (entries) => entries.map(({ key }) => key);
const list = async (store, by, states = [], page = FIRST) => keysOf((await store.redemptions.list({ by, states, ...page })).items);
const tallies = async (store) => (await store.redemptions.tally(FIRST)).items;

export const redemptionCases = {
  "a list has the newest revision of each key, the newest first, then by key": async ({ store }) => {
    const old = entry("old", 0, [], { at: NOON - MINUTE });
    const changed = settled("old", 1, "redeemed", [], { at: NOON + MINUTE });
    const others = ["b", "a", "c"].map((key) => entry(key, 0, []));
    await store.ledger.commit(batch([old, ...others]));
    assert.deepEqual(await list(store, null), ["a", "b", "c", "old"]);
    await store.ledger.commit(batch([changed]));
    const { items, next } = await store.redemptions.list({ by: null, states: [], ...FIRST });
    assert.deepEqual([items, next], [[changed, others[1], others[0], others[2]], null]);
  },

  "keys of equal time come byte by byte": async ({ store }) => {
    const keys = ["", " ", "A", "Z", "a", "z", "é", "零", "\uFFFD", "🎟"];
    await store.ledger.commit(batch(keys.toReversed().map((key) => entry(key, 0, []))));
    assert.deepEqual(await list(store, null), keys);
    assert.deepEqual(keysOf(await allPages((page) => store.redemptions.list({ by: null, states: [], ...page }), 1)), keys);
  },

  "a list goes by coupon, code, customer or order, and by state": async ({ store }) => {
    const of = (changes) => ({ index: index(null, { coupons: [], codes: [], customerKeys: [], ...changes }) });
    await store.ledger.commit(batch([
      entry("one", 0, [], of({ coupons: ["spring", "autumn"], customerKeys: ["id/1", "email/h1"] })),
      settled("two", 0, "redeemed", [], of({ coupons: ["spring"], codes: ["S"], order: "order-2" })),
      settled("three", 0, "released", [], of({ coupons: ["spring"], codes: ["spring"], customerKeys: ["id/1"] })),
      settled("four", 0, "expired", [], of({ customerKeys: ["spring"] })),
      settled("five", 0, "rolled_back", [], of({ order: "spring" })),
    ]));
    const spring = { kind: "coupon", value: "spring" };
    assert.deepEqual(await list(store, spring), ["one", "three", "two"]);
    assert.deepEqual(await list(store, { kind: "coupon", value: "autumn" }), ["one"]);
    assert.deepEqual(await list(store, { kind: "code", value: "S" }), ["two"]);
    assert.deepEqual(await list(store, { kind: "code", value: "spring" }), ["three"]);
    assert.deepEqual(await list(store, { kind: "customer", value: "id/1" }), ["one", "three"]);
    assert.deepEqual(await list(store, { kind: "customer", value: "email/h1" }), ["one"]);
    assert.deepEqual(await list(store, { kind: "order", value: "order-2" }), ["two"]);
    assert.deepEqual(await list(store, { kind: "order", value: "one" }), [], "an order is not a key");
    assert.deepEqual(await list(store, spring, ["held"]), ["one"]);
    assert.deepEqual(await list(store, spring, ["redeemed", "released", "redeemed"]), ["three", "two"]);
    assert.deepEqual(await list(store, spring, ["rolled_back"]), []);
    assert.deepEqual(await list(store, null, ["expired", "rolled_back"]), ["five", "four"]);
    assert.deepEqual(await list(store, { kind: "coupon", value: "SPRING" }), []);
  },

  "only the newest revision is looked for": async ({ store }) => {
    const of = (coupons) => ({ index: index(null, { coupons }) });
    await store.ledger.commit(batch([entry("one", 0, [], of(["a", "b"]))]));
    await store.ledger.commit(batch([entry("one", 1, [], of(["b", "c"]))]));
    assert.deepEqual(await list(store, { kind: "coupon", value: "a" }), []);
    assert.deepEqual(await list(store, { kind: "coupon", value: "b" }), ["one"]);
    assert.deepEqual(await list(store, { kind: "coupon", value: "c" }), ["one"]);
    await store.ledger.commit(batch([settled("one", 2, "redeemed", [], of(["c"]))]));
    assert.deepEqual(await list(store, { kind: "coupon", value: "c" }, ["held"]), []);
    assert.deepEqual(await list(store, { kind: "coupon", value: "c" }, ["redeemed"]), ["one"]);
  },

  "pages of any length have every entry once, in order": async ({ store }) => {
    const states = ["held", "redeemed", "released"];
    const entries = Array.from({ length: 25 }, (_, place) => entry(`k${String(place).padStart(2, "0")}`, 0, [], {
      at: NOON + Math.floor(place / 4), state: states[place % 3], holdUntil: null, index: index(null, { coupons: place % 2 === 0 ? ["even"] : [] }),
    }));
    await store.ledger.commit(batch(entries));
    const sorted = entries.toSorted((one, other) => other.at - one.at || (one.key < other.key ? -1 : 1));
    for (const limit of [1, 3, 7, 25, 1000]) {
      const all = (by, wanted) => allPages((page) => store.redemptions.list({ by, states: wanted, ...page }), limit);
      assert.deepEqual(keysOf(await all(null, [])), keysOf(sorted));
      assert.deepEqual(keysOf(await all({ kind: "coupon", value: "even" }, ["held", "released"])),
        keysOf(sorted.filter(({ index: { coupons }, state }) => coupons.length === 1 && state !== "redeemed")));
    }
  },

  "a page goes on where it stopped while entries are added and change": async ({ store }) => {
    const at = (place) => NOON + place;
    await store.ledger.commit(batch([1, 2, 3, 4, 5, 6].map((place) => entry(`k${place}`, 0, [], { at: at(place) }))));
    const first = await store.redemptions.list({ by: null, states: [], after: null, limit: 2 });
    assert.deepEqual(keysOf(first.items), ["k6", "k5"]);
    await store.ledger.commit(batch([
      entry("k9", 0, [], { at: at(9) }), entry("k5", 1, [], { at: at(10) }), entry("k3", 1, [], { at: at(11) }), entry("k4b", 0, [], { at: at(4) }),
    ]));
    const second = await store.redemptions.list({ by: null, states: [], after: first.next, limit: 2 });
    assert.deepEqual(keysOf(second.items), ["k4", "k4b"], "k5 has moved to the front, which moves nothing here");
    const third = await store.redemptions.list({ by: null, states: [], after: second.next, limit: 2 });
    assert.deepEqual([keysOf(third.items), third.next], [["k2", "k1"], null]);
  },

  "a list cannot be continued from any text": async ({ store }) => {
    await store.ledger.commit(batch([entry("one", 0, [])]));
    for (const after of ["", "one", "/", "x/one", "1.5/one", " 1/one", "1e3/one", "9007199254740993/one", "NaN/one"]) {
      assert.deepEqual(await store.redemptions.list({ by: null, states: [], after, limit: 5 }), { unknownCursor: true }, after);
    }
  },

  "the history of a key is every revision, oldest first": async ({ store }) => {
    const revisions = [entry("one", 0, ["c"]), entry("one", 1, ["d"]), settled("one", 2, "redeemed", ["d"])];
    await store.ledger.commit(batch([revisions[1], revisions[0], entry("two", 0, [])]));
    await store.ledger.commit(batch([revisions[2]]));
    assert.deepEqual(await store.redemptions.history("one"), revisions);
    assert.deepEqual(await store.redemptions.history("absent"), []);
  },

  "usage counts keys by their newest revision, aligned with the request": async ({ store }) => {
    const nothing = { redeemed: 0, held: 0, rolledBack: 0, last: null };
    const of = (coupons, codes = [], more = {}) => ({ index: index("o-1", { coupons, codes, ...more }) });
    await store.ledger.commit(batch([
      entry("held", 0, [], of(["a"])), entry("ended", 0, [], { holdUntil: 1, ...of(["a"], ["A"]) }),
      settled("paid-1", 0, "redeemed", [], { at: NOON + 5, ...of(["a", "b"], ["A"], { order: null, customerKeys: ["id/1", "email/h"] }) }),
      settled("paid-0", 0, "redeemed", [], { at: NOON + 5, ...of(["a"]) }), settled("paid-2", 0, "redeemed", [], of(["a"])),
      settled("free", 0, "released", [], of(["a"])), settled("gone", 0, "expired", [], of(["a"])),
      settled("back", 0, "rolled_back", [], { at: NOON + 9, ...of(["a"]) }), settled("code", 0, "redeemed", [], of(["A"])),
    ]));
    const last = { key: "paid-1", at: NOON + 5, order: null, customerKeys: ["id/1", "email/h"] };
    assert.deepEqual(await store.redemptions.usage({ kind: "coupon", values: ["b", "absent", "a", "b"] }), [
      { ...nothing, redeemed: 1, last }, nothing, { redeemed: 3, held: 2, rolledBack: 1, last }, { ...nothing, redeemed: 1, last },
    ]);
    assert.deepEqual(await store.redemptions.usage({ kind: "code", values: ["A"] }), [{ redeemed: 1, held: 1, rolledBack: 0, last }]);
    assert.deepEqual(await store.redemptions.usage({ kind: "code", values: [] }), []);

    await store.ledger.commit(batch([settled("paid-1", 1, "rolled_back", [], { at: NOON + 10, ...of(["a"]) })]));
    assert.deepEqual(await store.redemptions.usage({ kind: "coupon", values: ["a", "b"] }), [
      { redeemed: 2, held: 2, rolledBack: 2, last: { key: "paid-0", at: NOON + 5, order: "o-1", customerKeys: ["id/42"] } }, nothing,
    ]);
  },

  "the tally of a ledger at rest is equal": async ({ store }) => {
    const claims = (...amounts) => ({ index: index(null, { claims: amounts.map((amount, place) => claim(`c${place}`, amount)) }) });
    await store.ledger.commit(batch([entry("one", 0, [], claims(1, 500)), entry("two", 0, [], claims(1, 70))], [add("c0", 2), add("c1", 570)]));
    await store.ledger.commit(batch([settled("one", 1, "redeemed", [], claims(1, 300))], [add("c1", -200)]));
    await store.ledger.commit(batch([settled("two", 1, "released")], [add("c0", -1), add("c1", -70)]));
    await store.ledger.commit(batch([settled("three", 0, "redeemed", [], claims(1, 8))], [add("c0", 1), add("c1", 8)]));
    await store.ledger.commit(batch([settled("three", 1, "rolled_back", [], claims(1))], [add("c1", -8)]));
    assert.deepEqual(await tallies(store), [{ counter: "c0", claimed: 2, live: 2 }, { counter: "c1", claimed: 300, live: 300 }]);
  },

  "a tally shows what does not fit together": async ({ store }) => {
    await store.ledger.commit(batch([entry("one", 0, ["both", "claimed-only"])], [add("both", 3), add("counted-only", 2)]));
    assert.deepEqual(await tallies(store), [
      { counter: "both", claimed: 3, live: 1 }, { counter: "claimed-only", claimed: 0, live: 1 }, { counter: "counted-only", claimed: 2, live: 0 },
    ]);
    await store.ledger.commit(batch([settled("one", 1, "released")], [add("both", -3), add("counted-only", -2)]));
    assert.deepEqual(await tallies(store), [
      { counter: "both", claimed: 0, live: 0 }, { counter: "counted-only", claimed: 0, live: 0 },
    ]);
  },

  "a tally pages by name, without counters that have an end": async ({ store }) => {
    const names = ["", "C", "a", "b", "c", "é", "\uFFFD", "🎟"];
    await store.ledger.commit(batch([entry("one", 0, [...names.slice(2), "attempt/2"])], [
      ...names.map((name) => add(name, 1)), add("attempt/1", 1, null, { until: NOON }), add("attempt/2", 1, 1, { until: NOON }),
    ]));
    for (const limit of [1, 3, 8]) {
      const items = await allPages((page) => store.redemptions.tally(page), limit);
      assert.deepEqual(items.map(({ counter }) => counter), names);
    }
    const { items } = await store.redemptions.tally({ after: "between", limit: 2 });
    assert.deepEqual(items.map(({ counter }) => counter), ["c", "é"], "any name can be gone on from");
  },

  "pruned are counters whose end has come, and no others": async ({ store }) => {
    await store.ledger.commit(batch([], [
      add("ended", 1, null, { until: NOON - 1 }), add("kept", 1, null, { until: null }), add("later", 1, null, { until: NOON + 1 }),
      add("now", 1, null, { until: NOON }), add("plain", 1),
    ]));
    assert.deepEqual(await store.redemptions.prune({ before: NOON }), { counters: 2 });
    assert.deepEqual(await store.redemptions.prune({ before: NOON }), { counters: 0 });
    const { counters } = await store.ledger.read({ at: NOON, counters: ["ended", "kept", "later", "now", "plain"], entries: [], expiredHolds: null });
    assert.deepEqual(counters.map(({ claimed }) => claimed), [0, 1, 1, 0, 1]);
    assert.deepEqual(await store.ledger.commit(batch([], [add("ended", 1, 1)])), { status: "committed" }, "it begins anew");
  },

  "the end of a counter is that of its last change": async ({ store }) => {
    await store.ledger.commit(batch([], [add("a", 1, null, { until: NOON }), add("b", 1, null, { until: NOON })]));
    await store.ledger.commit(batch([], [add("a", 1, null, { until: NOON + 5 }), add("b", 0, 1)]));
    assert.deepEqual(await store.redemptions.prune({ before: NOON }), { counters: 1 });
    assert.equal((await counterOf(store, "a")).claimed, 2);
    await store.ledger.commit(batch([], [add("a", -1)]));
    assert.deepEqual(await store.redemptions.prune({ before: NOON + 5 }), { counters: 0 }, "without an end it is kept");
  },

  "a renamed customer is found under the new name only, in every revision and every counter": async ({ store }) => {
    const claims = (who) => [`coupon/c/customer/${who}`, `coupon/c/day/2026-05-31/customer/${who}`, `first_order/customer/${who}`, "coupon/c"]
      .map((counter) => claim(counter, 1, 1));
    const of = (who) => ({ index: index("o-1", { claims: claims(who), customerKeys: [who, "email/h1"] }) });
    const revisions = (who) => [entry("one", 0, [], of(who)), entry("one", 1, [], of(who)), settled("one", 2, "redeemed", [], of(who))];
    const bystander = entry("two", 0, [], of("id/421"));
    await store.ledger.commit(batch([...revisions("id/42"), bystander], [...claims("id/42"), ...claims("id/421")]
      .map(({ counter }) => counter).toSorted().filter((counter, place, all) => all[place - 1] !== counter)
      .map((counter) => add(counter, counter === "coupon/c" ? 2 : 1, 2))));

    assert.deepEqual(await store.redemptions.rekey({ from: "id/42", to: "id/gone-7" }), { entries: 3 });
    assert.deepEqual(await store.redemptions.history("one"), revisions("id/gone-7"));
    assert.deepEqual(await newestOf(store, "two"), bystander);
    assert.deepEqual(await list(store, { kind: "customer", value: "id/42" }), []);
    assert.deepEqual(await list(store, { kind: "customer", value: "id/gone-7" }), ["one"]);
    assert.deepEqual(await list(store, { kind: "customer", value: "email/h1" }), ["one", "two"]);
    for (const { counter } of claims("id/42").slice(0, 3)) assert.equal((await counterOf(store, counter)).claimed, 0, counter);
    for (const { counter } of claims("id/gone-7").slice(0, 3)) assert.equal((await counterOf(store, counter)).claimed, 1, counter);
    for (const { counter, claimed, live } of await tallies(store)) assert.equal(claimed, live, counter);
    assert.deepEqual((await store.redemptions.usage({ kind: "coupon", values: ["spring"] }))[0].last.customerKeys, ["id/gone-7", "email/h1"]);

    const release = batch([settled("one", 3, "rolled_back", [], { index: index("o-1", { customerKeys: ["id/gone-7"] }) })], claims("id/gone-7").map(({ counter }) => counter).toSorted().map((counter) => add(counter, -1)));
    assert.deepEqual(await store.ledger.commit(release), { status: "committed" }, "its claims can be given back");
    assert.deepEqual(await store.redemptions.rekey({ from: "id/42", to: "id/gone-8" }), { entries: 0 });
  },

  "a rename reaches what only a counter or an old revision says": async ({ store }) => {
    const mine = "coupon/c/customer/id/42";
    const gone = "coupon/c/customer/id/gone";
    await store.ledger.commit(batch([
      entry("claim", 0, [mine], { index: index(null, { claims: [claim(mine)], customerKeys: [] }) }),
      entry("old", 0, [], { index: index(null) }), settled("old", 1, "redeemed", [], { index: index(null, { customerKeys: [] }) }),
    ], [add("coupon/d/customer/id/42", 4, 5), add(mine, 1)]));
    assert.deepEqual(await store.redemptions.rekey({ from: "id/42", to: "id/gone" }), { entries: 2 });
    assert.deepEqual((await newestOf(store, "claim")).index.claims, [claim(gone)]);
    assert.deepEqual((await store.redemptions.history("old")).map(({ index: { customerKeys } }) => customerKeys), [["id/gone"], []]);
    assert.deepEqual(await list(store, { kind: "customer", value: "id/gone" }), [], "the newest revision names nobody");
    assert.equal((await counterOf(store, "coupon/d/customer/id/gone")).claimed, 4, "a counter that no entry claims");
    assert.deepEqual(await counterOf(store, gone), { claimed: 1, held: 1, ended: 0, nextExpiry: NOON + 5 * MINUTE });
    const again = await store.redemptions.rekey({ from: "id/gone", to: "id/42" });
    assert.deepEqual(again, { entries: 2 }, "and back again");
    assert.deepEqual((await newestOf(store, "claim")).index.claims, [claim(mine)]);
  },

  "a customer renamed to one that is there becomes one with it": async ({ store }) => {
    const counter = (who) => `coupon/c/customer/${who}`;
    const of = (keys, claims) => ({ index: index(null, { customerKeys: keys, claims }) });
    await store.ledger.commit(batch([
      entry("both", 0, [], of(["id/1", "phone/5", "id/2"], [claim(counter("id/1"), 1, 3), claim(counter("id/2"), 1, 2)])),
      settled("one", 0, "redeemed", [], { at: NOON + 1, ...of(["id/1"], [claim(counter("id/1"))]) }),
      settled("two", 0, "redeemed", [], of(["id/2"], [claim(counter("id/2"))])),
    ], [add(counter("id/1"), 2, 2), add(counter("id/2"), 2, 2)]));
    assert.deepEqual(await store.redemptions.rekey({ from: "id/1", to: "id/2" }), { entries: 2 });
    assert.deepEqual(await newestOf(store, "both"),
      entry("both", 0, [], of(["id/2", "phone/5"], [claim(counter("id/2"), 2, 3)])));
    assert.deepEqual(await list(store, { kind: "customer", value: "id/2" }), ["one", "both", "two"]);
    assert.deepEqual(await tallies(store), [{ counter: counter("id/2"), claimed: 4, live: 4 }]);
    assert.deepEqual(await store.redemptions.idleCustomers({ before: NOON + 1, limit: 9 }), ["phone/5"]);
    assert.deepEqual(await store.redemptions.rekey({ from: "id/2", to: "id/2" }), { entries: 0 });
    assert.equal((await counterOf(store, counter("id/2"))).claimed, 4);
  },

  "whose counter it is, is said by the whole of its name": async ({ store }) => {
    const nobodys = [
      "coupon/customer/day/2026-11-20", "coupon/customer", "code/customer/month/2026-11", "attempt/customer/id/1", "/customer/id/1",
      "coupon/c/customer/id/1/2", "coupon/c/customer/id", "coupon/c/customer//1", "coupon//customer/id/1", "coupon/c/d/customer/id/1",
      "first_order/c/customer/id/1", "budget/c/customer/id/1", "x/coupon/c/customer/id/1", "coupon/c/customer/id/1\n/", "customer/id/1",
    ];
    const of1 = ["first_order", "coupon/c", "code/c", "coupon/customer", "coupon/c/day/2026-11-20", "code/c/week/2026-W47", "coupon/a\nb"].map((scope) => `${scope}/customer/id/1`);
    const claims = [...nobodys, ...of1].map((counter) => claim(counter));
    await store.ledger.commit(batch([entry("one", 0, [], { index: index(null, { claims, customerKeys: [] }) })],
      claims.map(({ counter }) => counter).toSorted().map((counter) => add(counter, 1))));
    for (const from of ["day/2026-11-20", "month/2026-11", "1/2", "id", "/1", "id/1/2", "customer/id/1"]) {
      assert.deepEqual(await store.redemptions.rekey({ from, to: "id/gone" }), { entries: 0 }, from);
    }
    assert.deepEqual(await store.redemptions.rekey({ from: "id/1", to: "id/2" }), { entries: 1 });
    const wanted = [...nobodys, ...of1.map((counter) => counter.replace(/1$/, "2"))];
    assert.deepEqual((await newestOf(store, "one")).index.claims.map(({ counter }) => counter), wanted);
    const counted = (await tallies(store)).filter(({ claimed, live }) => claimed === 1 && live === 1).map(({ counter }) => counter);
    assert.deepEqual(counted, wanted.toSorted());
  },

  "a renamed counter keeps its end": async ({ store }) => {
    const counter = (who) => `first_order/customer/${who}`;
    await store.ledger.commit(batch([], [
      add(counter("id/1"), 1, null, { until: NOON }), add(counter("id/2"), 1, null, { until: NOON + 9 }), add(counter("id/3"), 1),
    ]));
    await store.redemptions.rekey({ from: "id/1", to: "id/one" });
    await store.redemptions.rekey({ from: "id/one", to: "id/2" });
    assert.deepEqual(await store.redemptions.prune({ before: NOON + 8 }), { counters: 0 }, "the later end of both");
    await store.redemptions.rekey({ from: "id/2", to: "id/3" });
    assert.deepEqual(await store.redemptions.prune({ before: NOON + 9 }), { counters: 0 }, "no end is the latest");
    assert.equal((await counterOf(store, counter("id/3"))).claimed, 3);
  },

  "idle is a customer none of whose entries, of any revision, is from then or later": async ({ store }) => {
    const of = (...customerKeys) => ({ index: index(null, { customerKeys }) });
    await store.ledger.commit(batch([
      entry("a", 0, [], { at: NOON - 3, ...of("id/old", "id/seen-again", "email/old") }), entry("b", 0, [], { at: NOON, ...of("id/seen-again") }),
      entry("c", 0, [], { at: NOON - 1, ...of("id/once") }), entry("c", 1, [], { at: NOON - 2, ...of("id/recent") }),
      entry("d", 0, [], { at: NOON + 4, ...of("id/replaced") }), entry("d", 1, [], { at: NOON - 9, ...of("id/replaced") }),
    ]));
    const idle = async (before, limit = 100) => (await store.redemptions.idleCustomers({ before, limit })).toSorted();
    assert.deepEqual(await idle(NOON), ["email/old", "id/old", "id/once", "id/recent"]);
    assert.deepEqual(await idle(NOON - 3), []);
    assert.deepEqual(await idle(NOON - 1), ["email/old", "id/old", "id/recent"]);
    assert.deepEqual(await idle(NOON + 1), ["email/old", "id/old", "id/once", "id/recent", "id/seen-again"]);
    assert.equal((await idle(NOON, 3)).length, 3);
    await store.redemptions.rekey({ from: "id/old", to: "id/gone" });
    assert.deepEqual(await idle(NOON - 2), ["email/old", "id/gone"]);
    await store.redemptions.rekey({ from: "id/gone", to: "id/once" });
    assert.deepEqual(await idle(NOON - 1), ["email/old", "id/recent"], "of two that become one the later counts");
  },
};
