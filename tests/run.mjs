/**
 * All tests, one command: installs what they need, builds the package, runs every suite, prints a table and one line of
 * sums. Owns the list of suites; what each tests is in its own folder.
 *
 * `npm test` runs all; `npm test -- node stores` only the suites named (and what they need).
 */
import { readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHROMEDRIVER, installChromium, installPostgres, installTools, installValgrind, root, run } from "../pkg-template/setup.mjs";

const SUITES = [
  ["format", () => run("cargo", ["fmt", "--all", "--check"])],
  ["clippy", () => clippy(["--workspace", "--all-targets"]), () => clippy(["--lib", "--target", "wasm32-unknown-unknown"])],
  ["rust", () => run("cargo", ["test", "--quiet", "--lib", "--test", "golden"])],
  ["properties", () => run("cargo", ["test", "--quiet", "--release", "--test", "properties"])],
  ["models", () => run("cargo", ["test", "--quiet", "--release", "--test", "models", "--", "--test-threads=1"])],
  ["simulation", () => run("cargo", ["test", "--quiet", "--release", "--test", "simulation"])],
  ["package", () => run("npm", ["run", "--silent", "build"]), () => run("npm", ["run", "--silent", "build:trap"])],
  ["types", () => run("npm", ["run", "--silent", "types"])],
  ["lint", () => run("npm", ["run", "--silent", "lint"])],
  ["reference", () => nodeTests("reference")],
  ["node", () => nodeTests("node")],
  ["checklist", () => nodeTests("checklist")],
  // Node 20 has no `node:sqlite`; Bun has, and runs the same tests on both drivers.
  ["stores", installPostgres, () => nodeTests("stores"), () => run("node_modules/.bin/bun", ["test", "./tests/stores/sqlite.test.mjs"])],
  ["conformance", installPostgres, () => nodeTests("conformance"),
    () => run("node_modules/.bin/bun", ["test", "./tests/conformance/memory.test.mjs", "./tests/conformance/sqlite.test.mjs"])],
  ["differential", () => nodeTests("differential")],
  ["parity", () => nodeTests("parity")],
  ["examples", installPostgres, () => nodeTests("examples")],
  ["performance", installValgrind, () => nodeTests("performance")],
  ["browser", installChromium, installPostgres, () => nodeTests("browser")],
  ["packaging", installChromium, () => nodeTests("packaging")],
  ["wasm", installChromium, () => wasmTests("wasm_node"), () => wasmTests("wasm_browser")],
  ["coverage", () => nodeTests("coverage"), () => run(process.execPath, ["tests/coverage/coverage.mjs"])],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some(([known]) => known === name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}; there are ${SUITES.map(([name]) => name).join(", ")}`);
  process.exit(2);
}
/** These test the package as built: an old one must not pass for the new. */
const ON_THE_PACKAGE = new Set(["node", "checklist", "stores", "conformance", "differential", "parity", "examples", "browser", "packaging"]);
if (wanted.some((name) => ON_THE_PACKAGE.has(name))) wanted.push("package");
const suites = SUITES.filter(([name]) => wanted.length === 0 || wanted.includes(name));

installTools();

const results = [];
for (const [at, [name, ...parts]] of suites.entries()) {
  console.log(`\n── ${name} (${at + 1} of ${suites.length})`);
  const started = Date.now();
  const failure = firstFailure(parts);
  if (failure) console.error(`✗ ${name}: ${failure.message}`);
  results.push({ name, passed: !failure, seconds: Math.round((Date.now() - started) / 1000) });
}

console.log("");
for (const { name, passed, seconds } of results) console.log(`${passed ? "✓" : "✗"} ${name.padEnd(14)}${String(seconds).padStart(5)} s`);
const failed = results.filter(({ passed }) => !passed).length;
console.log(`\nsuites: ${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function firstFailure(parts) {
  try {
    for (const part of parts) part();
    return null;
  } catch (error) {
    return error;
  }
}

function clippy(scope) {
  run("cargo", ["clippy", "--quiet", ...scope, "--", "--deny", "warnings"]);
}

/** Every `*.test.mjs` of a folder; a folder without any is a mistake, not a success. */
function nodeTests(folder) {
  const files = readdirSync(join(root, "tests", folder)).filter((name) => name.endsWith(".test.mjs"));
  if (files.length === 0) throw new Error(`tests/${folder} has no tests`);
  run(process.execPath, ["--test", "--test-reporter=spec", ...files.map((name) => join("tests", folder, name))]);
}

/** The runner succeeds on a file without tests too; that is a mistake here. */
function wasmTests(name) {
  const args = ["test", "--target", "wasm32-unknown-unknown", "--test", name];
  const outcome = spawnSync("cargo", args, { cwd: root, encoding: "utf8", env: { ...process.env, CHROMEDRIVER }, stdio: ["ignore", "pipe", "inherit"] });
  console.log(outcome.stdout);
  if (outcome.status !== 0 || !/test result: ok\. [1-9]/.test(outcome.stdout)) throw new Error(`cargo ${args.join(" ")} failed`);
}
