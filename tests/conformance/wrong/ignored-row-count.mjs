/**
 * Wrong: the guarded UPDATE is there, and nobody looks at how many rows it changed.
 */
import { addValues, capabilities, GUARDED_ADD, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  commit: ({ insert, add }) => database.transaction(async ({ run }) => {
    for (const [place, entry] of insert.entries()) {
      if (await run(INSERT, ...insertValues(entry)) === 0) return { status: "exists", insert: place };
    }
    for (const wanted of add) await run(GUARDED_ADD, ...addValues(wanted));
    return { status: "committed" };
  }),
});
