/**
 * Definitions in memory: what a checkout finds and the back office writes. Owns coupons, codes, rules, batches and
 * settings; it must not touch the ledger.
 */
import type {
  BatchRecord, CouponCatalog, CouponRegistry, Page, PageRequest, RefusedCode, Settings, UnknownCursor, UpdateOutcome,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { CodeRecord, CouponRecord } from "../../types/coupon.js";
import type { EpochMs } from "../../types/money.js";
import type { RuleRecord } from "../../types/rule.js";
import { page } from "../page.js";
import { entryOf, present } from "./maps.js";

/** The index over code texts is the one judge of uniqueness. */
export function memoryDefinitions(): { readonly catalog: CouponCatalog; readonly registry: CouponRegistry } {
  let settings: Settings | null = null;
  const coupons = new Chronicle<CouponRecord>();
  const rules = new Chronicle<RuleRecord>();
  const codesByText = new Map<string, CodeRecord>();
  const textsById = new Map<string, string>();
  const textsByCoupon = new Map<string, SortedTexts>();
  const batches = new Map<string, BatchRecord[]>();

  function keepCode(code: CodeRecord): void {
    codesByText.set(code.code, code);
    textsById.set(code.id, code.code);
    entryOf(textsByCoupon, code.couponId, sortedTexts).add(code.code);
  }

  function codeOf(id: string): CodeRecord | undefined {
    return codesByText.get(textsById.get(id) ?? "");
  }

  const catalog: CouponCatalog = {
    find(request) {
      const codes = present(new Set(request.codes), (text) => codesByText.get(text));
      const couponIds = new Set([...request.couponIds, ...codes.map((code) => code.couponId)]);
      const found = present(couponIds, (id) => coupons.get(id));
      const linked = new Set(found.flatMap((coupon) => coupon.rules ?? [])); // a record of schema version 1 has none
      const wanted = (rule: RuleRecord): boolean => linked.has(rule.id) || (request.automatic && isAutomatic(rule));
      return structuredClone({ settings, coupons: found, codes, rules: rules.inOrder.filter(wanted) });
    },
  };

  const registry: CouponRegistry = {
    insertCoupon(coupon, ownCode) {
      if (coupons.get(coupon.id) !== undefined) return { status: "duplicate_id" };
      if (ownCode !== null && codesByText.has(ownCode.code)) return { status: "duplicate_code" };
      if (ownCode !== null && textsById.has(ownCode.id)) return { status: "duplicate_id" };
      coupons.add(structuredClone(coupon));
      if (ownCode !== null) keepCode(structuredClone(ownCode));
      return { status: "inserted" };
    },
    insertCodes(codes) {
      const refused: RefusedCode[] = [];
      for (const [index, code] of codes.entries()) {
        if (textsById.has(code.id)) refused.push({ index, reason: "duplicate_id" });
        else if (codesByText.has(code.code)) refused.push({ index, reason: "duplicate_code" });
        else keepCode(structuredClone(code));
      }
      return { refused };
    },
    insertRule(rule) {
      if (rules.get(rule.id) !== undefined) return { status: "duplicate_id" };
      rules.add(structuredClone(rule));
      return { status: "inserted" };
    },
    updateCoupon: (coupon, expected) => judged(coupons.get(coupon.id), expected, () => coupons.replace(structuredClone(coupon))),
    updateCode: (code, expected) => judged(codeOf(code.id), expected, () => codesByText.set(code.code, structuredClone(code))),
    updateRule: (rule, expected) => judged(rules.get(rule.id), expected, () => rules.replace(structuredClone(rule))),
    getCoupon: (id) => structuredClone(coupons.get(id) ?? null),
    getCode: (id) => structuredClone(codeOf(id) ?? null),
    getRules: (ids) => structuredClone(present(new Set(ids), (id) => rules.get(id))),
    listCoupons: (request) => coupons.page(request),
    listRules: (request) => rules.page(request),
    listCodes({ couponId, after, limit }) {
      const texts = textsByCoupon.get(couponId)?.following(after, limit + 1) ?? [];
      const found = present(texts, (text) => codesByText.get(text));
      return structuredClone(page(found, limit, (code) => code.code));
    },
    openBatch({ couponId, requested, shape, actor, createdAt }) {
      const ofCoupon = entryOf(batches, couponId, () => []);
      const number = ofCoupon.length + 1;
      ofCoupon.push({ couponId, requested, shape, actor, createdAt, number, state: "running", generated: 0 });
      return { number };
    },
    closeBatch({ couponId, number, state, generated }) {
      const ofCoupon = batches.get(couponId) ?? [];
      const open = ofCoupon[number - 1];
      if (open === undefined) {
        throw new CouponError({ code: "invalid_value", path: "number", message: `names no batch of ${couponId}` });
      }
      ofCoupon[number - 1] = { ...open, state, generated };
    },
    listBatches: (couponId) => structuredClone(batches.get(couponId) ?? []),
    getSettings: () => structuredClone(settings),
    putSettings(given) {
      settings = structuredClone(given);
    },
  };

  return { catalog, registry };
}

function isAutomatic({ gate, state }: RuleRecord): boolean {
  return gate === "automatic" && state === "active";
}

function judged(stored: { readonly version?: number } | undefined, expected: number, write: () => void): UpdateOutcome {
  if (stored === undefined) return { status: "not_found" };
  if ((stored.version ?? 1) !== expected) return { status: "version_conflict" };
  write();
  return { status: "updated" };
}

/** Records by id, and in the order they are listed in: by creation, ties in the order of insertion. */
class Chronicle<T extends { readonly id: string; readonly createdAt: EpochMs }> {
  readonly inOrder: T[] = [];
  readonly #byId = new Map<string, T>();

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  add(record: T): void {
    this.#byId.set(record.id, record);
    let position = this.inOrder.length;
    while ((this.inOrder[position - 1]?.createdAt ?? -Infinity) > record.createdAt) position -= 1;
    this.inOrder.splice(position, 0, record);
  }

  replace(record: T): void {
    this.#byId.set(record.id, record);
    this.inOrder[this.inOrder.findIndex(({ id }) => id === record.id)] = record;
  }

  page({ after, limit }: PageRequest): Page<T> | UnknownCursor {
    const start = after === null ? 0 : this.inOrder.findIndex(({ id }) => id === after) + 1;
    if (after !== null && start === 0) return { unknownCursor: true };
    return structuredClone(page(this.inOrder.slice(start, start + limit + 1), limit, ({ id }) => id));
  }
}

interface SortedTexts {
  add(text: string): void;
  following(after: string | null, count: number): readonly string[];
}

/** The code texts of one coupon, sorted when they are first listed after a change. */
function sortedTexts(): SortedTexts {
  const texts: string[] = [];
  let sorted = true;
  return {
    add(text) {
      texts.push(text);
      sorted = false;
    },
    following(after, count) {
      if (!sorted) texts.sort();
      sorted = true;
      const start = after === null ? 0 : texts.findIndex((text) => text > after);
      return start === -1 ? [] : texts.slice(start, start + count);
    },
  };
}
