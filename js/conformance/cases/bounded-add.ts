/**
 * Group 4: a counter stays between 0 and the ceiling that the command carries.
 */
import type { ConformanceCase, LedgerHandle } from "../case.js";
import { add, batch } from "../batches.js";
import { claimedOf, committed, settled } from "../contend.js";
import { expect, expectEqual } from "../expect.js";
import { textOf } from "../case.js";

const MOST = 2 ** 53 - 1;
const BOUNDED = "RedemptionLedger.commit: MUST refuse an add that would leave its counter below 0 or above its ceiling";

export const boundedAddCases: readonly ConformanceCase[] = [
  {
    group: "bounded add",
    name: "up to the ceiling and not past it",
    must: BOUNDED,
    cause: "< where it has to be <=, or the guard compares the counter before the add instead of after it",
    async run({ first }) {
      await committed(first, batch([], [add("c", 4, 5)]), "4 of 5");
      await refused(first, "c", 2, 5, 4);
      await committed(first, batch([], [add("c", 1, 5)]), "the last of 5");
      await refused(first, "c", 1, 5, 5);
      await committed(first, batch([], [add("c", 1, 6)]), "one more under a raised ceiling");
    },
  },
  {
    group: "bounded add",
    name: "the first touch of a counter is guarded too",
    must: BOUNDED,
    cause: "a counter without a row is NULL and every comparison with NULL lets it pass, or the INSERT of an upsert has no guard",
    async run({ first }) {
      await refused(first, "never written", 2, 1, 0);
      await refused(first, "never written", 1, 0, 0);
      await committed(first, batch([], [add("never written", 1, 1)]), "the first of 1");
      await refused(first, "never written", 1, 1, 1);
    },
  },
  {
    group: "bounded add",
    name: "not below 0",
    must: BOUNDED,
    cause: "only the ceiling is guarded: a use that is given back twice makes room for one more than the limit",
    async run({ first }) {
      await refused(first, "c", -1, null, 0);
      await committed(first, batch([], [add("c", 2)]));
      await refused(first, "c", -3, null, 2);
      await committed(first, batch([], [add("c", -2)]), "back to 0");
      await refused(first, "c", -1, null, 0);
    },
  },
  {
    group: "bounded add",
    name: "a ceiling of null guards only the floor",
    must: "CounterAdd.ceiling: null, only the floor 0 is guarded",
    cause: "the ceiling of an earlier commit is kept and applied again: it travels with each command",
    async run({ first }) {
      await committed(first, batch([], [add("c", 5, 5)]));
      await committed(first, batch([], [add("c", 7, null)]), "7 more without a ceiling (a deliberate overdraft)");
      expectEqual(await claimedOf(first, "c"), 12, "claimed");
    },
  },
  {
    group: "bounded add",
    name: "a use is given back after the limit was lowered",
    must: "CounterAdd.ceiling: an add is held to the ceiling it carries, to no other",
    cause: "a CHECK constraint with the lowered limit refuses the release: the hold can never be freed",
    async run({ first }) {
      await committed(first, batch([], [add("c", 5, 5)]));
      await refused(first, "c", 1, 2, 5);
      await committed(first, batch([], [add("c", -1, null)]), "one given back while 5 are claimed and the limit is 2 by now");
      expectEqual(await claimedOf(first, "c"), 4, "claimed");
      await refused(first, "c", -1, 2, 4);
    },
  },
  {
    group: "bounded add",
    name: "an add of 0 holds the counter to its ceiling",
    must: "CounterAdd.delta: 0 only holds the counter to its ceiling",
    cause: "an add of 0 is dropped, or an UPDATE that changes nothing counts as no row",
    async run({ first }) {
      await committed(first, batch([], [add("c", 3, 3)]));
      await committed(first, batch([], [add("c", 0, 3)]), "0 at the ceiling");
      await refused(first, "c", 0, 2, 3);
      await committed(first, batch([], [add("fresh", 0, 0)]), "0 on a counter never written");
      expectEqual(await claimedOf(first, "c"), 3, "claimed");
    },
  },
  {
    group: "bounded add",
    name: "a counter is exact up to 2^53 - 1",
    must: "CounterView.claimed: one integer; store credits and budgets are counted in minor units",
    cause: "a 32-bit column, a float column, or a sum in floating point",
    async run({ first }) {
      await committed(first, batch([], [add("c", MOST - 1, MOST)]));
      await committed(first, batch([], [add("c", 1, MOST)]), "the last unit of 2^53 - 1");
      expectEqual(await claimedOf(first, "c"), MOST, "claimed");
      await refused(first, "c", 1, MOST, MOST);
      await committed(first, batch([], [add("c", -MOST)]));
      expectEqual(await claimedOf(first, "c"), 0, "claimed after all of it was given back");
    },
  },
  {
    group: "bounded add",
    name: "a counter with an end is guarded like any other",
    must: "CounterAdd.until: may be dropped by prune after it, and is bounded until then",
    cause: "the time to live is set anew and the value with it, or an own clock decides that it is over",
    async run({ first }) {
      const attempt = { ...add("attempt/1", 1, 2), until: 1000 };
      await committed(first, batch([], [attempt]));
      await committed(first, batch([], [attempt]));
      const outcome = await settled(first, batch([], [attempt]));
      expectEqual(outcome.status, "ceiling", "the third of 2, long after its end by the clock on the wall");
      expectEqual(await claimedOf(first, "attempt/1"), 2, "claimed");
    },
  },
];

/** The whole of a refusal: the answer, what it says of the counter, and that nothing has moved. */
async function refused(handle: LedgerHandle, counter: string, delta: number, ceiling: number | null, claimed: number): Promise<void> {
  const what = `an add of ${delta} to ${counter} at ${claimed} under ${ceiling === null ? "no ceiling" : `a ceiling of ${ceiling}`}`;
  const outcome = await settled(handle, batch([], [add(counter, delta, ceiling)]));
  expectEqual(outcome.status, "ceiling", `the status of ${what}`);
  if (outcome.status === "ceiling" && outcome.claimed !== undefined) {
    expect(outcome.claimed === claimed, () => `${what} answered ${textOf(outcome)}: claimed is ${claimed}; leave it out if it is not known`);
  }
  expectEqual(await claimedOf(handle, counter), claimed, `claimed after ${what} was refused`);
}
