/**
 * What the kit says to whoever gives it something else than it takes, and that its cases run without it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { entry } from "./support/package.mjs";
import { runPlainly } from "./support/plain-loop.mjs";

const { ledgerCases, runLedgerConformance } = await entry("conformance");
const { memoryStorage } = await entry("stores/memory");

const open = () => memoryStorage();
const READ_AND_COMMIT = "must answer { ledger }, whose ledger has the functions read and commit; it answered";

for (const [name, options, message] of [
  ["no runner", { open }, "`test` must be a function, the runner's (name, run) => …; it is undefined"],
  ["a runner that is none", { test: "node:test", open }, "`test` must be a function, the runner's (name, run) => …; it is \"node:test\""],
  ["no open", { test }, "`open` must be a function, () => { ledger }; it is undefined"],
  ["a handle for open", { test, open: { ledger: 1 } }, "`open` must be a function, () => { ledger }; it is an object with ledger in it"],
]) {
  test(`${name} is refused before there is a test`, () => {
    assert.throws(() => runLedgerConformance(options), { name: "TypeError", message });
  });
}

for (const [name, answer, seen] of [
  ["the ledger itself", () => memoryStorage().ledger, "the ledger itself"],
  ["a handle without a ledger", () => ({ store: memoryStorage() }), "an object with store, close in it, whose ledger is undefined"],
  ["half of a ledger", () => ({ ledger: { read: () => null } }), "an object with ledger, close in it, whose ledger is an object with read in it"],
]) {
  test(`open that answers ${name} is told so by every case, and the last line is there`, async () => {
    let closed = 0;
    const { failures, last, line } = await failuresOf({ open: () => ({ ...answer(), close: () => { closed += 1; } }) });
    assert.deepEqual(failures, ledgerCases().map(() => `\`open\` ${READ_AND_COMMIT} ${seen}`));
    assert.equal(closed, failures.length, "what was opened is closed");
    assert.equal(last.failure, null);
    assert.match(line, /^conformance v1, durability=unknown, maxOperations=unknown, 0\/10 \(not passed: /u);
  });
}

test("open that answers nothing is told so by every case", async () => {
  const { failures } = await failuresOf({ open: () => undefined });
  assert.deepEqual(failures, ledgerCases().map(() => `\`open\` ${READ_AND_COMMIT} undefined`));
});

test("reopen that answers the ledger itself is told so", async () => {
  const { failures, line } = await failuresOf({ open, reopen: ({ ledger }) => ledger });
  const messages = new Set(failures.filter((message) => message !== null));
  assert.deepEqual([...messages], [`\`reopen\` ${READ_AND_COMMIT} the ledger itself`]);
  assert.match(line, /not passed: .*race/u);
});

test("each case runs by itself with the context that its type asks for", async () => {
  for (const one of ledgerCases()) {
    const context = { first: memoryStorage(), connect: async () => null, probe: null, contenders: 2, seed: 1, load: 0, report: assert.fail };
    if (one.requires?.(context.first.ledger.capabilities) !== false) await one.run(context);
  }
});

test("the connections of a race are made once, however often it is run", async () => {
  const storage = memoryStorage();
  let connected = 0;
  const connect = async () => {
    connected += 1;
    return storage;
  };
  const race = ledgerCases().find(({ name }) => name.endsWith("one unit, one winner, a hundred times"));
  await race.run({ first: storage, connect, probe: null, contenders: 3, seed: 1, load: 0, report: assert.fail });
  assert.equal(connected, 3 + 1, "and one that looks afterwards");
});

/** What each case says; the last test, which is none; and the line that it reports. */
async function failuresOf(options) {
  const { results, line } = await runPlainly(runLedgerConformance, options);
  return { failures: results.slice(0, -1).map(({ failure }) => failure && failure.message), last: results.at(-1), line };
}
