/**
 * The kit on the memory store under every runner that its guide names but node:test: in workerd by a plain loop, under
 * Deno's and Bun's own runners, under vitest as ES modules and under jest as CommonJS, as each is without settings.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";
import { entry, root } from "./support/package.mjs";

const BADGE = "conformance v1, durability=volatile, maxOperations=1000, 10/10, redemptions";
const IMPORTS = 'import { runLedgerConformance } from "coupon-engine/conformance";\nimport { memoryStorage } from "coupon-engine/stores/memory";\n';

const { ledgerCases } = await entry("conformance");
/** The last one reports the line. */
const TESTS = ledgerCases().length + 1;

const folder = mkdtempSync(join(tmpdir(), "coupon-engine-runtimes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
cpSync(join(root, "dist/package"), join(folder, "node_modules/coupon-engine"), { recursive: true });
for (const runner of ["vitest", "jest"]) symlinkSync(join(root, "node_modules", runner), join(folder, "node_modules", runner));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

test("workerd runs it by a plain loop", async (context) => {
  const worker = write("worker.mjs", `${IMPORTS}
    export default {
      async fetch() {
        const cases = [];
        const lines = [];
        const failures = [];
        runLedgerConformance({ test: (name, run) => cases.push({ name, run }), open: () => memoryStorage(), report: (line) => lines.push(line) });
        for (const { name, run } of cases) await run().catch((failure) => failures.push(failure.message));
        return Response.json({ cases: cases.length, lines, failures });
      },
    };`);
  const { outputFiles } = await esbuild.build({ entryPoints: [worker], bundle: true, format: "esm", conditions: ["workerd"], write: false, logLevel: "error" });
  const miniflare = new Miniflare({
    compatibilityDate: "2026-04-01", cf: false, modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0].text }],
  });
  context.after(() => miniflare.dispose());
  const { cases, lines, failures } = await (await miniflare.dispatchFetch("http://localhost/")).json();
  assert.deepEqual(failures, []);
  assert.deepEqual(lines, [BADGE]);
  assert.equal(cases, TESTS);
});

test("Deno.test runs it", async () => {
  write("kit.test.mjs", `${IMPORTS}
    const test = (name, fn) => Deno.test({ name, fn, sanitizeResources: false, sanitizeOps: false });
    runLedgerConformance({ test, open: () => memoryStorage() });`);
  const output = await run("deno", ["test", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "kit.test.mjs"], { DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" });
  assert.ok(output.includes(BADGE), output);
  assert.ok(output.includes(`${TESTS} passed | 0 failed`), output);
});

test("bun test runs it", async () => {
  write("bun.test.mjs", `import { test as it } from "bun:test";\n${IMPORTS}
    runLedgerConformance({ test: (name, run) => it(name, run, 60_000), open: () => memoryStorage() });`);
  const output = await run("bun", ["test", "./bun.test.mjs"]);
  assert.ok(output.includes(BADGE), output);
  assert.ok(output.includes(`\n ${TESTS} pass\n 0 fail\n`), output);
});

/** Each with its own way to get hold of it and the package, and what it is called with. */
const RUNNERS = {
  vitest: { file: "vitest.test.mjs", head: `import { test as it } from "vitest";\n${IMPORTS}`, calledWith: ["run", "--reporter=default", "--reporter=json"] },
  jest: {
    file: "jest.test.js",
    head: 'const it = test;\nconst { runLedgerConformance } = require("coupon-engine/conformance");\nconst { memoryStorage } = require("coupon-engine/stores/memory");\n',
    calledWith: ["--json", `--cacheDirectory=${join(folder, ".jest")}`],
  },
};

for (const [name, runner] of Object.entries(RUNNERS)) {
  test(`${name} runs it`, async () => {
    const { output, passed, failed } = await runUnder(name, runner, "right", "memoryStorage()");
    assert.deepEqual([passed.length, failed], [TESTS, []], output);
    assert.ok(output.includes(BADGE), output);
  });

  test(`${name} fails on an adapter without ceilings`, async () => {
    const { output, passed, failed } = await runUnder(name, runner, "wrong", "withoutCeilings(memoryStorage())");
    assert.equal(passed.length + failed.length, TESTS, output);
    assert.ok(failed.includes("bounded add: up to the ceiling and not past it"), output);
    assert.match(output, /usually: /u);
    assert.match(output, /, 5\/10, redemptions \(not passed: bounded add, /u);
  });
}

/** What it says of each test, by its own report, and everything that it printed. A run that failed a test exits with 1. */
async function runUnder(name, { file, head, calledWith }, kind, store) {
  const tests = write(`${kind}.${file}`, `${head}
    const withoutCeilings = ({ ledger, ...rest }) => ({
      ...rest,
      ledger: { ...ledger, commit: (batch) => ledger.commit({ ...batch, add: batch.add.map((one) => ({ ...one, ceiling: null })) }) },
    });
    runLedgerConformance({ test: (name, run) => it(name, run, 60_000), open: () => ${store}, contenders: 2 });`);
  const report = join(folder, `${name}-${kind}.json`);
  const ended = await run(name, [...calledWith, `--outputFile=${report}`, tests], { CI: "1", NO_COLOR: "1", FORCE_COLOR: "0" }).then(
    (output) => ({ code: 0, output }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }));
  const results = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (status) => results.filter((one) => one.status === status).map(({ title }) => title);
  const failed = titles("failed");
  assert.equal(ended.code, failed.length === 0 ? 0 : 1, ended.output);
  return { output: ended.output, passed: titles("passed"), failed };
}

function write(name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Everything that it printed. */
async function run(program, parameters, environment = {}) {
  const { stdout, stderr } = await promisify(execFile)(join(root, "node_modules/.bin", program), parameters, { cwd: folder, env: { ...process.env, ...environment } });
  return stdout + stderr;
}
