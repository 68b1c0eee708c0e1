/** The native engine as a function of Node. Owns starting it; knows nothing of what it answers. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The answers of the native engine, one per request. */
export function evaluateNatively(requests) {
  const run = spawnSync("cargo", ["run", "--quiet", "--release", "--example", "evaluate"], {
    cwd: root,
    input: requests.map((request) => `${JSON.stringify(request)}\n`).join(""),
    maxBuffer: 2 ** 31,
  });
  if (run.status !== 0) throw new Error(`the native engine failed: ${run.stderr}`);
  return run.stdout.toString().trimEnd().split("\n").map((line) => JSON.parse(line));
}
