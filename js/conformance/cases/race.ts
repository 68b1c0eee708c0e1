/**
 * Group 6: contenders for the last units, each over a connection of its own where there can be several. Exactly as many
 * win as there are units, and everybody gets an answer.
 */
import type { CounterAdd, LedgerBatch } from "../../contract/storage.js";
import { ConformanceFailure, type ConformanceCase, type ConformanceContext } from "../case.js";
import { add, batch, entry, hold } from "../batches.js";
import { connections, contend, countOf, expectStored, read, settled, witness, type Settled } from "../contend.js";
import { expect, expectEqual } from "../expect.js";
import { outlivesProcesses, withoutReopen } from "./manifest.js";

const ATOMIC = "RedemptionLedger.commit: MUST do all of it in one atomic step";
const READ_THEN_WRITE =
  "the counter is read and then written, counter and record are written in two steps, or a count of rows is not looked at; " +
  "the guard and the write are one statement, or both are under one lock on the counter";

const UNITS = 40;
const ATTEMPTS = 160;

export const raceCases: readonly ConformanceCase[] = [
  {
    group: "race",
    name: "contenders come over connections of their own",
    must: "RedemptionLedger.commit: atomic for all processes that share the data, not for one of them",
    cause: "the kit was not given reopen",
    requires: outlivesProcesses,
    async run({ first, connect }) {
      const second = await connect();
      if (second === null) throw new ConformanceFailure(withoutReopen(first.ledger.capabilities));
      expect(second.ledger !== first.ledger, () => "reopen answered the handle of open: it has to be a connection of its own");
    },
  },
  {
    group: "race",
    name: "distinct orders for the last units: exactly as many win as there are",
    must: ATOMIC,
    cause: READ_THEN_WRITE,
    async run(context) {
      const claims = Array.from({ length: ATTEMPTS }, (_, place) => batch([hold(`order-${place}`, ["coupon/a"])], [add("coupon/a", 1, UNITS)]));
      await expectWinners(context, claims, UNITS, "coupon/a");
    },
  },
  {
    group: "race",
    name: "distinct codes of one coupon: the coupon's limit holds over all of them",
    must: ATOMIC,
    cause: "the lock is taken per code, or on the first counter of a batch only, where the limit is on the coupon that the codes share",
    async run(context) {
      const claims = Array.from({ length: ATTEMPTS }, (_, place) => {
        const counters = [`code/${String(place).padStart(3, "0")}`, "coupon/b"];
        return batch([hold(`order-${place}`, counters)], [add(counters[0] as string, 1, 1), add("coupon/b", 1, UNITS)]);
      });
      await expectWinners(context, claims, UNITS, "coupon/b");
      const codes = claims.map(({ add: [code] }) => (code as CounterAdd).counter);
      const { counters } = await read((await context.connect()) ?? context.first, { counters: codes });
      expectEqual(counters.reduce((sum, { claimed }) => sum + claimed, 0), UNITS, "uses of all codes together");
    },
  },
  {
    group: "race",
    name: "a counter that nobody has written yet: one unit, one winner, a hundred times",
    must: "RedemptionLedger.commit: MUST refuse an add above its ceiling, on a counter without a row too",
    cause: "there is no row to lock yet: SELECT … FOR UPDATE locks nothing, and a guarded UPDATE of a missing row is followed by an unguarded INSERT",
    async run(context) {
      const customers = 100;
      const rivals = 4;
      const claims = Array.from({ length: customers * rivals }, (_, place) => {
        const counter = `coupon/c/customer/id/${Math.floor(place / rivals)}`;
        return batch([hold(`order-${place}`, [counter])], [add(counter, 1, 1)]);
      });
      const outcomes = await raced(context, claims);
      expectEqual(countOf(outcomes, "committed"), customers, `winners among ${rivals} orders of each of ${customers} customers, one use each`);
      const names = Array.from({ length: customers }, (_, place) => `coupon/c/customer/id/${place}`);
      const { counters } = await read((await context.connect()) ?? context.first, { counters: names });
      expectEqual(counters.map(({ claimed }) => claimed), names.map(() => 1), "claimed of each customer's counter");
      await expectStored(context.probe, customers, "after the race");
    },
  },
  {
    group: "race",
    name: "one order sent many times at once is written once",
    must: "LedgerEntry: (key, revision) is unique: one committed, all others exists, and the counter moves once",
    cause: "the counter moves before the insert is judged and stays moved when the insert conflicts, or the unique violation is thrown",
    async run(context) {
      const orders = 20;
      const copies = 8;
      const claims = Array.from({ length: orders * copies }, (_, place) =>
        batch([hold(`order-${Math.floor(place / copies)}`, ["coupon/d"])], [add("coupon/d", 1, orders)]));
      const outcomes = await raced(context, claims);
      expectEqual([countOf(outcomes, "committed"), countOf(outcomes, "exists")], [orders, orders * (copies - 1)],
        `committed and exists of ${orders} orders, each sent ${copies} times, under a limit of ${orders}`);
      await (await witness(context)).expectClaimed("coupon/d", orders, "after the race");
      await expectStored(context.probe, orders, "after the race");
    },
  },
  {
    group: "race",
    name: "an order that exists is counted",
    must: "RedemptionLedger.commit: everything or nothing: nobody is told exists of an entry whose adds are not made, or will be refused",
    cause: "record and counter are two steps: in between, and for ever after a crash, there is an order that no counter knows",
    async run(context) {
      const copies = 4;
      const claims = Array.from({ length: UNITS * 2 * copies }, (_, place) =>
        batch([hold(`order-${Math.floor(place / copies)}`, ["coupon/f"])], [add("coupon/f", 1, UNITS)]));
      const known = new Set<string>();
      const outcomes = await contend(await connections(context), claims, async (handle, wanted) => {
        const outcome = await settled(handle, wanted);
        if (outcome.status === "ceiling") return outcome;
        known.add(wanted.insert[0]?.key ?? "");
        const counted = known.size;
        const probe = await settled(handle, batch([], [add("coupon/f", 0, counted - 1)]));
        expectEqual(probe.status, "ceiling", `an add of 0 under a ceiling of ${counted - 1}, while ${counted} orders have been answered committed or exists`);
        return outcome;
      });
      const winners = new Set(claims.filter((_, place) => outcomes[place]?.status === "committed").map(({ insert: [first] }) => first?.key));
      expectEqual([...known].filter((key) => !winners.has(key)), [], "orders that were told exists, and that nobody was told committed");
      expectEqual(winners.size, UNITS, `winners of ${UNITS} units, each order sent ${copies} times at once`);
    },
  },
  {
    group: "race",
    name: "increments add up",
    must: ATOMIC,
    cause: "a lost update: two writers read the same value and both write it plus one",
    async run(context) {
      const increments = context.contenders * 25;
      await raced(context, Array.from({ length: increments }, () => batch([], [add("sum", 1), add("sum/10", 10)])), "committed");
      const seen = await witness(context);
      await seen.expectClaimed("sum", increments, `after ${increments} increments`);
      await seen.expectClaimed("sum/10", increments * 10, `after ${increments} increments of 10`);
    },
  },
  {
    group: "race",
    name: "claims and releases at once: every use is given back once",
    must: "RedemptionLedger.commit: insert and give back in one atomic step, whose (key, revision) decides",
    cause: "the counter is given back although the insert of the revision has lost, or apart from it",
    async run(context) {
      const orders = Array.from({ length: 60 }, (_, place) => `order-${place}`);
      await raced(context, orders.map((key) => batch([hold(key, ["coupon/e"])], [add("coupon/e", 1, orders.length)])), "committed");
      const cancellers = [...orders, ...orders].map((key) => batch([entry(key, 1, "released")], [add("coupon/e", -1)]));
      const newcomers = Array.from({ length: 60 }, (_, place) => batch([hold(`new-${place}`, ["coupon/e"])], [add("coupon/e", 1, orders.length)]));
      const work = [...cancellers, ...newcomers].sort((left, right) => order(left) - order(right));
      const outcomes = await raced(context, work);
      const released = work.filter(({ insert: [first] }, place) => first?.state === "released" && outcomes[place]?.status === "committed").length;
      const claimed = work.filter(({ insert: [first] }, place) => first?.state === "held" && outcomes[place]?.status === "committed").length;
      expectEqual(released, orders.length, `releases that were committed, of ${orders.length} orders cancelled by two at once`);
      await (await witness(context)).expectClaimed("coupon/e", claimed, `after ${claimed} claims beside the releases`);
    },
  },
];

async function expectWinners(context: ConformanceContext, claims: readonly LedgerBatch[], units: number, counter: string): Promise<void> {
  const outcomes = await raced(context, claims);
  expectEqual([countOf(outcomes, "committed"), countOf(outcomes, "ceiling")], [units, claims.length - units],
    `committed and ceiling of ${claims.length} contenders for ${units} units`);
  const seen = await witness(context);
  await seen.expectClaimed(counter, units, "after the race");
  const { counters, entries } = await read(seen.handle, { counters: [counter], entries: claims.map(({ insert: [first] }) => first?.key ?? "") });
  expectEqual(counters[0]?.held, units, `held of ${counter} after the race`);
  expectEqual(entries.map((found) => found !== null), outcomes.map(({ status }) => status === "committed"), "who has an entry, by who was told committed");
  await expectStored(context.probe, units, "after the race");

  const replies = await contend(await connections(context), claims, settled);
  const asBefore = outcomes.map(({ status }) => (status === "committed" ? "exists" : "ceiling"));
  expectEqual(replies.map(({ status }) => status), asBefore, "every batch sent again: winners are told exists, losers ceiling");
  await seen.expectClaimed(counter, units, "after everybody has asked again");
}

async function raced(context: ConformanceContext, batches: readonly LedgerBatch[], all?: Settled["status"]): Promise<readonly Settled[]> {
  const outcomes = await contend(await connections(context), batches, settled);
  if (all !== undefined) expectEqual(countOf(outcomes, all), batches.length, `outcomes ${all} of ${batches.length} that none has to lose`);
  return outcomes;
}

/** Mixes releases among the claims, the same in every run. */
function order({ insert: [first] }: LedgerBatch): number {
  const number = Number(first?.key.replace(/\D+/u, ""));
  return number * 2 + (first?.state === "held" ? 1 : 0);
}
