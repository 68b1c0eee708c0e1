/**
 * The one reader of host objects: a bounded, plain copy in which nothing of the host's lives on.
 *
 * Owns: that each property is read exactly once, that nothing is changed or kept, the limits on size and depth, and the
 * refusal of what is not plain data. Must not know any field's meaning, nor judge a number: the engine does, with the
 * same path.
 */
import { CouponError } from "../errors.js";
import type { ErrorCode } from "../types/errors.js";

export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
/** Of a request it has no prototype, so that nobody's pollution of `Object.prototype` can be taken for a field. */
export interface PlainObject {
  [key: string]: Plain;
}

const MAX_DEPTH = 16;
const MAX_NODES = 1_000_000;
const MAX_STRING_UNITS = 65_536;
const MAX_TOTAL_UNITS = 8_388_608;
/** One redemption's body (contract of `LedgerEntry`), and all of one answer. */
export const MAX_BODY_UNITS = 1_000_000;
const MAX_BODIES_UNITS = 134_217_728;
/**
 * Stands for an entered code that cannot be handed to the engine. What a customer types is never the caller's mistake, so
 * it is no reason to throw: the engine answers `malformed` to any code of more than 256 characters.
 */
const MALFORMED_CODE = "X".repeat(257);

/** Copies `value`; `root` is where its paths begin (`""` for the argument of a call). */
export function snapshot(value: unknown, root: string): Plain {
  return new Copy({ root }).value(value);
}

/** The same with ordinary objects, for what is handed on to the caller. */
export function ordinarySnapshot(value: unknown, root: string): Plain {
  return new Copy({ root, prototype: Object.prototype }).value(value);
}

/** The same of a storage's answer, in which the bodies of redemptions are texts of their own size. */
export function answerSnapshot(value: unknown, root: string): Plain {
  return new Copy({ root, prototype: Object.prototype, maxText: MAX_BODY_UNITS, maxTotal: MAX_BODIES_UNITS }).value(value);
}

export interface SnapshotObject {
  readonly data: PlainObject;
  /** The properties named by `lift`, as they are: functions, signals, bytes. Left out of `data`. */
  readonly lifted: Readonly<Record<string, unknown>>;
}

/** Copies an argument that has to be an object, except for the properties of `lift`, which are read but not copied. */
export function snapshotObject(value: unknown, root: string, lift: readonly string[] = []): SnapshotObject {
  return objectOf(new Copy({ root, lift }), value);
}

/** As `snapshotObject`, for a request with `codes` that customers entered. */
export function snapshotRequest(value: unknown, lift: readonly string[] = []): SnapshotObject {
  return objectOf(new Copy({ root: "", lift, hasEnteredCodes: true }), value);
}

function objectOf(copy: Copy, value: unknown): SnapshotObject {
  const data = copy.value(value);
  if (data === null || typeof data !== "object" || Array.isArray(data)) {
    throw copy.refusal("invalid_type", "must be an object");
  }
  return { data: data as PlainObject, lifted: copy.lifted };
}

interface CopyOptions {
  readonly root: string;
  readonly lift?: readonly string[];
  readonly prototype?: object | null;
  readonly hasEnteredCodes?: boolean;
  readonly maxText?: number;
  readonly maxTotal?: number;
}

class Copy {
  readonly lifted: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  readonly #root: string;
  readonly #lift: readonly string[];
  readonly #prototype: object | null;
  readonly #hasEnteredCodes: boolean;
  readonly #maxText: number;
  readonly #maxTotal: number;
  readonly #steps: (string | number)[] = [];
  #nodes = 0;
  #units = 0;

  constructor(options: CopyOptions) {
    const { root, lift = [], prototype = null, hasEnteredCodes = false, maxText = MAX_STRING_UNITS, maxTotal = MAX_TOTAL_UNITS } = options;
    this.#root = root;
    this.#lift = lift;
    this.#prototype = prototype;
    this.#hasEnteredCodes = hasEnteredCodes;
    this.#maxText = maxText;
    this.#maxTotal = maxTotal;
  }

  value(value: unknown): Plain {
    this.#count(1);
    switch (typeof value) {
      case "string":
        return this.#isEnteredCode() ? this.#enteredCode(value) : this.#text(value);
      case "number":
        return value === 0 ? 0 : value; // −0 is 0
      case "boolean":
        return value;
      case "undefined":
        return null; // only an array's: an object's undefined property is left out
      case "object":
        return value === null ? null : this.#object(value);
      default:
        throw this.refusal("invalid_type", `must be plain data, not a ${typeof value}`);
    }
  }

  refusal(code: ErrorCode, message: string, cause?: unknown): CouponError {
    const path = pathOf(this.#root, this.#steps);
    return new CouponError({ code, message: path === "" ? `the input ${message}` : message, path, cause });
  }

  #object(value: object): Plain {
    if (this.#steps.length >= MAX_DEPTH) throw this.refusal("too_deep", `is nested more than ${MAX_DEPTH} levels deep, or in a circle`);
    return this.#read(() => Array.isArray(value)) ? this.#array(value as readonly unknown[]) : this.#record(value);
  }

  #array(array: readonly unknown[]): Plain[] {
    const length = this.#read(() => array.length);
    if (!Number.isSafeInteger(length) || length < 0) throw this.refusal("invalid_type", "must have a whole number as its length");
    if (length > MAX_NODES - this.#nodes) throw this.refusal("too_large", `goes beyond ${MAX_NODES} values`);
    const copy: Plain[] = [];
    for (let index = 0; index < length; index++) {
      this.#steps.push(index);
      copy.push(this.value(this.#read(() => array[index])));
      this.#steps.pop();
    }
    return copy;
  }

  #record(object: object): PlainObject {
    const keys = this.#read(() => Object.keys(object));
    if (this.#read(() => isForeign(object, keys.length))) {
      throw this.refusal("invalid_type", "must be plain data, not an instance of a class without fields of its own");
    }
    if (keys.length > MAX_NODES - this.#nodes) throw this.refusal("too_large", `goes beyond ${MAX_NODES} values`);
    const copy = Object.create(this.#prototype) as PlainObject;
    const top = this.#steps.length === 0;
    for (const key of keys) {
      this.#steps.push(key);
      this.#text(key);
      const value = this.#read(() => (object as Record<string, unknown>)[key]);
      if (top && this.#lift.includes(key)) this.lifted[key] = value;
      else if (value !== undefined) put(copy, key, this.value(value));
      this.#steps.pop();
    }
    return copy;
  }

  /** `codes[0]` or `codes[0].code`. */
  #isEnteredCode(): boolean {
    const steps = this.#steps;
    if (!this.#hasEnteredCodes || steps[0] !== "codes" || typeof steps[1] !== "number") return false;
    return steps.length === 2 || (steps.length === 3 && steps[2] === "code");
  }

  #enteredCode(text: string): string {
    const isReadable = text.length <= this.#maxText && isWellFormed(text);
    if (isReadable) return this.#text(text);
    this.#countUnits(text);
    return MALFORMED_CODE;
  }

  #text(text: string): string {
    if (text.length > this.#maxText) throw this.refusal("too_long", `is longer than ${this.#maxText} characters`);
    this.#countUnits(text);
    if (!isWellFormed(text)) throw this.refusal("invalid_value", "contains half of a surrogate pair");
    return text;
  }

  #countUnits(text: string): void {
    this.#units += text.length;
    if (this.#units > this.#maxTotal) throw this.refusal("too_large", `goes beyond ${this.#maxTotal} characters of text`);
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) throw this.refusal("too_large", `goes beyond ${MAX_NODES} values`);
  }

  /** The only place where host code can run: a getter, a proxy trap. */
  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw this.refusal("unreadable", "threw when it was read", cause);
    }
  }
}

function put(object: PlainObject, key: string, value: Plain): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Maps, dates, boxed values, promises: their content is not in their properties, so a copy would silently be empty. */
const FOREIGN_TAGS: ReadonlySet<string> = new Set(
  [
    ..."Map Set WeakMap WeakSet WeakRef Date RegExp Promise Error Boolean Number String Symbol BigInt".split(" "),
    ..."ArrayBuffer SharedArrayBuffer Generator AsyncGenerator Arguments".split(" "),
  ].map((name) => `[object ${name}]`),
);

function isForeign(object: object, ownKeys: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return false;
  if (ArrayBuffer.isView(object) || FOREIGN_TAGS.has(Object.prototype.toString.call(object))) return true;
  const isPlainOfAnotherRealm = Object.getPrototypeOf(prototype) === null;
  return ownKeys === 0 && !isPlainOfAnotherRealm;
}

/** `cart.lines[2].quantity`, `metadata["a b"]`. */
function pathOf(root: string, steps: readonly (string | number)[]): string {
  let path = root;
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else if (step.length > MAX_STEP_UNITS || !IDENTIFIER.test(step)) path += `[${JSON.stringify(shortened(step))}]`;
    else path += path === "" ? step : `.${step}`;
  }
  return path;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const MAX_STEP_UNITS = 64;

function shortened(step: string): string {
  return step.length > MAX_STEP_UNITS ? `${step.slice(0, MAX_STEP_UNITS)}…` : step;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function isWellFormed(text: string): boolean {
  const native = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return native === undefined ? !LONE_SURROGATE.test(text) : native.call(text);
}
