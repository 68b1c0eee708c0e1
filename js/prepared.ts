/**
 * A set of coupons parsed once, for many carts.
 *
 * The parsed set lives in the wasm instance under a handle. This object keeps a copy of the definitions, so that it
 * survives the replacement of the instance, and gives the handle back when it is closed or collected.
 */
import { refusal } from "./boundary/fields.js";
import { snapshot, snapshotObject, type Plain } from "./boundary/snapshot.js";
import { withTexts } from "./pure.js";
import type { CouponDefinition } from "./types/coupon.js";
import type { Quote } from "./types/quote.js";
import type { PreparedRequest } from "./types/requests.js";
import { call, generation, isInitialized } from "./wasm/instance.js";
import type { EngineExports } from "./wasm/exports.js";

export interface PreparedSet {
  /** As `evaluate`, with the coupons of this set. */
  evaluate(request: PreparedRequest): Quote;
  /** Frees the set at once; otherwise it is freed when it is garbage. A closed set throws `closed`. */
  close(): void;
}

/** Checks and parses the definitions once. Throws as `evaluate` does, with paths from `coupons`. */
export function prepare(coupons: readonly CouponDefinition[]): PreparedSet {
  const definitions = snapshot(coupons, "coupons");
  const held = call((engine) => hold(engine, definitions));
  const set = new Prepared(definitions, held);
  abandoned().register(set, held, held);
  return set;
}

/** Changed in place, so that the registry, which must not know the set, always sees the current handle. */
interface Held {
  handle: number;
  generation: number;
  closed: boolean;
}

class Prepared implements PreparedSet {
  readonly #definitions: Plain;
  readonly #held: Held;

  constructor(definitions: Plain, held: Held) {
    this.#definitions = definitions;
    this.#held = held;
  }

  evaluate(request: PreparedRequest): Quote {
    if (this.#held.closed) throw refusal("closed", "this prepared set has been closed");
    const { data } = snapshotObject(request, "");
    const answer = call((engine) => {
      if (this.#held.generation !== generation()) Object.assign(this.#held, hold(engine, this.#definitions));
      return engine.evaluatePrepared(this.#held.handle, data);
    });
    return withTexts(answer);
  }

  close(): void {
    abandoned().unregister(this.#held);
    release(this.#held);
  }
}

function hold(engine: EngineExports, definitions: Plain): Held {
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
