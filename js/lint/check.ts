/**
 * What every check is given: the definitions with their places, the work left, and where warnings go.
 */
import type { Coupon, Definitions, Rule } from "./definitions.js";
import type { LintCode, LintWarning } from "./types.js";
import type { Work } from "./bench.js";

export interface Case {
  readonly definitions: Definitions;
  /** All but archived ones: those are put away. */
  readonly coupons: readonly Placed<Coupon>[];
  readonly rules: readonly Placed<Rule>[];
  readonly work: Work;
  warn(warning: Found): void;
}

export interface Placed<T> {
  readonly of: T;
  /** `coupons[3]`. */
  readonly path: string;
}

export type Found = Omit<LintWarning, "couponIds" | "ruleIds"> & Partial<Pick<LintWarning, "couponIds" | "ruleIds">>;

export interface Check {
  /** What it may find. */
  readonly finds: LintCode;
  run(given: Case): void;
}

export function placed<T extends { readonly state?: string | null }>(list: readonly T[], name: string): readonly Placed<T>[] {
  return list.map((of, index) => ({ of, path: `${name}[${index}]` })).filter(({ of }) => of.state !== "archived");
}

/** At most five of many. */
export function some<T>(list: readonly T[]): readonly T[] {
  return list.slice(0, 5);
}

/** `A, B and 3 more` */
export function named(list: readonly string[]): string {
  const shown = list.slice(0, 3);
  return list.length > shown.length ? `${shown.join(", ")} and ${list.length - shown.length} more` : shown.join(", ");
}
