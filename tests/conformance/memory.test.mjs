/**
 * The kit on the memory store, under node:test.
 */
import { describe, test } from "node:test";
import { entry } from "./support/package.mjs";

const { runLedgerConformance } = await entry("conformance");
const { memoryStorage } = await entry("stores/memory");

describe("memory", () => {
  runLedgerConformance({ test, open: () => memoryStorage(), load: 5000 });
});
