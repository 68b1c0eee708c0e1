/**
 * The entry without the wasm, started twice at once: whoever comes first stays, so that a prepared set never meets the
 * handles of another instance. The process has one engine, so this file has one test.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { coupon, request } from "./samples.mjs";

const dist = new URL("../../dist/package/dist/", import.meta.url);

test("a slow initialize does not replace the instance that initializeSync has started meanwhile", async () => {
  const { initialize, initializeSync, prepare } = await import(new URL("slim.js", dist).href);
  const bytes = await readFile(new URL("engine.wasm", dist));
  const { coupons: _, ...rest } = request({ trace: false });
  let arrive;
  const body = new ReadableStream({
    async start(stream) {
      await new Promise((resolve) => { arrive = resolve; });
      stream.enqueue(bytes);
      stream.close();
    },
  });
  const slow = initialize(new Response(body, { headers: { "content-type": "application/wasm" } }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  initializeSync(bytes);
  const set = prepare([coupon()]);
  assert.equal(set.evaluate(rest).totals.discount, 3_000);
  arrive();
  await slow;
  const other = prepare([coupon({ discount: { type: "percent", basisPoints: 5_000 } })]);
  assert.equal(set.evaluate(rest).totals.discount, 3_000);
  assert.equal(other.evaluate(rest).totals.discount, 7_500);
  set.close();
  other.close();
});
