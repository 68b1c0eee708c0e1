/**
 * `engine.sweep` and `engine.reconcile`: what a tidy host runs now and then. No limit depends on it.
 */
import { refuseUnknown, whole } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import type { RedemptionOutcome } from "../types/redemption.js";
import type { Reconciliation, Swept } from "./api-redemptions.js";
import type { Ledger } from "./ledger.js";
import type { Operations } from "./operations.js";
import { nextTask, reportTo } from "./progress.js";

const PAGE = 100;
const TALLY_PAGE = 1_000;
const MAX_SWEPT = 1_000_000;

/** Frees holds that have ended, each in a commit of its own, and drops counters whose time is over. */
export async function sweep(ledger: Ledger, operations: Operations, request: unknown): Promise<Swept> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress"]);
  refuseUnknown(data, ["limit"]);
  const limit = whole(data, "limit", 1, MAX_SWEPT, 10_000);
  const report = reportTo(lifted["onProgress"]);
  let expired = 0;
  for (let isDone = false; !isDone && expired < limit; ) {
    const keys = await ledger.endedHolds(Math.min(PAGE, limit - expired));
    let freed = 0;
    for (const key of keys) {
      const { changed } = await operations.on<RedemptionOutcome>("expire", { key });
      if (changed) freed += 1;
    }
    expired += freed;
    isDone = freed === 0; // also where a store goes on answering holds that are none
    if (!isDone) await report({ expired, counters: 0 });
    await nextTask();
  }
  const counters = ledger.isListed ? await ledger.prune(ledger.now()) : 0;
  await report({ expired, counters });
  return { expired, counters };
}

/** Holds every counter against the records that claim it. */
export async function reconcile(ledger: Ledger, request: unknown): Promise<Reconciliation> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress"]);
  refuseUnknown(data, []);
  const report = reportTo(lifted["onProgress"]);
  const differences: { counter: string; claimed: number; live: number }[] = [];
  let counters = 0;
  let after: string | null = null;
  do {
    const { items, next } = await ledger.tally({ after, limit: TALLY_PAGE });
    counters += items.length;
    for (const { counter, claimed, live } of items) if (claimed !== live) differences.push({ counter, claimed, live });
    after = next;
    await report({ counters, differences: differences.length });
  } while (after !== null);
  return { counters, differences };
}
