/**
 * Wrong: record and counter are two steps, each atomic, and the first is taken back when the second is refused. Alone it
 * answers as it should; in between, and after a crash, there is a record whose use is not counted.
 */
import { addValues, capabilities, GUARDED_ADD, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  async commit({ insert, add }) {
    const records = await database.transaction(async ({ run }) => {
      for (const [place, entry] of insert.entries()) {
        if (await run(INSERT, ...insertValues(entry)) === 0) return { status: "exists", insert: place };
      }
      return { status: "committed" };
    });
    if (records.status !== "committed") return records;
    const counters = await database.transaction(async ({ run }) => {
      for (const [place, wanted] of add.entries()) {
        if (await run(GUARDED_ADD, ...addValues(wanted)) === 0) return { status: "ceiling", add: place };
      }
      return { status: "committed" };
    });
    if (counters.status !== "committed") {
      for (const { key, revision } of insert) await database.run("DELETE FROM entries WHERE key = ? AND revision = ?", key, revision);
    }
    return counters;
  },
});
