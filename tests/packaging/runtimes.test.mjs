/**
 * The package on Deno and Bun, unbundled, as their own resolution finds it.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { purchased } from "./support/figures.mjs";
import { answerOf, install, tool } from "./support/package.mjs";

test("Deno runs the default entry without a permission", async (context) => {
  const folder = await install(context, ["main.mjs", "purchase.mjs"]);
  const environment = { DENO_DIR: path.join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" };
  const parameters = ["run", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "main.mjs"];
  assert.deepEqual(await answerOf(tool("deno"), parameters, folder, environment), purchased);
});

test("Bun runs the default entry", async (context) => {
  const folder = await install(context, ["main.mjs", "purchase.mjs"]);
  assert.deepEqual(await answerOf(tool("bun"), ["run", "main.mjs"], folder), purchased);
});
