/**
 * Wrong: a locked database is answered as a full counter. "Could not decide" has become "no".
 */
import { addValues, capabilities, GUARDED_ADD, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  commit: ({ insert, add }) => database.transaction(async ({ run }) => {
    for (const [place, entry] of insert.entries()) {
      if (await run(INSERT, ...insertValues(entry)) === 0) return { status: "exists", insert: place };
    }
    for (const [place, wanted] of add.entries()) {
      if (await run(GUARDED_ADD, ...addValues(wanted)) === 0) return { status: "ceiling", add: place };
    }
    return { status: "committed" };
  }, { status: "ceiling" }),
});
