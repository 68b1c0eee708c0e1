/**
 * Calls into the host's storage: each with a time-out, an abort signal, a typed error and a plain copy of the answer.
 *
 * Must not retry, and must not judge an answer beyond being plain data.
 */
import { ordinarySnapshot, type Plain } from "./boundary/snapshot.js";
import { CouponError } from "./errors.js";

export interface HostCall {
  /** `storage.catalog.find`. */
  readonly path: string;
  run(): unknown;
}

export interface Wait {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Makes all calls at once; the first failure is the answer. No timer is left behind in any case. */
export function askAll(calls: readonly HostCall[], wait: Wait): Promise<Plain[]> {
  const { signal, timeoutMs } = wait;
  const answered = calls.map(() => false);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      stop();
      reject(error);
    };
    const onAbort = (): void => fail(aborted(signal));
    const timer = setTimeout(() => fail(timedOut(calls[answered.indexOf(false)]?.path, timeoutMs)), timeoutMs);
    signal?.addEventListener("abort", onAbort);
    const answers = calls.map(async (call, index) => {
      const answer = await answerOf(call);
      answered[index] = true;
      return answer;
    });
    Promise.all(answers).finally(stop).then(resolve, reject);
  });
}

/** Makes one call. */
export async function ask(call: HostCall, wait: Wait): Promise<Plain> {
  const [answer] = await askAll([call], wait);
  return answer ?? null;
}

/** What a storage that breaks its contract is told. */
export function invalidAnswer(path: string, message: string, cause?: unknown): CouponError {
  return new CouponError({ code: "storage_invalid_answer", message, path, cause });
}

async function answerOf(call: HostCall): Promise<Plain> {
  let answer: unknown;
  try {
    answer = await call.run();
  } catch (cause) {
    throw new CouponError({ code: "storage_failed", message: "threw", path: call.path, cause });
  }
  try {
    return ordinarySnapshot(answer, call.path);
  } catch (cause) {
    if (!(cause instanceof CouponError)) throw cause;
    throw invalidAnswer(cause.path ?? call.path, `does not answer plain data (${cause.code})`, cause);
  }
}

function aborted(signal: AbortSignal | undefined): CouponError {
  return new CouponError({ code: "aborted", message: "the caller's signal ended the call", cause: signal?.reason });
}

function timedOut(path: string | undefined, timeoutMs: number): CouponError {
  return new CouponError({ code: "storage_timeout", message: `did not answer within ${timeoutMs} ms`, path });
}
