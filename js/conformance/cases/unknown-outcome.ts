/**
 * Group 7: replies get lost, before the commit or after it. Who reads again and sends the same batch again ends up with
 * every order written once, and every use counted once.
 */
import type { LedgerBatch } from "../../contract/storage.js";
import { ConformanceFailure, type ConformanceCase, type LedgerHandle } from "../case.js";
import { add, batch, claim, entry, hold } from "../batches.js";
import { connections, contend, expectStored, read, settled, witness } from "../contend.js";
import { expectEqual } from "../expect.js";
import { randomFrom, type Random } from "../random.js";

const RESEND = "RedemptionLedger.commit: after a thrown error the engine reads, and may send the same batch again: that MUST NOT count twice";
const ORDERS = 80;
const UNITS = 50;
const RESENDS = 20;

export const unknownOutcomeCases: readonly ConformanceCase[] = [
  {
    group: "unknown outcome",
    name: "lost replies: reading again and resending converge",
    must: RESEND,
    cause: "the counter moves although the insert was there already: the key is judged first, and the counter only if the key was new",
    async run(context) {
      const handles = await connections(context);
      const random = randomFrom(context.seed);
      const orders = Array.from({ length: ORDERS }, (_, place) => `order-${place}`);
      const won = await contend(handles, orders, (handle, key) =>
        settledDespiteLosses(handle, batch([hold(key, ["c"])], [add("c", 1, UNITS)]), random));
      expectEqual(won.filter(Boolean).length, UNITS, `orders that got one of ${UNITS} units`);

      const winners = orders.filter((_, place) => won[place]);
      await contend(handles, winners, (handle, key, place) => settledDespiteLosses(handle, place % 2 === 0
        ? batch([entry(key, 1, "redeemed", [claim("c")])])
        : batch([entry(key, 1, "released")], [add("c", -1)]), random));
      await (await witness(context)).expectClaimed("c", UNITS / 2, "after half of the winners have paid and half were released");
      await expectStored(context.probe, UNITS * 2, "after all of it");
    },
  },
  {
    group: "unknown outcome",
    name: "what was answered is read",
    must: "RedemptionLedger.read: after an answered commit its entry is there, or a replay could not be told from a new order",
    cause: "reads come from a cache or a replica that the commit has not reached",
    async run({ first }) {
      for (let place = 0; place < 20; place++) {
        await settled(first, batch([hold(`order-${place}`, ["c"])], [add("c", 1)]));
        const { entries } = await read(first, { entries: [`order-${place}`] });
        expectEqual(entries[0]?.key ?? null, `order-${place}`, "the entry, read over the connection that has committed it");
      }
    },
  },
];

/** As the engine does it: an unknown outcome is read, and the identical batch sent again. Whether it is written at last. */
async function settledDespiteLosses(handle: LedgerHandle, wanted: LedgerBatch, random: Random): Promise<boolean> {
  const [own] = wanted.insert;
  if (own === undefined) throw new TypeError("a batch without an entry cannot be found again");
  for (let attempt = 0; attempt < RESENDS; attempt++) {
    const lossless = attempt === RESENDS - 1;
    const lost = lossless ? "nothing" : random.pick(["request", "reply", "reply", "nothing"] as const);
    if (lost !== "request") {
      const outcome = await settled(handle, wanted);
      if (lost === "nothing") return outcome.status !== "ceiling";
    }
    if (random.chance(50)) {
      const { entries } = await read(handle, { entries: [own.key] });
      if (entries[0]?.revision === own.revision && entries[0].body === own.body) return true;
    }
  }
  throw new ConformanceFailure(`${own.key} found no answer in ${RESENDS} attempts`);
}
