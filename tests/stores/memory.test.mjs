/**
 * The memory store against the shared contract, and what only it promises.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cases } from "./contract.mjs";
import { memoryStorage } from "./package.mjs";

cases("memory", async () => {
  const store = memoryStorage();
  return { store, probe: async () => store };
});

test("memory says that nothing survives", () => {
  assert.equal(memoryStorage().ledger.capabilities.durability, "volatile");
});

test("memory offers priorOrders only if the host gave one", async () => {
  assert.equal("priorOrders" in memoryStorage(), false);
  const { priorOrders } = memoryStorage({ priorOrders: ({ keys }) => keys.length });
  assert.equal(await priorOrders({ keys: [{ kind: "id", value: "42" }], excluding: null, asOf: 0 }), 1);
});
