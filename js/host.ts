/**
 * Calls into the host's storage: each with a time-out, an abort signal, a typed error and a plain copy of the answer.
 *
 * Must not retry, and must not judge an answer beyond being plain data.
 */
import { watch } from "./boundary/signal.js";
import { answerSnapshot, type Plain } from "./boundary/snapshot.js";
import { CouponError } from "./errors.js";

export interface HostCall {
  /** `storage.catalog.find`. */
  readonly path: string;
  run(): unknown;
  /** Given by a call that the others can do without: told of its failure or time-out, and its answer is `null`. */
  readonly onFailure?: (error: CouponError) => void;
}

export interface Wait {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Makes all calls at once; the first failure is the answer. No timer and no listener is left behind in any case. */
export function askAll(calls: readonly HostCall[], wait: Wait): Promise<Plain[]> {
  return new Promise((resolve, reject) => new Round(calls, wait, resolve, reject).start());
}

/** Makes one call. */
export async function ask(call: HostCall, wait: Wait): Promise<Plain> {
  const [answer] = await askAll([call], wait);
  return answer ?? null;
}

/** Lets time pass; ends early, with `aborted`, by the signal. No timer and no listener is left behind in any case. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unwatch: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      unwatch = signal && watch(signal, reject);
      timer = setTimeout(resolve, milliseconds);
    });
  } finally {
    clearTimeout(timer);
    unwatch?.();
  }
}

/** What a storage that breaks its contract is told. */
export function invalidAnswer(path: string, message: string, cause?: unknown): CouponError {
  return new CouponError({ code: "storage_invalid_answer", message, path, cause });
}

/** Calls that are waited for together. What comes after its end changes nothing. */
class Round {
  readonly #calls: readonly HostCall[];
  readonly #wait: Wait;
  readonly #resolve: (answers: Plain[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #answers: Plain[];
  readonly #open: Set<HostCall>;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  constructor(calls: readonly HostCall[], wait: Wait, resolve: (answers: Plain[]) => void, reject: (error: unknown) => void) {
    this.#calls = calls;
    this.#wait = wait;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#answers = calls.map(() => null);
    this.#open = new Set(calls);
  }

  start(): void {
    const { signal, timeoutMs } = this.#wait;
    try {
      this.#unwatch = signal && watch(signal, (error) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
    if (this.#isOver) return this.#stop(); // a signal may also have called back at once
    if (this.#open.size === 0) return this.#finish();
    this.#timer = setTimeout(() => this.#timeOut(timeoutMs), timeoutMs);
    this.#calls.forEach((call, index) => void this.#make(call, index));
  }

  async #make(call: HostCall, index: number): Promise<void> {
    try {
      const answer = await answerOf(call);
      if (!this.#isOver) this.#answers[index] = answer;
    } catch (error) {
      this.#failed(call, error);
    }
    this.#open.delete(call);
    if (this.#open.size === 0) this.#finish();
  }

  #timeOut(timeoutMs: number): void {
    for (const call of this.#open) this.#failed(call, timedOut(call.path, timeoutMs));
    this.#finish();
  }

  /** Where the call can be done without, only a wrong answer fails the others: that is a defect, and told at once. */
  #failed(call: HostCall, error: unknown): void {
    if (this.#isOver) return;
    if (call.onFailure !== undefined && error instanceof CouponError && error.retryable) call.onFailure(error);
    else this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#reject(error);
    this.#stop();
  }

  #finish(): void {
    this.#resolve(this.#answers);
    this.#stop();
  }

  #stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#unwatch?.();
  }
}

async function answerOf(call: HostCall): Promise<Plain> {
  let answer: unknown;
  try {
    answer = await call.run();
  } catch (cause) {
    throw new CouponError({ code: "storage_failed", message: "threw", path: call.path, cause });
  }
  try {
    return answerSnapshot(answer, call.path);
  } catch (cause) {
    if (!(cause instanceof CouponError)) throw cause;
    throw invalidAnswer(cause.path ?? call.path, `does not answer plain data (${cause.code})`, cause);
  }
}

function timedOut(path: string, timeoutMs: number): CouponError {
  return new CouponError({ code: "storage_timeout", message: `did not answer within ${timeoutMs} ms`, path });
}
