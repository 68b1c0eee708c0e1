/**
 * The one small interface that the PostgreSQL store is written against, over a pool of `pg`. Owns loading `pg`,
 * transactions, which errors say that nothing was written, and how text gets in and out; it must not know a table.
 */
import { CouponError } from "../../errors.js";

export type Row = Readonly<Record<string, unknown>>;

/** What is used of a `Pool` of `pg`. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

/** What is used of a `PoolClient` of `pg`. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
  /** Given `true`, the connection is closed and not lent again. */
  release(destroy?: boolean): void;
  /** What is lent has no listener of the pool: an `error` that nobody listens to would end the process. */
  on?(event: "error", listener: () => void): unknown;
  removeListener?(event: "error", listener: () => void): unknown;
}

export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

export interface Database {
  readonly schemaName: string;
  /** As it is written in a statement. */
  readonly schema: string;
  /** One statement, one round trip, atomic by itself. */
  readonly query: Query;
  /** As `query`, for a write: sent again if another one was in its way. */
  readonly write: Query;
  /** Several statements, all or nothing. Commits if `keep` says so of the answer; sent again as `write` is. */
  transaction<T>(work: (query: Query) => Promise<T>, keep?: (answer: T) => boolean): Promise<T>;
}

export async function openPool(connectionString: string): Promise<PostgresPool> {
  const { default: pg } = await loadPg();
  const pool = new pg.Pool({ connectionString });
  // An idle connection that breaks leaves the pool by itself; without a listener it would end the process.
  pool.on("error", () => undefined);
  return pool;
}

export function databaseOver(pool: PostgresPool, schemaName: string): Database {
  const query: Query = async (sql, values = []) => (await pool.query(sql, [...values])).rows;
  return {
    schemaName,
    schema: `"${schemaName}"`,
    query,
    write: (sql, values) => insisting(() => query(sql, values)),
    transaction: (work, keep = () => true) => insisting(() => oneTransaction(pool, work, keep)),
  };
}

/** Whether an error says that nothing was written because of others: serialization, deadlock, lock time-out. */
export function isBusy(error: unknown): boolean {
  const code = typeof error === "object" && error !== null ? (error as { readonly code?: unknown }).code : undefined;
  return code === "40001" || code === "40P01" || code === "55P03";
}

/**
 * PostgreSQL's text has no U+0000. It is written as U+0001 U+0001, and U+0001 as U+0001 U+0002, which keeps different
 * texts different and their order by bytes as it is. All other text is stored as it is.
 */
export function stored(text: string): string {
  return text.replaceAll("\u0001", "\u0001\u0002").replaceAll("\0", "\u0001\u0001");
}

export function restored(text: string): string {
  return text.replaceAll("\u0001\u0001", "\0").replaceAll("\u0001\u0002", "\u0001");
}

/** JSON whose strings are as `stored`. */
export function encoded(value: unknown): string {
  const text = JSON.stringify(value);
  return /\\u000[01]/.test(text) ? JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? stored(part) : part)) : text;
}

export function decoded<T>(text: unknown): T {
  const json = String(text);
  if (!json.includes("\\u0001")) return JSON.parse(json) as T;
  return JSON.parse(json, (_, part: unknown) => (typeof part === "string" ? restored(part) : part)) as T;
}

const ATTEMPTS = 8;

async function insisting<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !isBusy(error)) throw error;
    }
  }
}

async function oneTransaction<T>(
  pool: PostgresPool,
  work: (query: Query) => Promise<T>,
  keep: (answer: T) => boolean,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  const breaks = (): void => {
    broken = true;
  };
  client.on?.("error", breaks);
  try {
    await client.query("BEGIN");
    const answer = await work(async (sql, values) => (await client.query(sql, values && [...values])).rows);
    await client.query(keep(answer) ? "COMMIT" : "ROLLBACK");
    return answer;
  } catch (error) {
    // A connection that cannot even roll back is closed, which rolls back too.
    await client.query("ROLLBACK").catch(breaks);
    throw error;
  } finally {
    client.release(broken);
    // One that is closed may still break while it closes.
    if (!broken) client.removeListener?.("error", breaks);
  }
}

interface PgModule {
  readonly default: {
    readonly Pool: new (config: { readonly connectionString: string }) => PostgresPool & {
      on(event: "error", listener: () => void): unknown;
    };
  };
}

/** The name is a value, so that no bundler tries to follow a package that may not be installed. */
async function loadPg(): Promise<PgModule> {
  const name = "pg";
  try {
    return await import(name) as PgModule;
  } catch (cause) {
    const message = "needs the package pg: run `npm install pg`, or give a pool";
    throw new CouponError({ code: "not_supported", path: "connectionString", message, cause });
  }
}
