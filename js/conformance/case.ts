/**
 * What a case of the kit is and what it is given. Owns these types and how a failure reads; it knows no case.
 */
import type { Awaitable, LedgerCapabilities, RedemptionLedger, RedemptionRegistry } from "../contract/storage.js";

/** One connection to the data under test. */
export interface LedgerHandle {
  readonly ledger: RedemptionLedger;
  /** Its lists and sums, where the adapter has them: a further group of cases is run on them. */
  readonly redemptions?: RedemptionRegistry | undefined;
  /** Called once, when the case is over. */
  close?(): Awaitable<void>;
}

/** A look at the stored data past the adapter: a query of one's own, so that the adapter does not mark its own work. */
export interface DataProbe {
  /** The stored integer of this counter; 0 where there is none. */
  counter(name: string): Awaitable<number>;
  /** How many revisions are stored, of all keys. */
  entries(): Awaitable<number>;
  close?(): Awaitable<void>;
}

/** The ten groups that the badge counts, then the two that depend on what is given. */
export const GROUPS = [
  "manifest", "shape", "insert", "bounded add", "all or nothing", "race", "unknown outcome", "overlap", "model", "holds",
] as const;
export type Group = (typeof GROUPS)[number] | "redemptions" | "load";

/** One thing that an adapter must do, run on fresh data. */
export interface ConformanceCase {
  readonly group: Group;
  readonly name: string;
  /** The sentence of the contract that a failure breaks. */
  readonly must: string;
  /** What is usually behind a failure. */
  readonly cause: string;
  /** Whether the case is for a ledger that promises this; absent: for every ledger. */
  requires?(capabilities: LedgerCapabilities): boolean;
  /** Throws a `ConformanceFailure` where the adapter is wrong. */
  run(context: ConformanceContext): Promise<void>;
}

/** What a case works with. */
export interface ConformanceContext {
  /** The handle of `open`: empty when the case begins. */
  readonly first: LedgerHandle;
  /** A further independent connection, closed by who made this context once the case is over; `null`: there can be none. */
  connect(): Promise<LedgerHandle | null>;
  /** `null`: what is stored is not looked at. */
  readonly probe: DataProbe | null;
  /** How many are at work at once in a race. */
  readonly contenders: number;
  /** What random choices begin with. */
  readonly seed: number;
  /** How many commits the load case makes; 0: it is not wanted. */
  readonly load: number;
  /** Where figures go. */
  report(line: string): void;
}

/** An adapter that does not do what the contract says. The message is for its author. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
}

/** Says of a failure which case it is of, what it breaks, and what is usually behind it. */
export function explained(failed: ConformanceCase, cause: unknown): ConformanceFailure {
  const { group, name, must } = failed;
  const what = cause instanceof ConformanceFailure ? cause.message : `threw ${textOf(cause)}`;
  const lines = [`${group}: ${name}`, `  seen:    ${what}`, `  breaks:  ${must}`, `  usually: ${failed.cause}`];
  return new ConformanceFailure(lines.join("\n"), { cause });
}

export function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const json = JSON.stringify(value);
  return json === undefined ? String(value) : json;
}
