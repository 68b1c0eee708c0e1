/**
 * What the back-office calls share: the registry's callbacks with typed answers, the policy in force, the clock, and the
 * end of the runs that are under way when the engine is closed.
 */
import { refusal, whole, optionalText } from "../boundary/fields.js";
import type { Plain, PlainObject } from "../boundary/snapshot.js";
import type { BatchRecord, NewBatch, Page, PageRequest, RefusedCode, Settings } from "../contract/storage.js";
import { ask, invalidAnswer, type Wait } from "../host.js";
import type { MessageWriter } from "../messages/format.js";
import type { RegistryMethod } from "../storage.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { EpochMs } from "../types/money.js";
import type { RuleRecord } from "../types/rule.js";
import type { Context } from "../wasm/exports.js";
import {
  batchesIn, codeIn, codesIn, couponIn, objectIn, pageIn, refusalsIn, rulesIn, settingsIn, wholeIn,
} from "./answers.js";
import { Ledger } from "./ledger.js";
import type { EngineParts } from "./options.js";

/** What became of each code. */
export interface InsertedCodes {
  readonly stored: readonly CodeRecord[];
  readonly refused: readonly { readonly code: CodeRecord; readonly reason: RefusedCode["reason"] }[];
}

/** Work that spans many calls of the registry, and has something to record at its end. */
export interface OpenRun {
  end(): Promise<void>;
}

export class Office {
  readonly runs = new Set<OpenRun>();
  readonly ledger: Ledger;
  readonly #parts: EngineParts;
  readonly #refuseClosed: () => void;

  constructor(parts: EngineParts, refuseClosed: () => void) {
    this.#parts = parts;
    this.#refuseClosed = refuseClosed;
    this.ledger = new Ledger(parts, refuseClosed);
  }

  /** For `close()`: a run that cannot be ended does not keep the storage from being closed. */
  async endRuns(): Promise<void> {
    await Promise.allSettled(Array.from(this.runs, (run) => run.end()));
  }

  now(): EpochMs {
    return this.#parts.now();
  }

  /** What a definition is checked against: the stored policy, else the engine's. */
  async context(signal?: AbortSignal): Promise<Context> {
    const settings = await this.settings(signal);
    return { now: this.now(), policy: settings === null ? this.#parts.policy : (settings.policy as unknown as Plain) };
  }

  get texts(): MessageWriter {
    return this.#parts.write;
  }

  get enginePolicy(): Plain {
    return this.#parts.policy;
  }

  async settings(signal?: AbortSignal): Promise<Settings | null> {
    const answer = await this.#ask("getSettings", [], signal);
    return answer === null ? null : settingsIn(answer, pathOf("getSettings"));
  }

  async putSettings(settings: Settings): Promise<void> {
    await this.#ask("putSettings", [settings]);
  }

  async insertCoupon(coupon: CouponRecord, ownCode: CodeRecord | null): Promise<"inserted" | "duplicate_id" | "duplicate_code"> {
    const path = pathOf("insertCoupon");
    const { status } = objectIn(await this.#ask("insertCoupon", [coupon, ownCode]), path);
    if (status === "inserted" || status === "duplicate_id" || status === "duplicate_code") return status;
    throw invalidAnswer(`${path}.status`, "must be inserted, duplicate_id or duplicate_code");
  }

  async insertCodes(codes: readonly CodeRecord[], signal?: AbortSignal): Promise<InsertedCodes> {
    if (codes.length === 0) return { stored: [], refused: [] };
    const reasons = refusalsIn(await this.#ask("insertCodes", [codes], signal), codes.length, pathOf("insertCodes"));
    return {
      stored: codes.filter((_, index) => !reasons.has(index)),
      refused: codes.flatMap((code, index) => {
        const reason = reasons.get(index);
        return reason === undefined ? [] : [{ code, reason }];
      }),
    };
  }

  async insertRule(rule: RuleRecord): Promise<"inserted" | "duplicate_id"> {
    const path = pathOf("insertRule");
    const { status } = objectIn(await this.#ask("insertRule", [rule]), path);
    if (status === "inserted" || status === "duplicate_id") return status;
    throw invalidAnswer(`${path}.status`, "must be inserted or duplicate_id");
  }

  /** Whether the stored record, which was read before and is never removed, had the version `expected`. */
  async update(method: "updateCoupon" | "updateCode" | "updateRule", record: object, expected: number): Promise<boolean> {
    const path = pathOf(method);
    const { status } = objectIn(await this.#ask(method, [record, expected]), path);
    if (status === "updated" || status === "version_conflict") return status === "updated";
    throw invalidAnswer(`${path}.status`, "must be updated or version_conflict, of a record that was answered");
  }

  async coupon(id: string, signal?: AbortSignal): Promise<CouponRecord | null> {
    const path = pathOf("getCoupon");
    const answer = await this.#ask("getCoupon", [id], signal);
    if (answer === null) return null;
    if (objectIn(answer, path)["id"] !== id) throw invalidAnswer(`${path}.id`, "must be the id that was asked for");
    return couponIn(answer, path);
  }

  /** As `coupon`, where not having it is the caller's mistake. */
  async knownCoupon(id: string, signal?: AbortSignal): Promise<CouponRecord> {
    const coupon = await this.coupon(id, signal);
    if (coupon === null) throw refusal("coupon_not_found", "is not the id of a coupon", "couponId");
    return coupon;
  }

  async code(id: string): Promise<CodeRecord | null> {
    const path = pathOf("getCode");
    const answer = await this.#ask("getCode", [id]);
    if (answer === null) return null;
    if (objectIn(answer, path)["id"] !== id) throw invalidAnswer(`${path}.id`, "must be the id that was asked for");
    return codeIn(answer, path);
  }

  /** By id; those that are not there are missing here too. */
  async rules(ids: readonly string[]): Promise<ReadonlyMap<string, RuleRecord>> {
    if (ids.length === 0) return new Map();
    const rules = rulesIn(await this.#ask("getRules", [ids]), pathOf("getRules"));
    return new Map(rules.map((rule) => [rule.id, rule]));
  }

  ruleList(request: PlainObject): Promise<Page<RuleRecord>> {
    return this.#page("listRules", pageOf(request), rulesIn);
  }

  coupons(request: PlainObject): Promise<Page<CouponRecord>> {
    const couponsIn = (items: readonly Plain[], path: string): readonly CouponRecord[] =>
      items.map((item, index) => couponIn(item, `${path}[${index}]`));
    return this.#page("listCoupons", pageOf(request), couponsIn);
  }

  codes(request: PlainObject, couponId: string): Promise<Page<CodeRecord>> {
    const codesOf: PageRequest & { readonly couponId: string } = { ...pageOf(request), couponId };
    return this.#page("listCodes", codesOf, codesIn);
  }

  async openBatch(batch: NewBatch, signal?: AbortSignal): Promise<number> {
    const path = pathOf("openBatch");
    return wholeIn(objectIn(await this.#ask("openBatch", [batch], signal), path)["number"], 1, `${path}.number`);
  }

  /** Also once the engine is closing: how a run ended is the last thing it writes. */
  async closeBatch(batch: { couponId: string; number: number; state: "complete" | "failed"; generated: number }): Promise<void> {
    await this.#send("closeBatch", [batch]);
  }

  async batches(couponId: string, signal?: AbortSignal): Promise<readonly BatchRecord[]> {
    return batchesIn(await this.#ask("listBatches", [couponId], signal), couponId, pathOf("listBatches"));
  }

  async #page<T>(
    method: "listCoupons" | "listCodes" | "listRules",
    request: PageRequest,
    itemsIn: (items: readonly Plain[], path: string) => readonly T[],
  ): Promise<Page<T>> {
    const answer = objectIn(await this.#ask(method, [request]), pathOf(method));
    if (request.after !== null && answer["unknownCursor"] === true) {
      throw refusal("invalid_value", "is not where a page of this list ended", "after");
    }
    return pageIn(answer, pathOf(method), itemsIn);
  }

  async #ask(method: RegistryMethod, arguments_: readonly unknown[], signal?: AbortSignal): Promise<Plain> {
    this.#refuseClosed();
    return this.#send(method, arguments_, signal);
  }

  /** What the host gets is a copy: it may keep it or change it. */
  #send(method: RegistryMethod, arguments_: readonly unknown[], signal?: AbortSignal): Promise<Plain> {
    const { registry } = this.#parts.storage;
    if (registry === undefined) throw refusal("not_supported", "is required for the back office", "storage.registry");
    return ask({ path: pathOf(method), run: () => registry[method](...structuredClone(arguments_)) }, this.#wait(signal));
  }

  #wait(signal?: AbortSignal): Wait {
    return { timeoutMs: this.#parts.timeoutMs, signal };
  }
}

function pageOf(request: PlainObject): PageRequest {
  return { after: optionalText(request, "after"), limit: whole(request, "limit", 1, 1_000, 100) };
}

function pathOf(method: RegistryMethod): string {
  return `storage.registry.${method}`;
}
