/**
 * Seven adapters that are wrong in the ways that shop systems have been wrong, and one beside them that is right. The kit
 * catches each, by the case that is named here at least.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { entry } from "./support/package.mjs";
import { runPlainly } from "./support/plain-loop.mjs";
import { openDatabase } from "./wrong/database.mjs";

const { ConformanceFailure, runLedgerConformance } = await entry("conformance");
const folder = mkdtempSync(join(tmpdir(), "coupon-engine-wrong-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** What each is caught by; where the list is short, nothing else catches it. */
const CAUGHT_BY = {
  "read-then-write": [
    "race: distinct orders for the last units: exactly as many win as there are",
    "race: increments add up",
    "race: claims and releases at once: every use is given back once",
  ],
  "counter-first": [
    "insert: the same batch again is told exists",
    "insert: the same batch again is told exists where its counter is full by now",
    "unknown outcome: lost replies: reading again and resending converge",
  ],
  "two-steps": ["race: an order that exists is counted"],
  "ignored-row-count": [
    "bounded add: up to the ceiling and not past it",
    "all or nothing: the last of ten operations is refused: nothing has moved",
  ],
  "busy-is-no": ["race: increments add up", "overlap: orders over overlapping coupons"],
  "lock-per-code": ["race: distinct codes of one coupon: the coupon's limit holds over all of them"],
  "null-counter": ["race: a counter that nobody has written yet: one unit, one winner, a hundred times"],
};

test("the right one passes: what is found in the others is theirs", async () => {
  const { results, line } = await conformanceOf("right");
  assert.deepEqual(results.filter(({ failure }) => failure !== null).map(({ failure }) => failure.message), []);
  assert.equal(line, "conformance v1, durability=process, maxOperations=1000, 10/10");
});

for (const [name, expected] of Object.entries(CAUGHT_BY)) {
  test(`${name} is caught`, async (context) => {
    const { results, line } = await conformanceOf(name);
    const failures = results.filter(({ failure }) => failure !== null);
    for (const { name: found } of failures) context.diagnostic(`caught by ${found}`);
    for (const wanted of expected) assert.ok(failures.some(({ name: found }) => found === wanted), `not caught by "${wanted}"`);
    assert.match(line, /, [0-9]\/10 \(not passed: /);
    for (const { failure } of failures) {
      assert.ok(failure instanceof ConformanceFailure);
      assert.match(failure.message, /\n {2}seen: {4}.+\n(.*\n)* {2}breaks: {2}.+\n {2}usually: .+$/);
    }
  });
}

async function conformanceOf(name) {
  const { ledger } = await import(`./wrong/${name}.mjs`);
  const handle = (path) => {
    const database = openDatabase(path);
    return { path, ledger: ledger(database), close: database.close };
  };
  return runPlainly(runLedgerConformance, { open: () => handle(join(folder, `${files += 1}.db`)), reopen: ({ path }) => handle(path) });
}
