/**
 * `CouponRegistry` over SQLite: definitions, for the back office. Owns the writes of coupons, codes, rules, batches and
 * settings; it must not touch the ledger's tables.
 */
import type {
  BatchRecord, CouponRegistry, InsertCodesOutcome, InsertCouponOutcome, Page, PageRequest, RefusedCode,
  UnknownCursor, UpdateOutcome,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { CodeRecord, CouponRecord } from "../../types/coupon.js";
import type { RuleRecord } from "../../types/rule.js";
import { page } from "../page.js";
import { recordOf, rulesReader, settingsReader } from "./catalog.js";
import type { Row, SqliteDriver, SqlValue } from "./driver.js";

export function sqliteRegistry(driver: SqliteDriver): CouponRegistry {
  return { ...couponTable(driver), ...ruleTable(driver), ...batchTable(driver), ...settingsTable(driver) };
}

function couponTable(driver: SqliteDriver) {
  const insertCouponRow = driver.prepare(
    "INSERT INTO coupons (id, created_at, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const insertCodeRow = driver.prepare(
    "INSERT INTO codes (code, id, coupon_id, batch, record) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const selectCodeById = driver.prepare("SELECT 1 FROM codes WHERE id = ?");
  const selectCodeByText = driver.prepare("SELECT 1 FROM codes WHERE code = ?");
  const selectFirstCodes = driver.prepare("SELECT record FROM codes WHERE coupon_id = ? ORDER BY code LIMIT ?");
  const selectMoreCodes = driver.prepare(
    "SELECT record FROM codes WHERE coupon_id = ? AND code > ? ORDER BY code LIMIT ?");

  /** `false` if its text or its id is taken. */
  function insertCode(code: CodeRecord): boolean {
    return insertCodeRow.run(code.code, code.id, code.couponId, code.batch, JSON.stringify(code)) === 1;
  }

  function insertBoth(coupon: CouponRecord, ownCode: CodeRecord | null): InsertCouponOutcome {
    if (insertCouponRow.run(coupon.id, coupon.createdAt, JSON.stringify(coupon)) === 0) return { status: "duplicate_id" };
    if (ownCode === null || insertCode(ownCode)) return { status: "inserted" };
    return { status: selectCodeByText.get(ownCode.code) === undefined ? "duplicate_id" : "duplicate_code" };
  }

  function insertEach(codes: readonly CodeRecord[]): InsertCodesOutcome {
    const refused: RefusedCode[] = [];
    for (const [index, code] of codes.entries()) {
      if (insertCode(code)) continue;
      refused.push({ index, reason: selectCodeById.get(code.id) === undefined ? "duplicate_code" : "duplicate_id" });
    }
    return { refused };
  }

  return {
    insertCoupon(coupon: CouponRecord, ownCode: CodeRecord | null): InsertCouponOutcome {
      return driver.transaction(() => insertBoth(coupon, ownCode), (outcome) => outcome.status === "inserted");
    },
    insertCodes(codes: readonly CodeRecord[]): InsertCodesOutcome {
      return driver.transaction(() => insertEach(codes));
    },
    updateCoupon: updater<CouponRecord>(driver, "coupons"),
    updateCode: updater<CodeRecord>(driver, "codes"),
    getCoupon: reader<CouponRecord>(driver, "coupons"),
    getCode: reader<CodeRecord>(driver, "codes"),
    listCoupons: pager<CouponRecord>(driver, "coupons"),
    listCodes({ couponId, after, limit }: PageRequest & { readonly couponId: string }): Page<CodeRecord> {
      const rows = after === null
        ? selectFirstCodes.all(couponId, limit + 1)
        : selectMoreCodes.all(couponId, after, limit + 1);
      return page(rows.map(recordOf<CodeRecord>), limit, (code) => code.code);
    },
  };
}

function ruleTable(driver: SqliteDriver): Pick<CouponRegistry, "insertRule" | "updateRule" | "getRules" | "listRules"> {
  const insertRow = driver.prepare(
    "INSERT INTO rules (id, created_at, automatic, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
  const update = updater<RuleRecord>(driver, "rules", "automatic");
  const automatic = ({ gate, state }: RuleRecord): number => (gate === "automatic" && state === "active" ? 1 : 0);

  return {
    insertRule(rule) {
      const inserted = insertRow.run(rule.id, rule.createdAt, automatic(rule), JSON.stringify(rule)) === 1;
      return { status: inserted ? "inserted" : "duplicate_id" };
    },
    updateRule: (rule, expected) => update(rule, expected, automatic(rule)),
    getRules: rulesReader(driver),
    listRules: pager<RuleRecord>(driver, "rules"),
  };
}

/** Compares and replaces in one statement; only why it did not is asked for after it. */
function updater<T extends { readonly id: string }>(driver: SqliteDriver, table: "coupons" | "codes" | "rules", column?: "automatic") {
  const assignments = ["record = ?", ...(column === undefined ? [] : [`${column} = ?`])].join(", ");
  const update = driver.prepare(
    `UPDATE ${table} SET ${assignments} WHERE id = ? AND coalesce(json_extract(record, '$.version'), 1) = ?`);
  const select = driver.prepare(`SELECT 1 FROM ${table} WHERE id = ?`);
  return (record: T, expected: number, ...values: readonly SqlValue[]): UpdateOutcome => {
    if (update.run(JSON.stringify(record), ...values, record.id, expected) === 1) return { status: "updated" };
    return { status: select.get(record.id) === undefined ? "not_found" : "version_conflict" };
  };
}

function reader<T>(driver: SqliteDriver, table: "coupons" | "codes"): (id: string) => T | null {
  const select = driver.prepare(`SELECT record FROM ${table} WHERE id = ?`);
  return (id) => {
    const row = select.get(id);
    return row === undefined ? null : recordOf<T>(row);
  };
}

/** Pages by creation, ties in the order of insertion. */
function pager<T extends { readonly id: string }>(driver: SqliteDriver, table: "coupons" | "rules") {
  const selectPlace = driver.prepare(`SELECT created_at, seq FROM ${table} WHERE id = ?`);
  const selectFirst = driver.prepare(`SELECT record FROM ${table} ORDER BY created_at, seq LIMIT ?`);
  const selectMore = driver.prepare(
    `SELECT record FROM ${table} WHERE (created_at, seq) > (?, ?) ORDER BY created_at, seq LIMIT ?`);

  /** `null` where nothing has that id. */
  function rowsBehind(after: string | null, count: number): readonly Row[] | null {
    if (after === null) return selectFirst.all(count);
    const place = selectPlace.get(after);
    return place === undefined ? null : selectMore.all(Number(place["created_at"]), Number(place["seq"]), count);
  }

  return ({ after, limit }: PageRequest): Page<T> | UnknownCursor => {
    const rows = rowsBehind(after, limit + 1);
    return rows === null ? { unknownCursor: true } : page(rows.map(recordOf<T>), limit, ({ id }) => id);
  };
}

function batchTable(driver: SqliteDriver): Pick<CouponRegistry, "openBatch" | "closeBatch" | "listBatches"> {
  const selectLastNumber = driver.prepare("SELECT max(number) AS number FROM batches WHERE coupon_id = ?");
  const insertBatch = driver.prepare(
    "INSERT INTO batches (coupon_id, number, state, requested, generated, shape, actor, created_at) " +
    "VALUES (?, ?, 'running', ?, 0, ?, ?, ?)");
  const updateBatch = driver.prepare("UPDATE batches SET state = ?, generated = ? WHERE coupon_id = ? AND number = ?");
  const selectBatches = driver.prepare("SELECT * FROM batches WHERE coupon_id = ? ORDER BY number");

  return {
    openBatch({ couponId, requested, shape, actor, createdAt }) {
      return driver.transaction(() => {
        const number = Number(selectLastNumber.get(couponId)?.["number"] ?? 0) + 1;
        insertBatch.run(couponId, number, requested, shape, actor, createdAt);
        return { number };
      });
    },
    closeBatch({ couponId, number, state, generated }) {
      if (updateBatch.run(state, generated, couponId, number) === 0) {
        throw new CouponError({ code: "invalid_value", path: "number", message: `names no batch of ${couponId}` });
      }
    },
    listBatches: (couponId) => selectBatches.all(couponId).map(batchOf),
  };
}

function batchOf(row: Row): BatchRecord {
  return {
    couponId: String(row["coupon_id"]),
    number: Number(row["number"]),
    state: row["state"] as BatchRecord["state"],
    requested: Number(row["requested"]),
    generated: Number(row["generated"]),
    shape: String(row["shape"]),
    actor: row["actor"] as string | null,
    createdAt: Number(row["created_at"]),
  };
}

function settingsTable(driver: SqliteDriver): Pick<CouponRegistry, "getSettings" | "putSettings"> {
  const upsert = driver.prepare(
    "INSERT INTO settings (one, record) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET record = excluded.record");
  return {
    getSettings: settingsReader(driver),
    putSettings: (settings) => void upsert.run(JSON.stringify(settings)),
  };
}
