/**
 * Reads and checks what `createCouponEngine` is given: each property once, nothing kept that is not needed.
 */
import { optionalFunction, refusal, wholeNumber, word } from "../boundary/fields.js";
import { snapshotObject, type Plain } from "../boundary/snapshot.js";
import { CouponError } from "../errors.js";
import { createMessages, type MessageWriter } from "../messages/format.js";
import { bindStorage, DURABILITIES, type BoundStorage } from "../storage.js";
import type { EpochMs } from "../types/money.js";
import { readBudgets, type Budgets } from "./attempts.js";
import { listenerOf, type Listener } from "./events.js";

export interface EngineParts {
  readonly storage: BoundStorage;
  readonly policy: Plain;
  readonly identityKey: string | undefined;
  /** `undefined`: attempts are not counted. */
  readonly attempts: Budgets | undefined;
  readonly onAttempt: Listener;
  readonly onEvent: Listener;
  readonly now: () => EpochMs;
  readonly write: MessageWriter;
  readonly timeoutMs: number;
}

const KNOWN = ["storage", "policy", "clock", "messages", "timeoutMs", "identityKey", "creditDurability", "attempts", "onAttempt", "onEvent"];
const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 600_000;
const LEAST_KEY = 16;
const LONGEST_KEY = 1_024;

export function readEngineOptions(options: unknown): EngineParts {
  const { data, lifted } = snapshotObject(options, "", KNOWN);
  for (const name of Object.keys(data)) throw refusal("unknown_field", "is not an option", name);
  const { storage, policy, clock, messages, timeoutMs } = lifted;
  return {
    storage: bindStorage(storage, word(lifted["creditDurability"] ?? "power", "creditDurability", DURABILITIES)),
    policy: policy === undefined || policy === null ? null : snapshotObject(policy, "policy").data,
    now: readClock(clock),
    write: createMessages(messages, "messages"),
    timeoutMs: wholeNumber(timeoutMs ?? DEFAULT_TIMEOUT_MS, "timeoutMs", 1, MAX_TIMEOUT_MS),
    identityKey: readIdentityKey(lifted["identityKey"]),
    attempts: readBudgets(lifted["attempts"]),
    onAttempt: listenerOf(lifted["onAttempt"], "onAttempt"),
    onEvent: listenerOf(lifted["onEvent"], "onEvent"),
  };
}

/** A secret: no message has any of it. */
function readIdentityKey(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw refusal("invalid_type", "must be a string", "identityKey");
  if (value.length < LEAST_KEY) throw refusal("out_of_range", `must have at least ${LEAST_KEY} characters`, "identityKey");
  if (value.length > LONGEST_KEY) throw refusal("too_long", `is longer than ${LONGEST_KEY} characters`, "identityKey");
  return value;
}

function readClock(value: unknown): () => EpochMs {
  const clock = optionalFunction(value, "clock") ?? Date.now;
  return () => {
    let now: unknown;
    try {
      now = clock();
    } catch (cause) {
      throw new CouponError({ code: "unreadable", message: "threw", path: "clock", cause });
    }
    if (typeof now !== "number") throw refusal("invalid_type", "must answer epoch milliseconds", "clock");
    if (!Number.isSafeInteger(now)) throw refusal("invalid_value", "must answer whole epoch milliseconds", "clock");
    return now;
  };
}
