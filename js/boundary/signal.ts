/**
 * The caller's `AbortSignal`. Any of its members may be the caller's own code, so each is touched here alone and inside
 * a `try`. Owns the error `aborted`; must not know what the signal ends.
 */
import { CouponError } from "../errors.js";
import { reading, refusal } from "./fields.js";

export function optionalSignal(value: unknown, path: string): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  if (reading(path, () => isSignal(value as Partial<AbortSignal>))) return value as AbortSignal;
  throw refusal("invalid_type", "must be an AbortSignal", path);
}

/** Calls `end` when the signal is aborted; throws if it is already. Answers how to stop listening, which never throws. */
export function watch(signal: AbortSignal, end: (error: CouponError) => void): () => void {
  const onAbort = (): void => end(aborted(signal));
  const isAborted = reading("signal", () => {
    if (signal.aborted) return true;
    signal.addEventListener("abort", onAbort);
    return false;
  });
  if (isAborted) throw aborted(signal);
  return () => {
    try {
      signal.removeEventListener("abort", onAbort);
    } catch {
      // The call is over by then; what it ended with is not to be lost.
    }
  };
}

function isSignal(signal: Partial<AbortSignal>): boolean {
  const { aborted: state, addEventListener, removeEventListener } = signal;
  return typeof state === "boolean" && typeof addEventListener === "function" && typeof removeEventListener === "function";
}

function aborted(signal: AbortSignal): CouponError {
  let cause: unknown;
  try {
    cause = signal.reason;
  } catch (thrown) {
    cause = thrown;
  }
  return new CouponError({ code: "aborted", message: "the caller's signal ended the call", cause });
}
