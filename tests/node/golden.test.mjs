/**
 * The golden files, run on the package, and their answers held against the public TypeScript types. `tests/golden.rs`
 * runs the same files natively.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { before, test } from "node:test";
import { CouponError, evaluate, preload } from "./package.mjs";
import { withoutMessages } from "./without-messages.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "tests/golden");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

before(preload);

for (const file of files) {
  for (const { name, request, answer } of JSON.parse(readFileSync(join(folder, file), "utf8"))) {
    test(`golden ${file}: ${name}`, () => {
      if (answer.code === undefined) {
        assert.deepEqual(JSON.parse(JSON.stringify(withoutMessages(evaluate(request)))), answer);
        return;
      }
      assert.throws(
        () => evaluate(request),
        (error) => error instanceof CouponError && error.code === answer.code && error.path === answer.path,
      );
    });
  }
}

test("every golden request and quote is of the public types", () => {
  const cases = files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
  const answered = cases.filter(({ answer }) => answer.code === undefined);
  const checked = mkdtempSync(join(root, "dist/types-"));
  try {
    const source = [
      'import type { EvaluateRequest, Quote } from "../package/dist/index.js";',
      `export const requests: EvaluateRequest[] = ${JSON.stringify(answered.map(({ request }) => request))};`,
      `export const quotes: Quote[] = ${JSON.stringify(answered.map(({ request }) => evaluate(request)))};`,
    ];
    writeFileSync(join(checked, "golden.ts"), source.join("\n"));
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "nodenext"];
    const run = spawnSync(join(root, "node_modules/.bin/tsc"), [...options, join(checked, "golden.ts")], { cwd: checked });
    assert.equal(run.status, 0, run.stdout.toString());
  } finally {
    rmSync(checked, { recursive: true });
  }
});
