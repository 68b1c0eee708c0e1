/**
 * Commits as the engine makes them, and many at once. Owns the patience with `busy` and how contenders are spread over
 * connections; it judges no outcome.
 */
import type { CommitOutcome, LedgerBatch, LedgerReadRequest, LedgerView } from "../contract/storage.js";
import { ConformanceFailure, textOf, type ConformanceContext, type DataProbe, type LedgerHandle } from "./case.js";
import { request } from "./batches.js";
import { expect, expectAnswer, expectEqual } from "./expect.js";

export type Settled = Exclude<CommitOutcome, { readonly status: "busy" }>;

/** Far more than the engine's own twelve: who is told `busy` this often is never served. */
const PATIENCE = 60;
const LONGEST_WAIT = 100;
/** Attempts that one connection has under way at once, as a server's pool has. */
const LANES = 4;

/** Commits, and again while it is answered `busy`. */
export async function settled({ ledger }: LedgerHandle, batch: LedgerBatch): Promise<Settled> {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const outcome = await expectAnswer("a commit", () => ledger.commit(batch));
    requireOutcome(outcome, batch);
    if (outcome.status !== "busy") return outcome;
    await pause(Math.max(outcome.retryAfterMs ?? 0, Math.min(2 ** attempt, LONGEST_WAIT) * Math.random()));
  }
  throw new ConformanceFailure(`a commit was answered "busy" ${PATIENCE} times: contention must end in an answer`);
}

/** Commits what has to go through. */
export async function committed(handle: LedgerHandle, batch: LedgerBatch, what = "a commit"): Promise<void> {
  const outcome = await settled(handle, batch);
  expect(outcome.status === "committed", () => `${what} was answered ${textOf(outcome)}, expected {"status":"committed"}`);
}

export async function read({ ledger }: LedgerHandle, changes: Partial<LedgerReadRequest>): Promise<LedgerView> {
  const asked = request(changes);
  const view = await expectAnswer("a read", () => ledger.read(asked));
  const aligned = Array.isArray(view?.counters) && Array.isArray(view.entries) && Array.isArray(view.expiredHolds);
  expect(aligned, () => `a read answered ${textOf(view)}, expected { counters: [], entries: [], expiredHolds: [] }`);
  return view;
}

export async function claimedOf(handle: LedgerHandle, counter: string): Promise<number | undefined> {
  return (await read(handle, { counters: [counter] })).counters[0]?.claimed;
}

/** What is stored, seen by whoever is most independent of the adapter that wrote it. */
export interface Witness {
  readonly handle: LedgerHandle;
  expectClaimed(counter: string, wanted: number, what: string): Promise<void>;
}

export async function witness({ first, probe, connect }: ConformanceContext): Promise<Witness> {
  const handle = (await connect()) ?? first;
  return {
    handle,
    async expectClaimed(counter, wanted, what) {
      expectEqual(await claimedOf(handle, counter), wanted, `${what}: claimed of ${counter}, as the ledger reads it`);
      if (probe !== null) expectEqual(await probe.counter(counter), wanted, `${what}: the stored integer of ${counter}, by the probe`);
    },
  };
}

export async function expectStored(probe: DataProbe | null, entries: number, what: string): Promise<void> {
  if (probe !== null) expectEqual(await probe.entries(), entries, `${what}: stored revisions, by the probe`);
}

const rivalsOf = new WeakMap<ConformanceContext, LedgerHandle[]>();

/** One connection per contender where there can be several, else all share the first; the same ones each time. */
export async function connections(context: ConformanceContext): Promise<readonly LedgerHandle[]> {
  const { first, contenders, connect } = context;
  const rivals = rivalsOf.get(context) ?? [];
  rivalsOf.set(context, rivals);
  while (rivals.length < contenders) rivals.push((await connect()) ?? first);
  return rivals;
}

/** Deals the work out to all connections and runs it on each in several lanes at once; answers in the work's order. */
export async function contend<Work, Answer>(
  handles: readonly LedgerHandle[], work: readonly Work[], run: (handle: LedgerHandle, item: Work, place: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const lanes = handles.flatMap((handle, contender) => Array.from({ length: LANES }, (_, lane) => async () => {
    for (let at = lane * handles.length + contender; at < work.length; at += handles.length * LANES) {
      answers[at] = await run(handle, work[at] as Work, at);
    }
  }));
  const outcomes = await Promise.allSettled(lanes.map((lane) => lane()));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return answers;
}

export function countOf(outcomes: readonly Settled[], status: Settled["status"]): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

function requireOutcome(outcome: CommitOutcome, { insert, add }: LedgerBatch): void {
  const told = (): string => `a commit answered ${textOf(outcome)}`;
  const statuses = ["committed", "exists", "ceiling", "busy"];
  expect(statuses.includes(outcome?.status), () => `${told()}, expected a status of ${statuses.join(", ")}`);
  if (outcome.status === "exists") expect(insert[outcome.insert] !== undefined, () => `${told()}, which names none of its ${insert.length} inserts`);
  if (outcome.status === "ceiling" && outcome.add !== undefined) {
    expect(add[outcome.add] !== undefined, () => `${told()}, which names none of its ${add.length} adds`);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
