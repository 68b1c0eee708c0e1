/**
 * `createCouponEngine`: the engine on a host's storage. Puts the parts together; each call's work is in its own file.
 */
import { refusal, text } from "./boundary/fields.js";
import { snapshotObject } from "./boundary/snapshot.js";
import type { CouponEngine, CouponEngineOptions } from "./engine/api.js";
import { codeCalls } from "./engine/codes.js";
import { couponCalls } from "./engine/coupons.js";
import { creditCalls } from "./engine/credit.js";
import { customerCalls } from "./engine/customers.js";
import { generate } from "./engine/generate.js";
import { Office } from "./engine/office.js";
import { Operations } from "./engine/operations.js";
import { readEngineOptions, type EngineParts } from "./engine/options.js";
import { redemptionCalls } from "./engine/redemptions.js";
import { ruleCalls } from "./engine/rules.js";
import { settingsCalls } from "./engine/settings.js";
import { reconcile, sweep } from "./engine/upkeep.js";
import { ask } from "./host.js";
import { parseUrlToken } from "./pure.js";
import { call, ready } from "./wasm/instance.js";
import { requireZone } from "./zones.js";

/**
 * Loads the engine, once per process, and binds it to a storage.
 *
 * Throws `required` or `invalid_type` with a path (`storage.catalog.find`) for an incomplete storage, and the error of
 * a policy under `policy`.
 */
export async function createCouponEngine(options: CouponEngineOptions): Promise<CouponEngine> {
  const parts = readEngineOptions(options);
  await ready();
  if (parts.policy !== null) requireZone(call((engine) => engine.defineSettings(parts.policy)).policy.zone, "policy.zone");
  return engineOf(parts);
}

function engineOf(parts: EngineParts): CouponEngine {
  let closing: Promise<void> | undefined;
  const refuseClosed = (): void => {
    if (closing !== undefined) throw refusal("closed", "this engine has been closed");
  };
  const operations = new Operations(parts, refuseClosed);
  const office = new Office(parts, refuseClosed);
  const { ledger } = office;
  const coupons = couponCalls(office, operations);
  return {
    validate: (request) => operations.entering("validate", request),
    apply: (request) => operations.entering("apply", request),
    reserve: (request) => operations.entering("reserve", request),
    extend: (request) => operations.on("extend", request),
    redeem: (request) => operations.on("redeem", request),
    redeemNow: (request) => operations.entering("redeem_now", request),
    release: (request) => operations.on("release", request),
    rollback: (request) => operations.on("rollback", request),
    refundQuote: (request) => operations.on("refund_quote", request),
    orderStatus: (request) => operations.entering("order_status", request),
    generate: (request) => generate(office, request),
    parseUrlToken(url, urlOptions) {
      refuseClosed();
      return parseUrlToken(url, urlOptions);
    },
    coupons,
    codes: codeCalls(office, operations),
    rules: ruleCalls(office),
    batches: { list: async (couponId) => office.batches(text(snapshotObject({ couponId }, "").data, "couponId")) },
    settings: settingsCalls(office),
    credit: creditCalls(office, operations, coupons),
    redemptions: redemptionCalls(ledger),
    customers: customerCalls(ledger),
    sweep: (request = {}) => sweep(ledger, operations, request),
    reconcile: (request = {}) => reconcile(ledger, request),
    close() {
      closing ??= office.endRuns().then(() => closeStorage(parts));
      return closing;
    },
  };
}

async function closeStorage(parts: EngineParts): Promise<void> {
  const { close } = parts.storage;
  if (close) await ask({ path: "storage.close", run: close }, { timeoutMs: parts.timeoutMs, signal: undefined });
}
