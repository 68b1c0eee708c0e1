/**
 * The one error type of the package. Owns how a refusal looks to a caller; decides nothing about when to refuse.
 */
import type { ErrorCode } from "./types/errors.js";

export interface ErrorShape {
  readonly code: ErrorCode;
  /** Follows the path, where there is one: `must be a string`. A whole sentence otherwise. */
  readonly message: string;
  /** Where in the caller's input: `cart.lines[2].quantity`, `storage.catalog.find`. */
  readonly path?: string | null | undefined;
  readonly details?: Readonly<Record<string, unknown>> | null | undefined;
  readonly cause?: unknown;
}

/** The same call may succeed when it is made again, unchanged. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["storage_timeout", "storage_failed", "storage_busy", "outcome_unknown"]);

/** A broken call, a broken storage or a broken engine. A business "no" is never thrown: it is a `Rejection`. */
export class CouponError extends Error {
  override readonly name = "CouponError";
  readonly code: ErrorCode;
  declare readonly path?: string;
  declare readonly details?: Readonly<Record<string, unknown>>;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;

  constructor(shape: ErrorShape) {
    super(
      shape.path ? `\`${shape.path}\` ${shape.message}` : shape.message,
      shape.cause === undefined ? undefined : { cause: shape.cause },
    );
    this.code = shape.code;
    this.retryable = RETRYABLE.has(shape.code);
    if (shape.path) this.path = shape.path;
    if (shape.details) this.details = shape.details;
  }
}

/** Runs `run`; of what it throws, the path is moved to where the caller, or the storage, has it. */
export function withPaths<T>(move: (path: string) => string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof CouponError ? rerooted(error, move) : error;
  }
}

function rerooted(error: CouponError, move: (path: string) => string): CouponError {
  const { code, details, path = "", message } = error;
  const bare = path === "" ? message : message.slice(path.length + "`` ".length);
  return new CouponError({ code, message: bare, details, path: move(path), cause: error.cause });
}
