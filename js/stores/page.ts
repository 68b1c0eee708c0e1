/**
 * Cuts a page out of what a store found. Owns the rule that a page's cursor names its last item; it must not query.
 */
import type { Page } from "../contract/storage.js";

/** `found` has one item more than the page takes if there is a next page. */
export function page<T>(found: readonly T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
