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
/** So many are no fault of single holds. */
const MAX_ERRORS = 100;

/**
 * Frees holds that have ended, each in a commit of its own, and drops counters whose time is over. A hold that cannot be
 * freed keeps the others from nothing; the first error of these comes at the end. Goes on while the ledger has holds that
 * were not tried yet, whether it or another run frees them.
 */
export async function sweep(ledger: Ledger, operations: Operations, request: unknown): Promise<Swept> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress"]);
  refuseUnknown(data, ["limit"]);
  const limit = whole(data, "limit", 1, MAX_SWEPT, 10_000);
  const report = reportTo(lifted["onProgress"]);
  const tried = new Set<string>();
  const errors: unknown[] = [];
  let expired = 0;
  while (expired < limit && errors.length < MAX_ERRORS) {
    // What could not be freed stays in front.
    const keys = await ledger.endedHolds(Math.min(PAGE, limit - expired) + errors.length);
    const untried = keys.filter((key) => !tried.has(key)).slice(0, limit - expired);
    if (untried.length === 0) break;
    for (const key of untried) {
      tried.add(key);
      try {
        const { changed } = await operations.on<RedemptionOutcome>("expire", { key });
        if (changed) expired += 1;
      } catch (error) {
        errors.push(error);
      }
    }
    await report({ expired, counters: 0 });
    await nextTask();
  }
  const counters = ledger.isListed ? await ledger.prune(ledger.now()) : 0;
  await report({ expired, counters });
  if (errors.length > 0) throw errors[0];
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
