/**
 * The guide "Write an adapter", done as it says: its two files are saved in an empty folder with the package, and run.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { root } from "./support/package.mjs";

const guide = readFileSync(join(root, "js/conformance/README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "coupon-engine-guide-"));
after(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, "node_modules"));
symlinkSync(join(root, "dist/package"), join(folder, "node_modules/coupon-engine"));
symlinkSync(join(root, "node_modules/libsql"), join(folder, "node_modules/libsql"));
const files = [...guide.matchAll(/<!-- test: (\S+) -->\n```js\n(.*?)```\n/gsu)].map(([, name, text]) => ({ name, text }));
for (const { name, text } of files) writeFileSync(join(folder, name), text);

test("its adapter is at most 120 lines long", () => {
  assert.deepEqual(files.map(({ name }) => name), ["ledger.mjs", "ledger.test.mjs"]);
  assert.ok(files[0].text.split("\n").length <= 120);
});

test("its adapter passes the kit, and prints the line that the guide shows", async () => {
  // The name of a runner's own channel must not go to a runner of its own.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--test", "ledger.test.mjs"], { cwd: folder, env: environment });
  const line = /^conformance v1, .*$/mu.exec(guide)[0];
  assert.ok(stdout.includes(line), stdout.slice(-2000));
  assert.match(line, /10\/10$/u);
});

test("its adapter carries an engine", async () => {
  const { createCouponEngine } = await import(join(root, "dist/package/dist/index.js"));
  const { memoryStorage } = await import(join(root, "dist/package/dist/stores/memory.js"));
  const { openLedger } = await import(join(folder, "ledger.mjs"));
  const { catalog, registry } = memoryStorage();
  const engine = await createCouponEngine({ storage: { catalog, registry, ledger: openLedger(join(folder, "shop.db")) } });
  await engine.coupons.create({ type: "standard", code: "ONCE", discount: { type: "percent", basisPoints: 1000 }, limits: { total: 1 } });
  const order = (key) => ({ key, codes: ["once"], cart: { currency: "EGP", lines: [{ id: "shirt", unitPrice: 1750, quantity: 2 }] } });
  assert.equal((await engine.reserve(order("o1"))).status, "held");
  assert.equal((await engine.reserve(order("o2"))).reason, "codes_refused");
  assert.equal((await engine.release({ key: "o1" })).status, "released");
  assert.equal((await engine.reserve(order("o2"))).status, "held");
  assert.equal((await engine.redeem({ key: "o2" })).status, "redeemed");
});

test("each case explains itself, and what the guide says catches a bug is a group of cases", async () => {
  const { ledgerCases } = await import(join(root, "dist/package/dist/conformance.js"));
  const groups = [...new Set(ledgerCases().map(({ group }) => group))];
  assert.deepEqual(groups.slice(-2), ["redemptions", "load"]);
  assert.equal(groups.length, 12);
  for (const { must, cause, name } of ledgerCases()) assert.ok(must.length > 20 && cause.length > 20, name);
  const table = guide.slice(guide.indexOf("## Every MUST, and"), guide.indexOf("## Other databases"));
  const caught = [...table.matchAll(/\| ([a-z: ,]+) \|$/gmu)].flatMap(([, text]) => text.split(",")).map((text) => text.trim().split(":")[0]).filter((text) => text !== "" && text !== "caught by");
  assert.ok(caught.length >= 15);
  assert.deepEqual(caught.filter((group) => !groups.includes(group)), []);
});
