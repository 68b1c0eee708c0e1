/**
 * The tests that take hours: the differential test on millions of requests, the properties on a million cases each, the
 * models with four orders, ten million simulated runs, a thousand rounds of kill -9 on each store, and every small fault in
 * the redemption core.
 * Not part of `npm test`. Needs a built package (`npm run build`).
 *
 * `npm run deep`; `COUPON_ENGINE_DIFFERENTIAL`, `COUPON_ENGINE_SEED`, `COUPON_ENGINE_CASES`, `COUPON_ENGINE_SIMULATIONS` and
 * `COUPON_ENGINE_CRASHES` change how many.
 */
import { installMutants, installPostgres, installTools, run } from "../pkg-template/setup.mjs";

installTools();
installPostgres();
run(process.execPath, ["--test", "--test-reporter=spec", "tests/differential/differential.test.mjs"], {
  COUPON_ENGINE_DIFFERENTIAL: process.env.COUPON_ENGINE_DIFFERENTIAL ?? "2000000",
  COUPON_ENGINE_SEED: process.env.COUPON_ENGINE_SEED ?? "1000000",
});
run("cargo", ["test", "--release", "--test", "properties"], {
  COUPON_ENGINE_CASES: process.env.COUPON_ENGINE_CASES ?? "1000000",
});
run("cargo", ["test", "--release", "--test", "models", "--", "--test-threads", "1", "--nocapture"], { COUPON_ENGINE_MODEL: "deep" });
run("cargo", ["run", "--release", "--example", "simulate", "--", "0", process.env.COUPON_ENGINE_SIMULATIONS ?? "10000000"]);
run(process.execPath, ["--test", "--test-reporter=spec", "tests/conformance/crashes.test.mjs"], {
  COUPON_ENGINE_CRASHES: process.env.COUPON_ENGINE_CRASHES ?? "1000",
});
run(installMutants(), ["mutants", "--output", "target"], { COUPON_ENGINE_SIMULATION_SECONDS: "5", COUPON_ENGINE_CASES: "500" });
