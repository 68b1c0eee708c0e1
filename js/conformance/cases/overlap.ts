/**
 * Group 8: batches that want the same things in opposite order. None waits for ever, none throws.
 */
import type { LedgerBatch } from "../../contract/storage.js";
import type { ConformanceCase, ConformanceContext } from "../case.js";
import { add, batch, entry, hold } from "../batches.js";
import { connections, contend, countOf, settled, witness } from "../contend.js";
import { expectEqual } from "../expect.js";

const NO_DEADLOCK = "CommitOutcome: another writer in the way is busy (and nothing was written), never a thrown error and never a wait without end";

export const overlapCases: readonly ConformanceCase[] = [
  {
    group: "overlap",
    name: "orders over overlapping coupons",
    must: NO_DEADLOCK,
    cause: "counters are locked in another order than the batch has them in, or an upgrade from a read lock to a write lock deadlocks",
    async run(context) {
      const names = ["a", "b", "c", "d", "e"];
      const claims = Array.from({ length: context.contenders * 20 }, (_, place) => {
        const wanted = [names[place % 5], names[(place * 3 + 1) % 5], names[(place * 2 + 2) % 5]] as string[];
        const counters = [...new Set(wanted)];
        return batch([hold(`order-${place}`, counters)], counters.map((counter) => add(counter, 1)));
      });
      await expectAll(context, claims);
      const seen = await witness(context);
      for (const name of names) {
        await seen.expectClaimed(name, claims.filter((one) => one.add.some(({ counter }) => counter === name)).length, "after all orders");
      }
    },
  },
  {
    group: "overlap",
    name: "helpers that expire the same holds in opposite order",
    must: NO_DEADLOCK,
    cause: "unique keys are inserted in the order of the batch: two transactions wait for each other's key; sort the inserts by key, or answer the victim busy",
    async run(context) {
      const rounds = 12;
      const holds = 6;
      for (let round = 0; round < rounds; round++) {
        const keys = Array.from({ length: holds }, (_, place) => `hold-${round}-${place}`);
        await settled(context.first, batch(keys.map((key) => hold(key, ["c"])), [add("c", holds)]));
        const expire = (order: readonly string[], helper: number): LedgerBatch =>
          batch([hold(`own-${round}-${helper}`, ["c"]), ...order.map((key) => entry(key, 1, "expired"))], [add("c", 1 - holds)]);
        const backwards = keys.map((_, place) => keys[keys.length - 1 - place] as string);
        const helpers = Array.from({ length: context.contenders * 2 }, (_, helper) => expire(helper % 2 === 0 ? keys : backwards, helper));
        const outcomes = await contend(await connections(context), helpers, settled);
        expectEqual([countOf(outcomes, "committed"), countOf(outcomes, "exists")], [1, helpers.length - 1],
          `committed and exists of ${helpers.length} helpers that expire the same ${holds} holds`);
      }
      await (await witness(context)).expectClaimed("c", rounds, `after ${rounds} rounds, of which each leaves its winner's own hold`);
    },
  },
];

async function expectAll(context: ConformanceContext, claims: readonly LedgerBatch[]): Promise<void> {
  const outcomes = await contend(await connections(context), claims, settled);
  expectEqual(countOf(outcomes, "committed"), claims.length, `committed of ${claims.length} orders without a limit`);
}
