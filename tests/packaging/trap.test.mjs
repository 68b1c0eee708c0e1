/**
 * A panic inside the wasm costs one call. Runs on the package built with `cargo xtask package --trap`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { answerOf, install, tarball, trapTarball } from "./support/package.mjs";

test("after a trap the engine reports `internal` and goes on with a new instance", async (context) => {
  const folder = await install(context, ["trap.mjs"], trapTarball);
  const { before, traps, after } = await answerOf("node", ["trap.mjs"], folder);
  assert.deepEqual(before, [840, 840]);
  assert.deepEqual(traps, [{ name: "CouponError", code: "internal" }, { name: "CouponError", code: "internal" }]);
  assert.deepEqual(after, before);
});

test("the published package has no way to trap", async (context) => {
  const folder = await install(context, [], tarball);
  const program = 'import("coupon-engine").then((entry) => console.log(JSON.stringify(Object.keys(entry))))';
  const names = await answerOf("node", ["-e", program], folder);
  assert.ok(names.includes("evaluate"));
  assert.ok(!names.includes("injectTrap"));
});
