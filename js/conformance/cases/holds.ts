/**
 * Group 10: what holds claim, until when, and which have ended. The ledger reads no clock: the request says what time it is.
 */
import type { CounterView } from "../../contract/storage.js";
import type { ConformanceCase, LedgerHandle } from "../case.js";
import { add, batch, claim, entry, hold, NOON } from "../batches.js";
import { committed, read } from "../contend.js";
import { expectEqual } from "../expect.js";

const VIEW = "CounterView: claimed is the stored integer; held what live holds claim, ended what ended ones claim, nextExpiry when the first live one ends";
const ENDED = "LedgerView.expiredHolds: newest revisions in state held that ended at or before `at`, the longest ended first, at most `limit`";

export const holdCases: readonly ConformanceCase[] = [
  {
    group: "holds",
    name: "a hold has ended at its holdUntil, not after it",
    must: "LedgerReadRequest.at: a hold whose holdUntil is at or before it has ended",
    cause: "< where it has to be <=, or the store's own clock",
    async run({ first }) {
      await committed(first, batch([hold("k", ["c"], { holdUntil: NOON })], [add("c", 1)]));
      expectEqual(await view(first, NOON - 1), { claimed: 1, held: 1, ended: 0, nextExpiry: NOON }, "the counter, one millisecond before");
      expectEqual(await view(first, NOON), { claimed: 1, held: 0, ended: 1, nextExpiry: null }, "the counter, at holdUntil");
      expectEqual(await endedKeys(first, NOON - 1), [], "expiredHolds, one millisecond before");
      expectEqual(await endedKeys(first, NOON), ["k"], "expiredHolds, at holdUntil");
      expectEqual(await endedKeys(first, NOON - 1), [], "expiredHolds, asked again for the earlier instant (a clock that went back)");
    },
  },
  {
    group: "holds",
    name: "held and ended are sums of amounts",
    must: VIEW,
    cause: "holds are counted instead of summed: a store credit's claim is minor units",
    async run({ first }) {
      await committed(first, batch([entry("k1", 0, "held", [claim("c", 250)], { holdUntil: NOON + 1 })], [add("c", 250)]));
      await committed(first, batch([entry("k2", 0, "held", [claim("c", 30)], { holdUntil: NOON + 5 })], [add("c", 30)]));
      await committed(first, batch([entry("k3", 0, "redeemed", [claim("c", 1000)])], [add("c", 1000)]));
      expectEqual(await view(first, NOON), { claimed: 1280, held: 280, ended: 0, nextExpiry: NOON + 1 }, "the counter while both holds live");
      expectEqual(await view(first, NOON + 1), { claimed: 1280, held: 30, ended: 250, nextExpiry: NOON + 5 }, "the counter when one has ended");
    },
  },
  {
    group: "holds",
    name: "held follows the newest revision of each key",
    must: VIEW,
    cause: "the rows of an older revision are still counted, or the claims of a new one are not",
    async run({ first }) {
      await committed(first, batch([hold("k", ["c", "d"])], [add("c", 1), add("d", 1)]));
      await committed(first, batch([entry("k", 1, "held", [claim("d"), claim("c")], { holdUntil: NOON + 5 })]), "an extension");
      expectEqual(await view(first, NOON), { claimed: 1, held: 1, ended: 0, nextExpiry: NOON + 5 }, "c after the hold was extended");
      await committed(first, batch([entry("k", 2, "held", [claim("d")])], [add("c", -1)]), "another cart");
      expectEqual(await view(first, NOON), { claimed: 0, held: 0, ended: 0, nextExpiry: null }, "c after the cart was replaced by one without it");
      await committed(first, batch([entry("k", 3, "redeemed", [claim("d")])]), "the payment");
      expectEqual(await view(first, NOON, "d"), { claimed: 1, held: 0, ended: 0, nextExpiry: null }, "d after it was redeemed");
      for (const [revision, state] of [[4, "released"], [6, "expired"], [8, "rolled_back"]] as const) {
        await committed(first, batch([entry("k", revision, state)], [add("d", -1)]), state);
        expectEqual(await view(first, NOON, "d"), { claimed: 0, held: 0, ended: 0, nextExpiry: null }, `d after it was ${state}`);
        await committed(first, batch([entry("k", revision + 1, "held", [claim("d")], { holdUntil: NOON + 9 })], [add("d", 1)]), "held anew");
        expectEqual(await view(first, NOON, "d"), { claimed: 1, held: 1, ended: 0, nextExpiry: NOON + 9 }, `d held anew after ${state}`);
      }
    },
  },
  {
    group: "holds",
    name: "expiredHolds: by counter, the longest ended first, no more than asked for",
    must: ENDED,
    cause: "the limit is applied before the filter or the order, or a hold of two counters comes twice",
    async run({ first }) {
      const holds = [["k1", 30, ["a"]], ["k2", 10, ["a", "b"]], ["k3", 20, ["b"]], ["k4", 40, ["a"]]] as const;
      for (const [key, until, counters] of holds) {
        await committed(first, batch([hold(key, counters, { holdUntil: NOON + until })], counters.map((counter) => add(counter, 1))));
      }
      await committed(first, batch([hold("bare", [], { holdUntil: NOON + 5 })]));
      expectEqual(await endedKeys(first, NOON + 30, ["a"]), ["k2", "k1"], "those of a that ended by then");
      expectEqual(await endedKeys(first, NOON + 30, ["a", "b"]), ["k2", "k3", "k1"], "those of a or b");
      expectEqual(await endedKeys(first, NOON + 99, ["b", "none"]), ["k2", "k3"], "those of b");
      expectEqual(await endedKeys(first, NOON + 99, ["a"], 2), ["k2", "k1"], "the first two of a");
      expectEqual(await endedKeys(first, NOON + 99, []), [], "those of no counter");
      expectEqual((await endedKeys(first, NOON + 99, null)).filter((key) => key !== "bare"), ["k2", "k3", "k1", "k4"], "those of any counter");
    },
  },
  {
    group: "holds",
    name: "expiredHolds: only newest revisions, whole as they were written",
    must: ENDED,
    cause: "an older revision that was held is found, or a hold that was extended, redeemed or expired since",
    async run({ first }) {
      const left = hold("left", ["c"], { holdUntil: NOON, index: { coupons: ["spring"], codes: ["SPRING"], customerKeys: ["id/7"], order: "7" } });
      await committed(first, batch([left, ...["extended", "redeemed", "expired", "replaced"].map((key) => hold(key, ["c"], { holdUntil: NOON }))], [add("c", 5)]));
      await committed(first, batch([
        entry("extended", 1, "held", [claim("c")], { holdUntil: NOON + 9 }), entry("redeemed", 1, "redeemed", [claim("c")]),
        entry("expired", 1, "expired"), entry("replaced", 1, "held", [claim("d")], { holdUntil: NOON }),
      ], [add("c", -2), add("d", 1)]));
      const { expiredHolds } = await read(first, { at: NOON + 1, expiredHolds: { counters: ["c"], limit: 10 } });
      expectEqual(expiredHolds, [left], "expiredHolds of c");
      expectEqual(await view(first, NOON + 1), { claimed: 3, held: 1, ended: 1, nextExpiry: NOON + 9 }, "the counter");
    },
  },
];

async function view(handle: LedgerHandle, at: number, counter = "c"): Promise<CounterView | undefined> {
  const [found] = (await read(handle, { at, counters: [counter] })).counters;
  return found === undefined ? undefined : { ...found, ended: found.ended ?? 0 };
}

async function endedKeys(handle: LedgerHandle, at: number, counters: readonly string[] | null = ["c"], limit = 10): Promise<readonly string[]> {
  return (await read(handle, { at, expiredHolds: { counters, limit } })).expiredHolds.map(({ key }) => key);
}
