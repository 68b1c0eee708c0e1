/**
 * Checks of the few fields that the shim itself acts on, and the reading of those that are no plain data. Everything the
 * engine reads is checked by the engine.
 */
import { CouponError } from "../errors.js";
import type { ErrorCode } from "../types/errors.js";
import { snapshot, type PlainObject } from "./snapshot.js";

export function refuseUnknown(data: PlainObject, known: readonly string[]): void {
  for (const name of Object.keys(data)) {
    if (!known.includes(name)) throw refusal("unknown_field", `is not a field here; known are ${known.join(", ")}`, name);
  }
}

export function text(data: PlainObject, name: string): string {
  const value = data[name];
  if (value === undefined || value === null) throw refusal("required", "is required", name);
  if (typeof value !== "string") throw refusal("invalid_type", "must be a string", name);
  return value;
}

export function optionalText(data: PlainObject, name: string): string | null {
  const value = data[name];
  return value === undefined || value === null ? null : text(data, name);
}

export function whole(data: PlainObject, name: string, least: number, most: number, fallback?: number): number {
  const value = data[name] ?? fallback;
  if (value === undefined) throw refusal("required", "is required", name);
  return wholeNumber(value, name, least, most);
}

export function wholeNumber(value: unknown, path: string, least: number, most: number): number {
  if (typeof value !== "number") throw refusal("invalid_type", "must be a number", path);
  if (!Number.isInteger(value)) throw refusal("invalid_value", "must be a whole number", path);
  if (value < least || value > most) throw refusal("out_of_range", `must be between ${least} and ${most}`, path);
  return value;
}

export function word<T extends string>(value: unknown, path: string, words: readonly T[]): T {
  const found = words.find((known) => known === value);
  if (found === undefined) throw refusal("invalid_value", `must be ${words.slice(0, -1).join(", ")} or ${words.at(-1)}`, path);
  return found;
}

export function flag(data: PlainObject, name: string, fallback?: boolean): boolean {
  const value = data[name] ?? fallback;
  if (value === undefined) throw refusal("required", "is required", name);
  if (typeof value !== "boolean") throw refusal("invalid_type", "must be a boolean", name);
  return value;
}

export function optionalFunction(value: unknown, path: string): ((...arguments_: unknown[]) => unknown) | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "function") throw refusal("invalid_type", "must be a function", path);
  return value as (...arguments_: unknown[]) => unknown;
}

/** A copy made by the language's own means: a subclass may have methods of its own. */
export function optionalBytes(value: unknown, path: string): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isBytes(value)) throw refusal("invalid_type", "must be a Uint8Array", path);
  return reading(path, () => new Uint8Array(value));
}

export function textOrUrl(value: unknown, path: string): string {
  const given = reading(path, () => (value instanceof URL ? value.href : value));
  const read = snapshot(given, path);
  if (typeof read === "string") return read;
  throw refusal("invalid_type", "must be a string or a URL", path);
}

/** Runs what may be the host's own code. */
export function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CouponError({ code: "unreadable", message: "threw when it was read", path, cause });
  }
}

export function refusal(code: ErrorCode, message: string, path?: string): CouponError {
  return new CouponError({ code, message, path });
}

/** By the internal type, which no prototype, proxy or other realm can pretend or hide. */
function isBytes(value: unknown): value is Uint8Array {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
  const name = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get;
  return name !== undefined && Reflect.apply(name, value, []) === "Uint8Array";
}
