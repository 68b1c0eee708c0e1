/**
 * Reads a listing to its end. Owns the bound beyond which a listing is taken for endless.
 */
import assert from "node:assert/strict";

/** The most records a case stores. */
export const POOL_SIZE = 2500;

/** Follows the cursors to the end; a listing that never ends fails here. */
export async function allPages(list, limit) {
  const items = [];
  for (let after = null, pages = 0; ; pages += 1) {
    assert.ok(pages <= POOL_SIZE, "the listing does not end");
    const { items: found, next } = await list({ after, limit });
    assert.ok(found.length <= limit);
    items.push(...found);
    if (next === null) return items;
    after = next;
  }
}
