/**
 * The lists and sums of the back office, where the adapter has them. Owns no page of its own: it asks as the engine asks.
 */
import type { LedgerEntry, Page, RedemptionRegistry, UnknownCursor } from "../../contract/storage.js";
import { ConformanceFailure, textOf, type ConformanceCase, type ConformanceContext, type LedgerHandle } from "../case.js";
import { add, batch, claim, entry, hold, NOON } from "../batches.js";
import { committed, connections, contend, read, settled } from "../contend.js";
import { expect, expectAnswer, expectEqual } from "../expect.js";

/** Everything that a purchase of one customer leaves. */
function purchase(key: string, revision: number, state: LedgerEntry["state"], customer: string, at = NOON): LedgerEntry {
  const claims = state === "held" || state === "redeemed" ? [claim("coupon/a"), claim(`coupon/a/customer/${customer}`)] : [];
  return entry(key, revision, state, claims, { at, index: { coupons: ["a"], codes: ["a1"], customerKeys: [customer], order: `#${key}` } });
}

const given = (customer: string, delta = 1): ReturnType<typeof add>[] => [add("coupon/a", delta), add(`coupon/a/customer/${customer}`, delta)];

/** Four orders: one redeemed, one held, one released, one rolled back; ann has two of them. */
async function shop(first: LedgerHandle): Promise<RedemptionRegistry> {
  const registry = first.redemptions;
  if (registry === undefined) throw new ConformanceFailure("the handle has no redemptions");
  await committed(first, batch([purchase("o1", 0, "held", "id/ann")], given("id/ann")));
  await committed(first, batch([purchase("o1", 1, "redeemed", "id/ann", NOON + 10)]));
  await committed(first, batch([purchase("o2", 0, "held", "id/ann", NOON + 20)], given("id/ann")));
  await committed(first, batch([purchase("o3", 0, "held", "id/bob", NOON + 20)], given("id/bob")));
  await committed(first, batch([purchase("o3", 1, "released", "id/bob", NOON + 30)], given("id/bob", -1)));
  await committed(first, batch([purchase("o4", 0, "redeemed", "id/bob", NOON + 30)], given("id/bob")));
  await committed(first, batch([purchase("o4", 1, "rolled_back", "id/bob", NOON + 40)], given("id/bob", -1)));
  return registry;
}

const PAGES = "PageRequest, Page: `next` continues the list until it is null; what cannot be continued is { unknownCursor: true }";

export const redemptionCases: readonly ConformanceCase[] = withRedemptions([
  {
    group: "redemptions",
    name: "lists: newest revisions, by what they are indexed by, in these states, newest first",
    must: "RedemptionRegistry.list: the newest revision of each key, newest `at` first, then key",
    cause: "older revisions are listed too, or states are filtered before the newest revision is chosen",
    async run({ first }) {
      const registry = await shop(first);
      const keys = async (by: Parameters<RedemptionRegistry["list"]>[0]["by"], states: readonly LedgerEntry["state"][] = []): Promise<readonly string[]> =>
        (await everyPage((after) => registry.list({ by, states, after, limit: 1 }))).map(({ key, revision }) => `${key}:${revision}`);
      expectEqual(await keys(null), ["o4:1", "o3:1", "o2:0", "o1:1"], "all");
      expectEqual(await keys(null, ["held"]), ["o2:0"], "those held");
      expectEqual(await keys({ kind: "coupon", value: "a" }, ["redeemed", "rolled_back"]), ["o4:1", "o1:1"], "those of coupon a, redeemed or rolled back");
      expectEqual(await keys({ kind: "code", value: "a1" }), ["o4:1", "o3:1", "o2:0", "o1:1"], "those of code a1");
      expectEqual(await keys({ kind: "customer", value: "id/ann" }), ["o2:0", "o1:1"], "those of ann");
      expectEqual(await keys({ kind: "order", value: "#o3" }), ["o3:1"], "those of order #o3");
      expectEqual(await keys({ kind: "coupon", value: "none" }), [], "those of a coupon that nobody used");
    },
  },
  {
    group: "redemptions",
    name: "lists: entries of one instant come by key, over pages too",
    must: PAGES,
    cause: "the cursor holds only the instant: entries of the same one are skipped or repeated at a page's end",
    async run({ first }) {
      const keys = Array.from({ length: 9 }, (_, place) => `order-${place}`);
      await committed(first, batch(keys.map((key) => hold(key, ["c"])), [add("c", keys.length)]));
      for (const limit of [1, 2, 4, 9, 100]) {
        const listed = await everyPage((after) => registryOf(first).list({ by: null, states: [], after, limit }));
        expectEqual(listed.map(({ key }) => key), keys, `all, in pages of ${limit}`);
      }
      const unknown = await expectAnswer("a list with an unknown cursor", () => registryOf(first).list({ by: null, states: [], after: "no cursor of this list", limit: 5 }));
      expectEqual(unknown, { unknownCursor: true }, "a list with an unknown cursor");
    },
  },
  {
    group: "redemptions",
    name: "history: every revision, oldest first",
    must: "RedemptionRegistry.history: every revision of a key, oldest first; empty if there is none",
    cause: "only the newest revision is kept",
    async run({ first }) {
      const registry = await shop(first);
      expectEqual(await registry.history("o1"), [purchase("o1", 0, "held", "id/ann"), purchase("o1", 1, "redeemed", "id/ann", NOON + 10)], "the history of o1");
      expectEqual(await registry.history("none"), [], "the history of a key that is not there");
    },
  },
  {
    group: "redemptions",
    name: "usage: what is redeemed, held and rolled back now, and the last redemption",
    must: "RedemptionRegistry.usage: in the request's order, by newest revisions",
    cause: "revisions are counted instead of keys, or an order is counted as held and as redeemed",
    async run({ first }) {
      const registry = await shop(first);
      const last = { key: "o1", at: NOON + 10, order: "#o1", customerKeys: ["id/ann"] };
      const nothing = { redeemed: 0, held: 0, rolledBack: 0, last: null };
      expectEqual(await registry.usage({ kind: "coupon", values: ["none", "a"] }), [nothing, { redeemed: 1, held: 1, rolledBack: 1, last }], "usage of coupons none and a");
      expectEqual(await registry.usage({ kind: "code", values: ["a1"] }), [{ redeemed: 1, held: 1, rolledBack: 1, last }], "usage of code a1");
    },
  },
  {
    group: "redemptions",
    name: "tally: each counter equals what newest revisions claim of it",
    must: "RedemptionRegistry.tally: counters by name, claimed and live, equal at rest; those with `until` left out",
    cause: "live is read from the counter itself, or older revisions are summed",
    async run(context) {
      const registry = await shop(context.first);
      await committed(context.first, batch([], [{ ...add("attempt/1", 3, 9), until: NOON }]));
      const wanted = [["coupon/a", 2, 2], ["coupon/a/customer/id/ann", 2, 2], ["coupon/a/customer/id/bob", 0, 0]];
      const tallies = await everyPage((after) => registry.tally({ after, limit: 2 }));
      expectEqual(tallies.map(({ counter, claimed, live }) => [counter, claimed, live]), wanted, "the tally");
      await committed(context.first, batch([], [add("coupon/a", 1)]), "a use that nobody claims");
      const off = (await everyPage((after) => registry.tally({ after, limit: 100 }))).filter(({ claimed, live }) => claimed !== live);
      expectEqual(off, [{ counter: "coupon/a", claimed: 3, live: 2 }], "counters that differ after a use that nobody claims");
    },
  },
  {
    group: "redemptions",
    name: "rekey: a customer is renamed in every index and every counter",
    must: "RedemptionRegistry.rekey: in every index and in every counter of it, in one atomic step",
    cause: "old revisions or the counters are left with the old name, or a counter that exists under the new name is overwritten instead of added to",
    async run({ first, connect }) {
      const registry = await shop(first);
      await registry.rekey({ from: "id/ann", to: "erased/1" });
      const other = (await connect()) ?? first;
      const { counters } = await read(other, { counters: ["coupon/a/customer/id/ann", "coupon/a/customer/erased/1"] });
      expectEqual(counters.map(({ claimed, held }) => [claimed, held]), [[0, 0], [2, 1]], "claimed and held of the old and the new name");
      const history = await registry.history("o1");
      expectEqual(history.map(({ index }) => index.customerKeys), [["erased/1"], ["erased/1"]], "the customer in every revision of o1");
      expect(!textOf(history.map(({ index }) => index)).includes("id/ann"), () => `the old name is still in an index: ${textOf(history)}`);
      await registry.rekey({ from: "id/bob", to: "erased/1" });
      const off = (await everyPage((after) => registry.tally({ after, limit: 100 }))).filter(({ claimed, live }) => claimed !== live);
      expectEqual(off, [], "counters that differ after a second customer was renamed to the same name");
      expectEqual((await everyPage((after) => registry.list({ by: { kind: "customer", value: "erased/1" }, states: [], after, limit: 3 }))).length, 4, "entries of the new name");
      expectEqual(await registry.rekey({ from: "id/nobody", to: "erased/2" }), { entries: 0 }, "a rename of nobody");
    },
  },
  {
    group: "redemptions",
    name: "rekey: a coupon called customer is nobody",
    must: "RedemptionRegistry.rekey: whose counter it is, is said by the end of its name behind `/customer/`, not by a coupon's id or a day",
    cause: "the name is taken apart at the first or the last `/customer/`, whatever stands before it",
    async run({ first }) {
      const registry = registryOf(first);
      const plain = ["coupon/customer", "coupon/customer/day/2026-11-20", "code/customer/week/2026-W47", "coupon/customer/credit/added"];
      const mine = ["coupon/customer/customer/email/x", "coupon/customer/day/2026-11-20/customer/email/x", "first_order/customer/email/x"];
      const counters = [...plain, ...mine];
      await committed(first, batch([hold("order-1", counters)], counters.map((counter) => add(counter, 1))));
      for (const from of ["day/2026-11-20", "week/2026-W47", "credit/added", "customer/email/x"]) {
        expectEqual(await registry.rekey({ from, to: "erased/1" }), { entries: 0 }, `a rename of ${from}, who is nobody`);
      }
      expectEqual(await registry.rekey({ from: "email/x", to: "email/y" }), { entries: 1 }, "a rename of the customer");
      const renamed = [...plain, ...mine.map((counter) => counter.replace("email/x", "email/y"))];
      const tallies = await everyPage((after) => registry.tally({ after, limit: 100 }));
      expectEqual(tallies.filter(({ claimed }) => claimed > 0).map(({ counter, claimed, live }) => [counter, claimed, live]),
        [...renamed].sort().map((counter) => [counter, 1, 1]), "the tally");
    },
  },
  {
    group: "redemptions",
    name: "rekey while others buy: no use is lost",
    must: "RedemptionRegistry.rekey: one atomic step",
    cause: "counters are read, renamed and written back beside commits",
    async run(context) {
      const { first } = context;
      const steps = 7;
      const work = Array.from({ length: 10 * steps }, (_, at) => ({
        customer: `id/${Math.floor(at / steps)}`, order: at % steps < steps - 1 ? `order-${at}` : null,
      }));
      await contend(await connections(context), work, async (handle, { customer, order }) => {
        if (order === null) await registryOf(first).rekey({ from: customer, to: customer.replace("id/", "erased/") });
        else await settled(handle, batch([purchase(order, 0, "redeemed", customer)], given(customer)));
      });
      const off = (await everyPage((after) => registryOf(first).tally({ after, limit: 100 }))).filter(({ claimed, live }) => claimed !== live);
      expectEqual(off, [], "counters that differ after customers were renamed while they bought");
    },
  },
  {
    group: "redemptions",
    name: "idle customers, and counters whose time is over",
    must: "RedemptionRegistry.idleCustomers: none of whose entries, of any revision, is at or after `before`; prune: those whose `until` is at or before it",
    cause: "only newest revisions or only first ones are looked at, or < and <= are mixed up",
    async run({ first }) {
      const registry = await shop(first);
      const idle = async (before: number, limit = 10): Promise<readonly string[]> => [...(await registry.idleCustomers({ before, limit }))].sort();
      expectEqual(await idle(NOON + 20), [], "customers idle before ann's last entry");
      expectEqual(await idle(NOON + 21), ["id/ann"], "customers idle just after it");
      expectEqual(await idle(NOON + 41), ["id/ann", "id/bob"], "customers idle after everything");
      expectEqual((await idle(NOON + 41, 1)).length, 1, "customers idle, at most 1");
      const until = (counter: string, end: number): ReturnType<typeof add> => ({ ...add(counter, 1), until: end }) as ReturnType<typeof add>;
      await committed(first, batch([], [until("attempt/1", NOON), until("attempt/2", NOON + 1)]));
      expectEqual(await registry.prune({ before: NOON }), { counters: 1 }, "counters dropped at noon");
      const { counters } = await read(first, { counters: ["attempt/1", "attempt/2", "coupon/a"] });
      expectEqual(counters.map(({ claimed }) => claimed), [0, 1, 2], "claimed of the dropped, the later and the kept counter");
    },
  },
]);

/** They pass, having nothing to do, where the adapter has no such lists. */
function withRedemptions(cases: readonly ConformanceCase[]): readonly ConformanceCase[] {
  return cases.map((one) => ({
    ...one,
    run: async (context: ConformanceContext) => (context.first.redemptions === undefined ? undefined : one.run(context)),
  }));
}

function registryOf({ redemptions }: LedgerHandle): RedemptionRegistry {
  if (redemptions === undefined) throw new ConformanceFailure("the handle has no redemptions");
  return redemptions;
}

async function everyPage<T>(ask: (after: string | null) => Promise<Page<T> | UnknownCursor> | Page<T> | UnknownCursor): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 1000; pages++) {
    const page: Page<T> | UnknownCursor = await expectAnswer("a page", () => ask(after));
    if ("unknownCursor" in page) throw new ConformanceFailure(`the cursor ${textOf(after)}, which was a page's next, is answered as unknown`);
    items.push(...page.items);
    after = page.next;
    if (after === null) return items;
  }
  throw new ConformanceFailure("a list does not end: 1,000 pages and `next` is still not null");
}
