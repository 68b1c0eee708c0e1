/**
 * What is in the tarball: the files, their weight, and what must not be written in them.
 */
import assert from "node:assert/strict";
import { copyFile, readdir, readFile, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { install, installedPackage, root, run, tarball, temporaryFolder, tool } from "./support/package.mjs";

/** Entries with both module formats and types. */
const ENTRIES = ["index", "slim", "conformance", "lint", "messages/de", "messages/en", "stores/memory", "stores/postgres", "stores/sqlite"];
const EXPECTED = [
  "README.md",
  "package.json",
  "dist/conformance.md",
  "dist/edge-light.js",
  "dist/engine.wasm",
  "dist/shim.cjs",
  "dist/shim.js",
  "dist/workerd.js",
  ...ENTRIES.flatMap((name) => ["js", "cjs", "d.ts", "d.cts"].map((extension) => `dist/${name}.${extension}`)),
];

let folder;
let files;

before(async (context) => {
  folder = installedPackage(await install(context, []));
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
});

test("the tarball holds exactly the files of the entries, the readme, the guide to adapters and the licences", async () => {
  const licences = (await readdir(root)).filter((name) => name.startsWith("LICENSE"));
  assert.notEqual(licences.length, 0);
  assert.deepEqual(files, [...EXPECTED, ...licences].sort());
});

test("every link of the readme leads to a file of the tarball", async () => {
  const links = [...(await readFile(path.join(folder, "README.md"), "utf8")).matchAll(/\]\((?!#)([^)#]*)\)/g)].map(([, link]) => link);
  assert.ok(links.includes("dist/conformance.md"));
  assert.deepEqual(links.filter((link) => !files.includes(link)), []);
});

test("the package stays within its budgets", async () => {
  const lengths = await Promise.all(files.map(async (file) => (await stat(path.join(folder, file))).size));
  const unpacked = lengths.reduce((sum, length) => sum + length, 0);
  assert.ok(unpacked <= 1_900_000, `unpacked: ${unpacked}`);
  const gzipOf = async (file) => gzipSync(await readFile(path.join(folder, file)), { level: 9 }).length;
  const wasm = await gzipOf("dist/engine.wasm");
  assert.ok(wasm <= 167_000, `the wasm: ${wasm} bytes gzip`);
  const defaultEntry = (await gzipOf("dist/index.js")) + (await gzipOf("dist/shim.js"));
  assert.ok(defaultEntry <= 210_000, `the default entry and its shim: ${defaultEntry} bytes gzip`);
});

test("no code is made from text, and no entry but the SQLite store needs Node", async () => {
  for (const file of files.filter((name) => /\.c?js$/.test(name))) {
    const code = await readFile(path.join(folder, file), "utf8");
    assert.doesNotMatch(code, /new Function|\beval\(|import\.meta/, file);
    if (!file.startsWith("dist/stores/sqlite.")) {
      // Of the lint's, the engine is the main entry's.
      const own = file === "dist/lint.cjs" ? code.replaceAll('require("coupon-engine")', "") : code;
      assert.doesNotMatch(own, /["'`]node:|createRequire|\brequire\((?!"\.\/shim\.cjs"\))/, file);
    }
  }
});

test("nothing of the machine it was built on is in it", async () => {
  for (const file of files) {
    const content = (await readFile(path.join(folder, file))).toString("latin1");
    for (const trace of [root, os.homedir() + path.sep, ".cargo/", "index.crates.io"]) {
      assert.ok(!content.includes(trace), `${file} contains ${trace}`);
    }
  }
});

test("only the ways to start the engine have the shim, and each binds its names anew", async () => {
  for (const file of files.filter((name) => /\.c?js$/.test(name))) {
    const code = await readFile(path.join(folder, file), "utf8");
    const shares = /^dist\/(index|slim|workerd|edge-light)\./.test(file);
    assert.equal(/(from|require\()"\.{1,2}\//.test(code), shares, file);
    // A name that is handed on would be taken from the shim by a bundler, past the entry that gives it its wasm.
    assert.doesNotMatch(code, /export\s*(\*|\{[^}]*\})\s*from/, file);
  }
});

test("the default entry carries the wasm of the package, the others none", async () => {
  const wasm = await readFile(path.join(folder, "dist/engine.wasm"));
  for (const file of files.filter((name) => /\.c?js$/.test(name))) {
    // Long texts are broken into lines.
    const code = (await readFile(path.join(folder, file), "utf8")).replaceAll("\\\n", "");
    const carried = [...code.matchAll(/"([A-Za-z0-9+/]{10000,}=*)"/g)].map(([, text]) => gunzipSync(Buffer.from(text, "base64")));
    assert.equal(carried.length, file.startsWith("dist/index.") ? 1 : 0, file);
    assert.ok(carried.every((bytes) => bytes.equals(wasm)), file);
  }
});

test("every target of the exports map exists, types first", async () => {
  const { exports } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const check = (value) => {
    if (typeof value === "string") {
      assert.ok(value === "./package.json" || files.includes(value.slice(2)), value);
      return;
    }
    const keys = Object.keys(value);
    assert.ok(!keys.includes("types") || keys[0] === "types", `types first in ${JSON.stringify(value)}`);
    Object.values(value).forEach(check);
  };
  check(exports);
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true, pack: false });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("the types are right for every kind of import", async (context) => {
  // A copy, because attw removes tarballs from the folder it works in.
  const copy = path.join(await temporaryFolder(context), "package.tgz");
  await copyFile(tarball, copy);
  const parameters = [copy, "--profile", "node16", "--exclude-entrypoints", "./engine.wasm", "--no-definitely-typed"];
  const report = JSON.parse(await run(tool("attw"), [...parameters, "--format", "json"], path.dirname(copy)));
  // The report names them even where the profile sets them aside: resolution from before exports maps.
  const problems = Object.values(report.problems ?? {}).flat().filter(({ resolutionKind }) => resolutionKind !== "node10");
  assert.deepEqual(problems, []);
  assert.ok("./stores/postgres" in report.analysis.entrypoints);
  assert.ok("./stores/sqlite" in report.analysis.entrypoints);
});
