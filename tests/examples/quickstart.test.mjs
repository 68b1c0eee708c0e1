/**
 * The quickstart prints what its reader is told it prints.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { installExample } from "../../examples/install.mjs";

test("the quickstart prints the expected cart", async () => {
  const folder = await installExample("quickstart");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["quickstart.mjs"], { cwd: folder });
  assert.equal(stdout, await readFile(path.join(folder, "expected.txt"), "utf8"));
  assert.equal(stderr, "");
});
