/**
 * The package on Node: both module systems, every entry that runs there.
 */
import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { purchased, purchasedWhenInitialized } from "./support/figures.mjs";
import { answerOf, install, root } from "./support/package.mjs";

for (const file of ["main.mjs", "main.cjs"]) {
  test(`Node runs the default entry: ${file}`, async (context) => {
    const folder = await install(context, [file, "purchase.mjs"]);
    assert.deepEqual(await answerOf("node", [file], folder), purchased);
  });
}

for (const file of ["slim.mjs", "slim.cjs"]) {
  test(`Node runs the slim entry: ${file}`, async (context) => {
    const folder = await install(context, [file, "purchase.mjs"]);
    const { initialized, outcome } = await answerOf("node", [file], folder);
    assert.deepEqual(initialized.at(-1), true);
    assert.ok(initialized.length === 1 || initialized[0] === false);
    assert.deepEqual(outcome, purchasedWhenInitialized);
  });
}

for (const file of ["sqlite.mjs", "sqlite.cjs"]) {
  test(`Node runs the SQLite store: ${file}`, async (context) => {
    const folder = await install(context, [file, "purchase.mjs"]);
    await symlink(path.join(root, "node_modules/libsql"), path.join(folder, "node_modules/libsql"));
    assert.deepEqual(await answerOf("node", [file], folder), purchased);
  });
}
