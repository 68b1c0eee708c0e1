/**
 * Checks of the few fields that the shim itself acts on. Everything the engine reads is checked by the engine.
 */
import { CouponError } from "../errors.js";
import type { ErrorCode } from "../types/errors.js";
import type { PlainObject } from "./snapshot.js";

export function refuseUnknown(data: PlainObject, known: readonly string[]): void {
  for (const name of Object.keys(data)) {
    if (!known.includes(name)) throw refusal("unknown_field", "is not a field of this call", name);
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

export function optionalFunction(value: unknown, path: string): ((...arguments_: unknown[]) => unknown) | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "function") throw refusal("invalid_type", "must be a function", path);
  return value as (...arguments_: unknown[]) => unknown;
}

export function optionalSignal(value: unknown, path: string): AbortSignal | undefined {
  if (value === undefined || value === null) return undefined;
  const signal = value as Partial<AbortSignal>;
  if (typeof signal.aborted === "boolean" && typeof signal.addEventListener === "function") return value as AbortSignal;
  throw refusal("invalid_type", "must be an AbortSignal", path);
}

export function refusal(code: ErrorCode, message: string, path?: string): CouponError {
  return new CouponError({ code, message, path });
}
