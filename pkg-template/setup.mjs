/**
 * Gets a fresh checkout ready: npm packages, the wasm target, and for the tests Chromium, Valgrind and PostgreSQL. Owns
 * what has to be installed and how; installs only from the registries, and prints the exact command where it may not.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const CHROMEDRIVER = process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver";
const CARGO_MUTANTS = "27.1.0";

/** What every command needs: npm packages as locked, and Rust's wasm target. */
export function installTools() {
  requireNode();
  installPackages();
  installWasmTarget();
}

/** Chromium and its driver, for the browser tests. */
export function installChromium() {
  if (existsSync(CHROMIUM) && existsSync(CHROMEDRIVER)) return;
  installFromDebian("chromium chromium-driver", "Chromium is needed for the browser tests.", "\nor set CHROMIUM and CHROMEDRIVER.");
}

/** Valgrind, for the performance tests. */
export function installValgrind() {
  if (spawnSync("valgrind", ["--version"]).status === 0) return;
  const elsewhere = process.platform === "linux" ? "" : ` It does not run on ${process.platform}; use Debian.`;
  installFromDebian("valgrind", `Valgrind is needed to count instructions.${elsewhere}`);
}

/** A PostgreSQL server, for the store's tests; they start it themselves. */
export function installPostgres() {
  if (postgresPrograms() !== null) return;
  installFromDebian("postgresql", "PostgreSQL is needed for the tests of its store.", "\nor set POSTGRES to the folder of initdb and postgres.");
}

/** The path of `cargo-mutants`, which puts small faults into the code for the tests to find. */
export function installMutants() {
  run("cargo", ["install", "--quiet", "--locked", "--root", "target/tools", `cargo-mutants@${CARGO_MUTANTS}`]);
  return "target/tools/bin/cargo-mutants";
}

/** The folder of `initdb` and `postgres`, of the newest version there is; `null` if there is none. */
export function postgresPrograms() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = process.env.POSTGRES ? [process.env.POSTGRES] : versions.map((version) => join(debian, version, "bin"));
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** Runs a command in the checkout, its output shown; throws if it fails. */
export function run(command, args, env = {}) {
  const outcome = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (outcome.error) throw new Error(`${command} could not be started: ${outcome.error.message}`);
  if (outcome.status !== 0) throw new Error(`${[command, ...args].join(" ")} failed (${outcome.status ?? outcome.signal})`);
}

function installFromDebian(packages, reason, otherwise = "") {
  const command = `apt-get update && apt-get install -y ${packages}`;
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!mayInstall) throw new Error(`${reason} Install it with\n  sudo sh -c '${command}'${otherwise}`);
  run("sh", ["-c", command.replaceAll("apt-get", "apt-get -qq")]);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node 20.19 or later is needed, this is ${process.versions.node}`);
  }
}

/** `npm ci`, unless what is installed is what the lock file says. */
function installPackages() {
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  const stamp = join(root, "node_modules/.installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  writeFileSync(stamp, lock);
}

function installWasmTarget() {
  const installed = spawnSync("rustup", ["target", "list", "--installed"], { cwd: root, encoding: "utf8" });
  if (installed.error) throw new Error("rustup is needed: Rust 1.95 is installed with it");
  if (!installed.stdout.includes("wasm32-unknown-unknown")) run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
}
