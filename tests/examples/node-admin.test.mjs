/**
 * The admin script as its user runs it: two batches of one coupon, the file it writes, and what it does where it cannot.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { installExample } from "../../examples/install.mjs";

/** The prefix, then characters that cannot be misread. */
const SHAPE = /^SUMMER20-[23456789ABCDEFGHJKMNPQRSTVWXYZ]{6,}$/;

let admin;

before(async () => {
  admin = path.join(await installExample("node-admin"), "admin.mjs");
});

test("two runs are two batches of one coupon, each in its file", async (context) => {
  const folder = await temporaryFolder(context);
  const first = await run(folder);
  assert.deepEqual([first.exitCode, first.stderr], [0, "generated 500 of 500 codes\n"]);
  const rows = rowsOf(first.stdout);
  const { "guesses per hit": guesses, ...others } = rows;
  assert.deepEqual(others, {
    coupon: "Summer sale (pool-SUMMER20)",
    terms: "20% off once",
    status: "active",
    batch: "1",
    codes: "500 new, 500 in the store",
    warnings: "none",
    "written to": path.join(folder, "codes.txt"),
  });
  assert.ok(BigInt(guesses.replaceAll(",", "")) >= 1_000_000_000n, guesses);

  const ofFirst = await codesIn(folder);
  assert.equal(ofFirst.length, 500);
  for (const code of ofFirst) assert.match(code, SHAPE);

  const second = await run(folder);
  assert.equal(second.exitCode, 0);
  assert.equal(rowsOf(second.stdout).batch, "2");
  assert.equal(rowsOf(second.stdout).codes, "500 new, 1,000 in the store");
  const ofSecond = await codesIn(folder);
  assert.equal(ofSecond.length, 500);
  assert.equal(new Set([...ofFirst, ...ofSecond]).size, 1_000);

  const { batches, stored } = await storeOf(folder, "pool-SUMMER20");
  assert.deepEqual(batches.map(({ number, state, generated }) => ({ number, state, generated })), [
    { number: 1, state: "complete", generated: 500 },
    { number: 2, state: "complete", generated: 500 },
  ]);
  assert.deepEqual(stored.toSorted(), [...ofFirst, ...ofSecond].toSorted());
  assert.deepEqual((await readdir(folder)).toSorted(), ["codes.txt", "data"]);
});

test("a batch of more than one page is written whole", async (context) => {
  const folder = await temporaryFolder(context);
  await run(folder, ["--count", "2500"]);
  assert.equal(new Set(await codesIn(folder)).size, 2_500);
});

test("only their owner may read the codes", async (context) => {
  const folder = await temporaryFolder(context);
  await run(folder, ["--count", "1"]);
  const permissions = async (name) => (await stat(path.join(folder, name))).mode & 0o777;
  assert.equal(await permissions("codes.txt"), 0o600);
  assert.equal(await permissions("data"), 0o700);
});

test("a file that cannot be written is told before any code is made", async (context) => {
  const folder = await temporaryFolder(context);
  await mkdir(path.join(folder, "taken"));
  for (const [out, reason] of [["missing/codes.txt", /ENOENT/], ["taken", /it exists and is not a file/]]) {
    const { exitCode, stdout, stderr } = await run(folder, ["--out", out]);
    assert.equal(exitCode, 1);
    assert.equal(stdout, "");
    assert.match(stderr, reason);
    assert.match(stderr, /^admin: cannot write .+\n$/);
  }
  assert.deepEqual((await readdir(folder)).toSorted(), ["data", "taken"]);
  assert.deepEqual(await storeOf(folder, "pool-SUMMER20"), { coupon: null, batches: [], stored: [] });
});

test("a run that is stopped leaves the file of the run before", { timeout: 60_000 }, async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(path.join(folder, "codes.txt"), "earlier\n");
  const child = spawn(process.execPath, [admin, "--count", "1000000"], { cwd: folder });
  context.after(() => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("close", (exitCode) => resolve(exitCode)));
  child.stderr.once("data", () => child.kill("SIGINT"));
  assert.equal(await ended, 130);
  assert.deepEqual((await readdir(folder)).toSorted(), ["codes.txt", "data"]);
  assert.equal(await readFile(path.join(folder, "codes.txt"), "utf8"), "earlier\n");
  const { batches, stored } = await storeOf(folder, "pool-SUMMER20");
  assert.equal(batches[0].state, "failed");
  assert.equal(batches[0].generated, stored.length);
});

test("codes that can be guessed are warned of", async (context) => {
  const folder = await temporaryFolder(context);
  const { stdout } = await run(folder, ["--length", "4"]);
  // 30 symbols, 4 places, 500 codes.
  assert.equal(rowsOf(stdout).warnings, "guessable: 1,620 guesses per hit");
});

test("progress is a bar on a terminal and lines elsewhere", async () => {
  const { progressOn } = await import(pathToFileURL(path.join(path.dirname(admin), "progress.mjs")));
  const written = (isTTY) => {
    const parts = [];
    const onProgress = progressOn({ isTTY, write: (part) => parts.push(part) });
    onProgress({ done: 250, total: 500 });
    onProgress({ done: 500, total: 500 });
    return parts.join("");
  };
  const [half, full] = ["#".repeat(20), "#".repeat(40)];
  assert.equal(written(true), `\r[${half}${"-".repeat(20)}] 250/500\r[${full}] 500/500\n`);
  assert.equal(written(false), "generated 250 of 500 codes\ngenerated 500 of 500 codes\n");
});

test("a pool's terms are not changed by a later run", async (context) => {
  const folder = await temporaryFolder(context);
  await run(folder, ["--percent", "12.5", "--count", "1"]);
  const { exitCode, stderr } = await run(folder, ["--percent", "30", "--count", "1"]);
  assert.equal(exitCode, 1);
  assert.equal(stderr, "admin: SUMMER20 exists and its codes give 12.5% off once: use another --prefix for other terms\n");
  assert.equal((await storeOf(folder, "pool-SUMMER20")).stored.length, 1);
});

test("an option that makes no sense is refused in words", async (context) => {
  const folder = await temporaryFolder(context);
  for (const [parameters, reason] of [
    [["--percent", "a fifth"], /--percent takes a number/],
    [["--percent", "0"], /basisPoints/],
    [["--count", "-1"], /count/],
    [["--prefix", "no spaces & such"], /--prefix takes letters/],
    [["--discount", "20"], /--discount/],
    [["one.sqlite", "two.sqlite"], /two\.sqlite/],
  ]) {
    const { exitCode, stderr } = await run(folder, parameters);
    assert.equal(exitCode, 1, parameters.join(" "));
    assert.match(stderr, reason);
    assert.match(stderr, /^admin: .+\n/);
  }
});

function run(folder, parameters = []) {
  return new Promise((resolve) => {
    execFile(process.execPath, [admin, ...parameters], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ exitCode: error?.code ?? 0, stdout, stderr });
    });
  });
}

/** The summary's rows by label. */
function rowsOf(summary) {
  return Object.fromEntries(summary.trimEnd().split("\n").map((row) => [row.slice(0, 16).trimEnd(), row.slice(17)]));
}

async function codesIn(folder) {
  const text = await readFile(path.join(folder, "codes.txt"), "utf8");
  assert.ok(text.endsWith("\n"));
  return text.trimEnd().split("\n");
}

/** What the store has of a coupon, read with the package and not with the script. */
async function storeOf(folder, couponId) {
  const { createCouponEngine, sqliteStorage } = await packageOf(admin);
  const engine = await createCouponEngine({ storage: await sqliteStorage({ path: path.join(folder, "data/shop.sqlite") }) });
  try {
    const stored = [];
    let after = null;
    do {
      const { items, next } = await engine.codes.list({ couponId, after, limit: 1_000 });
      stored.push(...items.map(({ code }) => code));
      after = next;
    } while (after !== null);
    return { coupon: await engine.coupons.get(couponId), batches: await engine.batches.list(couponId), stored };
  } finally {
    await engine.close();
  }
}

async function packageOf(script) {
  const folder = path.join(path.dirname(script), "../node_modules/coupon-engine/dist");
  const { createCouponEngine } = await import(pathToFileURL(path.join(folder, "index.js")));
  const { sqliteStorage } = await import(pathToFileURL(path.join(folder, "stores/sqlite.js")));
  return { createCouponEngine, sqliteStorage };
}

async function temporaryFolder(context) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "node-admin-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
