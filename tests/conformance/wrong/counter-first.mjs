/**
 * Wrong: the counter moves before the key is judged, and stays moved when the key is taken: a conflict is no error to
 * `ON CONFLICT DO NOTHING`, so the transaction commits.
 */
import { addValues, capabilities, GUARDED_ADD, INSERT, insertValues } from "./database.mjs";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  commit: ({ insert, add }) => database.transaction(async ({ run }) => {
    for (const [place, wanted] of add.entries()) {
      if (await run(GUARDED_ADD, ...addValues(wanted)) === 0) return { status: "ceiling", add: place };
    }
    for (const entry of insert) await run(INSERT, ...insertValues(entry));
    return { status: "committed" };
  }),
});
