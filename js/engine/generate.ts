/**
 * `engine.codes.generate`: many unique codes into the store, chunk by chunk.
 *
 * Owns the run: the room is checked before anything is written, what the store refuses is drawn again, and a run that
 * ends early says so in its batch.
 */
import { optionalText, refuseUnknown, text, whole } from "../boundary/fields.js";
import { optionalSignal } from "../boundary/signal.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { CouponError } from "../errors.js";
import type { CouponRecord } from "../types/coupon.js";
import type { GeneratedCodes } from "../types/requests.js";
import { call } from "../wasm/instance.js";
import type { Context } from "../wasm/exports.js";
import type { Generation, GenerateRequest } from "./api.js";
import type { Office, OpenRun } from "./office.js";
import { nextTask, reportTo } from "./progress.js";
import { SHAPE_FIELDS, settled, shapeOf } from "./shape.js";

const MAX_COUNT = 1_000_000;
const CHUNK = 5_000;
/** Draws in a row of which the store kept none. */
const MAX_EMPTY_ROUNDS = 20;
const SAMPLE = 5;

export async function generate(office: Office, request: GenerateRequest): Promise<Generation> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress", "signal"]);
  refuseUnknown(data, ["couponId", "count", "actor", ...SHAPE_FIELDS]);
  const couponId = text(data, "couponId");
  const total = whole(data, "count", 1, MAX_COUNT);
  const actor = optionalText(data, "actor");
  const report = reportTo(lifted["onProgress"]);
  const signal = optionalSignal(lifted["signal"], "signal");

  const coupon = await office.knownCoupon(couponId, signal);
  const context = await office.context(signal);
  const batches = await office.batches(couponId, signal);
  const shape = settled(shapeOf(data, coupon, context), total, batches);
  const draw = drawer(shape.shape, shape.existing + total);
  const first = draw(Math.min(total, CHUNK));

  const run = new Run(office, { coupon, total, shape: shape.text, context, signal });
  office.runs.add(run);
  try {
    await run.open(actor);
    await run.store(first, draw, (done) => report({ done, total }));
    await run.end();
  } catch (error) {
    await run.fail().catch(() => undefined); // the first error is the one to tell
    throw error;
  } finally {
    office.runs.delete(run);
  }
  const { length, guessesPerHit, warnings } = first;
  return { batch: run.batch, count: total, sample: run.sample, length, guessesPerHit, warnings };
}

type Draw = (count: number) => GeneratedCodes;

/** Each draw is judged by the whole pool: what exists of its shape and all of this run. */
function drawer(shape: PlainObject, pool: number): Draw {
  return (count) => call((engine) => engine.generateCodes({ ...shape, count, existing: pool - count }));
}

interface RunOf {
  readonly coupon: CouponRecord;
  readonly total: number;
  readonly shape: string;
  readonly context: Context;
  readonly signal: AbortSignal | undefined;
}

class Run implements OpenRun {
  readonly sample: string[] = [];
  readonly #office: Office;
  readonly #of: RunOf;
  #batch: number | undefined;
  #done = 0;
  #hasFailed = false;
  /** What the store is being asked to write. */
  #write: Promise<void> = Promise.resolve();
  #ended: Promise<void> | undefined;

  constructor(office: Office, of: RunOf) {
    this.#office = office;
    this.#of = of;
  }

  get batch(): number {
    if (this.#batch === undefined) throw new CouponError({ code: "internal", message: "the run has no batch yet" });
    return this.#batch;
  }

  open(actor: string | null): Promise<void> {
    this.#write = this.#open(actor);
    return this.#write;
  }

  async store(first: GeneratedCodes, draw: Draw, onStored: (done: number) => Promise<void>): Promise<void> {
    const { total } = this.#of;
    let drawn = first;
    let emptyRounds = 0;
    for (;;) {
      const before = this.#done;
      this.#write = this.#storeChunk(drawn.codes);
      await this.#write;
      emptyRounds = this.#done === before ? emptyRounds + 1 : 0;
      await onStored(this.#done);
      if (this.#done === total) return;
      if (emptyRounds === MAX_EMPTY_ROUNDS) throw this.#exhausted();
      await nextTask();
      drawn = draw(Math.min(total - this.#done, CHUNK));
    }
  }

  /** Records how far it came, once; also called when the engine is closed. */
  end(): Promise<void> {
    this.#ended ??= this.#recordEnd();
    return this.#ended;
  }

  fail(): Promise<void> {
    this.#hasFailed = true;
    return this.end();
  }

  async #recordEnd(): Promise<void> {
    // The engine may be closed from inside a write, which is known here only once its call has returned.
    await Promise.resolve();
    await this.#write.catch(() => undefined); // what is being written still counts
    if (this.#batch === undefined) return;
    const state = this.#done === this.#of.total && !this.#hasFailed ? "complete" : "failed";
    await this.#office.closeBatch({ couponId: this.#of.coupon.id, number: this.#batch, state, generated: this.#done });
  }

  async #open(actor: string | null): Promise<void> {
    const { coupon, total, shape, context, signal } = this.#of;
    const batch = { couponId: coupon.id, requested: total, shape, actor, createdAt: context.now as number };
    this.#batch = await this.#office.openBatch(batch, signal);
  }

  async #storeChunk(texts: readonly string[]): Promise<void> {
    const { coupon, context, signal } = this.#of;
    const definitions = texts.map((code) => ({ code }));
    const { codes } = call((engine) => engine.defineCodes({ coupon, codes: definitions, batch: this.batch }, context));
    const { stored } = await this.#office.insertCodes(codes, signal);
    this.#done += stored.length;
    this.sample.push(...stored.slice(0, SAMPLE - this.sample.length).map(({ code }) => code));
  }

  #exhausted(): CouponError {
    const details = { batch: this.batch, generated: this.#done };
    return new CouponError({ code: "key_space_exhausted", message: `${MAX_EMPTY_ROUNDS} draws in a row gave only codes that exist`, details });
  }
}
