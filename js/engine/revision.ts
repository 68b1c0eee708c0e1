/**
 * An edit of a stored record: read, revise, replace if nobody else did meanwhile (semantics §22, S0.24).
 *
 * Owns the compare-and-swap and what a record was before it was archived. What may be changed is the engine's to say.
 */
import { flag, refusal, refuseUnknown, text, whole } from "../boundary/fields.js";
import { snapshot, snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { CouponError, withPaths } from "../errors.js";
import type { State } from "../types/coupon.js";

interface Revisable {
  readonly version: number;
  readonly state: State;
  readonly archivedFrom: Exclude<State, "archived"> | null;
}

export interface Revision<R extends Revisable> {
  /** Throws if there is none. */
  read(): Promise<R>;
  /** The next version of it. */
  next(record: R, changes: PlainObject): Promise<R>;
  /** Whether the stored record still had the version `expected`. */
  replace(record: R, expected: number): Promise<boolean>;
}

/** Edits that meet another writer are made anew this often, unless the caller named the version it has seen. */
const MAX_ATTEMPTS = 5;

export function revise<R extends Revisable>(revision: Revision<R>, changes: unknown, options: unknown): Promise<R> {
  const { data } = snapshotObject(changes, "changes");
  const expected = expectedVersion(options);
  return replaced(revision, () => data, expected);
}

export function setActive<R extends Revisable>(revision: Revision<R>, active: unknown): Promise<R> {
  const wanted = flag({ active: snapshot(active, "active") }, "active") ? "active" : "inactive";
  return replaced(revision, ({ state }) => {
    if (state === "archived") throw refusal("invalid_value", "is archived: unarchive it first", "id");
    return state === wanted ? null : { state: wanted };
  });
}

export function archive<R extends Revisable>(revision: Revision<R>): Promise<R> {
  return replaced(revision, ({ state }) => (state === "archived" ? null : { state: "archived" }));
}

/** As it was before; a record that does not know is switched off, so that nothing is given by surprise. */
export function unarchive<R extends Revisable>(revision: Revision<R>): Promise<R> {
  return replaced(revision, ({ state, archivedFrom }) => (state === "archived" ? { state: archivedFrom ?? "inactive" } : null));
}

/** The id that a call is about. */
export function idOf(id: unknown): string {
  return text({ id: snapshot(id, "id") }, "id");
}

/** `changesOf` answers `null` where nothing is to be done. */
async function replaced<R extends Revisable>(
  { read, next, replace }: Revision<R>,
  changesOf: (record: R) => PlainObject | null,
  expected: number | null = null,
): Promise<R> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await read();
    if (expected !== null && record.version !== expected) throw conflict({ version: record.version });
    const changes = changesOf(record);
    if (changes === null) return record;
    const revised = withArchivedFrom(await next(record, changes), record);
    if (await replace(revised, record.version)) return revised;
    if (expected !== null || attempt === MAX_ATTEMPTS) throw conflict();
  }
}

function withArchivedFrom<R extends Revisable>(revised: R, { state, archivedFrom }: R): R {
  if (revised.state !== "archived") return { ...revised, archivedFrom: null };
  return { ...revised, archivedFrom: state === "archived" ? archivedFrom : state };
}

function expectedVersion(options: unknown): number | null {
  if (options === undefined || options === null) return null;
  const { data } = snapshotObject(options, "options");
  return withPaths((name) => `options.${name}`, () => {
    refuseUnknown(data, ["version"]);
    return data["version"] === undefined || data["version"] === null ? null : whole(data, "version", 1, Number.MAX_SAFE_INTEGER);
  });
}

function conflict(details?: { readonly version: number }): CouponError {
  return new CouponError({ code: "version_conflict", message: "the record has been changed meanwhile: read it again", details });
}
