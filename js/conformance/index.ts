/**
 * `coupon-engine/conformance`: proves any ledger adapter, ours or a stranger's. Owns the list of cases and how they are
 * handed to a test runner, which is a function that it is given; it needs none, and nothing else.
 */
/* oxlint-disable no-console -- where a runner shows what it is told */
import type { Awaitable } from "../contract/storage.js";
import { explained, type ConformanceCase, type DataProbe, type LedgerHandle } from "./case.js";
import { allOrNothingCases } from "./cases/all-or-nothing.js";
import { boundedAddCases } from "./cases/bounded-add.js";
import { holdCases } from "./cases/holds.js";
import { insertCases } from "./cases/insert.js";
import { loadCases } from "./cases/load.js";
import { manifestCases } from "./cases/manifest.js";
import { modelCases } from "./cases/model-run.js";
import { overlapCases } from "./cases/overlap.js";
import { raceCases } from "./cases/race.js";
import { redemptionCases } from "./cases/redemptions.js";
import { shapeCases } from "./cases/shape.js";
import { unknownOutcomeCases } from "./cases/unknown-outcome.js";
import { requireFunction, requireHandle, WrongOption } from "./given.js";
import { Summary } from "./summary.js";

export { ConformanceFailure } from "./case.js";
export type { ConformanceCase, ConformanceContext, DataProbe, Group, LedgerHandle } from "./case.js";

/** Raised when an adapter that passed may fail: a case more, or a stricter one. */
export const CONFORMANCE_VERSION = 1;

export interface LedgerConformanceOptions<Handle extends LedgerHandle = LedgerHandle> {
  /** The runner: `test` of node:test, vitest, jest or bun, `Deno.test`, or a function that keeps the cases for a loop. */
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** An empty ledger of its own for each case. */
  readonly open: () => Awaitable<Handle>;
  /**
   * A further connection to the data of `first`, as independent of it as can be: a client of its own, or better a process
   * of its own. Required of every ledger but a volatile one. Up to `contenders` + 3 are open at once.
   */
  readonly reopen?: (first: Handle) => Awaitable<LedgerHandle>;
  /** A look at the data of `first` past the adapter. */
  readonly probe?: (first: Handle) => Awaitable<DataProbe>;
  /** What random choices begin with. Default 1. */
  readonly seed?: number;
  /** Measures too: `true` is 2,000 commits on one counter. Default `false`. */
  readonly load?: boolean | number;
  /** Connections that race at once, each with four commits under way. Default 8. */
  readonly contenders?: number;
  /** Where the last line and the figures go. Default `console.log`. */
  readonly report?: (line: string) => void;
}

const LOAD_COMMITS = 2_000;

/** Every case, in order; to be run by `runLedgerConformance`, or one by one, each with a context and data of its own. */
export function ledgerCases(): readonly ConformanceCase[] {
  return [
    ...manifestCases, ...shapeCases, ...insertCases, ...boundedAddCases, ...allOrNothingCases, ...raceCases,
    ...unknownOutcomeCases, ...overlapCases, ...modelCases, ...holdCases, ...redemptionCases, ...loadCases,
  ];
}

/** Hands every case to the runner, and a last test that reports the line to publish. Throws a `TypeError` without a runner or `open`. */
export function runLedgerConformance<Handle extends LedgerHandle>(options: LedgerConformanceOptions<Handle>): void {
  const { test, open, report = console.log } = options;
  requireFunction(test, "test", "the runner's (name, run) => …");
  requireFunction(open, "open", "() => { ledger }");
  const summary = new Summary();
  for (const one of ledgerCases()) {
    test(`${one.group}: ${one.name}`, async () => {
      summary.begun(one);
      summary.passed(one, await runCase(one, options));
    });
  }
  test(`conformance v${CONFORMANCE_VERSION}`, async () => report(summary.line(CONFORMANCE_VERSION)));
}

/** Runs one case on data of its own and closes what was opened; throws a failure that explains itself. */
async function runCase<Handle extends LedgerHandle>(one: ConformanceCase, options: LedgerConformanceOptions<Handle>): Promise<LedgerHandle> {
  const { open, reopen, probe, seed = 1, load = false, contenders = 8, report = console.log } = options;
  const closers: (() => Promise<void>)[] = [];
  function closing<T extends { close?(): Awaitable<void> }>(opened: T): () => Promise<void> {
    let closed = false;
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await opened?.close?.();
    };
    closers.unshift(close);
    return close;
  }
  async function connect(to: Handle): Promise<LedgerHandle | null> {
    if (reopen === undefined) return null;
    const other = await reopen(to);
    const close = closing(other);
    requireHandle(other, "reopen");
    return { ledger: other.ledger, redemptions: other.redemptions, close };
  }
  try {
    const first = await open();
    closing(first);
    requireHandle(first, "open");
    if (one.requires?.(first.ledger.capabilities) === false) return first;
    const look = probe === undefined ? null : await probe(first);
    if (look !== null) closing(look);
    const commits = load === true ? LOAD_COMMITS : Number(load);
    await one.run({ first, connect: () => connect(first), probe: look, contenders, seed, load: commits, report });
    return first;
  } catch (cause) {
    throw cause instanceof WrongOption ? cause : explained(one, cause);
  } finally {
    for (const close of closers) await close();
  }
}
