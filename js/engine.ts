/**
 * `createCouponEngine`: the engine on a host's storage. Puts the parts together; each call's work is in its own file.
 */
import { refusal, text } from "./boundary/fields.js";
import { optionalSignal } from "./boundary/signal.js";
import { snapshotObject, snapshotRequest, type PlainObject } from "./boundary/snapshot.js";
import { drive } from "./drive.js";
import type { CouponEngine, CouponEngineOptions } from "./engine/api.js";
import { codeCalls } from "./engine/codes.js";
import { couponCalls } from "./engine/coupons.js";
import { generate } from "./engine/generate.js";
import { Office } from "./engine/office.js";
import { readEngineOptions, type EngineParts } from "./engine/options.js";
import { ruleCalls } from "./engine/rules.js";
import { settingsCalls } from "./engine/settings.js";
import { ask } from "./host.js";
import { withMessages } from "./messages/outcome.js";
import { parseUrlToken } from "./pure.js";
import type { Quote, Validation } from "./types/quote.js";
import type { Answered } from "./wasm/exports.js";
import { call, ready } from "./wasm/instance.js";

/**
 * Loads the engine, once per process, and binds it to a storage.
 *
 * Throws `required` or `invalid_type` with a path (`storage.catalog.find`) for an incomplete storage, and the error of
 * a policy under `policy`.
 */
export async function createCouponEngine(options: CouponEngineOptions): Promise<CouponEngine> {
  const parts = readEngineOptions(options);
  await ready();
  if (parts.policy !== null) call((engine) => engine.defineSettings(parts.policy));
  return engineOf(parts);
}

function engineOf(parts: EngineParts): CouponEngine {
  let closing: Promise<void> | undefined;
  const refuseClosed = (): void => {
    if (closing !== undefined) throw refusal("closed", "this engine has been closed");
  };
  const office = new Office(parts, refuseClosed);
  return {
    async validate(request) {
      refuseClosed();
      return checkout<Validation>("validate", request, parts);
    },
    async apply(request) {
      refuseClosed();
      return checkout<Quote>("apply", request, parts);
    },
    generate: (request) => generate(office, request),
    parseUrlToken(url, urlOptions) {
      refuseClosed();
      return parseUrlToken(url, urlOptions);
    },
    coupons: couponCalls(office),
    codes: codeCalls(office),
    rules: ruleCalls(office),
    batches: { list: async (couponId) => office.batches(text(snapshotObject({ couponId }, "").data, "couponId")) },
    settings: settingsCalls(office),
    close() {
      closing ??= office.endRuns().then(() => closeStorage(parts));
      return closing;
    },
  };
}

async function checkout<T extends Quote | Validation>(type: "validate" | "apply", request: unknown, parts: EngineParts): Promise<T> {
  const { data, lifted } = snapshotRequest(request, ["signal"]);
  const signal = optionalSignal(lifted["signal"], "signal");
  const { now, ...rest } = data;
  const context = { now: now ?? parts.now(), policy: parts.policy };
  const wait = { timeoutMs: parts.timeoutMs, signal };
  const done = await drive({ type, request: rest as PlainObject }, context, parts.storage, wait);
  return withMessages(done as unknown as Answered<T>, parts.write);
}

async function closeStorage(parts: EngineParts): Promise<void> {
  const { close } = parts.storage;
  if (close) await ask({ path: "storage.close", run: close }, { timeoutMs: parts.timeoutMs, signal: undefined });
}
