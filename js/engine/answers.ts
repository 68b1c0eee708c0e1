/**
 * What the registry answers, held against the contract before anything acts on it. Records are read by the engine's own
 * readers; the few plain shapes are checked here. Each refusal has its place in the answer: `storage.registry.….items[1]`.
 */
import type { Plain, PlainObject } from "../boundary/snapshot.js";
import type { BatchRecord, CounterView, Page, RefusedCode, Settings } from "../contract/storage.js";
import { CouponError, withPaths } from "../errors.js";
import { invalidAnswer } from "../host.js";
import { currentCode, currentCoupon } from "../records.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { RuleRecord } from "../types/rule.js";
import { call } from "../wasm/instance.js";

export function settingsIn(answer: Plain, path: string): Settings {
  return inAnswer("settings", path, () => call((engine) => engine.readSettings(answer)));
}

export function codesIn(items: readonly Plain[], path: string): readonly CodeRecord[] {
  inAnswer("codes", path, () => call((engine) => engine.readCodes(items)));
  return (items as unknown as readonly CodeRecord[]).map(currentCode);
}

export function codeIn(answer: Plain, path: string): CodeRecord {
  inAnswer("codes[0]", path, () => call((engine) => engine.readCodes([answer])));
  return currentCode(answer as unknown as CodeRecord);
}

export function rulesIn(answer: Plain | readonly Plain[], path: string): readonly RuleRecord[] {
  const items = listIn(answer, path);
  inAnswer("rules", path, () => call((engine) => engine.readRules(items)));
  return items as unknown as readonly RuleRecord[];
}

/** Described for the reading alone: the description depends on its use, which is not known here. */
export function couponIn(answer: Plain, path: string): CouponRecord {
  try {
    inAnswer("coupon", path, () => call((engine) => engine.describe({ coupon: answer, used: 0, now: 0 })));
  } catch (error) {
    if (!(error instanceof CouponError) || !error.path?.startsWith(path) || error.code === "schema_too_new") throw error;
    throw invalidAnswer(error.path, "is not a coupon record", error);
  }
  return currentCoupon(answer as unknown as CouponRecord);
}

export function batchesIn(answer: Plain, couponId: string, path: string): readonly BatchRecord[] {
  const ofCoupon: Shape = { ...BATCH, couponId: [(value) => value === couponId, "be the coupon that was asked for"] };
  return listIn(answer, path).map((item, index) => shapedIn<BatchRecord>(item, `${path}[${index}]`, ofCoupon));
}

/** As many as were asked for. */
export function countersIn(answer: Plain, count: number, path: string): readonly CounterView[] {
  const counters = listIn(objectIn(answer, path)["counters"], `${path}.counters`);
  if (counters.length !== count) throw invalidAnswer(`${path}.counters`, `must be ${count} counters, as many as were asked for`);
  return counters.map((item, index) => {
    const at = `${path}.counters[${index}]`;
    const counter = shapedIn<CounterView>(item, at, COUNTER);
    if (counter.held + (counter.ended ?? 0) > counter.claimed) throw invalidAnswer(`${at}.held`, "must not be more than claimed");
    return counter;
  });
}

export function pageIn<T>(answer: Plain, path: string, itemsIn: (items: readonly Plain[], path: string) => readonly T[]): Page<T> {
  const page = objectIn(answer, path);
  const next = page["next"] ?? null;
  if (next !== null && typeof next !== "string") throw invalidAnswer(`${path}.next`, "must be a string or null");
  return { items: itemsIn(listIn(page["items"], `${path}.items`), `${path}.items`), next };
}

/** Why which of `count` codes were refused, by index. */
export function refusalsIn(answer: Plain, count: number, path: string): ReadonlyMap<number, RefusedCode["reason"]> {
  const refused = listIn(objectIn(answer, path)["refused"], `${path}.refused`);
  const reasons = new Map<number, RefusedCode["reason"]>();
  let least = 0;
  refused.forEach((item, place) => {
    const { index, reason } = shapedIn<RefusedCode>(item, `${path}.refused[${place}]`, REFUSED);
    if (index < least || index >= count) throw invalidAnswer(`${path}.refused[${place}].index`, `must be below ${count}, and ascend`);
    reasons.set(index, reason);
    least = index + 1;
  });
  return reasons;
}

export function objectIn(answer: Plain | undefined, path: string): PlainObject {
  if (answer === undefined || answer === null || typeof answer !== "object" || Array.isArray(answer)) {
    throw invalidAnswer(path, "must be an object");
  }
  return answer as PlainObject;
}

export function wholeIn(answer: Plain | undefined, least: number, path: string): number {
  const [isWhole, expected] = whole(least);
  if (isWhole(answer)) return answer as number;
  throw invalidAnswer(path, `must ${expected}`);
}

export function listIn(answer: Plain | undefined, path: string): readonly Plain[] {
  if (Array.isArray(answer)) return answer as readonly Plain[];
  throw invalidAnswer(path, "must be an array");
}

/** What a field has to be, and in words. */
type Field = readonly [is: (value: Plain | undefined) => boolean, expected: string];
export type Shape = Readonly<Record<string, Field>>;

export const whole = (least: number): Field => [
  (value) => Number.isSafeInteger(value) && (value as number) >= least,
  `be a whole number of ${least} or more`,
];
export const oneOf = (...words: readonly string[]): Field => [(value) => words.includes(value as string), `be ${words.join(" or ")}`];
export const instant: Field = [Number.isSafeInteger, "be epoch milliseconds"];
export const orNull = ([is, expected]: Field): Field => [(value) => value === null || is(value), `${expected}, or null`];
function optional([is, expected]: Field): Field {
  return [(value) => value === undefined || value === null || is(value), expected];
}
export const text: Field = [(value) => typeof value === "string", "be a string"];

const BATCH: Shape = {
  number: whole(1),
  requested: whole(1),
  shape: text,
  generated: whole(0),
  actor: orNull(text),
  createdAt: instant,
  state: oneOf("running", "complete", "failed"),
};
const COUNTER: Shape = { claimed: whole(0), held: whole(0), ended: optional(whole(0)), nextExpiry: orNull(instant) };
const REFUSED: Shape = { index: whole(0), reason: oneOf("duplicate_code", "duplicate_id") };

export function shapedIn<T>(item: Plain | undefined, path: string, shape: Shape): T {
  const object = objectIn(item, path);
  for (const [name, [is, expected]] of Object.entries(shape)) {
    if (!is(object[name])) throw invalidAnswer(`${path}.${name}`, `must ${expected}`);
  }
  return object as unknown as T;
}

/** The engine names its argument; the storage is told its answer. */
function inAnswer<T>(argument: string, path: string, run: () => T): T {
  return withPaths((inside) => (inside.startsWith(argument) ? path + inside.slice(argument.length) : inside), run);
}
