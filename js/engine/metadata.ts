/**
 * Metadata of a new record, taken from its definition.
 *
 * The engine's answers are filled by assignment, which loses a key named `__proto__`; metadata is the host's data, and
 * every key of it is kept. The engine has checked it by then.
 */
import { ordinarySnapshot, type Plain, type PlainObject } from "../boundary/snapshot.js";

export function withMetadata<Record extends { readonly metadata: object }>(record: Record, definition: Plain | undefined): Record {
  const metadata = (definition as PlainObject | undefined)?.["metadata"];
  if (metadata === undefined || metadata === null) return record;
  return { ...record, metadata: ordinarySnapshot(metadata, "metadata") };
}
