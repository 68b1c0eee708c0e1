/**
 * The packed package: where the tarballs are, and how a fixture gets one installed.
 *
 * Fixtures live outside the repository, so that nothing of it can be resolved by accident.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
const { version } = JSON.parse(await readFile(path.join(root, "pkg-template/package.json"), "utf8"));

export const tarball = path.join(root, `dist/coupon-engine-${version}.tgz`);
export const trapTarball = path.join(root, `dist/trap-coupon-engine-${version}.tgz`);

/** A new folder with the tarball installed and the named fixture files in it; removed when the test ends. */
export async function install(test, files, packed = tarball) {
  const folder = await temporaryFolder(test);
  const manifest = { name: "fixture", private: true, type: "module" };
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
  for (const file of files) {
    await cp(path.join(fixtures, file), path.join(folder, file));
  }
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", packed], folder);
  return folder;
}

export async function temporaryFolder(test) {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "coupon-engine-")));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What the program wrote to stdout; a failure carries all it wrote. */
export async function run(program, parameters, folder, environment = {}) {
  try {
    const { stdout } = await execute(program, parameters, { cwd: folder, env: { ...process.env, ...environment } });
    return stdout;
  } catch (failure) {
    throw new Error(`${path.basename(program)} ${parameters.join(" ")}\n${failure.stdout}${failure.stderr}`, { cause: failure });
  }
}

/** The same for a fixture that prints one JSON value. */
export async function answerOf(program, parameters, folder, environment) {
  return JSON.parse(await run(program, parameters, folder, environment));
}

/** A program of the development tools. */
export function tool(name) {
  return path.join(root, "node_modules/.bin", name);
}

/** Where the package lies in a fixture's folder. */
export function installedPackage(folder) {
  return path.join(folder, "node_modules/coupon-engine");
}
