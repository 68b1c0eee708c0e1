/**
 * `RedemptionRegistry` in memory: lists, sums, and the care of old data. Owns no data of its own; it must not read a clock.
 */
import type {
  CounterTally, LedgerEntry, Page, PageRequest, RedemptionQuery, RedemptionRegistry, UnknownCursor, UsageFacts,
} from "../../contract/storage.js";
import { customersOf, looser, renamedCounter, renamedIndex } from "../customer.js";
import { compareNewest, compareText, cursorOf, placeOf } from "../order.js";
import { page } from "../page.js";
import type { MemoryBook } from "./book.js";

export function memoryRedemptions(book: MemoryBook): RedemptionRegistry {
  return {
    list: (request) => structuredClone(listed(book, request)),
    history: (key) => structuredClone(book.histories.get(key) ?? []),
    usage: ({ kind, values }) => structuredClone(values.map((value) => usageOf(book.found({ kind, value })))),
    tally: (request) => tally(book, request),
    rekey: ({ from, to }) => (from === to ? { entries: 0 } : rekey(book, from, to)),
    idleCustomers: ({ before, limit }) => idleCustomers(book, before).slice(0, limit),
    prune({ before }) {
      const useless = [...book.counters].filter(([, { until }]) => until !== null && until <= before);
      for (const [name] of useless) book.counters.delete(name);
      return { counters: useless.length };
    },
  };
}

function listed(book: MemoryBook, { by, states, after, limit }: RedemptionQuery): Page<LedgerEntry> | UnknownCursor {
  const place = after === null ? null : placeOf(after);
  if (place === undefined) return { unknownCursor: true };
  const found = book.found(by)
    .filter((entry) => states.length === 0 || states.includes(entry.state))
    .filter((entry) => place === null || compareNewest(place, entry) < 0)
    .sort(compareNewest);
  return page(found, limit, cursorOf);
}

function usageOf(entries: readonly LedgerEntry[]): UsageFacts {
  const redeemed = entries.filter(({ state }) => state === "redeemed");
  const last = redeemed.reduce<LedgerEntry | null>((latest, entry) => (latest === null || isLater(entry, latest) ? entry : latest), null);
  return {
    redeemed: redeemed.length,
    held: entries.filter(({ state }) => state === "held").length,
    rolledBack: entries.filter(({ state }) => state === "rolled_back").length,
    last: last && { key: last.key, at: last.at, order: last.index.order, customerKeys: last.index.customerKeys },
  };
}

function isLater(entry: LedgerEntry, other: LedgerEntry): boolean {
  return entry.at > other.at || (entry.at === other.at && compareText(entry.key, other.key) > 0);
}

function tally(book: MemoryBook, { after, limit }: PageRequest): Page<CounterTally> {
  const names = new Set([...book.counters.keys(), ...book.claims.keys()]);
  const following = [...names]
    .filter((name) => (book.counters.get(name)?.until ?? null) === null && (after === null || compareText(name, after) > 0))
    .sort(compareText)
    .slice(0, limit + 1);
  return page(following.map((counter) => tallyOf(book, counter)), limit, ({ counter }) => counter);
}

function tallyOf(book: MemoryBook, counter: string): CounterTally {
  let live = 0;
  for (const { amount } of book.claims.get(counter)?.values() ?? []) live += amount;
  return { counter, claimed: book.counters.get(counter)?.claimed ?? 0, live };
}

function rekey(book: MemoryBook, from: string, to: string): { readonly entries: number } {
  let entries = 0;
  const renamedEntry = (entry: LedgerEntry): LedgerEntry => {
    if (!customersOf(entry.index).includes(from)) return entry;
    entries += 1;
    return { ...entry, index: renamedIndex(entry.index, from, to) };
  };
  for (const key of book.takeNaming(from)) book.keep(key, (book.histories.get(key) ?? []).map(renamedEntry));
  for (const [name, { claimed, until }] of book.counters) {
    const renamed = renamedCounter(name, from, to);
    if (renamed === name) continue;
    const there = book.counters.get(renamed);
    book.counters.delete(name);
    book.counters.set(renamed, there === undefined ? { claimed, until } : {
      claimed: there.claimed + claimed, until: looser(there.until, until),
    });
  }
  return { entries };
}

/** The longest idle first, then by name. */
function idleCustomers(book: MemoryBook, before: number): readonly string[] {
  const lastSeen = new Map<string, number>();
  for (const { at, index } of [...book.histories.values()].flat()) {
    for (const customer of index.customerKeys) lastSeen.set(customer, Math.max(at, lastSeen.get(customer) ?? at));
  }
  return [...lastSeen]
    .filter(([, at]) => at < before)
    .sort(([one, seen], [other, otherSeen]) => seen - otherSeen || compareText(one, other))
    .map(([customer]) => customer);
}
