/**
 * Runs one operation of the engine from the caller's request to its answer: the copy of the request, the limits on
 * attempts, the steps, the texts, and what observers are told.
 */
import { flag, optionalText, refusal } from "../boundary/fields.js";
import { optionalSignal } from "../boundary/signal.js";
import { snapshotObject, snapshotRequest, type PlainObject } from "../boundary/snapshot.js";
import { drive, newTally } from "../drive.js";
import { withMessages } from "../messages/outcome.js";
import type { Quote, Validation } from "../types/quote.js";
import type { OrderStatusOutcome, RedemptionOutcome, Refund } from "../types/redemption.js";
import type { CommandType, Context, Done } from "../wasm/exports.js";
import { Attempts, type Asker } from "./attempts.js";
import { endedBy, endingOf, eventOf, stopwatch, type EngineEvent } from "./events.js";
import type { EngineParts } from "./options.js";
import { publicRecord } from "./record.js";

/** Longer than a session's id or an address ever is. */
const MAX_CALLER = 1_024;

export class Operations {
  readonly #parts: EngineParts;
  readonly #refuseClosed: () => void;
  readonly #attempts: Attempts | undefined;

  constructor(parts: EngineParts, refuseClosed: () => void) {
    this.#parts = parts;
    this.#refuseClosed = refuseClosed;
    this.#attempts = parts.attempts && new Attempts(parts, parts.attempts);
  }

  /** Calls in which somebody enters codes. */
  async entering<T extends Quote | Validation | RedemptionOutcome | OrderStatusOutcome>(type: CommandType, request: unknown): Promise<T> {
    this.#refuseClosed();
    const { data, lifted } = snapshotRequest(request, ["signal"]);
    const { caller: _, verified: __, ...rest } = data;
    const asker = { caller: callerIn(data), verified: flag(data, "verified", false) };
    return this.#run(type, rest as PlainObject, lifted["signal"], asker) as Promise<T>;
  }

  /** Calls on what is reserved already. */
  async on<T extends RedemptionOutcome | Refund>(type: CommandType, request: unknown): Promise<T> {
    this.#refuseClosed();
    const { data, lifted } = snapshotObject(request, "", ["signal"]);
    return this.#run(type, data, lifted["signal"], null) as Promise<T>;
  }

  async #run(type: CommandType, data: PlainObject, givenSignal: unknown, asker: Asker | null): Promise<unknown> {
    const signal = optionalSignal(givenSignal, "signal");
    const { now = null, ...request } = data;
    const { policy, identityKey, storage, timeoutMs, write, onEvent } = this.#parts;
    const context: Context = { now: now ?? this.#parts.now(), policy, ...(identityKey !== undefined && { identityKey }) };
    const wait = { timeoutMs, signal };
    const tally = newTally();
    const elapsed = stopwatch();
    const name = nameOf(type);
    try {
      const round = asker && this.#attempts ? await this.#attempts.begin(request, asker, context, wait) : null;
      const blocked = round === null || round.blocked.size === 0 ? undefined : [...round.blocked.keys()];
      const done = await drive({ type, request }, blocked ? { ...context, blocked } : context, storage, wait, tally);
      if (round !== null) await this.#attempts?.end(round, quoteOf(done)?.codes ?? []);
      onEvent(eventOf(name, endingOf(endedAs(done)), tally, elapsed()));
      return told(done, write);
    } catch (error) {
      onEvent(eventOf(name, endedBy(error), tally, elapsed()));
      throw error;
    }
  }
}

function callerIn(data: PlainObject): string | null {
  const caller = optionalText(data, "caller");
  if (caller !== null && caller.length > MAX_CALLER) throw refusal("too_long", `is longer than ${MAX_CALLER} characters`, "caller");
  return caller;
}

function nameOf(type: CommandType): EngineEvent["type"] {
  return type.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase()) as EngineEvent["type"];
}

type AnyOutcome = Partial<Quote> & Partial<RedemptionOutcome> & Partial<OrderStatusOutcome>;

/** Of `orderStatus`, what became of the call it made. */
function endedAs({ outcome }: Done): Partial<RedemptionOutcome> | null {
  const { action, outcome: inner, ...own } = outcome as AnyOutcome;
  return action === undefined ? own : (inner ?? null);
}

function quoteOf(done: Done): Pick<Quote, "codes"> | null {
  const { codes } = done.outcome as AnyOutcome;
  return codes !== undefined ? { codes } : (endedAs(done)?.quote ?? null);
}

/** With the texts of the quote, wherever in the outcome it stands. */
function told({ outcome, disclosure }: Done, write: EngineParts["write"]): unknown {
  const answer = outcome as AnyOutcome;
  if (answer.outcome) return { ...answer, outcome: toldIn(answer.outcome) };
  return answer.codes && !("status" in answer) ? withMessages<Quote>({ outcome: answer as Quote, disclosure }, write) : toldIn(answer);

  function toldIn<O extends Partial<RedemptionOutcome>>(of: O): O {
    const redemption = of.redemption && { redemption: publicRecord(of.redemption) };
    const quote = of.quote && { quote: withMessages<Quote>({ outcome: of.quote, disclosure }, write) };
    return { ...of, ...redemption, ...quote };
  }
}
