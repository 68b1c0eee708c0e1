/**
 * `CouponRegistry` over PostgreSQL: definitions, for the back office. Owns the writes of coupons, codes, rules, batches
 * and settings; it must not touch the ledger's tables.
 */
import type {
  BatchRecord, CouponRegistry, InsertCouponOutcome, Page, PageRequest, RefusedCode, Settings, UnknownCursor, UpdateOutcome,
} from "../../contract/storage.js";
import { CouponError } from "../../errors.js";
import type { CodeRecord, CouponRecord } from "../../types/coupon.js";
import type { RuleRecord } from "../../types/rule.js";
import { page } from "../page.js";
import { recordOf } from "./catalog.js";
import { restored, stored } from "./connection.js";
import type { Database, Query, Row } from "./connection.js";

export function postgresRegistry(database: Database): CouponRegistry {
  return { ...couponTable(database), ...codeTable(database), ...ruleTable(database), ...batchTable(database), ...settingsTable(database) };
}

function couponTable(database: Database) {
  const { schema, query, transaction } = database;
  const update = updater<CouponRecord>(database, "coupons", "rules");
  const rulesOf = ({ rules }: CouponRecord): readonly string[] => (rules ?? []).map(stored); // a record of schema version 1 has none

  async function insertBoth(queryIn: Query, coupon: CouponRecord, ownCode: CodeRecord | null): Promise<InsertCouponOutcome> {
    const inserted = await queryIn(
      `INSERT INTO ${schema}.coupons (id, version, rules, created_at, record) VALUES ($1, $2, $3, $4, $5) ` +
      "ON CONFLICT DO NOTHING RETURNING seq",
      [stored(coupon.id), coupon.version, rulesOf(coupon), coupon.createdAt, JSON.stringify(coupon)]);
    if (inserted.length === 0) return { status: "duplicate_id" };
    if (ownCode === null || (await insertCodes(schema, queryIn, [ownCode])).size === 1) return { status: "inserted" };
    const taken = await queryIn(`SELECT 1 FROM ${schema}.codes WHERE code = $1`, [stored(ownCode.code)]);
    return { status: taken.length === 0 ? "duplicate_id" : "duplicate_code" };
  }

  return {
    insertCoupon: (coupon: CouponRecord, ownCode: CodeRecord | null) =>
      transaction((queryIn) => insertBoth(queryIn, coupon, ownCode), ({ status }) => status === "inserted"),
    updateCoupon: (coupon: CouponRecord, expected: number) => update(coupon, expected, rulesOf(coupon)),
    async getCoupon(id: string): Promise<CouponRecord | null> {
      const [row] = await query(`SELECT record::text FROM ${schema}.coupons WHERE id = $1`, [stored(id)]);
      return row === undefined ? null : recordOf<CouponRecord>(row);
    },
    listCoupons: pager<CouponRecord>(database, "coupons"),
  };
}

function codeTable(database: Database) {
  const { schema, query, write } = database;
  const update = updater<CodeRecord>(database, "codes");

  /** What kept them out: of two equal ids in one call the later is refused, and an id that was refused is not taken. */
  async function reasons(codes: readonly CodeRecord[], inserted: ReadonlySet<number>): Promise<readonly RefusedCode[]> {
    const places = codes.map((_, index) => index).filter((index) => !inserted.has(index));
    if (places.length === 0) return [];
    const insertedAt = new Map([...inserted].map((index) => [codes[index]?.id, index]));
    const ids = codes.filter((_, index) => !inserted.has(index)).map(({ id }) => stored(id));
    const owners = await query(`SELECT id FROM ${schema}.codes WHERE id = ANY ($1)`, [ids]);
    const taken = new Set(owners.map(({ id }) => restored(String(id))));
    const idWasTaken = (id: string, index: number): boolean => taken.has(id) && (insertedAt.get(id) ?? -1) < index;
    return places.map((index) => (
      { index, reason: idWasTaken(codes[index]?.id ?? "", index) ? "duplicate_id" : "duplicate_code" }));
  }

  return {
    async insertCodes(codes: readonly CodeRecord[]) {
      return { refused: await reasons(codes, await insertCodes(schema, write, codes)) };
    },
    updateCode: (code: CodeRecord, expected: number) => update(code, expected),
    async getCode(id: string): Promise<CodeRecord | null> {
      const [row] = await query(`SELECT record::text FROM ${schema}.codes WHERE id = $1`, [stored(id)]);
      return row === undefined ? null : recordOf<CodeRecord>(row);
    },
    async listCodes({ couponId, after, limit }: PageRequest & { readonly couponId: string }): Promise<Page<CodeRecord>> {
      const rows = await query(
        `SELECT record::text FROM ${schema}.codes WHERE coupon_id = $1 AND ($2::text IS NULL OR code > $2) ORDER BY code LIMIT $3`,
        [stored(couponId), after === null ? null : stored(after), limit + 1]);
      return page(rows.map(recordOf<CodeRecord>), limit, ({ code }) => code);
    },
  };
}

/** Inserts those whose text and id are free, in their order; answers their places. One statement: atomic by itself. */
async function insertCodes(schema: string, write: Query, codes: readonly CodeRecord[]): Promise<ReadonlySet<number>> {
  if (codes.length === 0) return new Set();
  const rows = await write(
    `INSERT INTO ${schema}.codes (code, id, coupon_id, batch, version, record) ` +
    "SELECT code, id, coupon_id, batch, version, record " +
    "FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::json[]) " +
    "WITH ORDINALITY AS given (code, id, coupon_id, batch, version, record, place) ORDER BY place " +
    "ON CONFLICT DO NOTHING RETURNING code, id",
    [
      codes.map(({ code }) => stored(code)), codes.map(({ id }) => stored(id)), codes.map(({ couponId }) => stored(couponId)),
      codes.map(({ batch }) => batch), codes.map(versionOf), codes.map((code) => JSON.stringify(code)),
    ]);
  const inserted = new Set(rows.map(({ code, id }) => JSON.stringify([code, id])));
  const places = new Set<number>();
  for (const [index, { code, id }] of codes.entries()) {
    // The first of two that are alike is the one that was stored.
    if (inserted.delete(JSON.stringify([stored(code), stored(id)]))) places.add(index);
  }
  return places;
}

function ruleTable(database: Database): Pick<CouponRegistry, "insertRule" | "updateRule" | "getRules" | "listRules"> {
  const { schema, query, write } = database;
  const update = updater<RuleRecord>(database, "rules", "automatic");
  const automatic = ({ gate, state }: RuleRecord): boolean => gate === "automatic" && state === "active";

  return {
    async insertRule(rule) {
      const inserted = await write(
        `INSERT INTO ${schema}.rules (id, version, automatic, created_at, record) VALUES ($1, $2, $3, $4, $5) ` +
        "ON CONFLICT DO NOTHING RETURNING seq",
        [stored(rule.id), rule.version, automatic(rule), rule.createdAt, JSON.stringify(rule)]);
      return { status: inserted.length === 1 ? "inserted" : "duplicate_id" };
    },
    updateRule: (rule, expected) => update(rule, expected, automatic(rule)),
    async getRules(ids) {
      const rows = await query(`SELECT record::text FROM ${schema}.rules WHERE id = ANY ($1)`, [ids.map(stored)]);
      return rows.map(recordOf<RuleRecord>);
    },
    listRules: pager<RuleRecord>(database, "rules"),
  };
}

type Versioned = { readonly id: string; readonly version?: number };

/** Codes of schema version 1 have no version. */
function versionOf({ version }: { readonly version?: number }): number {
  return version ?? 1;
}

/** Compares and replaces in one statement. What it finds besides is as of before it, so a missing record was missing. */
function updater<T extends Versioned>({ schema, write }: Database, table: "coupons" | "codes" | "rules", column?: "rules" | "automatic") {
  const assignments = ["record = $3", "version = $4", ...(column === undefined ? [] : [`${column} = $5`])].join(", ");
  const sql =
    `WITH replaced AS (UPDATE ${schema}.${table} SET ${assignments} WHERE id = $1 AND version = $2 RETURNING id) ` +
    `SELECT EXISTS (SELECT FROM replaced) AS replaced, EXISTS (SELECT FROM ${schema}.${table} WHERE id = $1) AS found`;
  return async (record: T, expected: number, ...values: readonly unknown[]): Promise<UpdateOutcome> => {
    const [row] = await write(sql, [stored(record.id), expected, JSON.stringify(record), versionOf(record), ...values]);
    if (row?.["replaced"] === true) return { status: "updated" };
    return { status: row?.["found"] === true ? "version_conflict" : "not_found" };
  };
}

/** Pages by creation, ties in the order of insertion; the cursor's record and what follows it in one statement. */
function pager<T extends { readonly id: string }>({ schema, query }: Database, table: "coupons" | "rules") {
  const first = `SELECT record::text FROM ${schema}.${table} ORDER BY created_at, seq LIMIT $1`;
  const more =
    `SELECT following.record::text FROM ${schema}.${table} AS place LEFT JOIN LATERAL (` +
    `SELECT record, created_at, seq FROM ${schema}.${table} WHERE (created_at, seq) > (place.created_at, place.seq) ` +
    "ORDER BY created_at, seq LIMIT $1) AS following ON true WHERE place.id = $2 ORDER BY following.created_at, following.seq";

  return async ({ after, limit }: PageRequest): Promise<Page<T> | UnknownCursor> => {
    const rows = after === null ? await query(first, [limit + 1]) : await query(more, [limit + 1, stored(after)]);
    if (after !== null && rows.length === 0) return { unknownCursor: true };
    return page(rows.filter(({ record }) => record !== null).map(recordOf<T>), limit, ({ id }) => id);
  };
}

function batchTable({ schema, query, write }: Database): Pick<CouponRegistry, "openBatch" | "closeBatch" | "listBatches"> {
  return {
    async openBatch({ couponId, requested, shape, actor, createdAt }) {
      const [row] = await write(
        `WITH next AS (INSERT INTO ${schema}.batch_numbers AS known (coupon_id, last) VALUES ($1, 1) ` +
        "ON CONFLICT (coupon_id) DO UPDATE SET last = known.last + 1 RETURNING last) " +
        `INSERT INTO ${schema}.batches (coupon_id, number, state, requested, shape, actor, created_at) ` +
        "SELECT $1, last, 'running', $2, $3, $4, $5 FROM next RETURNING number",
        [stored(couponId), requested, stored(shape), actor === null ? null : stored(actor), createdAt]);
      return { number: Number(row?.["number"]) };
    },
    async closeBatch({ couponId, number, state, generated }) {
      const closed = await write(
        `UPDATE ${schema}.batches SET state = $3, generated = $4 WHERE coupon_id = $1 AND number = $2 RETURNING number`,
        [stored(couponId), number, state, generated]);
      if (closed.length === 0) {
        throw new CouponError({ code: "invalid_value", path: "number", message: `names no batch of ${couponId}` });
      }
    },
    async listBatches(couponId) {
      const rows = await query(`SELECT * FROM ${schema}.batches WHERE coupon_id = $1 ORDER BY number`, [stored(couponId)]);
      return rows.map(batchOf);
    },
  };
}

/** Large integers come as text, unless the host has told `pg` otherwise. */
function batchOf(row: Row): BatchRecord {
  const actor = row["actor"];
  return {
    couponId: restored(String(row["coupon_id"])),
    number: Number(row["number"]),
    state: row["state"] as BatchRecord["state"],
    requested: Number(row["requested"]),
    generated: Number(row["generated"]),
    shape: restored(String(row["shape"])),
    actor: actor === null ? null : restored(String(actor)),
    createdAt: Number(row["created_at"]),
  };
}

function settingsTable({ schema, query, write }: Database): Pick<CouponRegistry, "getSettings" | "putSettings"> {
  return {
    async getSettings() {
      const [row] = await query(`SELECT record::text FROM ${schema}.settings`);
      return row === undefined ? null : recordOf<Settings>(row);
    },
    async putSettings(settings) {
      await write(
        `INSERT INTO ${schema}.settings (record) VALUES ($1) ON CONFLICT (one) DO UPDATE SET record = excluded.record`,
        [JSON.stringify(settings)]);
    },
  };
}
