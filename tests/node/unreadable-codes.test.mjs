/**
 * What a customer types is never the caller's mistake: a text that cannot be read is `malformed`, and the codes beside it
 * are judged as ever (semantics §19).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, preload, prepare } from "./package.mjs";
import { coupon, engineOn, errorOf, request } from "./samples.mjs";

before(preload);

const UNREADABLE = {
  "half a surrogate pair": "SAVE20\ud800",
  "the other half": "\udc00",
  "65,537 characters": "x".repeat(65_537),
  "65,537 characters with half a pair": "\ud800".repeat(65_537),
};

async function answers(codes) {
  const engine = await engineOn();
  await engine.coupons.create(coupon());
  const { coupons, ...rest } = request({ codes });
  return {
    evaluate: evaluate({ coupons, ...rest }),
    prepared: prepare(coupons).evaluate(rest),
    apply: await engine.apply({ ...rest, disclosure: "full" }),
    validate: await engine.validate({ ...rest, disclosure: "full" }),
  };
}

for (const [name, text] of Object.entries(UNREADABLE)) {
  test(`${name} entered as a code is malformed, and the other codes apply`, async () => {
    for (const entered of [text, { code: text }]) {
      for (const [call, answer] of Object.entries(await answers([entered, "save20"]))) {
        const told = answer.codes.map(({ state, rejection }) => [state, rejection?.code]);
        assert.deepEqual(told, [["rejected", "malformed"], ["applied", undefined]], call);
      }
    }
  });
}

test("a text of 65,536 characters is malformed as well", async () => {
  for (const answer of Object.values(await answers(["x".repeat(65_536)]))) assert.equal(answer.codes[0].rejection.code, "malformed");
});

test("unreadable codes count against the size of a request", () => {
  const long = "x".repeat(1_048_576);
  const error = errorOf(() => evaluate(request({ codes: Array.from({ length: 8 }, () => long) })));
  assert.deepEqual([error.code, error.path], ["too_large", "codes[7]"]);
});
