/**
 * How often coupons and codes were used (S0.45 to S0.47), and the limits that hang on it: what an edit has to know, and
 * the counter of a limit that is given later.
 *
 * A limited one is counted by its counter, which is what lets a redemption in or keeps it out; an unlimited one has none,
 * so it is counted by its records. Owns which of both a figure comes from.
 */
import type { CounterView, Page, RedemptionState, UsageFacts } from "../contract/storage.js";
import { CouponError } from "../errors.js";
import type { RedemptionOutcome } from "../types/redemption.js";
import type { UsageView } from "./api-redemptions.js";
import { codeCounter, couponCounter, usedOf } from "./counters.js";
import { LIMIT_KEYS } from "./keys.js";
import type { ReadEntry } from "./ledger-answers.js";
import type { Ledger } from "./ledger.js";
import type { Operations } from "./operations.js";

type Kind = "coupon" | "code";

/** A coupon's or a code's record. */
interface Limited {
  readonly id: string;
  readonly limits: { readonly total: number | null };
}

const PARTITION = "shop";
const PAGE = 1_000;

/** Aligned with `records`; `counters` are theirs. */
export async function usagesOf(ledger: Ledger, kind: Kind, records: readonly Limited[], counters: readonly CounterView[]): Promise<readonly UsageView[]> {
  const facts = await ledger.usage(kind, records.map(({ id }) => id));
  return records.map(({ limits }, index) => usageOf(limits.total, counters[index], facts?.[index]));
}

function counterOf(kind: Kind, id: string): string {
  return kind === "coupon" ? couponCounter(id) : codeCounter(id);
}

function usageOf(limit: number | null, counter: CounterView | undefined, facts: UsageFacts | undefined): UsageView {
  const isLimited = limit !== null;
  const used = isLimited ? usedOf(counter) : (facts?.redeemed ?? null);
  const last = facts?.last ?? null;
  return {
    used,
    redeemed: facts?.redeemed ?? null,
    held: isLimited ? (counter?.held ?? 0) : (facts?.held ?? null),
    rolledBack: facts?.rolledBack ?? null,
    remaining: isLimited ? Math.max(0, limit - usedOf(counter)) : null,
    lastUsedAt: last && last.at,
    lastUsedBy: last && last.customerKeys,
    lastOrder: last && (last.order ?? last.key),
  };
}

/** Redemptions and holds, for the lock of terms (semantics §22): of an unlimited one its records are asked. */
export async function claimedOf(ledger: Ledger, kind: Kind, { id }: Limited, counters: readonly CounterView[]): Promise<number> {
  const counted = Math.max(0, ...counters.map(({ claimed }) => claimed));
  if (counted > 0) return counted;
  const [facts] = (await ledger.usage(kind, [id])) ?? [];
  return facts === undefined ? 0 : facts.redeemed + facts.rolledBack + facts.held;
}

/** An edit of one coupon by several at once is tried so often. */
const MAX_ATTEMPTS = 5;

/**
 * Where an edit gives a limit to what had none, the counter begins at what was redeemed and is held by then, besides what
 * an earlier limit counted and nobody was given back. Each hold gets a claim of its own, which ends with it; the redeemed
 * are claimed by one entry for all of them, so that the counter still is the sum of its claims. A reservation that commits
 * between the count and the edit is not in it: the limit may then be over by as many, and is never over otherwise. Every
 * hold and every rollback of it is read, so it costs with their number.
 */
export async function beginCounting(ledger: Ledger, operations: Operations, kind: Kind, before: Limited, after: Limited): Promise<void> {
  if (before.limits.total !== null || after.limits.total === null || !ledger.isListed) return;
  const counter = counterOf(kind, before.id);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    for await (const { key, index } of entriesOf(ledger, kind, before.id, ["held"])) {
      if (!index.claims.some((claim) => claim.counter === counter)) await operations.on<RedemptionOutcome>("count", { key, counter });
    }
    if (await countedUp(ledger, kind, before.id, counter)) return;
  }
  throw new CouponError({ code: "storage_busy", message: "others were counting for the same limit; nothing was written" });
}

/** Whether the counter has all of it; `false`: somebody else was at it. */
async function countedUp(ledger: Ledger, kind: Kind, id: string, counter: string): Promise<boolean> {
  const key = `${LIMIT_KEYS}${counter}`;
  const entry = await ledger.entry(key);
  const missing = await uncounted(ledger, kind, id, counter);
  if (missing <= 0) return true;
  const amount = missing + (entry?.index.claims[0]?.amount ?? 0);
  const next = {
    key,
    revision: entry === null ? 0 : entry.revision + 1,
    state: "redeemed",
    at: ledger.now(),
    holdUntil: null,
    body: { counter, counted: missing },
    index: { claims: [{ counter, amount, ceiling: null }], coupons: [], codes: [], customerKeys: [], order: null },
  } as const;
  return ledger.commit({ partition: PARTITION, insert: [next], add: [{ counter, delta: missing, ceiling: null }] });
}

/** Of what is redeemed and held now, how much the counter has not. */
async function uncounted(ledger: Ledger, kind: Kind, id: string, counter: string): Promise<number> {
  const now = ledger.now();
  const [counted] = await ledger.counters([counter]);
  const [facts] = (await ledger.usage(kind, [id])) ?? [];
  let inUse = facts?.redeemed ?? 0;
  let countedOf = counted?.claimed ?? 0;
  for await (const { state, holdUntil, index } of entriesOf(ledger, kind, id, ["held", "rolled_back"])) {
    const isInUse = state === "held" && (holdUntil === null || holdUntil > now);
    if (isInUse) inUse += 1;
    else countedOf -= index.claims.find((claim) => claim.counter === counter)?.amount ?? 0;
  }
  return inUse - countedOf;
}

async function* entriesOf(ledger: Ledger, kind: Kind, value: string, states: readonly RedemptionState[]): AsyncGenerator<ReadEntry> {
  let after: string | null = null;
  do {
    const page: Page<ReadEntry> = await ledger.list({ by: { kind, value }, states, after, limit: PAGE });
    yield* page.items;
    after = page.next;
  } while (after !== null);
}
