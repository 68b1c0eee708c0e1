/**
 * What the ledger and its registry answer to the back office, held against the contract before anything acts on it. Each
 * refusal has its place in the answer: `storage.redemptions.list.items[1].body`.
 */
import type { Plain, PlainObject } from "../boundary/snapshot.js";
import type { CounterTally, LedgerEntry, UsageFacts } from "../contract/storage.js";
import { invalidAnswer } from "../host.js";
import { withBody } from "../reads.js";
import type { Redemption } from "../types/redemption.js";
import { publicRecord } from "./record.js";
import { listIn, oneOf, orNull, shapedIn, text, whole, instant, type Shape } from "./answers.js";

/** An entry whose body has been read. */
export type ReadEntry = Omit<LedgerEntry, "body"> & { readonly body: PlainObject };

const ENTRY: Shape = {
  key: text,
  revision: whole(0),
  state: oneOf("held", "redeemed", "released", "expired", "rolled_back"),
  at: instant,
  holdUntil: orNull(instant),
};
const CLAIM: Shape = { counter: text, amount: whole(0), ceiling: orNull(whole(0)) };
const INDEX: Shape = { order: orNull(text) };
const FACTS: Shape = { redeemed: whole(0), held: whole(0), rolledBack: whole(0) };
const LAST: Shape = { key: text, at: instant, order: orNull(text) };
const TALLY: Shape = { counter: text, claimed: whole(0), live: whole(0) };

export function entriesIn(items: readonly Plain[], path: string): readonly ReadEntry[] {
  return items.map((item, index) => entryIn(item, `${path}[${index}]`));
}

export function entryIn(item: Plain, path: string): ReadEntry {
  const entry = shapedIn<ReadEntry>(withBody(item, path), path, ENTRY);
  const index = shapedIn<PlainObject>(entry.index as unknown as Plain, `${path}.index`, INDEX);
  listIn(index["claims"], `${path}.index.claims`).forEach((claim, at) => shapedIn(claim, `${path}.index.claims[${at}]`, CLAIM));
  for (const name of ["coupons", "codes", "customerKeys"]) textsIn(index[name], `${path}.index.${name}`);
  return entry;
}

/** The record in an entry's body, as callers get it. */
export function redemptionIn({ key, revision, state, body }: ReadEntry, path: string): Redemption {
  const record = body as unknown as Redemption;
  if (record.key === key && record.revision === revision && record.state === state) return publicRecord(record);
  throw invalidAnswer(`${path}.body`, "is not the record of its entry");
}

export function usageIn(answer: Plain, count: number, path: string): readonly UsageFacts[] {
  const facts = listIn(answer, path);
  if (facts.length !== count) throw invalidAnswer(path, `must be ${count} facts, as many as were asked for`);
  return facts.map((item, index) => {
    const fact = shapedIn<UsageFacts>(item, `${path}[${index}]`, FACTS);
    if (fact.last === null) return fact;
    const last = shapedIn<PlainObject>(fact.last as unknown as Plain, `${path}[${index}].last`, LAST);
    textsIn(last["customerKeys"], `${path}[${index}].last.customerKeys`);
    return fact;
  });
}

export function talliesIn(items: readonly Plain[], path: string): readonly CounterTally[] {
  return items.map((item, index) => shapedIn<CounterTally>(item, `${path}[${index}]`, TALLY));
}

export function textsIn(answer: Plain | undefined, path: string): readonly string[] {
  const texts = listIn(answer, path);
  texts.forEach((item, index) => {
    if (typeof item !== "string") throw invalidAnswer(`${path}[${index}]`, "must be a string");
  });
  return texts as readonly string[];
}
