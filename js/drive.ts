/**
 * The loop around the engine's step machine: while it asks, the host is awaited and the answer is handed back.
 *
 * The engine replays the operation from its start at each step, so nothing has to survive in it while the host works.
 */
import type { Plain } from "./boundary/snapshot.js";
import { CouponError } from "./errors.js";
import { askAll, invalidAnswer, type HostCall, type Wait } from "./host.js";
import { knownOffsetsOf } from "./schedules.js";
import type { BoundStorage } from "./storage.js";
import { call } from "./wasm/instance.js";
import type { Command, Context, Done, Loaded, LoadRequest, Step } from "./wasm/exports.js";

const MAX_STEPS = 8;

export async function drive(command: Command, context: Context, storage: BoundStorage, wait: Wait): Promise<Done> {
  const replies: Loaded[] = [];
  const reads = new Reads(storage, wait, context.now);
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = reads.explained(() => call((engine) => engine.step(command, context, replies)));
    if (step.type === "done") return step;
    replies.push({ type: "loaded", view: await reads.load(step.request) });
  }
  throw new CouponError({ code: "internal", message: `the engine has no answer after ${MAX_STEPS} steps` });
}

/** Answers one part of a view. */
interface PartCall extends HostCall {
  readonly part: Exclude<keyof LoadRequest, "zones">;
}

/** The reads of one operation, and what became of `priorOrders`, which most checkouts can do without. */
class Reads {
  readonly #storage: BoundStorage;
  readonly #wait: Wait;
  readonly #now: Plain;
  #priorOrdersError: CouponError | undefined;

  constructor(storage: BoundStorage, wait: Wait, now: Plain) {
    this.#storage = storage;
    this.#wait = wait;
    this.#now = now;
  }

  async load(request: LoadRequest): Promise<Loaded["view"]> {
    const zones = request.zones && knownOffsetsOf(request.zones, this.#now);
    const calls = this.#calls(request);
    const answers = await askAll(calls, this.#wait);
    const view: { -readonly [K in keyof Loaded["view"]]: Loaded["view"][K] } = { catalog: null, ledger: null, priorOrders: null, zones };
    calls.forEach(({ part, path }, index) => {
      const answer = answers[index] ?? null;
      const isExcused = part === "priorOrders" && this.#priorOrdersError !== undefined;
      if (answer === null && !isExcused) throw invalidAnswer(path, "answered nothing");
      view[part] = answer;
    });
    return view;
  }

  /** Runs a step. If the number of orders is what it lacks, the error to tell is the one that kept it back. */
  explained(run: () => Step): Step {
    try {
      return run();
    } catch (error) {
      const lacksOrders = error instanceof CouponError && error.code === "prior_orders_unavailable";
      throw lacksOrders ? (this.#priorOrdersError ?? error) : error;
    }
  }

  #calls({ catalog, ledger, priorOrders }: LoadRequest): PartCall[] {
    const { find, read, priorOrders: count } = this.#storage;
    const calls: PartCall[] = [];
    if (catalog) calls.push({ part: "catalog", path: "storage.catalog.find", run: () => find(catalog) });
    if (ledger) calls.push({ part: "ledger", path: "storage.ledger.read", run: () => read(ledger) });
    if (priorOrders && count) {
      const onFailure = (error: CouponError): void => void (this.#priorOrdersError = error);
      calls.push({ part: "priorOrders", path: "storage.priorOrders", run: () => count(priorOrders), onFailure });
    }
    return calls;
  }
}
