/**
 * The kit where there is no Node: in workerd by a plain loop, under Deno's and Bun's own runners. On the memory store.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";
import { root } from "./support/package.mjs";

const BADGE = "conformance v1, durability=volatile, maxOperations=1000, 10/10, redemptions";
const IMPORTS = 'import { runLedgerConformance } from "coupon-engine/conformance";\nimport { memoryStorage } from "coupon-engine/stores/memory";\n';

const folder = mkdtempSync(join(tmpdir(), "coupon-engine-runtimes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules"));
cpSync(join(root, "dist/package"), join(folder, "node_modules/coupon-engine"), { recursive: true });
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
  assert.ok(cases >= 55);
});

test("Deno.test runs it", async () => {
  write("kit.test.mjs", `${IMPORTS}
    const test = (name, fn) => Deno.test({ name, fn, sanitizeResources: false, sanitizeOps: false });
    runLedgerConformance({ test, open: () => memoryStorage() });`);
  const output = await run("deno", ["test", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "kit.test.mjs"], { DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" });
  assert.ok(output.includes(BADGE), output);
  assert.match(output, / passed \| 0 failed/u);
});

test("bun test runs it", async () => {
  write("bun.test.mjs", `import { test as it } from "bun:test";\n${IMPORTS}
    runLedgerConformance({ test: (name, run) => it(name, run, 60_000), open: () => memoryStorage() });`);
  const output = await run("bun", ["test", "./bun.test.mjs"]);
  assert.ok(output.includes(BADGE), output);
  assert.match(output, /\n 0 fail\n/u);
});

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
