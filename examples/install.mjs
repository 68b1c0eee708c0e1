/**
 * Installs an example the way a user gets it: its own folder, with the packed package next to it.
 *
 * Examples import `coupon-engine` by name only. They are copied to dist/examples/, and the tarball is unpacked into
 * dist/examples/node_modules/; the other dependencies are found in the repository's node_modules above. Must not fall
 * back to the sources.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = path.join(root, "dist/examples");

/** What an example makes while it runs; it is not copied, and not overwritten. */
const LEFT_ALONE = new Set(["data", "dist", "node_modules"]);

/**
 * @param {string} name A folder in examples/.
 * @returns {Promise<string>} Where the example now lies.
 */
export async function installExample(name) {
  await unpack(await tarball());
  await copyFolder("shop");
  await copyFolder(name);
  return path.join(installed, name);
}

/** Another example may be running on these files: what is the same stays, what is new appears whole. */
async function copyFolder(/** @type {string} */ folder) {
  const entries = await readdir(path.join(root, "examples", folder), { withFileTypes: true });
  await mkdir(path.join(installed, folder), { recursive: true });
  for (const entry of entries) {
    const name = path.join(folder, entry.name);
    if (entry.isFile()) await copyFile(name);
    else if (!LEFT_ALONE.has(entry.name)) await copyFolder(name);
  }
}

async function copyFile(/** @type {string} */ name) {
  const content = await readFile(path.join(root, "examples", name));
  const target = path.join(installed, name);
  const existing = await readFile(target).catch(() => null);
  if (existing !== null && existing.equals(content)) return;
  const whole = `${target}.${process.pid}`;
  await writeFile(whole, content);
  await rename(whole, target);
}

async function tarball() {
  const { version } = JSON.parse(await readFile(path.join(root, "pkg-template/package.json"), "utf8"));
  return path.join(root, `dist/coupon-engine-${version}.tgz`);
}

/** Leaves an installation of the same tarball in place: another example may be running on it. */
async function unpack(/** @type {string} */ file) {
  const content = await readFile(file).catch((cause) => {
    throw new Error(`${file} is missing: run \`npm run build\` first`, { cause });
  });
  const digest = createHash("sha256").update(content).digest("hex");
  const modules = path.join(installed, "node_modules");
  const target = path.join(modules, "coupon-engine");
  const stamp = path.join(target, ".tarball");
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;

  await mkdir(modules, { recursive: true });
  const fresh = await mkdtemp(path.join(modules, ".unpacking-"));
  try {
    await execute("tar", ["-xzf", file, "-C", fresh]);
    await writeFile(path.join(fresh, "package/.tarball"), digest);
    await rename(target, path.join(fresh, "replaced")).catch(ignoreMissing);
    await rename(path.join(fresh, "package"), target).catch(async (error) => {
      // Another process that unpacks the same tarball may have been faster.
      if ((await readFile(stamp, "utf8").catch(() => "")) !== digest) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function ignoreMissing(/** @type {NodeJS.ErrnoException} */ error) {
  if (error.code !== "ENOENT") throw error;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name] = process.argv.slice(2);
  if (name === undefined) throw new Error("usage: node examples/install.mjs <example>");
  console.log(await installExample(name));
}
