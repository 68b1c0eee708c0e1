/**
 * Limits on guessing codes (threat model §4, S1): per caller, per account and per pool, counted in the ledger so that all
 * processes of a shop share them.
 *
 * Owns who is blocked, what is a failed attempt, and the names of the counters, in which nothing can be read. It never
 * stops a sale: a ledger that cannot be read or written costs the count, not the checkout.
 */
import { refuseUnknown, whole } from "../boundary/fields.js";
import { snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import { newTally } from "../drive.js";
import { CouponError, withPaths } from "../errors.js";
import { ask, type Wait } from "../host.js";
import type { CodeOutcome, ReasonCode } from "../types/quote.js";
import { call } from "../wasm/instance.js";
import type { Context, Untold } from "../wasm/exports.js";
import { countersIn } from "./answers.js";
import { endedBy, eventOf, stopwatch } from "./events.js";
import type { EngineParts } from "./options.js";

/**
 * Failed attempts that are let through. In one call the texts count down in their order, as if each would fail. What failed
 * is counted after the look-up: calls at the same time can go over a budget by as many texts as they have under way.
 *
 * The counts are in the ledger, one counter for each window; `engine.sweep` drops those whose window is over.
 */
export interface AttemptLimits {
  /** Of one `caller`, in a minute; default 10. */
  readonly caller?: number;
  /**
   * Of one customer, by any of the keys, in an hour; default 20. `stripPlusTag` is that of the engine's own `policy`, as
   * the stored one is not read for this: without the option `a+tag@example.com` is an account of its own here.
   */
  readonly account?: number;
  /**
   * At codes of one pool, which is the text before the first `-`, in an hour; default 1,000. Beyond it, only customers and
   * callers with `verified: true` may try codes of that pool. A success does not give an attempt back.
   */
  readonly pool?: number;
}

/** One code that somebody entered. Nothing of what was entered is in it. */
export interface Attempt {
  /** `accepted`: it is a code that may be used, though perhaps not on this cart; `blocked`: it was not looked up. */
  readonly outcome: "accepted" | "failed" | "blocked";
  /** A digest of the pool's prefix: equal for codes of one pool, also in `accepted` attempts. */
  readonly pool: string;
  /** Whose budget is gone; `null` unless blocked. */
  readonly scope: Scope | null;
}

export type Budgets = Required<AttemptLimits>;
type Scope = keyof AttemptLimits;

const DEFAULTS: Budgets = { caller: 10, account: 20, pool: 1_000 };
const WINDOWS: Budgets = { caller: 60_000, account: 3_600_000, pool: 3_600_000 };
const MAX_BUDGET = 1_000_000_000;
/** Counters known to be over their budget are kept, so that a failing ledger does not open what was closed. */
const MAX_CLOSED = 10_000;
/** More are the engine's to refuse. */
const MAX_CODES = 30;

/** What a stranger must not be able to tell apart, by its own names or as the one public answer (semantics §24). */
const FAILURES: ReadonlySet<string> = new Set<ReasonCode>([
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "outside_schedule",
  "limit_reached", "balance_exhausted", "budget_exhausted", "reserved_elsewhere", "customer_not_allowed", "not_first_order",
  "order_number_mismatch", "customer_limit_reached", "not_applicable",
]);

export function readBudgets(value: unknown): Budgets | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return DEFAULTS;
  const { data } = snapshotObject(value, "attempts");
  const budget = (scope: Scope): number => whole(data, scope, 1, MAX_BUDGET, DEFAULTS[scope]);
  return withPaths((name) => `attempts.${name}`, () => {
    refuseUnknown(data, Object.keys(DEFAULTS));
    return { caller: budget("caller"), account: budget("account"), pool: budget("pool") };
  });
}

/** Who is asking, besides what the engine's request says. */
export interface Asker {
  readonly caller: string | null;
  readonly verified: boolean;
}

/** One text that was entered, and by which counters it is counted. */
interface Entered {
  /** Place in the request's `codes`. */
  readonly index: number;
  /** A digest. */
  readonly pool: string;
  readonly counters: readonly Counter[];
}

interface Counter {
  readonly scope: Scope;
  readonly name: string;
  /** The end of its window. */
  readonly until: number;
}

/** The attempts of one call. */
export interface AttemptRound {
  readonly entered: readonly Entered[];
  /** By place in the request's `codes`: whose budget is gone. */
  readonly blocked: ReadonlyMap<number, Scope>;
}

export class Attempts {
  readonly #parts: EngineParts;
  readonly #budgets: Budgets;
  /** Until when. */
  readonly #closed = new Map<string, number>();

  constructor(parts: EngineParts, budgets: Budgets) {
    this.#parts = parts;
    this.#budgets = budgets;
  }

  /** Reads the budgets of everybody who asks. `null`: nothing was entered, or it is for the engine to refuse. */
  async begin(request: PlainObject, { caller, verified }: Asker, context: Context, wait: Wait): Promise<AttemptRound | null> {
    const now = instantOf(context.now);
    const texts = textsIn(request["codes"]);
    if (Number.isNaN(now) || texts.length === 0) return null;
    const customer = request["customer"] ?? null;
    const digest = (scope: Scope, of: string): string => call((engine) => engine.digest(`${scope}/${of}`, context));
    const counter = (scope: Scope, of: string): Counter => {
      const start = Math.floor(now / WINDOWS[scope]) * WINDOWS[scope];
      return { scope, name: `attempt/${scope}/${of}/${start}`, until: start + WINDOWS[scope] };
    };
    const askers = [
      ...(caller === null ? [] : [counter("caller", digest("caller", caller))]),
      ...accountsOf(customer, context).map((name) => counter("account", digest("account", name))),
    ];
    const pools = poolsOf(texts.map(([, text]) => text));
    const entered = texts.map(([index], place) => {
      const pool = digest("pool", pools[place] ?? "");
      return { index, pool, counters: [...askers, counter("pool", pool)] };
    });
    const left = await this.#left(entered, now, wait);
    const leftOf = ({ name }: Counter): number => left.get(name) ?? 0;
    const isStranger = customer === null && !verified;
    const blocked = new Map<number, Scope>();
    for (const { index, counters } of entered) {
      const gone = counters.find((one) => leftOf(one) <= 0 && (one.scope !== "pool" || isStranger));
      if (gone !== undefined) blocked.set(index, gone.scope);
      // Whether it fails is not known yet; each that is looked up could.
      else for (const one of counters) left.set(one.name, leftOf(one) - 1);
    }
    return { entered, blocked };
  }

  /** Tells and counts what became of each text. Never throws: what was decided is not to be lost. */
  async end({ entered, blocked }: AttemptRound, outcomes: readonly Untold<CodeOutcome>[]): Promise<void> {
    const failures = new Map<string, { readonly counter: string; delta: number; readonly ceiling: null; readonly until: number }>();
    for (const { index, pool, counters } of entered) {
      const scope = blocked.get(index) ?? null;
      const outcome = scope === null ? outcomeOf(outcomes[index]) : "blocked";
      if (outcome === null) continue;
      this.#parts.onAttempt({ outcome, pool, scope } satisfies Attempt);
      if (outcome !== "failed") continue;
      for (const { name, until } of counters) {
        const failure = failures.get(name);
        if (failure === undefined) failures.set(name, { counter: name, delta: 1, ceiling: null, until });
        else failure.delta += 1;
      }
    }
    if (failures.size === 0) return;
    const add = [...failures.values()].sort((one, two) => (one.counter < two.counter ? -1 : 1));
    const run = (): unknown => this.#parts.storage.commit({ partition: "shop", insert: [], add });
    const wait = { timeoutMs: this.#parts.timeoutMs, signal: undefined };
    await this.#sparing(() => ask({ path: "storage.ledger.commit", run }, wait));
  }

  /** By name of the counter: attempts that may still fail; 0 or less where the budget is gone. */
  async #left(entered: readonly Entered[], now: number, wait: Wait): Promise<Map<string, number>> {
    const counters = [...new Map(entered.flatMap((one) => one.counters).map((one) => [one.name, one])).values()];
    const names = counters.map(({ name }) => name);
    const path = "storage.ledger.read";
    const run = (): unknown => this.#parts.storage.read({ at: now, counters: [...names], entries: [], expiredHolds: null });
    const read = await this.#sparing(async () => countersIn(await ask({ path, run }, wait), names.length, path));
    return new Map(counters.map(({ scope, name, until }, index) => {
      const left = this.#closed.has(name) ? 0 : this.#budgets[scope] - (read?.[index]?.claimed ?? 0);
      if (left <= 0) this.#close(name, until, now);
      return [name, left];
    }));
  }

  #close(name: string, until: number, now: number): void {
    if (this.#closed.size >= MAX_CLOSED) for (const [known, end] of this.#closed) if (end <= now) this.#closed.delete(known);
    if (this.#closed.size < MAX_CLOSED) this.#closed.set(name, until);
  }

  /** What fails here is told, and the checkout goes on. */
  async #sparing<T>(run: () => Promise<T>): Promise<T | undefined> {
    const elapsed = stopwatch();
    try {
      return await run();
    } catch (error) {
      if (error instanceof CouponError && error.code === "aborted") throw error;
      this.#parts.onEvent(eventOf("attempts", endedBy(error), newTally(), elapsed()));
      return undefined;
    }
  }
}

/** `null`: codes are not taken here, so none was tried. */
function outcomeOf(outcome: Untold<CodeOutcome> | undefined): "accepted" | "failed" | null {
  if (outcome === undefined) return null;
  if (outcome.rejection === null) return "accepted";
  const { code } = outcome.rejection;
  if (FAILURES.has(code)) return "failed";
  return code === "codes_not_allowed" ? null : "accepted";
}

function textsIn(codes: Plain | undefined): readonly (readonly [index: number, text: string])[] {
  if (!Array.isArray(codes) || codes.length > MAX_CODES) return [];
  return (codes as readonly Plain[]).flatMap((entry, index) => {
    const text = entry !== null && typeof entry === "object" ? (entry as PlainObject)["code"] : entry;
    return typeof text === "string" ? [[index, text] as const] : [];
  });
}

/** A customer that is none is the engine's to refuse. */
function accountsOf(customer: Plain, context: Context): readonly string[] {
  if (customer === null) return [];
  try {
    return call((engine) => engine.customerNames(customer, context));
  } catch {
    return [];
  }
}

/** Of each text the canonical one before its first `-`; empty where there is none, and for what can be no code. */
function poolsOf(texts: readonly string[]): readonly string[] {
  const nothing = { coupons: [], cart: { currency: "XXX", lines: [] }, now: 0 };
  const { outcome } = call((engine) => engine.evaluate({ ...nothing, codes: texts }));
  return outcome.codes.map(({ code }) => (code === null ? "" : code.slice(0, Math.max(0, code.indexOf("-")))));
}

function instantOf(now: Plain): number {
  return typeof now === "string" ? Date.parse(now) : typeof now === "number" ? now : Number.NaN;
}
