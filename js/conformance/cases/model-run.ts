/**
 * Group 9: random purchases, and everything that can happen to them, on the adapter and on the model at once. After
 * every step both say the same, and each counter is what newest revisions claim of it.
 */
import type { Claim, CommitOutcome, CounterAdd, LedgerBatch, LedgerEntry, LedgerView, RedemptionState } from "../../contract/storage.js";
import { ConformanceFailure, textOf, type ConformanceCase, type LedgerHandle } from "../case.js";
import { add, batch, claim, entry, HOLD, NOON, request } from "../batches.js";
import { read, settled } from "../contend.js";
import { expect, expectEqual } from "../expect.js";
import { ModelLedger } from "../model.js";
import { randomFrom, type Random } from "../random.js";

const RUNS = 3;
const STEPS = 80;
const COUNTERS = ["coupon/a", "coupon/a/customer/id/1", "code/a1", "code/a2", "coupon/b/credit"];
const KEYS = Array.from({ length: 12 }, (_, place) => `order-${place}`);
const CEILINGS = [1, 2, 3, 5, null];

export const modelCases: readonly ConformanceCase[] = Array.from({ length: RUNS }, (_, run) => ({
  group: "model",
  name: `random purchases, run ${run + 1} of ${RUNS}`,
  must: "RedemptionLedger: every answer is that of the model, and claimed is at every step what newest revisions claim",
  cause: "look at the step that the failure names: it is the smallest difference, whatever the group of cases that would explain it",
  async run({ first, connect, seed }) {
    await modelRun([first, (await connect()) ?? first], seed + run);
  },
}));

async function modelRun(handles: readonly LedgerHandle[], seed: number): Promise<void> {
  const random = randomFrom(seed);
  const model = new ModelLedger();
  const sent: LedgerBatch[] = [];
  let at = NOON;
  for (let step = 0; step < STEPS; step++) {
    at += random.below(HOLD / 4);
    const wanted = sent.length > 0 && random.chance(15) ? random.pick(sent) : nextBatch(model, random, at);
    sent.push(wanted);
    try {
      await compareStep(random.pick(handles), random.pick(handles), model, wanted, at);
    } catch (cause) {
      const told = cause instanceof Error ? cause.message : String(cause);
      const replay = `seed ${seed}, step ${step}: replay with runLedgerConformance({ seed: ${seed}, … }), run 1`;
      throw new ConformanceFailure(`${told}\n           ${replay}\n           the batch: ${textOf(wanted)}`, { cause });
    }
  }
}

async function compareStep(writer: LedgerHandle, reader: LedgerHandle, model: ModelLedger, wanted: LedgerBatch, at: number): Promise<void> {
  const before = new Map(wanted.add.map(({ counter }) => [counter, model.claimed(counter)]));
  const expected = model.commit(wanted);
  const outcome = await settled(writer, wanted);
  expectEqual(outcome.status, expected.status, "the status");
  if (outcome.status === "ceiling") requireTrueRefusal(outcome, wanted, before);

  const asked = request({ at, counters: COUNTERS, entries: KEYS, expiredHolds: { counters: null, limit: KEYS.length } });
  expectEqual(comparable(await read(reader, asked)), comparable(model.read(asked)), "the read after it");
  for (const counter of COUNTERS) {
    expect(model.claimed(counter) === model.live(counter), () => `the kit is wrong: its model has ${counter} at ${model.claimed(counter)}, live ${model.live(counter)}`);
  }
}

/** Which add is named, and what it stood at, may be left out; if told, it is true. */
function requireTrueRefusal(outcome: CommitOutcome & { status: "ceiling" }, { add: adds }: LedgerBatch, before: ReadonlyMap<string, number>): void {
  const refused = outcome.add === undefined ? undefined : adds[outcome.add];
  if (refused === undefined) return;
  const claimed = before.get(refused.counter) ?? 0;
  const wanted = claimed + refused.delta;
  expect(wanted < 0 || wanted > (refused.ceiling ?? Infinity), () => `${textOf(outcome)} names an add that fits: ${textOf(refused)} at ${claimed}`);
  if (outcome.claimed !== undefined) expectEqual(outcome.claimed, claimed, `claimed of the refused ${refused.counter}`);
}

/** Holds that end at one instant come in any order; `ended` may be left out where it is 0. */
function comparable({ counters, entries, expiredHolds }: LedgerView): LedgerView {
  const order = ({ holdUntil, key }: LedgerEntry): string => `${String(holdUntil).padStart(20, "0")} ${key}`;
  return {
    counters: counters.map((counter) => ({ ...counter, ended: counter.ended ?? 0 })),
    entries,
    expiredHolds: [...expiredHolds].sort((left, right) => (order(left) < order(right) ? -1 : 1)),
  };
}

/** One thing that may happen next to one order; now and then to one that it may not happen to. */
function nextBatch(model: ModelLedger, random: Random, at: number): LedgerBatch {
  const key = random.pick(KEYS);
  const current = model.newest(key);
  const revision = (current?.revision ?? -1) + (random.chance(92) ? 1 : 0);
  const before = current?.index.claims ?? [];
  const state = random.pick(NEXT[current?.state ?? "none"]);
  const kept = state === "redeemed" || (state === "rolled_back" && random.chance(50));
  const after = state === "held" ? claims(random) : kept ? before : [];
  const holdUntil = state === "held" ? at + random.below(HOLD) : null;
  return batch([entry(key, Math.max(revision, 0), state, after, { at, holdUntil })], difference(before, after));
}

const NEXT: Readonly<Record<RedemptionState | "none", readonly RedemptionState[]>> = {
  none: ["held", "held", "redeemed"],
  held: ["held", "redeemed", "redeemed", "released", "expired"],
  redeemed: ["redeemed", "rolled_back"],
  released: ["held"],
  expired: ["held"],
  rolled_back: ["rolled_back"],
};

function claims(random: Random): readonly Claim[] {
  const wanted = COUNTERS.filter(() => random.chance(45));
  const counters = wanted.length === 0 ? [random.pick(COUNTERS)] : wanted;
  return counters.map((counter) => claim(counter, 1 + random.below(2), random.pick(CEILINGS)));
}

/** What a commit adds so that the counters stay what newest revisions claim. */
function difference(before: readonly Claim[], after: readonly Claim[]): readonly CounterAdd[] {
  return COUNTERS.flatMap((counter) => {
    const had = before.find((one) => one.counter === counter);
    const has = after.find((one) => one.counter === counter);
    const delta = (has?.amount ?? 0) - (had?.amount ?? 0);
    if (had === undefined && has === undefined) return [];
    return [add(counter, delta, delta > 0 ? (has?.ceiling ?? null) : null)];
  });
}
