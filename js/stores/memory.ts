/**
 * The reference store: a whole shop in the memory of one process, for tests, demos and single-process tools. Owns the
 * plainest reading of the storage contract; the other stores are held against it. It must not read a clock and must not
 * hand out or keep an object of its caller: everything is copied on the way in and on the way out.
 */
import { refuseUnknown } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import type {
  BatchRecord, CouponCatalog, CouponRegistry, LedgerCapabilities, LedgerInsert, Page, PageRequest, RedemptionLedger,
  RefusedCode, Settings, Storage, UnknownCursor, UpdateOutcome,
} from "../contract/storage.js";
import { CouponError } from "../errors.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import type { EpochMs } from "../types/money.js";
import type { RuleRecord } from "../types/rule.js";
import { priorOrdersOf } from "./options.js";
import { page } from "./page.js";

export interface MemoryStorageOptions {
  /** Answers coupons for first orders; see `Storage.priorOrders`. */
  readonly priorOrders?: NonNullable<Storage["priorOrders"]>;
}

/**
 * A new, empty store. Nothing survives the process, and the ledger says so: `durability: "volatile"`. Throws
 * `invalid_type` or `unknown_field` with a path for wrong options.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage & { readonly registry: CouponRegistry } {
  const { data, lifted } = snapshotObject(options, "", ["priorOrders"]);
  refuseUnknown(data, []);
  return { ...memoryDefinitions(), ledger: memoryLedger(), ...priorOrdersOf(lifted) };
}

/** The index over code texts is the one judge of uniqueness. */
function memoryDefinitions(): { readonly catalog: CouponCatalog; readonly registry: CouponRegistry } {
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

/** One atomic step is one synchronous call: judge everything on the side, then apply. */
function memoryLedger(): RedemptionLedger {
  const capabilities: LedgerCapabilities = { atomicCommit: true, maxOperations: 1000, durability: "volatile" };
  const entries = new Map<string, Map<number, LedgerInsert>>();
  const newest = new Map<string, LedgerInsert>();
  const claimedBy = new Map<string, number>();
  /** Per counter, the keys whose newest revision holds it, and until when. */
  const liveHolds = new Map<string, Map<string, EpochMs | null>>();

  function append(entry: LedgerInsert): void {
    entryOf(entries, entry.key, () => new Map<number, LedgerInsert>()).set(entry.revision, entry);
    const before = newest.get(entry.key);
    if (before !== undefined && before.revision > entry.revision) return;
    newest.set(entry.key, entry);
    for (const counter of before?.index.counters ?? []) liveHolds.get(counter)?.delete(entry.key);
    if (entry.state !== "held") return;
    for (const counter of entry.index.counters) {
      entryOf(liveHolds, counter, () => new Map<string, EpochMs | null>()).set(entry.key, entry.holdUntil);
    }
  }

  return {
    capabilities,
    read: (request) => ({
      counters: request.counters.map((counter) => {
        const holds = liveHolds.get(counter);
        return {
          claimed: claimedBy.get(counter) ?? 0,
          held: holds?.size ?? 0,
          nextExpiry: earliest(holds?.values() ?? []),
        };
      }),
    }),
    commit(batch) {
      if (batch.insert.length + batch.add.length > capabilities.maxOperations) {
        throw new CouponError({ code: "too_large", message: `a commit carries at most ${capabilities.maxOperations} operations` });
      }
      const taken = batch.insert.findIndex(({ key, revision }, index) =>
        entries.get(key)?.has(revision) === true ||
        batch.insert.findIndex((other) => other.key === key && other.revision === revision) < index);
      if (taken !== -1) return { status: "exists", insert: taken };

      const moved = new Map<string, number>();
      for (const [add, { counter, delta, ceiling }] of batch.add.entries()) {
        const claimed = moved.get(counter) ?? claimedBy.get(counter) ?? 0;
        const wanted = claimed + delta;
        if (wanted < 0 || wanted > (ceiling ?? Number.MAX_SAFE_INTEGER)) return { status: "ceiling", add, claimed };
        moved.set(counter, wanted);
      }

      for (const insert of batch.insert) append(structuredClone(insert));
      for (const [counter, claimed] of moved) claimedBy.set(counter, claimed);
      return { status: "committed" };
    },
  };
}

function earliest(ends: Iterable<EpochMs | null>): EpochMs | null {
  let first: EpochMs | null = null;
  for (const end of ends) {
    if (end !== null && (first === null || end < first)) first = end;
  }
  return first;
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

function present<K, V>(keys: Iterable<K>, find: (key: K) => V | undefined): V[] {
  return [...keys].map(find).filter((value) => value !== undefined);
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
