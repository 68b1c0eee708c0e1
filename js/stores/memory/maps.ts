/**
 * Finding in maps and keeping sets in them. Owns nothing; it must not know what is kept.
 */

export function present<K, V>(keys: Iterable<K>, find: (key: K) => V | undefined): V[] {
  return [...keys].map(find).filter((value) => value !== undefined);
}

export function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

/** Maps of maps keep no empty map. */
export function removeFrom<K, L, V>(maps: Map<K, Map<L, V>>, outer: K, inner: L): void {
  const map = maps.get(outer);
  map?.delete(inner);
  if (map?.size === 0) maps.delete(outer);
}
