/**
 * A set of coupons parsed once, for many carts.
 *
 * The parsed set lives in the wasm instance under a handle. This object keeps a copy of the definitions, so that it
 * survives the replacement of the instance, and gives the handle back when it is closed or collected.
 */
import { reading, refusal, refuseUnknown } from "./boundary/fields.js";
import { snapshot, snapshotObject, snapshotRequest, type PlainObject } from "./boundary/snapshot.js";
import type { MessageWriter } from "./messages/format.js";
import { withMessages } from "./messages/outcome.js";
import { textsOf, type TextOptions } from "./pure.js";
import { withOffsets, zonesOf } from "./schedules.js";
import type { CouponDefinition } from "./types/coupon.js";
import type { Quote } from "./types/quote.js";
import type { PreparedDefinitions, PreparedRequest } from "./types/requests.js";
import { call, generation, isInitialized } from "./wasm/instance.js";
import type { EngineExports } from "./wasm/exports.js";

export interface PreparedSet {
  /** As `evaluate`, with the coupons and rules of this set. */
  evaluate(request: PreparedRequest): Quote;
  /** Frees the set at once; otherwise it is freed when it is garbage. A closed set throws `closed`. */
  close(): void;
}

/**
 * Checks and parses the definitions once: coupons alone, or with their rules. Throws as `evaluate` does, with paths from
 * `coupons`, `rules` and `options`.
 */
export function prepare(given: readonly CouponDefinition[] | PreparedDefinitions, options?: TextOptions): PreparedSet {
  const definitions = readDefinitions(given);
  const write = textsOf(options);
  const held = call((engine) => hold(engine, definitions));
  const set = new Prepared(definitions, held, write);
  abandoned().register(set, held, held);
  return set;
}

function readDefinitions(given: unknown): PlainObject {
  const isList = typeof given !== "object" || given === null || reading("coupons", () => Array.isArray(given));
  if (isList) return { coupons: snapshot(given, "coupons") };
  const { data } = snapshotObject(given, "");
  refuseUnknown(data, ["coupons", "rules"]);
  return data;
}

/** Changed in place, so that the registry, which must not know the set, always sees the current handle. */
interface Held {
  handle: number;
  generation: number;
  closed: boolean;
}

class Prepared implements PreparedSet {
  readonly #definitions: PlainObject;
  readonly #zones: ReadonlySet<string>;
  readonly #held: Held;
  readonly #write: MessageWriter;

  constructor(definitions: PlainObject, held: Held, write: MessageWriter) {
    this.#definitions = definitions;
    this.#zones = zonesOf(definitions);
    this.#held = held;
    this.#write = write;
  }

  evaluate(request: PreparedRequest): Quote {
    if (this.#held.closed) throw refusal("closed", "this prepared set has been closed");
    const data = withOffsets(snapshotRequest(request).data, this.#zones);
    const answer = call((engine) => {
      if (this.#held.generation !== generation()) Object.assign(this.#held, hold(engine, this.#definitions));
      return engine.evaluatePrepared(this.#held.handle, data);
    });
    return withMessages(answer, this.#write);
  }

  close(): void {
    abandoned().unregister(this.#held);
    release(this.#held);
  }
}

function hold(engine: EngineExports, definitions: PlainObject): Held {
  return { handle: engine.prepare(definitions), generation: generation(), closed: false };
}

function release(held: Held): void {
  if (held.closed) return;
  held.closed = true;
  if (isInitialized() && held.generation === generation()) call((engine) => engine.releasePrepared(held.handle));
}

let registry: FinalizationRegistry<Held> | undefined;

/** Made at first use: nothing is set up by importing the package. */
function abandoned(): FinalizationRegistry<Held> {
  registry ??= new FinalizationRegistry(release);
  return registry;
}
