/**
 * `engine.customers`: what the store has of a customer, and its removal (threat model #32).
 *
 * A customer is found by the names that the ledger has of the keys. Erasing gives each a random name: who it was is gone,
 * what was counted stays.
 */
import { refusal, refuseUnknown, whole } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import { call } from "../wasm/instance.js";
import type { CustomerCalls, CustomerExport, Erasure } from "./api-redemptions.js";
import { redemptionIn, type ReadEntry } from "./ledger-answers.js";
import type { Ledger } from "./ledger.js";
import { isRedemption, redemptionsIn } from "./redemptions.js";
import { nextTask, reportTo } from "./progress.js";

const PAGE = 100;
const RANDOM_BYTES = 16;
/** Whoever orders without a pause would otherwise be renamed for ever. */
const MAX_ROUNDS = 8;
/** In the place of a value. No customer's begins like this: a `%` of his own is written `%25`. */
const ERASED = "%erased";

export function customerCalls(ledger: Ledger): CustomerCalls {
  return {
    export: async (request) => exported(ledger, await namesIn(ledger, request)),
    erase: async (request) => erased(ledger, await namesIn(ledger, request), randomText),
    retain: (request) => retain(ledger, request),
  };
}

async function namesIn(ledger: Ledger, request: unknown): Promise<readonly string[]> {
  const { data } = snapshotObject(request, "");
  refuseUnknown(data, ["keys"]);
  const context = await ledger.context();
  return call((engine) => engine.customerNames(data, context));
}

async function exported(ledger: Ledger, keys: readonly string[]): Promise<CustomerExport> {
  const entries = new Map<string, ReadEntry>();
  for (const value of keys) {
    let after: string | null = null;
    do {
      const { items, next } = await ledger.list({ by: { kind: "customer", value }, states: [], after, limit: PAGE });
      for (const entry of items.filter(isRedemption)) entries.set(entry.key, entry);
      after = next;
    } while (after !== null);
  }
  const newestFirst = [...entries.values()].sort((one, two) => two.at - one.at);
  const redemptions = [];
  for (const [index, entry] of newestFirst.entries()) {
    const history = redemptionsIn(await ledger.history(entry.key), "storage.redemptions.history");
    redemptions.push({ redemption: redemptionIn(entry, `storage.redemptions.list.items[${index}]`), history });
  }
  return { keys, redemptions };
}

/**
 * A call that had read before a name was changed writes its next revision under the old one. So all are changed again, to
 * the same, until there was nothing left to change.
 */
async function erased(ledger: Ledger, names: readonly string[], value: () => string): Promise<Erasure> {
  const renames = names.map((from) => ({ from, to: `${kindOf(from)}/${ERASED}${value()}` }));
  const met = new Set<string>();
  let entries = 0;
  let isSettled = false;
  for (let round = 1; round <= MAX_ROUNDS && !isSettled; round += 1) {
    isSettled = round > 1;
    for (const { from, to } of renames) {
      const renamed = await ledger.rekey(from, to);
      if (renamed === 0) continue;
      met.add(from);
      entries += renamed;
      isSettled = false;
    }
  }
  return { customers: met.size, entries };
}

/** One name for all of a kind: who is let go of needs not be told apart from the others, and is not met again. */
async function retain(ledger: Ledger, request: unknown): Promise<Erasure> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress"]);
  refuseUnknown(data, ["before"]);
  const before = whole(data, "before", 0, Number.MAX_SAFE_INTEGER);
  const report = reportTo(lifted["onProgress"]);
  const sum = { customers: 0, entries: 0 };
  for (let met = 0; ; ) {
    const limit = PAGE + met;
    const names = await ledger.idleCustomers(before, limit);
    const idle = names.filter((name) => name !== `${kindOf(name)}/${ERASED}`);
    met = names.length - idle.length; // those in whose place all others are put
    if (idle.length === 0) return sum;
    const { customers, entries } = await erased(ledger, idle, () => "");
    if (entries === 0) return sum; // a store that renames nothing would be asked for ever
    sum.customers += customers;
    sum.entries += entries;
    await report({ ...sum });
    await nextTask();
  }
}

function kindOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

function randomText(): string {
  if (typeof crypto === "undefined") throw refusal("entropy_unavailable", "this platform has no crypto.getRandomValues");
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
