/**
 * Metadata of a new or revised record, taken from where the host gave it.
 *
 * The engine's answers are filled by assignment, which loses a key named `__proto__`; metadata is the host's data, and
 * every key of it is kept. The engine has checked it by then.
 */
import { ordinarySnapshot, type Plain, type PlainObject } from "../boundary/snapshot.js";

interface WithMetadata {
  readonly metadata: { readonly [key: string]: string };
}

export function withMetadata<R extends WithMetadata>(record: R, definition: Plain | undefined): R {
  const metadata = (definition as PlainObject | undefined)?.["metadata"];
  if (metadata === undefined || metadata === null) return record;
  return { ...record, metadata: ordinarySnapshot(metadata, "metadata") };
}

/** What `changes` says of it, else as it was. */
export function revisedMetadata<R extends WithMetadata>(revised: R, { metadata }: R, changes: PlainObject): R {
  return "metadata" in changes ? withMetadata(revised, changes) : { ...revised, metadata };
}
