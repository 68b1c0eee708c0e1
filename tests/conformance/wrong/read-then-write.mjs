/**
 * Wrong: everything is read and judged first, and written after. Most shop systems began so.
 */
import { capabilities, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  async commit({ insert, add }) {
    for (const [place, { key, revision }] of insert.entries()) {
      if (await database.get("SELECT 1 FROM entries WHERE key = ? AND revision = ?", key, revision)) return { status: "exists", insert: place };
    }
    const sums = [];
    for (const [place, { counter, delta, ceiling }] of add.entries()) {
      const claimed = (await database.get("SELECT claimed FROM counters WHERE name = ?", counter))?.claimed ?? 0;
      if (claimed + delta < 0 || claimed + delta > (ceiling ?? Infinity)) return { status: "ceiling", add: place, claimed };
      sums.push([counter, claimed + delta]);
    }
    for (const entry of insert) await database.run(INSERT, ...insertValues(entry));
    for (const sum of sums) await database.run("INSERT OR REPLACE INTO counters (name, claimed) VALUES (?, ?)", ...sum);
    return { status: "committed" };
  },
});
