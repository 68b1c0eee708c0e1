/**
 * `RedemptionRegistry` over PostgreSQL: lists, sums, and the care of old data. Owns these queries and the renaming of a
 * customer; it must not read a clock, and no checkout calls it.
 */
import type {
  CounterTally, LedgerEntry, LedgerIndex, Page, PageRequest, RedemptionQuery, RedemptionRegistry, UnknownCursor, UsageFacts,
  UsageQuery,
} from "../../contract/storage.js";
import { CUSTOMER_OF_COUNTER, renamedIndex } from "../customer.js";
import { cursorOf, placeOf } from "../order.js";
import { page } from "../page.js";
import { decoded, encoded, restored, stored } from "./connection.js";
import type { Database, Query } from "./connection.js";

/** Where the newest revisions that are indexed by something are found, and by what. */
const INDEXED_BY = {
  coupon: { table: "redemption_coupons", found: "coupon_id = $1" },
  code: { table: "redemption_codes", found: "code_id = $1" },
  customer: { table: "ledger_newest", found: "key IN (SELECT known.key FROM {schema}.redemption_customers AS known WHERE known.customer = $1 AND known.current)" },
  order: { table: "ledger_newest", found: "order_id = $1" },
  all: { table: "ledger_newest", found: "$1::text IS NULL" },
} as const;

export function postgresRedemptions(database: Database): RedemptionRegistry {
  const { schema, query, write, transaction } = database;
  return {
    list: (request) => list(database, request),
    async history(key) {
      const rows = await query(
        `SELECT ${schema}.entry_of(entry)::text AS entry FROM ${schema}.ledger_entries AS entry WHERE key = $1 ORDER BY revision`,
        [stored(key)]);
      return rows.map(({ entry }) => decoded<LedgerEntry>(entry));
    },
    usage: (request) => usage(database, request),
    tally: (request) => tally(database, request),
    async rekey({ from, to }) {
      return from === to ? { entries: 0 } : transaction((queryIn) => rekey(schema, queryIn, from, to));
    },
    async idleCustomers({ before, limit }) {
      const rows = await query(
        `SELECT customer FROM ${schema}.redemption_customers GROUP BY customer HAVING max(last_at) < $1 ` +
        "ORDER BY max(last_at), customer LIMIT $2", [before, limit]);
      return rows.map(({ customer }) => restored(String(customer)));
    },
    async prune({ before }) {
      const dropped = await write(`DELETE FROM ${schema}.counters WHERE until <= $1 RETURNING 1`, [before]);
      return { counters: dropped.length };
    },
  };
}

async function list(
  { schema, query }: Database,
  { by, states, after, limit }: RedemptionQuery,
): Promise<Page<LedgerEntry> | UnknownCursor> {
  const place = after === null ? null : placeOf(after);
  if (place === undefined) return { unknownCursor: true };
  const { table, found } = INDEXED_BY[by?.kind ?? "all"];
  const rows = await query(
    `SELECT ${schema}.entry_of(entry)::text AS entry FROM (SELECT key, at FROM ${schema}.${table} ` +
    `WHERE ${found.replace("{schema}", schema)} AND ($2::text[] IS NULL OR state = ANY ($2)) ` +
    "AND ($3::bigint IS NULL OR (at <= $3 AND (at < $3 OR key > $4))) ORDER BY at DESC, key LIMIT $5) AS place " +
    `JOIN ${schema}.ledger_newest AS newest USING (key) JOIN ${schema}.ledger_entries AS entry USING (key, revision) ` +
    "ORDER BY place.at DESC, place.key",
    [
      by === null ? null : stored(by.value), states.length === 0 ? null : states,
      place === null ? null : place.at, place === null ? null : stored(place.key), limit + 1,
    ]);
  return page(rows.map(({ entry }) => decoded<LedgerEntry>(entry)), limit, cursorOf);
}

/** Counted from one index alone: the cost grows with the redemptions of the one that is asked for. */
async function usage({ schema, query }: Database, { kind, values }: UsageQuery): Promise<readonly UsageFacts[]> {
  const table = INDEXED_BY[kind].table;
  const found = INDEXED_BY[kind].found.replace("$1", "wanted.value");
  const rows = await query(
    "SELECT json_build_object('redeemed', counted.redeemed, 'held', counted.held, 'rolledBack', counted.rolled_back, " +
    "'last', CASE WHEN last.key IS NOT NULL THEN json_build_object('key', last.key, 'at', last.at, " +
    "'order', last.index -> 'order', 'customerKeys', last.index -> 'customerKeys') END)::text AS facts " +
    "FROM unnest($1::text[]) WITH ORDINALITY AS wanted (value, place) " +
    "CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'redeemed') AS redeemed, count(*) FILTER (WHERE state = 'held') AS held, " +
    `count(*) FILTER (WHERE state = 'rolled_back') AS rolled_back FROM ${schema}.${table} WHERE ${found}) AS counted ` +
    `LEFT JOIN LATERAL (SELECT entry.* FROM (SELECT key, at FROM ${schema}.${table} WHERE ${found} AND state = 'redeemed' ` +
    `ORDER BY at DESC, key DESC LIMIT 1) AS latest JOIN ${schema}.ledger_newest AS newest USING (key) ` +
    `JOIN ${schema}.ledger_entries AS entry USING (key, revision)) AS last ON true ORDER BY wanted.place`,
    [values.map(stored)]);
  return rows.map(({ facts }) => decoded<UsageFacts>(facts));
}

/** Counters that were written and those that are only claimed of, should there be any. */
async function tally({ schema, query }: Database, { after, limit }: PageRequest): Promise<Page<CounterTally>> {
  const rows = await query(
    "WITH named AS (" +
    `(SELECT name FROM ${schema}.counters WHERE until IS NULL AND ($1::text IS NULL OR name > $1) ORDER BY name LIMIT $2) UNION ` +
    `(SELECT DISTINCT claim.counter FROM ${schema}.redemption_claims AS claim WHERE ($1::text IS NULL OR claim.counter > $1) ` +
    `AND NOT EXISTS (SELECT FROM ${schema}.counters AS known WHERE known.name = claim.counter AND known.until IS NOT NULL) ` +
    "ORDER BY claim.counter LIMIT $2)) " +
    "SELECT named.name, coalesce(counter.claimed, 0)::text AS claimed, (SELECT coalesce(sum(claim.amount), 0)::text " +
    `FROM ${schema}.redemption_claims AS claim WHERE claim.counter = named.name) AS live ` +
    `FROM named LEFT JOIN ${schema}.counters AS counter USING (name) ORDER BY named.name LIMIT $2`,
    [after === null ? null : stored(after), limit + 1]);
  const tallies = rows.map(({ name, claimed, live }) => (
    { counter: restored(String(name)), claimed: Number(claimed), live: Number(live) }));
  return page(tallies, limit, ({ counter }) => counter);
}

/**
 * Keeps every commit out until it is done, and waits for those under way: one of them would otherwise write the old name
 * behind its back. Readers go on. Of two counters that fall together the looser bound is kept, as `renamedIndex` does.
 */
async function rekey(schema: string, query: Query, from: string, to: string): Promise<{ readonly entries: number }> {
  await query(`LOCK TABLE ${schema}.ledger_entries, ${schema}.counters IN SHARE ROW EXCLUSIVE MODE`);
  const rows = await query(
    "SELECT json_build_object('key', key, 'revision', revision, 'index', index)::text AS entry " +
    `FROM ${schema}.ledger_entries WHERE key IN (SELECT key FROM ${schema}.redemption_customers WHERE customer = $1)`,
    [stored(from)]);
  const found = rows.map(({ entry }) => decoded<Pick<LedgerEntry, "key" | "revision" | "index">>(entry));
  const renamed = found
    .map(({ key, revision, index }) => ({ key, revision, before: index, index: renamedIndex(index, from, to) }))
    .filter(({ before, index }) => !isSame(before, index))
    .map(({ key, revision, index }) => ({ key, revision, index }));

  await query(
    `WITH gone AS (DELETE FROM ${schema}.redemption_customers WHERE customer = $1 RETURNING key) ` +
    `DELETE FROM ${schema}.redemption_claims AS claim USING gone ` +
    `WHERE claim.key = gone.key AND substring(claim.counter from '${CUSTOMER_OF_COUNTER}') = $1`, [stored(from)]);
  await query(
    `WITH renamed AS (UPDATE ${schema}.ledger_entries AS entry SET index = given.index ` +
    "FROM jsonb_to_recordset($1::jsonb) AS given (key text, revision bigint, index jsonb) " +
    "WHERE entry.key = given.key AND entry.revision = given.revision RETURNING entry.*) " +
    `SELECT ${schema}.derive(ROW(renamed.*)::${schema}.ledger_entries) FROM renamed`, [encoded(renamed)]);
  await query(
    `WITH renamed AS (DELETE FROM ${schema}.counters WHERE customer = $1 RETURNING name, claimed, ceiling, until) ` +
    `INSERT INTO ${schema}.counters AS counter (name, claimed, ceiling, until) ` +
    "SELECT left(name, -length($1)) || $2, claimed, ceiling, until FROM renamed " +
    "ON CONFLICT (name) DO UPDATE SET claimed = counter.claimed + excluded.claimed, " +
    "ceiling = CASE WHEN counter.ceiling IS NOT NULL AND excluded.ceiling IS NOT NULL THEN greatest(counter.ceiling, excluded.ceiling) END, " +
    "until = CASE WHEN counter.until IS NOT NULL AND excluded.until IS NOT NULL THEN greatest(counter.until, excluded.until) END",
    [stored(from), stored(to)]);
  return { entries: renamed.length };
}

/** Both come from the same reader, so that their keys are in the same order. */
function isSame(one: LedgerIndex, other: LedgerIndex): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
