/**
 * The reads of one operation: what the engine asks for, of all callbacks at once, and what became of `priorOrders`, which
 * most checkouts can do without. Bodies of entries are texts in the store and objects for the engine: read here.
 */
import { ordinarySnapshot, type Plain, type PlainObject } from "./boundary/snapshot.js";
import { CouponError } from "./errors.js";
import { askAll, invalidAnswer, type HostCall, type Wait } from "./host.js";
import { knownOffsetsOf } from "./schedules.js";
import type { BoundStorage } from "./storage.js";
import type { Loaded, LoadRequest, Reply, Step } from "./wasm/exports.js";

/** Answers one part of a view. */
interface PartCall extends HostCall {
  readonly part: Exclude<keyof LoadRequest, "zones">;
}

export class Reads {
  readonly #storage: BoundStorage;
  readonly #wait: Wait;
  readonly #now: Plain;
  #priorOrdersError: CouponError | undefined;

  constructor(storage: BoundStorage, wait: Wait, now: Plain) {
    this.#storage = storage;
    this.#wait = wait;
    this.#now = now;
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const zones = request.zones && knownOffsetsOf(request.zones, this.#now);
    const calls = this.#calls(request);
    const answers = await askAll(calls, this.#wait);
    const view: { -readonly [K in keyof Loaded["view"]]: Loaded["view"][K] } = { catalog: null, ledger: null, priorOrders: null, zones };
    calls.forEach(({ part, path }, index) => {
      const answer = answers[index] ?? null;
      const isExcused = part === "priorOrders" && this.#priorOrdersError !== undefined;
      if (answer === null && !isExcused) throw invalidAnswer(path, "answered nothing");
      view[part] = part === "ledger" ? withBodies(answer, path) : answer;
    });
    return { type: "loaded", view };
  }

  /** For a load that the engine can do without; the caller's own signal still ends the call. */
  async loadIfPossible(request: LoadRequest): Promise<Reply> {
    try {
      return await this.load(request);
    } catch (error) {
      if (error instanceof CouponError && error.code !== "aborted") return { type: "unknown" };
      throw error;
    }
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

/** What is no list of entries is the engine's to refuse. */
function withBodies(view: Plain, path: string): Plain {
  if (view === null || typeof view !== "object" || Array.isArray(view)) return view;
  const read = { ...(view as PlainObject) };
  for (const part of ["entries", "expiredHolds"]) {
    const entries = read[part];
    if (Array.isArray(entries)) read[part] = (entries as readonly Plain[]).map((entry, index) => withBody(entry, `${path}.${part}[${index}]`));
  }
  return read;
}

/** A stored entry with its body as an object. */
export function withBody(entry: Plain, path: string): Plain {
  if (entry === null || typeof entry !== "object" || Array.isArray(entry)) return entry;
  return { ...(entry as PlainObject), body: bodyOf((entry as PlainObject)["body"], `${path}.body`) };
}

function bodyOf(text: Plain | undefined, path: string): Plain {
  if (typeof text !== "string") throw invalidAnswer(path, "must be a string");
  try {
    return ordinarySnapshot(JSON.parse(text), path);
  } catch (cause) {
    const message = cause instanceof CouponError ? `does not hold plain data (${cause.code})` : "is not JSON";
    throw invalidAnswer((cause instanceof CouponError && cause.path) || path, message);
  }
}
