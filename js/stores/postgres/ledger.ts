/**
 * `RedemptionLedger` over PostgreSQL. Owns the two calls and what their errors mean; what they do is in the schema's
 * functions `read` and `commit`. It must not read a clock and must not look into a body.
 *
 * Each is one function and one statement: one round trip, atomic by itself, on whatever connection the pool lends. A
 * counter that many want stays locked from its update to the end of that statement and for no message in between, and
 * the server keeps the plans, which named statements would otherwise have to. One schema is one shop, so a batch's
 * `partition` needs no column.
 */
import type { CommitOutcome, LedgerCapabilities, LedgerView, RedemptionLedger } from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import { decoded, encoded, isBusy } from "./connection.js";
import type { Database } from "./connection.js";

const MAX_OPERATIONS = 1000;

export function postgresLedger({ query, schema }: Database, durability: LedgerCapabilities["durability"]): RedemptionLedger {
  return {
    capabilities: { atomicCommit: true, maxOperations: MAX_OPERATIONS, durability },
    async read(request) {
      const [row] = await query(`SELECT ${schema}.read($1)::text AS view`, [encoded(request)]);
      return decoded<LedgerView>(row?.["view"]);
    },
    async commit({ insert, add }) {
      if (insert.length + add.length > MAX_OPERATIONS) {
        throw new CouponError({ code: "too_large", message: `a commit carries at most ${MAX_OPERATIONS} operations` });
      }
      try {
        const [row] = await query(`SELECT ${schema}.commit($1)::text AS outcome`, [encoded({ insert, add })]);
        return decoded<CommitOutcome>(row?.["outcome"]);
      } catch (error) {
        if (isBusy(error)) return { status: "busy" };
        throw error;
      }
    },
  };
}
