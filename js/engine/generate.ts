/**
 * `engine.codes.generate`: many unique codes into the store, chunk by chunk.
 *
 * Owns the run: the room is checked before anything is written, what the store refuses is drawn again, and a run that
 * ends early says so in its batch.
 */
import { optionalFunction, optionalSignal, optionalText, refuseUnknown, text, whole } from "../boundary/fields.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { CouponError } from "../errors.js";
import type { CouponRecord } from "../types/coupon.js";
import type { GeneratedCodes } from "../types/requests.js";
import { call } from "../wasm/instance.js";
import type { Context } from "../wasm/exports.js";
import type { Generation, GenerateRequest } from "./api.js";
import type { Office } from "./office.js";

const MAX_COUNT = 1_000_000;
const CHUNK = 5_000;
/** Draws in a row of which the store kept none. */
const MAX_EMPTY_ROUNDS = 20;
const SAMPLE = 5;
const SHAPE = ["length", "charset", "prefix", "suffix", "separator"] as const;

export async function generate(office: Office, request: GenerateRequest): Promise<Generation> {
  const { data, lifted } = snapshotObject(request, "", ["onProgress", "signal"]);
  refuseUnknown(data, ["couponId", "count", "actor", ...SHAPE]);
  const couponId = text(data, "couponId");
  const total = whole(data, "count", 1, MAX_COUNT);
  const actor = optionalText(data, "actor");
  const onProgress = optionalFunction(lifted["onProgress"], "onProgress");
  const signal = optionalSignal(lifted["signal"], "signal");

  const coupon = await office.knownCoupon(couponId, signal);
  const context = await office.context(signal);
  const existing = (await office.batches(couponId, signal)).reduce((sum, batch) => sum + batch.generated, 0);
  const draw = drawer(shapeOf(data, coupon), existing + total);
  const first = draw(Math.min(total, CHUNK));

  const createdAt = context.now as number;
  const batch = await office.openBatch({ couponId, requested: total, actor, createdAt }, signal);
  const run = new Run(office, { couponId, batch, total, context, signal });
  try {
    await run.store(first, draw, (done) => report(onProgress, done, total));
  } catch (error) {
    await run.close("failed").catch(() => undefined); // the first error is the one to tell
    throw error;
  }
  await run.close("complete");
  const { length, guessesPerHit, warnings } = first;
  return { batch, count: total, sample: run.sample, length, guessesPerHit, warnings };
}

/** A pool's codes begin with its own code, unless the caller says otherwise. */
function shapeOf(data: PlainObject, coupon: CouponRecord): PlainObject {
  const shape: PlainObject = {};
  if (coupon.type === "bulk_pool" && coupon.code) shape["prefix"] = coupon.code;
  for (const name of SHAPE) {
    const value = data[name];
    if (value !== undefined && value !== null) shape[name] = value;
  }
  return shape;
}

type Draw = (count: number) => GeneratedCodes;

/** Draws codes of one length, that of the whole pool: the first draw settles what `"auto"` is. */
function drawer(shape: PlainObject, pool: number): Draw {
  let length = shape["length"];
  return (count) => {
    const asked = { ...shape, ...(length === undefined ? {} : { length }), count, existing: pool - count };
    const drawn = call((engine) => engine.generateCodes(asked));
    length = drawn.length;
    return drawn;
  };
}

interface RunOf {
  readonly couponId: string;
  readonly batch: number;
  readonly total: number;
  readonly context: Context;
  readonly signal: AbortSignal | undefined;
}

class Run {
  readonly sample: string[] = [];
  readonly #office: Office;
  readonly #of: RunOf;
  #done = 0;

  constructor(office: Office, of: RunOf) {
    this.#office = office;
    this.#of = of;
  }

  async store(first: GeneratedCodes, draw: Draw, onStored: (done: number) => void): Promise<void> {
    const { total } = this.#of;
    let drawn = first;
    let emptyRounds = 0;
    for (;;) {
      const stored = await this.#storeChunk(drawn.codes);
      this.#done += stored;
      emptyRounds = stored === 0 ? emptyRounds + 1 : 0;
      onStored(this.#done);
      if (this.#done === total) return;
      if (emptyRounds === MAX_EMPTY_ROUNDS) throw this.#exhausted();
      await nextTask();
      drawn = draw(Math.min(total - this.#done, CHUNK));
    }
  }

  close(state: "complete" | "failed"): Promise<void> {
    const { couponId, batch } = this.#of;
    return this.#office.closeBatch({ couponId, number: batch, state, generated: this.#done });
  }

  /** How many of them the store kept. */
  async #storeChunk(texts: readonly string[]): Promise<number> {
    const { couponId, batch, context, signal } = this.#of;
    const definitions = texts.map((code) => ({ code }));
    const { codes } = call((engine) => engine.defineCodes({ couponId, codes: definitions, batch }, context));
    const { stored } = await this.#office.insertCodes(codes, signal);
    this.sample.push(...stored.slice(0, SAMPLE - this.sample.length).map(({ code }) => code));
    return stored.length;
  }

  #exhausted(): CouponError {
    const { batch } = this.#of;
    const details = { batch, generated: this.#done };
    return new CouponError({ code: "key_space_exhausted", message: `${MAX_EMPTY_ROUNDS} draws in a row gave only codes that exist`, details });
  }
}

function report(onProgress: ((progress: unknown) => unknown) | undefined, done: number, total: number): void {
  try {
    onProgress?.({ done, total });
  } catch (cause) {
    throw new CouponError({ code: "aborted", message: "threw", path: "onProgress", cause });
  }
}

/** Lets other work of the process run between chunks. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
