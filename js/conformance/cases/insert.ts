/**
 * Group 3: a revision is written once, and a repeated batch is told so.
 */
import type { ConformanceCase } from "../case.js";
import { add, batch, claim, entry, hold } from "../batches.js";
import { claimedOf, committed, expectStored, read, settled } from "../contend.js";
import { expectEqual } from "../expect.js";

const ONCE = "RedemptionLedger.commit: (key, revision) is unique; a batch with one that is taken answers exists and writes nothing";

export const insertCases: readonly ConformanceCase[] = [
  {
    group: "insert",
    name: "the same batch again is told exists",
    must: ONCE,
    cause: "a replay is upserted (the counter moves twice), or its unique violation is thrown instead of answered",
    async run({ first, probe }) {
      const purchase = batch([hold("order-1", ["c"])], [add("c", 1, 5)]);
      await committed(first, purchase);
      expectEqual(await settled(first, purchase), { status: "exists", insert: 0 }, "the same batch again");
      expectEqual(await claimedOf(first, "c"), 1, "claimed after both");
      await expectStored(probe, 1, "after both");
    },
  },
  {
    group: "insert",
    name: "the same batch again is told exists where its counter is full by now",
    must: "RedemptionLedger.commit: MUST judge inserts before adds",
    cause: "the counter is guarded first: a customer whose reply was lost is told that the coupon is sold out, by his own claim",
    async run({ first }) {
      const purchase = batch([hold("order-1", ["c"])], [add("c", 1, 1)]);
      await committed(first, purchase);
      expectEqual(await settled(first, purchase), { status: "exists", insert: 0 }, "the same batch at the exhausted ceiling");
      expectEqual(await claimedOf(first, "c"), 1, "claimed after both");
    },
  },
  {
    group: "insert",
    name: "a taken revision keeps what was written first",
    must: "LedgerEntry: one revision, never changed once written",
    cause: "INSERT OR REPLACE, ON CONFLICT DO UPDATE, or a put without a condition",
    async run({ first }) {
      const written = hold("order-1", ["c"]);
      await committed(first, batch([written], [add("c", 1, 5)]));
      const other = entry("order-1", 0, "redeemed", [claim("d")], { body: '{"other":true}' });
      expectEqual(await settled(first, batch([other], [add("d", 1, 5)])), { status: "exists", insert: 0 }, "another entry of the same key and revision");
      const view = await read(first, { counters: ["c", "d"], entries: ["order-1"] });
      expectEqual(view.entries, [written], "the entry");
      expectEqual(view.counters.map(({ claimed, held }) => [claimed, held]), [[1, 1], [0, 0]], "claimed and held of c and d");
    },
  },
  {
    group: "insert",
    name: "a batch of which one revision is taken writes none",
    must: ONCE,
    cause: "ON CONFLICT DO NOTHING whose count of rows nobody looks at, or inserts that commit one by one",
    async run({ first, probe }) {
      await committed(first, batch([hold("taken")]));
      const inserts = [hold("new-1", ["c"]), hold("taken"), hold("new-2", ["c"])];
      expectEqual(await settled(first, batch(inserts, [add("c", 2, 5)])), { status: "exists", insert: 1 }, "a batch whose second revision is taken");
      const view = await read(first, { counters: ["c"], entries: ["new-1", "new-2"] });
      expectEqual([view.entries, view.counters[0]?.claimed], [[null, null], 0], "the other entries and the counter");
      await expectStored(probe, 1, "after the refused batch");
    },
  },
  {
    group: "insert",
    name: "revisions of one key follow each other",
    must: "LedgerEntry.revision: from 0; (key, revision) is unique, the key alone is not",
    cause: "the key alone is the primary key, or the next revision replaces the one before",
    async run({ first, probe }) {
      await committed(first, batch([hold("order-1", ["c"])], [add("c", 1, 1)]));
      await committed(first, batch([entry("order-1", 1, "redeemed", [claim("c")])]));
      const late = batch([entry("order-1", 1, "released")], [add("c", -1)]);
      expectEqual(await settled(first, late), { status: "exists", insert: 0 }, "a second revision 1 (the loser of a compare-and-swap)");
      const view = await read(first, { counters: ["c"], entries: ["order-1"] });
      expectEqual([view.entries[0]?.state, view.entries[0]?.revision, view.counters[0]?.claimed], ["redeemed", 1, 1], "state, revision and claimed");
      await expectStored(probe, 2, "after two revisions");
    },
  },
];
