/**
 * The orders in which stores list, where JavaScript's own would differ from a database's. Owns the comparisons and the
 * cursor of a list of entries; it must not query.
 */

/** Negative if `left` comes first: byte by byte as in UTF-8, which is how the databases compare. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rank(left.charCodeAt(at)) - rank(right.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** What UTF-16 writes as two surrogates is longer in UTF-8 than everything else, and comes behind it. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Where an entry stands in a list. */
export interface Place {
  readonly at: number;
  readonly key: string;
}

/** Newest first, then by key. */
export function compareNewest(left: Place, right: Place): number {
  return right.at - left.at || compareText(left.key, right.key);
}

/** Names a place, not an entry, so that the list goes on from it whatever has become of the entry. */
export function cursorOf({ at, key }: Place): string {
  return `${at}/${key}`;
}

/** `undefined` for a text that `cursorOf` never wrote. */
export function placeOf(cursor: string): Place | undefined {
  const slash = cursor.indexOf("/");
  const at = Number(cursor.slice(0, slash));
  const place = { at, key: cursor.slice(slash + 1) };
  return slash !== -1 && Number.isSafeInteger(at) && cursorOf(place) === cursor ? place : undefined;
}
