/**
 * `evaluate` for the checklist, held to two engines: what the package (wasm) answers a test is kept, and when the file's
 * tests are done the native engine is asked the same, once. Owns that comparison; must not look at what is answered.
 */
import assert from "node:assert/strict";
import { after } from "node:test";
import { evaluateNatively } from "../differential/native.mjs";
import { withoutMessages } from "../node/without-messages.mjs";

/** `evaluate` of the package, remembered: a file that disagrees with the native engine fails at its end. */
export function heldToNative(evaluate) {
  const asked = [];
  after(() => compare(asked));
  return (request, options) => {
    const requested = JSON.stringify(withOffsets(request));
    asked.push({ requested, answer: answerOf(() => evaluate(request)) });
    return evaluate(request, options);
  };
}

function compare(asked) {
  if (asked.length === 0) return;
  const native = evaluateNatively(asked.map(({ requested }) => JSON.parse(requested)));
  assert.equal(native.length, asked.length);
  for (const [at, { requested, answer }] of asked.entries()) {
    const { code, path } = native[at];
    // Text, not structure: the order of keys is part of the answer.
    assert.equal(answer, JSON.stringify(code === undefined ? native[at] : { code, path }), `native differs on ${requested}`);
  }
}

/** The text of a quote, or of the place and kind of an error. */
function answerOf(run) {
  try {
    return JSON.stringify(withoutMessages(run()));
  } catch ({ code, path }) {
    return JSON.stringify({ code, path });
  }
}

/** The package asks the platform about the zones of schedules; the native engine is handed them. */
function withOffsets(request) {
  const definitions = [...(request.coupons ?? []), ...(request.coupons ?? []).flatMap(({ codes }) => codes ?? []), ...(request.rules ?? [])];
  const zones = definitions.flatMap(({ restrictions }) => restrictions?.schedule?.zone ?? []);
  const offsets = Object.fromEntries(zones.map((zone) => [zone, minutesAhead(zone, new Date(request.now))]));
  return zones.length === 0 ? request : { ...request, zones: { ...offsets, ...request.zones } };
}

/** `GMT+02:00` is 120. */
function minutesAhead(timeZone, instant) {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(instant);
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(parts.find(({ type }) => type === "timeZoneName").value);
  return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
}
