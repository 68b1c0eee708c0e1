/**
 * Group 2: what is read is what was written, aligned with what was asked.
 */
import type { ConformanceCase } from "../case.js";
import { ConformanceFailure } from "../case.js";
import { add, batch, claim, entry, hold, NOON } from "../batches.js";
import { claimedOf, committed, expectStored, read } from "../contend.js";
import { expectEqual } from "../expect.js";

const MOST = 2 ** 53 - 1;
const LONGEST_BODY = 1_000_000;
/** A batch of more operations proves no more. */
const ENOUGH_OPERATIONS = 1000;

const ALIGNED = "RedemptionLedger.read: MUST answer counters and entries aligned with the request";
const AS_WRITTEN = "LedgerEntry, LedgerIndex: MUST come back from a read as it was written";
const BY_BYTE = "names are compared byte for byte: two texts that differ in anything are two keys";

/** Pairs that a collation, a normalisation or a trimming column takes for one. */
const LOOKALIKES = ["C", "c", "é", "e\u0301", "ß", "ss", "a", "a ", "ﬁ", "fi", "🎟", "🎟\uFE0F", "零", "1", "01", "'; --", "%", "a/b", "a%2Fb", "\\"];

export const shapeCases: readonly ConformanceCase[] = [
  {
    group: "shape",
    name: "an empty ledger answers zeros and nulls",
    must: ALIGNED,
    cause: "a missing row is left out instead of answered as { claimed: 0, held: 0, ended: 0, nextExpiry: null } or null, or a driver's row is handed on with fields of its own",
    async run({ first }) {
      const nothing = { claimed: 0, held: 0, ended: 0, nextExpiry: null };
      const view = await read(first, { counters: ["x", "y"], entries: ["a", "b", "c"], expiredHolds: { counters: null, limit: 5 } });
      expectEqual(view.counters.map((counter) => ({ ...counter, ended: counter.ended ?? 0 })), [nothing, nothing], "counters never written");
      expectEqual([view.entries, view.expiredHolds], [[null, null, null], []], "entries and expiredHolds of an empty ledger");
      expectEqual(await read(first, {}), { counters: [], entries: [], expiredHolds: [] }, "a read of nothing");
    },
  },
  {
    group: "shape",
    name: "answers come in the order of the questions, repeated ones too",
    must: ALIGNED,
    cause: "rows of an IN (…) query come in the order of an index; put them back into the order of the request",
    async run({ first }) {
      await committed(first, batch([hold("k1"), hold("k2")], [add("a", 3), add("b", 4)]));
      const view = await read(first, { counters: ["b", "none", "a", "b"], entries: ["k2", "none", "k1", "k2"] });
      expectEqual(view.counters.map(({ claimed }) => claimed), [4, 0, 3, 4], "claimed of b, none, a, b");
      expectEqual(view.entries.map((found) => found?.key ?? null), ["k2", null, "k1", "k2"], "entries of k2, none, k1, k2");
    },
  },
  {
    group: "shape",
    name: "an empty commit is committed",
    must: "RedemptionLedger.commit: everything or nothing, of no operations too",
    cause: "a statement is built from an empty list of values",
    async run({ first }) {
      await committed(first, batch([]), "a commit without operations");
      await committed(first, batch([hold("k")]), "a commit without adds");
      await committed(first, batch([], [add("c", 1)]), "a commit without inserts");
    },
  },
  {
    group: "shape",
    name: "an entry comes back as it was written",
    must: AS_WRITTEN,
    cause: "the body is stored as parsed JSON and printed anew, null and 0 are mixed up, or a number comes back as text",
    async run({ first, connect }) {
      const written = entry("order-1", 0, "held", [claim("c", MOST, MOST), claim("d", 1, null), claim("e", 5, 0)], {
        at: NOON - 1, holdUntil: 8_640_000_000_000_000,
        body: '{ "b":1,  "a":"é\u2028🎟 \\u0041","a2":[1.0,-0] }',
        index: { coupons: ["spring", "SPRING"], codes: ["code 1"], customerKeys: ["id/42", "email/h0123"], order: "#1001" },
      });
      const plain = entry("order-2", 7, "redeemed", [], { holdUntil: null });
      await committed(first, batch([written, plain], [add("c", MOST, MOST), add("d", 1)]));
      for (const handle of [first, (await connect()) ?? first]) {
        const { entries } = await read(handle, { entries: ["order-1", "order-2"] });
        expectEqual(entries, [written, plain], "the entries");
      }
    },
  },
  {
    group: "shape",
    name: "the newest revision is the greatest, not the last one written",
    must: "LedgerView.entries: the newest revision of each key",
    cause: "revisions are sorted by the time of the insert, or as texts (10 before 9)",
    async run({ first }) {
      await committed(first, batch([entry("k", 10, "redeemed"), entry("k", 9, "held", [claim("c")])]));
      await committed(first, batch([entry("k", 2, "held", [claim("c")])]));
      const view = await read(first, { counters: ["c"], entries: ["k"] });
      expectEqual(view.entries[0]?.revision, 10, "the revision of k");
      expectEqual(view.counters[0]?.held, 0, "held of a counter that only older revisions claim");
    },
  },
  {
    group: "shape",
    name: "keys and counters are told apart byte for byte",
    must: BY_BYTE,
    cause: "a case-insensitive or accent-insensitive collation, Unicode normalisation, or a column that pads with spaces",
    async run({ first }) {
      for (const [place, name] of LOOKALIKES.entries()) {
        await committed(first, batch([hold(name, [name])], [add(name, place + 1)]), `a commit of key and counter ${JSON.stringify(name)}`);
      }
      const { counters, entries } = await read(first, { counters: LOOKALIKES, entries: LOOKALIKES });
      expectEqual(counters.map(({ claimed }) => claimed), LOOKALIKES.map((_, place) => place + 1), "claimed");
      expectEqual(entries.map((found) => found?.key), LOOKALIKES, "keys");
    },
  },
  {
    group: "shape",
    name: "long names and a body of 1,000,000 characters are taken",
    must: "LedgerEntry: a key has up to 200 characters, a body up to 1,000,000; a counter's name has the ids of coupon and customer in it",
    cause: "a VARCHAR or an index that is too narrow, or a body that is cut without an error",
    async run({ first }) {
      const key = "零".repeat(200);
      const counter = `coupon/${"c".repeat(200)}/customer/id/${"é".repeat(200)}`;
      const body = JSON.stringify("é🎟x".repeat(LONGEST_BODY)).slice(0, LONGEST_BODY - 2).replace(/[\uD800-\uDBFF]$/u, "x") + 'x"';
      await committed(first, batch([entry(key, 0, "held", [claim(counter)], { body })], [add(counter, 1, 1)]));
      const { entries } = await read(first, { entries: [key] });
      expectEqual(entries[0]?.body.length, body.length, "the length of the body");
      if (entries[0]?.body !== body) throw new ConformanceFailure("the body came back with other characters");
      expectEqual(await claimedOf(first, counter), 1, "claimed of the long counter");
    },
  },
  {
    group: "shape",
    name: "a commit of maxOperations operations is taken",
    must: "LedgerCapabilities.maxOperations: inserts plus adds one commit can carry",
    cause: "the number of bound parameters of one statement, or of actions of one transaction, is exceeded",
    async run({ first, probe }) {
      const most = Math.min(first.ledger.capabilities.maxOperations, ENOUGH_OPERATIONS);
      const inserts = Array.from({ length: Math.floor(most / 2) }, (_, place) => hold(`k${place}`, [`c${place}`]));
      const adds = Array.from({ length: most - inserts.length }, (_, place) => add(`c${place}`, 1, 1));
      await committed(first, batch(inserts, adds), `a commit of ${inserts.length} inserts and ${adds.length} adds`);
      const names = adds.map(({ counter }) => counter);
      const { counters, entries } = await read(first, { counters: names, entries: inserts.map(({ key }) => key) });
      expectEqual(counters.filter(({ claimed }) => claimed === 1).length, adds.length, "counters written");
      expectEqual(entries.filter((found) => found !== null).length, inserts.length, "entries written");
      await expectStored(probe, inserts.length, "after the commit");
    },
  },
];
