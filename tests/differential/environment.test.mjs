/**
 * Invariant M6: an answer does not depend on the zone or the language of the machine. Each setting is a process of its
 * own, since a process reads them once.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const answers = fileURLToPath(new URL("./answers.mjs", import.meta.url));
const SETTINGS = [
  { TZ: "UTC", LANG: "C", LC_ALL: "C" },
  { TZ: "Africa/Cairo", LANG: "ar_EG.UTF-8", LC_ALL: "ar_EG.UTF-8" },
  { TZ: "America/Los_Angeles", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  { TZ: "Pacific/Kiritimati", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" },
];

test("M6 the same bytes in every zone and language", () => {
  const [first, ...others] = SETTINGS.map((setting) => answersIn(setting));
  assert.ok(first.length > 100_000);
  for (const other of others) assert.equal(other, first);
});

function answersIn(setting) {
  const run = spawnSync(process.execPath, [answers], { env: { ...process.env, ...setting }, encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}
