/**
 * The caller's abort signal, which may be anybody's object: whatever it does, the call ends with a typed error or a right
 * answer, no timer and no listener is left, and nothing reaches the process as an uncaught error.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { coupon, engineOn, rejectionOf, request } from "./samples.mjs";

const { coupons: _, ...checkout } = request();
const forever = () => new Promise(() => {});
const uncaught = [];
const onUncaught = (error) => uncaught.push(error);

before(() => process.on("uncaughtException", onUncaught));
after(() => {
  process.off("uncaughtException", onUncaught);
  assert.deepEqual(uncaught, []);
});

const boom = () => {
  throw new Error("the signal's own");
};

/** A signal with `changes`, and how many listeners it has. */
function signalWith(changes = {}) {
  const listeners = new Set();
  const signal = {
    aborted: false,
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
  };
  return { signal: Object.defineProperties(signal, Object.getOwnPropertyDescriptors(changes)), listeners };
}

function timers() {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

const hanging = () => engineOn({ replace: { catalog: { find: forever } }, timeoutMs: 20 });
const patient = () => engineOn({ replace: { catalog: { find: forever } } });

const INCOMPLETE = [
  ["no object", 7],
  ["no member", {}],
  ["no removeEventListener", { aborted: false, addEventListener() {} }],
  ["a removeEventListener that is none", { aborted: false, addEventListener() {}, removeEventListener: true }],
  ["no addEventListener", { aborted: false, removeEventListener() {} }],
  ["no aborted", { addEventListener() {}, removeEventListener() {} }],
];

for (const [name, signal] of INCOMPLETE) {
  test(`a signal with ${name} is refused`, async () => {
    const engine = await hanging();
    const error = await rejectionOf(engine.validate({ ...checkout, signal }));
    assert.deepEqual([error.code, error.path], ["invalid_type", "signal"]);
  });
}

const THROWING = [
  ["aborted", { get aborted() { return boom(); } }],
  ["addEventListener when it is read", { get addEventListener() { return boom(); } }],
  ["removeEventListener when it is read", { get removeEventListener() { return boom(); } }],
  ["addEventListener when it is called", { addEventListener: boom }],
];

for (const [name, changes] of THROWING) {
  test(`a signal that throws at ${name} ends the call with unreadable, and leaves no timer`, async () => {
    const engine = await patient();
    const timersBefore = timers();
    const error = await rejectionOf(engine.apply({ ...checkout, signal: signalWith(changes).signal }));
    assert.deepEqual([error.code, error.path, error.cause.message], ["unreadable", "signal", "the signal's own"]);
    assert.equal(timers(), timersBefore);
  });
}

test("a signal whose removeEventListener throws changes neither an answer nor an error", async () => {
  const { signal } = signalWith({ removeEventListener: boom });
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  assert.equal((await engine.apply({ ...checkout, signal })).totals.discount, 3_000);
  const timersBefore = timers();
  assert.equal((await rejectionOf((await hanging()).apply({ ...checkout, signal }))).code, "storage_timeout");
  assert.equal(timers(), timersBefore);
});

test("a signal whose reason throws is still an abort", async () => {
  const { signal, listeners } = signalWith({ get reason() { return boom(); } });
  const call = (await patient()).apply({ ...checkout, signal });
  await new Promise((resolve) => setTimeout(resolve, 1));
  for (const listener of listeners) listener();
  const error = await rejectionOf(call);
  assert.deepEqual([error.code, error.cause.message], ["aborted", "the signal's own"]);
});

test("a signal that calls back while it is being listened to asks nobody and leaves no timer", async () => {
  let asked = 0;
  const find = () => {
    asked += 1;
    return forever();
  };
  const engine = await engineOn({ replace: { catalog: { find } } });
  const timersBefore = timers();
  const error = await rejectionOf(engine.apply({ ...checkout, signal: signalWith({ addEventListener: (_type, listener) => listener() }).signal }));
  assert.deepEqual([error.code, asked], ["aborted", 0]);
  assert.equal(timers(), timersBefore);
});

test("a call that timed out or was aborted leaves no timer and no listener behind", async () => {
  const timersBefore = timers();
  const timedOut = signalWith();
  assert.equal((await rejectionOf((await hanging()).apply({ ...checkout, signal: timedOut.signal }))).code, "storage_timeout");
  assert.deepEqual([timers(), timedOut.listeners.size], [timersBefore, 0]);

  const aborted = signalWith();
  const call = (await patient()).apply({ ...checkout, signal: aborted.signal });
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual([timers(), aborted.listeners.size], [timersBefore + 1, 1]);
  for (const listener of aborted.listeners) listener();
  assert.equal((await rejectionOf(call)).code, "aborted");
  assert.deepEqual([timers(), aborted.listeners.size], [timersBefore, 0]);
});
