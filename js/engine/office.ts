/**
 * What the back-office calls share: the registry's callbacks with typed answers, the policy in force, the clock.
 *
 * Owns the check of the shape of registry answers as far as the shim acts on them.
 */
import type { BatchRecord, CounterView, NewBatch, Page, RefusedCode, Settings } from "../contract/storage.js";
import { refusal, whole, optionalText } from "../boundary/fields.js";
import type { Plain, PlainObject } from "../boundary/snapshot.js";
import { ask, invalidAnswer, type Wait } from "../host.js";
import type { RegistryMethod } from "../storage.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { Context } from "../wasm/exports.js";
import type { EngineParts } from "./options.js";

/** What became of each code. */
export interface InsertedCodes {
  readonly stored: readonly CodeRecord[];
  readonly refused: readonly { readonly code: CodeRecord; readonly reason: RefusedCode["reason"] }[];
}

/** The newest schema of stored settings this package reads. */
export const SCHEMA_VERSION = 1;

export class Office {
  readonly #parts: EngineParts;
  readonly #refuseClosed: () => void;

  constructor(parts: EngineParts, refuseClosed: () => void) {
    this.#parts = parts;
    this.#refuseClosed = refuseClosed;
  }

  now(): Plain {
    return this.#parts.now();
  }

  /** What a definition is checked against: the stored policy, else the engine's. */
  async context(signal?: AbortSignal): Promise<Context> {
    const settings = await this.settings(signal);
    return { now: this.now(), policy: settings === null ? this.#parts.policy : (settings.policy as unknown as Plain) };
  }

  get enginePolicy(): Plain {
    return this.#parts.policy;
  }

  async settings(signal?: AbortSignal): Promise<Settings | null> {
    const answer = await this.#ask("getSettings", [], signal);
    if (answer === null) return null;
    const settings = record("getSettings", answer);
    const version = settings["schemaVersion"];
    if (typeof version !== "number" || settings["policy"] === undefined) throw wrong("getSettings", "must answer a schemaVersion and a policy");
    if (version > SCHEMA_VERSION) throw refusal("schema_too_new", `answers schema ${version}, this engine reads up to ${SCHEMA_VERSION}`, pathOf("getSettings"));
    return settings as unknown as Settings;
  }

  async putSettings(settings: Settings): Promise<void> {
    await this.#ask("putSettings", [settings]);
  }

  async insertCoupon(coupon: CouponRecord, ownCode: CodeRecord | null): Promise<"inserted" | "duplicate_id" | "duplicate_code"> {
    const { status } = record("insertCoupon", await this.#ask("insertCoupon", [coupon, ownCode]));
    if (status === "inserted" || status === "duplicate_id" || status === "duplicate_code") return status;
    throw wrong("insertCoupon", "must answer a known status");
  }

  async insertCodes(codes: readonly CodeRecord[], signal?: AbortSignal): Promise<InsertedCodes> {
    if (codes.length === 0) return { stored: [], refused: [] };
    const { refused } = record("insertCodes", await this.#ask("insertCodes", [codes], signal));
    const reasons = reasonsOf(refused, codes.length);
    return {
      stored: codes.filter((_, index) => !reasons.has(index)),
      refused: codes.flatMap((code, index) => {
        const reason = reasons.get(index);
        return reason === undefined ? [] : [{ code, reason }];
      }),
    };
  }

  async coupon(id: string, signal?: AbortSignal): Promise<CouponRecord | null> {
    const answer = await this.#ask("getCoupon", [id], signal);
    if (answer === null) return null;
    const coupon = record("getCoupon", answer);
    if (coupon["id"] !== id || typeof coupon["type"] !== "string") throw wrong("getCoupon", "must answer the record it was asked for");
    return coupon as unknown as CouponRecord;
  }

  /** As `coupon`, where not having it is the caller's mistake. */
  async knownCoupon(id: string, signal?: AbortSignal): Promise<CouponRecord> {
    const coupon = await this.coupon(id, signal);
    if (coupon === null) throw refusal("coupon_not_found", "is not the id of a coupon", "couponId");
    return coupon;
  }

  coupons(request: PlainObject): Promise<Page<CouponRecord>> {
    return this.#page<CouponRecord>("listCoupons", pageOf(request));
  }

  codes(request: PlainObject, couponId: string): Promise<Page<CodeRecord>> {
    return this.#page<CodeRecord>("listCodes", { ...pageOf(request), couponId });
  }

  async openBatch(batch: NewBatch, signal?: AbortSignal): Promise<number> {
    const answer = record("openBatch", await this.#ask("openBatch", [batch], signal));
    const number = answer["number"];
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= 1) return number;
    throw wrong("openBatch", "must answer a number of 1 or more");
  }

  async closeBatch(batch: { couponId: string; number: number; state: "complete" | "failed"; generated: number }): Promise<void> {
    await this.#ask("closeBatch", [batch]);
  }

  async batches(couponId: string, signal?: AbortSignal): Promise<readonly BatchRecord[]> {
    const answer = await this.#ask("listBatches", [couponId], signal);
    const isBatch = (item: Plain): boolean => Number.isSafeInteger((item as PlainObject | null)?.["generated"]);
    if (!Array.isArray(answer) || !answer.every(isBatch)) throw wrong("listBatches", "must answer an array of batches");
    return answer as unknown as readonly BatchRecord[];
  }

  /** Aligned with `names`. */
  async counters(names: readonly string[]): Promise<readonly CounterView[]> {
    this.#refuseClosed();
    const path = "storage.ledger.read";
    const answer = await ask({ path, run: () => this.#parts.storage.read({ counters: names }) }, this.#wait());
    const counters = (answer as PlainObject | null)?.["counters"];
    const isCounter = (item: Plain): boolean => {
      const { claimed, held } = (item ?? {}) as PlainObject;
      return Number.isSafeInteger(claimed) && Number.isSafeInteger(held);
    };
    if (!Array.isArray(counters) || counters.length !== names.length || !counters.every(isCounter)) {
      throw invalidAnswer(path, "must answer one counter per name");
    }
    return counters as unknown as readonly CounterView[];
  }

  async #page<T>(method: "listCoupons" | "listCodes", request: object): Promise<Page<T>> {
    const page = record(method, await this.#ask(method, [request]));
    const next = page["next"] ?? null;
    if (!Array.isArray(page["items"]) || (next !== null && typeof next !== "string")) throw wrong(method, "must answer items and next");
    return { items: page["items"] as unknown as readonly T[], next };
  }

  #ask(method: RegistryMethod, arguments_: readonly unknown[], signal?: AbortSignal): Promise<Plain> {
    this.#refuseClosed();
    const { registry } = this.#parts.storage;
    if (registry === undefined) throw refusal("not_supported", "is required for the back office", "storage.registry");
    return ask({ path: pathOf(method), run: () => registry[method](...arguments_) }, this.#wait(signal));
  }

  #wait(signal?: AbortSignal): Wait {
    return { timeoutMs: this.#parts.timeoutMs, signal };
  }
}

function pageOf(request: PlainObject): { after: string | null; limit: number } {
  return { after: optionalText(request, "after"), limit: whole(request, "limit", 1, 1_000, 100) };
}

/** Why which of `count` codes were refused, by index. */
function reasonsOf(refused: Plain | undefined, count: number): ReadonlyMap<number, RefusedCode["reason"]> {
  const path = `${pathOf("insertCodes")}.refused`;
  if (!Array.isArray(refused)) throw invalidAnswer(path, "must be an array");
  const reasons = new Map<number, RefusedCode["reason"]>();
  let least = 0;
  for (const [place, item] of (refused as readonly Plain[]).entries()) {
    if (item === null || typeof item !== "object") throw invalidAnswer(`${path}[${place}]`, "must be an object");
    const { index, reason } = item as PlainObject;
    if (!isWhole(index) || index < least || index >= count) {
      throw invalidAnswer(`${path}[${place}].index`, `must be a whole number below ${count}, and ascend`);
    }
    if (reason !== "duplicate_code" && reason !== "duplicate_id") {
      throw invalidAnswer(`${path}[${place}].reason`, "must be duplicate_code or duplicate_id");
    }
    reasons.set(index, reason);
    least = index + 1;
  }
  return reasons;
}

function isWhole(value: Plain | undefined): value is number {
  return Number.isSafeInteger(value);
}

function record(method: RegistryMethod, answer: Plain): PlainObject {
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) throw wrong(method, "must answer an object");
  return answer as PlainObject;
}

function wrong(method: RegistryMethod, message: string): Error {
  return invalidAnswer(pathOf(method), message);
}

function pathOf(method: RegistryMethod): string {
  return `storage.registry.${method}`;
}
