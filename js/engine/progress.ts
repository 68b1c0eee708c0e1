/**
 * The caller's `onProgress`: awaited after each part of a long run, which ends by what it throws.
 */
import { optionalFunction } from "../boundary/fields.js";
import { CouponError } from "../errors.js";

export type Report = (progress: object) => Promise<void>;

export function reportTo(value: unknown): Report {
  const onProgress = optionalFunction(value, "onProgress");
  return async (progress) => {
    try {
      await onProgress?.(progress);
    } catch (cause) {
      throw new CouponError({ code: "aborted", message: "threw", path: "onProgress", cause });
    }
  };
}

/** Lets other work of the process run between two parts. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
