/**
 * The tests that take hours: the differential test on millions of requests, the properties on a million cases each.
 * Not part of `npm test`. Needs a built package (`npm run build`).
 *
 * `npm run deep`; `COUPON_ENGINE_DIFFERENTIAL`, `COUPON_ENGINE_SEED` and `COUPON_ENGINE_CASES` change how many.
 */
import { installTools, run } from "../pkg-template/setup.mjs";

installTools();
run(process.execPath, ["--test", "--test-reporter=spec", "tests/differential/differential.test.mjs"], {
  COUPON_ENGINE_DIFFERENTIAL: process.env.COUPON_ENGINE_DIFFERENTIAL ?? "2000000",
  COUPON_ENGINE_SEED: process.env.COUPON_ENGINE_SEED ?? "1000000",
});
run("cargo", ["test", "--release", "--test", "properties"], {
  COUPON_ENGINE_CASES: process.env.COUPON_ENGINE_CASES ?? "1000000",
});
