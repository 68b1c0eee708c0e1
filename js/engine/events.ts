/**
 * What an engine tells its host besides its answers: `onEvent` and `onAttempt`. Owns that a listener can neither stop nor
 * fail a call, and that no customer, code or key is in what it hears.
 */
import { optionalFunction } from "../boundary/fields.js";
import type { Tally } from "../drive.js";
import { CouponError } from "../errors.js";
import type { ErrorCode } from "../types/errors.js";
import type { RedemptionOutcome } from "../types/redemption.js";

/** One call, as it ended. Counts and words only. */
export interface EngineEvent {
  /** The call by its name, `attempts` for the counting of failed attempts. */
  readonly type:
    | "validate" | "apply" | "reserve" | "redeemNow" | "extend" | "redeem" | "release" | "rollback" | "refundQuote"
    | "orderStatus" | "expire" | "count" | "adjustCredit" | "attempts";
  /** The outcome's; `answered` where it has none, `none` where `orderStatus` did nothing, `error` where the call threw. */
  readonly status: RedemptionOutcome["status"] | "answered" | "none" | "error";
  /** Why it was refused, or the code of the error. */
  readonly reason: NonNullable<RedemptionOutcome["reason"]> | ErrorCode | null;
  readonly changed: boolean;
  /** Rounds of reads. */
  readonly reads: number;
  readonly commits: number;
  /** Pauses because another writer was in the way. */
  readonly waits: number;
  /** Ended holds of others, freed on the way. */
  readonly helped: number;
  /** Commits whose answer did not come, or made no sense. */
  readonly unknown: number;
  /** From begin to end; `null` on a platform without `performance.now`. */
  readonly milliseconds: number | null;
}

export type Listener = (told: unknown) => void;

/** What it throws, at once or later, is nobody's: an observer must not be able to stop a sale. */
export function listenerOf(value: unknown, path: string): Listener {
  const listener = optionalFunction(value, path);
  if (listener === undefined) return () => undefined;
  return (told) => {
    try {
      Promise.resolve(listener(told)).catch(() => undefined);
    } catch {
      return;
    }
  };
}

/** Milliseconds since this was made. */
export function stopwatch(): () => number | null {
  const begun = millisecondsNow();
  return () => {
    const ended = millisecondsNow();
    return begun === null || ended === null ? null : ended - begun;
  };
}

function millisecondsNow(): number | null {
  return typeof performance === "undefined" ? null : performance.now();
}

type Ending = Pick<EngineEvent, "status" | "reason" | "changed">;

export function eventOf(type: EngineEvent["type"], ending: Ending, tally: Tally, milliseconds: number | null): EngineEvent {
  return { type, ...ending, ...tally, milliseconds };
}

/** What an outcome of any call says of itself; `null`: an `orderStatus` that had nothing to do. */
export function endingOf(outcome: Partial<RedemptionOutcome> | null): Ending {
  return { status: outcome === null ? "none" : (outcome.status ?? "answered"), reason: outcome?.reason ?? null, changed: outcome?.changed ?? false };
}

export function endedBy(error: unknown): Ending {
  return { status: "error", reason: error instanceof CouponError ? error.code : "internal", changed: false };
}
