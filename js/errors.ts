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
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["storage_timeout", "storage_failed"]);

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

/** Runs `run` and roots the path of what it throws: `mode` becomes `policy.mode`. */
export function rootedAt<T>(root: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CouponError)) throw error;
    throw rerooted(error, (path) => (path === undefined ? root : joined(root, path)));
  }
}

/** The same error with another path. */
export function rerooted(error: CouponError, move: (path: string | undefined) => string | undefined): CouponError {
  const { code, details, path } = error;
  const message = path === undefined ? error.message : error.message.slice(path.length + "`` ".length);
  return new CouponError({ code, message, details, path: move(path), cause: error.cause });
}

function joined(root: string, path: string): string {
  if (path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`)) return path;
  return path.startsWith("[") ? `${root}${path}` : `${root}.${path}`;
}
