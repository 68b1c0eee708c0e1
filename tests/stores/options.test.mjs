/**
 * The stores' options: what is wrong with them is told with its path, before anything is opened.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage, sqliteStorage } from "./package.mjs";

const path = "never-opened/shop.db";
const boom = () => {
  throw new Error("the caller's own");
};

const SQLITE = [
  ["nothing", undefined, "invalid_type", undefined],
  ["null", null, "invalid_type", undefined],
  ["no path", {}, "required", "path"],
  ["a number for the path", { path: 42 }, "invalid_type", "path"],
  ["an empty path", { path: "" }, "invalid_value", "path"],
  ["a path in memory", { path: ":memory:" }, "invalid_value", "path"],
  ["a path that throws", { get path() { return boom(); } }, "unreadable", "path"],
  ["an unknown driver", { path, driver: "better-sqlite3" }, "invalid_value", "driver"],
  ["a driver that is none", { path, driver: 7 }, "invalid_type", "driver"],
  ["a text for the time-out", { path, busyTimeoutMs: "abc" }, "invalid_type", "busyTimeoutMs"],
  ["no number for the time-out", { path, busyTimeoutMs: NaN }, "invalid_value", "busyTimeoutMs"],
  ["a fraction of a millisecond", { path, busyTimeoutMs: 0.5 }, "invalid_value", "busyTimeoutMs"],
  ["a negative time-out", { path, busyTimeoutMs: -1 }, "out_of_range", "busyTimeoutMs"],
  ["a time-out beyond ten minutes", { path, busyTimeoutMs: 600_001 }, "out_of_range", "busyTimeoutMs"],
  ["a priorOrders that is none", { path, priorOrders: 2 }, "invalid_type", "priorOrders"],
  ["a misspelt option", { path, busyTimeout: 5 }, "unknown_field", "busyTimeout"],
];

for (const [name, options, code, at] of SQLITE) {
  test(`sqlite refuses ${name}`, async () => {
    await assert.rejects(sqliteStorage(options), (error) => {
      assert.deepEqual([error.name, error.code, error.path], ["CouponError", code, at]);
      return true;
    });
  });
}

const MEMORY = [
  ["null", null, "invalid_type", undefined],
  ["a list", [], "invalid_type", undefined],
  ["a priorOrders that is none", { priorOrders: 2 }, "invalid_type", "priorOrders"],
  ["options that throw", { get priorOrders() { return boom(); } }, "unreadable", "priorOrders"],
  ["a misspelt option", { priorOrder: 0 }, "unknown_field", "priorOrder"],
];

for (const [name, options, code, at] of MEMORY) {
  test(`memory refuses ${name}`, () => {
    assert.throws(() => memoryStorage(options), (error) => {
      assert.deepEqual([error.name, error.code, error.path], ["CouponError", code, at]);
      return true;
    });
  });
}
