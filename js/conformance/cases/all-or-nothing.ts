/**
 * Group 5: a refused batch leaves nothing behind, seen past the adapter.
 */
import { ConformanceFailure, type ConformanceCase, type ConformanceContext } from "../case.js";
import { add, batch, claim, entry, hold } from "../batches.js";
import { committed, expectStored, read, settled, witness } from "../contend.js";
import { expectEqual } from "../expect.js";
import { outlivesProcesses, withoutReopen } from "./manifest.js";

const WHOLE = "RedemptionLedger.commit: everything or nothing, in one atomic step";
const NO_TRANSACTION = "each statement commits by itself, or the transaction is committed although a guard said no";

export const allOrNothingCases: readonly ConformanceCase[] = [
  {
    group: "all or nothing",
    name: "the last of ten operations is refused: nothing has moved",
    must: WHOLE,
    cause: NO_TRANSACTION,
    async run(context) {
      await committed(context.first, batch([hold("order-0", ["c4"])], [add("c4", 1, 1)]));
      const inserts = Array.from({ length: 5 }, (_, place) => hold(`order-${place + 1}`, ["c0", "c4"]));
      const adds = ["c0", "c1", "c2", "c3", "c4"].map((counter) => add(counter, 1, 1));
      const outcome = await settled(context.first, batch(inserts, adds));
      expectEqual(outcome.status, "ceiling", "the status of a batch whose last counter is full");
      if (outcome.status === "ceiling" && outcome.add !== undefined) expectEqual(outcome.add, 4, "which add was refused");
      await expectUntouched(context, inserts.map(({ key }) => key), [0, 0, 0, 0, 1]);
    },
  },
  {
    group: "all or nothing",
    name: "the last insert is taken: nothing has moved",
    must: WHOLE,
    cause: NO_TRANSACTION,
    async run(context) {
      await committed(context.first, batch([hold("order-0", ["c4"])], [add("c4", 1, 9)]));
      const inserts = [...Array.from({ length: 4 }, (_, place) => hold(`order-${place + 1}`, ["c0"])), hold("order-0")];
      const adds = ["c0", "c1", "c2", "c3", "c4"].map((counter) => add(counter, 1, 9));
      expectEqual(await settled(context.first, batch(inserts, adds)), { status: "exists", insert: 4 }, "a batch whose last revision is taken");
      await expectUntouched(context, inserts.slice(0, 4).map(({ key }) => key), [0, 0, 0, 0, 1]);
    },
  },
  {
    group: "all or nothing",
    name: "a refused batch leaves the holds as they were",
    must: WHOLE,
    cause: "the holds of a key are kept in a table of their own, outside of the transaction",
    async run({ first, connect }) {
      await committed(first, batch([hold("order-1", ["c"])], [add("c", 1, 1)]));
      const release = batch([entry("order-1", 1, "released")], [add("c", -2)]);
      expectEqual((await settled(first, release)).status, "ceiling", "the status of a release of more than is claimed");
      const { counters, entries } = await read((await connect()) ?? first, { counters: ["c"], entries: ["order-1"] });
      expectEqual([counters[0]?.claimed, counters[0]?.held, entries[0]?.revision], [1, 1, 0], "claimed, held and the newest revision");
    },
  },
  {
    group: "all or nothing",
    name: "after a refused batch the connection works on",
    must: WHOLE,
    cause: "the transaction of the refused batch is still open: what comes next is lost or deadlocks",
    async run(context) {
      const { first } = context;
      await committed(first, batch([hold("order-0", ["c"])], [add("c", 1, 1)]));
      await settled(first, batch([hold("order-1", ["c"])], [add("c", 1, 1)]));
      await committed(first, batch([entry("order-0", 1, "released")], [add("c", -1)]), "a release after a refusal");
      await committed(first, batch([entry("order-1", 0, "held", [claim("c")])], [add("c", 1, 1)]), "the refused batch, now that there is room");
      const seen = await witness(context);
      await seen.expectClaimed("c", 1, "after refusal, release and claim");
    },
  },
  {
    group: "all or nothing",
    name: "what commits is seen at once by others",
    must: "durability: an acknowledged commit is written, not queued",
    cause: "commit answers before its transaction has ended",
    requires: outlivesProcesses,
    async run({ first, connect }) {
      const other = await connect();
      if (other === null) throw new ConformanceFailure(withoutReopen(first.ledger.capabilities));
      await committed(first, batch([hold("order-1", ["c"])], [add("c", 1, 1)]));
      expectEqual((await settled(other, batch([hold("order-2", ["c"])], [add("c", 1, 1)]))).status, "ceiling", "the status of the next claim over another connection");
    },
  },
];

async function expectUntouched(context: ConformanceContext, keys: readonly string[], claimed: readonly number[]): Promise<void> {
  const seen = await witness(context);
  for (const [place, wanted] of claimed.entries()) await seen.expectClaimed(`c${place}`, wanted, "after the refused batch");
  const { counters, entries } = await read(seen.handle, { counters: ["c0"], entries: keys });
  expectEqual(entries, keys.map(() => null), "entries of the refused batch");
  expectEqual(counters[0]?.held, 0, "held of c0 after the refused batch");
  await expectStored(context.probe, 1, "after the refused batch");
}
