/**
 * The commits of one operation: bodies become texts, answers are held against the contract, and whatever is not a clear
 * answer is `unknown`. Remembers why, and whether the call may still end as if nothing had been written.
 */
import { MAX_BODY_UNITS, type Plain, type PlainObject } from "./boundary/snapshot.js";
import type { LedgerBatch } from "./contract/storage.js";
import type { Tally } from "./drive.js";
import { CouponError } from "./errors.js";
import { ask, invalidAnswer, type Wait } from "./host.js";
import { refusedCredit, type BoundStorage } from "./storage.js";
import type { Reply, UnwrittenBatch } from "./wasm/exports.js";

const PATH = "storage.ledger.commit";
/** What a refund of the rest adds to a record besides its lines: sums, store credits, a reason. */
const REST_UNITS = 10_000;
/** The counters of a store credit: what is taken of it, and what was added. */
const CREDIT = /^coupon\/[^/]+\/credit(\/added)?$/;

export class Commits {
  readonly #storage: BoundStorage;
  readonly #wait: Wait;
  readonly #tally: Tally;
  /** What the call asks for was written, or nobody can say that it was not. */
  #mayBeWritten = false;
  #cause: unknown;

  constructor(storage: BoundStorage, wait: Wait, tally: Tally) {
    this.#storage = storage;
    this.#wait = wait;
    this.#tally = tally;
  }

  async send(unwritten: UnwrittenBatch, isOwn: boolean): Promise<Reply> {
    const batch = writtenBatch(unwritten, this.#storage);
    let isSent = false;
    const run = (): unknown => {
      isSent = true;
      this.#tally.commits += 1;
      return this.#storage.commit(batch);
    };
    try {
      const outcome = outcomeIn(await ask({ path: PATH, run }, this.#wait), batch);
      if (outcome["status"] === "committed") {
        this.#mayBeWritten ||= isOwn;
        this.#tally.helped += unwritten.insert.filter(({ state }, index) => (index > 0 || !isOwn) && state === "expired").length;
      }
      return { type: "committed", outcome };
    } catch (error) {
      if (!isSent) throw error;
      this.#mayBeWritten ||= isOwn;
      this.#cause = error;
      this.#tally.unknown += 1;
      return { type: "unknown" };
    }
  }

  /** What a call that ends with this error tells its caller. */
  told(error: unknown): unknown {
    const isUnknown = error instanceof CouponError && error.code === "outcome_unknown";
    if (!this.#mayBeWritten && !isUnknown) return error;
    const message = isUnknown ? error.message : "a commit was sent, and whether it was written is not known: call again with the same key";
    return new CouponError({ code: "outcome_unknown", message, cause: isUnknown ? this.#cause : error });
  }
}

/** Refused here and not by the store: a commit that was never sent has a known outcome. */
export function writtenBatch({ partition, insert, add }: UnwrittenBatch, { maxOperations, carriesCredit }: BoundStorage): LedgerBatch {
  const operations = insert.length + add.length;
  if (operations > maxOperations) {
    throw new CouponError({ code: "too_large", message: `one commit of this call is ${operations} operations, and the storage carries ${maxOperations}` });
  }
  if (!carriesCredit && add.some(({ counter, delta }) => delta > 0 && CREDIT.test(counter))) throw refusedCredit();
  return { partition, insert: insert.map((entry) => ({ ...entry, body: bodyOf(entry) })), add };
}

/** A record grows with what is done to it, so each step has to leave room for those after it: a refused one can be helped. */
function bodyOf({ state, revision, body }: UnwrittenBatch["insert"][number]): string {
  const text = JSON.stringify(body);
  const { lines = [], refunded } = body as { readonly lines?: unknown; readonly refunded?: { readonly refunds: readonly unknown[] } };
  const isFirst = state === "held" || revision === 0;
  const isPart = state === "redeemed" && refunded !== undefined && refunded.refunds.length > 0;
  // The refund of all that is left names every line once more.
  const most = isFirst ? MAX_BODY_UNITS / 2 : MAX_BODY_UNITS - (isPart ? JSON.stringify(lines).length + REST_UNITS : 0);
  if (text.length <= most) return text;
  const advice = isPart ? "the rest can be refunded as a whole" : "fewer lines or codes make it smaller";
  throw new CouponError({ code: "too_large", message: `the record of this call goes beyond ${most} characters; ${advice}` });
}

/** Only what the contract names of it: a driver's own fields are nobody's business. */
function outcomeIn(answer: Plain, { insert }: LedgerBatch): PlainObject {
  const given = (answer ?? {}) as PlainObject;
  const { status } = given;
  if (!STATUSES.includes(status as string)) throw invalidAnswer(`${PATH}.status`, `must be ${STATUSES.join(", ")}`);
  const outcome: PlainObject = { status: status as string };
  for (const name of ["insert", "add", "claimed", "retryAfterMs"]) {
    const value = given[name] ?? null;
    if (value === null) continue;
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw invalidAnswer(`${PATH}.${name}`, "must be a whole number of 0 or more");
    outcome[name] = value;
  }
  const taken = (outcome["insert"] ?? insert.length) as number;
  if (status === "exists" && taken >= insert.length) throw invalidAnswer(`${PATH}.insert`, `must be below ${insert.length}`);
  return outcome;
}

const STATUSES = ["committed", "exists", "ceiling", "busy"];
