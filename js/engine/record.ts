/**
 * A redemption's record as callers get it. Owns what of it is the engine's alone.
 */
import type { Redemption } from "../types/redemption.js";

/** As stored: digests of the requests, and what it claimed before its hold ended. */
interface StoredRecord extends Redemption {
  readonly payload?: unknown;
  readonly lapsed?: unknown;
  readonly refunded: Redemption["refunded"] & { readonly payloads?: unknown };
}

export function publicRecord(stored: Redemption): Redemption {
  const { payload: _, lapsed: __, ...record } = stored as StoredRecord;
  const { payloads: ___, ...refunded } = record.refunded ?? {};
  return { ...record, refunded };
}
