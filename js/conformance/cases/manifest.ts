/**
 * Group 1: a ledger says what it can do, and it is true.
 */
import type { LedgerCapabilities } from "../../contract/storage.js";
import { ConformanceFailure, textOf, type ConformanceCase } from "../case.js";
import { add, batch, hold } from "../batches.js";
import { claimedOf, committed } from "../contend.js";
import { expect, expectEqual } from "../expect.js";

const DURABILITIES: readonly LedgerCapabilities["durability"][] = ["volatile", "process", "power", "failover"];

export const manifestCases: readonly ConformanceCase[] = [
  {
    group: "manifest",
    name: "capabilities are complete and do not change",
    must: "LedgerCapabilities: atomicCommit is true, maxOperations at least 100, durability one of four words",
    cause: "a capability is computed from a connection that is not open yet, or misspelt",
    async run({ first, connect }) {
      const { capabilities } = first.ledger;
      const told = textOf(capabilities);
      expect(capabilities?.atomicCommit === true, () => `capabilities are ${told}: without atomicCommit: true the engine refuses the store`);
      const { maxOperations, durability } = capabilities;
      expect(Number.isInteger(maxOperations) && maxOperations >= 100, () => `maxOperations is ${String(maxOperations)}, expected a whole number from 100`);
      expect(DURABILITIES.includes(durability), () => `durability is ${textOf(durability)}, expected one of ${DURABILITIES.join(", ")}`);
      expectEqual(textOf(first.ledger.capabilities), told, "capabilities, read again");
      const other = await connect();
      if (other !== null) expectEqual(textOf(other.ledger.capabilities), told, "capabilities of a second connection");
    },
  },
  {
    group: "manifest",
    name: "what is committed outlives the connection that wrote it",
    must: "durability: anything but volatile survives a killed process, so it is not kept in one",
    cause: "the data lives in the connection, or a transaction is left open when commit answers",
    requires: outlivesProcesses,
    async run({ first, connect }) {
      const writer = await connect();
      if (writer === null) throw new ConformanceFailure(withoutReopen(first.ledger.capabilities));
      await committed(writer, batch([hold("written", ["c"])], [add("c", 1, 5)]));
      await writer.close?.();
      for (const handle of [first, await connect()]) {
        if (handle !== null) expectEqual(await claimedOf(handle, "c"), 1, "claimed, read over another connection after the writer has closed");
      }
    },
  },
];

/** Other processes can reach its data. */
export function outlivesProcesses({ durability }: LedgerCapabilities): boolean {
  return durability !== "volatile";
}

export function withoutReopen({ durability }: LedgerCapabilities): string {
  return `durability is ${durability}, so several processes share the data, but there is no reopen: without a second connection a lock inside of one process would pass`;
}
