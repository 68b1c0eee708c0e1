/**
 * Wrong: whoever commits locks the first counter of the batch, the code's, then reads and writes. Two codes of one coupon
 * are two locks, and the limit is on the coupon.
 */
import { capabilities, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  commit: ({ insert, add }) => database.locked(add[0]?.counter ?? insert[0]?.key, async () => {
    const sums = [];
    for (const [place, { key, revision }] of insert.entries()) {
      if (await database.get("SELECT 1 FROM entries WHERE key = ? AND revision = ?", key, revision)) return { status: "exists", insert: place };
    }
    for (const [place, { counter, delta, ceiling }] of add.entries()) {
      const claimed = (await database.get("SELECT claimed FROM counters WHERE name = ?", counter))?.claimed ?? 0;
      if (claimed + delta < 0 || claimed + delta > (ceiling ?? Infinity)) return { status: "ceiling", add: place, claimed };
      sums.push([counter, claimed + delta]);
    }
    return database.transaction(async ({ run }) => {
      for (const entry of insert) await run(INSERT, ...insertValues(entry));
      for (const sum of sums) await run("INSERT OR REPLACE INTO counters (name, claimed) VALUES (?, ?)", ...sum);
      return { status: "committed" };
    });
  }),
});
