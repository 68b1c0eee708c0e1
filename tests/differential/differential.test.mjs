/**
 * Three engines, one answer: native, wasm and the reference evaluator, on generated requests (invariants M1, M2, M6; the
 * generator's own reach is asserted in `tests/reference`). `COUPON_ENGINE_DIFFERENTIAL` sets how many, and
 * `COUPON_ENGINE_SEED` where to begin; a failure names its seed.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, preload } from "../node/package.mjs";
import { withoutMessages } from "../node/without-messages.mjs";
import { evaluate as evaluateByReference } from "../reference/evaluate.mjs";
import { randomRequest } from "../reference/generate-requests.mjs";
import { evaluateNatively } from "./native.mjs";

const COUNT = Number(process.env.COUPON_ENGINE_DIFFERENTIAL ?? 20_000);
const FIRST = Number(process.env.COUPON_ENGINE_SEED ?? 0);
const CHUNK = 20_000;

before(preload);

test(`M6 native, wasm and the reference agree on ${COUNT} requests`, () => {
  for (let from = 0; from < COUNT; from += CHUNK) {
    const seeds = Array.from({ length: Math.min(CHUNK, COUNT - from) }, (_, at) => FIRST + from + at);
    const requests = seeds.map(randomRequest);
    const native = evaluateNatively(requests);
    for (const [at, request] of requests.entries()) {
      const seed = `seed ${seeds[at]}`;
      // Text, not structure: the order of keys is part of the answer.
      assert.equal(JSON.stringify(withoutMessages(evaluate(request))), JSON.stringify(native[at]), seed);
      const { fingerprint, ...quote } = native[at];
      assert.match(fingerprint, /^[0-9a-f]{16}$/, seed);
      assert.deepEqual(quote, JSON.parse(JSON.stringify(evaluateByReference(request))), seed);
    }
    if (COUNT > CHUNK) console.log(`${from + seeds.length} of ${COUNT}`);
  }
});
