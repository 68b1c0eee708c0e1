/**
 * The shape of a generation run: what its codes are made of, and how many codes of it the coupon has already.
 *
 * Owns the text by which a batch's shape is known again. The engine draws and judges; no code is stored here.
 */
import type { PlainObject } from "../boundary/snapshot.js";
import type { BatchRecord } from "../contract/storage.js";
import type { CouponRecord } from "../types/coupon.js";
import type { CodeShape } from "../types/policy.js";
import { call } from "../wasm/instance.js";
import type { Context } from "../wasm/exports.js";

export const SHAPE_FIELDS = ["shape", "length", "charset", "prefix", "suffix", "separator"] as const;

/** What the named shapes draw from, so that their symbols given as a `charset` are the same shape. */
const SYMBOLS: Readonly<Record<CodeShape, string>> = {
  unguessable: "23456789ABCDEFGHJKMNPQRSTVWXYZ",
  short: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
};

export interface SettledShape {
  /** For the engine, its length a number. */
  readonly shape: PlainObject;
  /** For the batch's record: equal for two runs exactly if they draw from one space. */
  readonly text: string;
  /** Codes of this shape that the coupon's runs have stored. */
  readonly existing: number;
}

/** The shop's shape, and for a pool its own code as the prefix, unless the caller says otherwise. */
export function shapeOf(data: PlainObject, coupon: CouponRecord, { policy }: Context): PlainObject {
  const shape: PlainObject = { shape: call((engine) => engine.defineSettings(policy ?? {})).policy.codeShape };
  if (coupon.type === "bulk_pool" && coupon.code) shape["prefix"] = coupon.code;
  for (const name of SHAPE_FIELDS) {
    const value = data[name];
    if (value !== undefined && value !== null) shape[name] = value;
  }
  return shape;
}

/** Settles what `"auto"` is: the shortest length at which the codes of that length, these `total` included, are safe. */
export function settled(shape: PlainObject, total: number, batches: readonly BatchRecord[]): SettledShape {
  for (let length = lengthFor(shape, total); ; length += 1) {
    const atLength = { ...shape, length };
    const text = textOf(atLength, length);
    const existing = batches.reduce((sum, batch) => (batch.shape === text ? sum + batch.generated : sum), 0);
    if (lengthFor(shape, existing + total) <= length) return { shape: atLength, text, existing };
  }
}

function lengthFor(shape: PlainObject, pool: number): number {
  return call((engine) => engine.generateCodes({ ...shape, count: 1, existing: pool - 1 })).length;
}

/** Prefix and suffix as the engine writes them, separators included: read off a code that has only the one. */
function textOf(shape: PlainObject, length: number): string {
  const one = (changes: PlainObject): string => call((engine) => engine.generateCodes({ ...shape, ...changes, count: 1 })).codes[0] ?? "";
  const prefix = one({ suffix: "" }).slice(0, -length);
  const suffix = one({ prefix: "" }).slice(length);
  const symbols = (shape["charset"] as string | undefined) ?? SYMBOLS[shape["shape"] as CodeShape];
  const charset = [...new Set(symbols.toUpperCase())].sort().join("");
  return JSON.stringify([prefix, length, charset, suffix]);
}
