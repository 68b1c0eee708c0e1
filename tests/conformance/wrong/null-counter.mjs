/**
 * Wrong: a counter without a row yet is no row to lock. It is written without a guard by everybody who saw that it was not
 * there; from then on the guard is right.
 */
import { addValues, capabilities, GUARDED_ADD, INSERT, insertValues } from "./database.mjs";

const FIRST_TOUCH = "INSERT INTO counters (name, claimed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET claimed = claimed + ?2";

export const ledger = (database) => ({
  capabilities,
  read: database.read,
  async commit({ insert, add }) {
    const missing = new Set();
    for (const { counter } of add) {
      if (!(await database.get("SELECT claimed FROM counters WHERE name = ?", counter))) missing.add(counter);
    }
    return database.transaction(async ({ run }) => {
      for (const [place, entry] of insert.entries()) {
        if (await run(INSERT, ...insertValues(entry)) === 0) return { status: "exists", insert: place };
      }
      for (const [place, wanted] of add.entries()) {
        const { counter, delta, ceiling } = wanted;
        const fits = delta >= 0 && delta <= (ceiling ?? Infinity);
        if (missing.has(counter) && !fits) return { status: "ceiling", add: place, claimed: 0 };
        if (missing.has(counter)) await run(FIRST_TOUCH, counter, delta);
        else if (await run(GUARDED_ADD, ...addValues(wanted)) === 0) return { status: "ceiling", add: place };
      }
      return { status: "committed" };
    });
  },
});
