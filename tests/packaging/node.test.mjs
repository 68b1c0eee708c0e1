/**
 * The package on Node: both module systems, every entry that runs there.
 */
import assert from "node:assert/strict";
import { readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { purchased, purchasedWhenInitialized } from "./support/figures.mjs";
import { answerOf, install, installedPackage, root, run } from "./support/package.mjs";

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
    assert.deepEqual(initialized, [false, true]);
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

test("the first program of the readme prints what it says it prints", async (context) => {
  const folder = await install(context, []);
  const readme = await readFile(path.join(installedPackage(folder), "README.md"), "utf8");
  const [, program] = /```js\n([^]*?)```/.exec(readme);
  const [, promised] = /\/\/ (.*)\n$/.exec(program);
  await writeFile(path.join(folder, "readme.mjs"), program);
  assert.equal(await run("node", ["readme.mjs"], folder), `${promised}\n`);
});
