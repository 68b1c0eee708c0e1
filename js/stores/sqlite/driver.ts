/**
 * The one small interface that the SQLite store is written against, over `node:sqlite` and over `libsql`. Owns loading
 * them and what differs between them; it must not know a table.
 */
import { CouponError } from "../../errors.js";

export type DriverName = "libsql" | "node";
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

export interface SqliteDriver {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  /**
   * Runs `work` under the file's write lock (`BEGIN IMMEDIATE`). Commits if `keep` says so of its answer, rolls back if
   * not or if it throws.
   */
  transaction<T>(work: () => T, keep?: (answer: T) => boolean): T;
  /** Runs `read` on the file as it is at one moment, whatever others write meanwhile; it waits for no writer. */
  snapshot<T>(read: () => T): T;
  /** Whether an error says that another connection held the lock for too long. */
  isBusy(error: unknown): boolean;
  close(): void;
}

export interface SqlStatement {
  /** How many rows it changed. By itself a transaction, unless within one. */
  run(...values: readonly SqlValue[]): number;
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): readonly Row[];
}

export async function openDriver(path: string, wanted: "auto" | DriverName): Promise<SqliteDriver> {
  const load = (wanted === "libsql" ? null : await loadNode()) ?? (wanted === "node" ? null : await loadLibsql());
  if (load === null) throw new CouponError({ code: "not_supported", path: "driver", message: MISSING[wanted] });
  try {
    return load(path);
  } catch (cause) {
    throw new CouponError({ code: "storage_failed", message: `cannot open ${path}, whose folder has to exist: ${String(cause)}`, cause });
  }
}

const MISSING = {
  auto: "finds no SQLite: run `npm install libsql`, or use Node 22.13 or later",
  libsql: "needs the package libsql: run `npm install libsql`",
  node: "needs node:sqlite: use Node 22.13 or later, or the driver libsql",
} as const;

type OpenConnection = (path: string) => SqliteDriver;

/** What is used of `DatabaseSync` of `node:sqlite`, and of `Database` of `libsql`. */
interface NativeDatabase<Statement> {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

interface NodeStatement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

/** Given an array, it binds by position; a single `null` given alone would be taken for an object of names. */
interface LibsqlStatement {
  run(values: SqlValue[]): { readonly changes: number };
  get(values: SqlValue[]): Row | undefined;
  all(values: SqlValue[]): Row[];
}

async function loadNode(): Promise<OpenConnection | null> {
  const module = await importIfPresent("node:sqlite", "ERR_UNKNOWN_BUILTIN_MODULE");
  if (module === null) return null;
  const { DatabaseSync } = module as { DatabaseSync: new (path: string) => NativeDatabase<NodeStatement> };
  const statementOf = (native: NodeStatement): SqlStatement => ({
    run: (...values) => Number(native.run(...values).changes),
    get: (...values) => native.get(...values),
    all: (...values) => native.all(...values),
  });
  // `errcode` is the extended result code; its low byte is the primary one, and 5 is SQLITE_BUSY.
  const saysBusy = (error: Row) => (Number(error["errcode"]) & 0xff) === 5;
  return (path) => driverOver(new DatabaseSync(path), statementOf, saysBusy);
}

async function loadLibsql(): Promise<OpenConnection | null> {
  const module = await importIfPresent("libsql", "ERR_MODULE_NOT_FOUND");
  if (module === null) return null;
  const { default: Database } = module as { default: new (path: string) => NativeDatabase<LibsqlStatement> };
  const statementOf = (native: LibsqlStatement): SqlStatement => ({
    run: (...values) => native.run([...values]).changes,
    get: (...values) => native.get([...values]),
    all: (...values) => native.all([...values]),
  });
  const saysBusy = (error: Row) => String(error["code"]).startsWith("SQLITE_BUSY");
  return (path) => driverOver(new Database(path), statementOf, saysBusy);
}

/** The name is a value, so that no bundler tries to follow a native package that may not be installed. */
async function importIfPresent(name: string, absentCode: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (cause) {
    if (cause instanceof Error && (cause as { code?: unknown }).code === absentCode) return null;
    const message = `finds ${name}, which does not load: ${String(cause)}`;
    throw new CouponError({ code: "not_supported", path: "driver", message, cause });
  }
}

function driverOver<Statement>(
  native: NativeDatabase<Statement>,
  statementOf: (statement: Statement) => SqlStatement,
  saysBusy: (error: Row) => boolean,
): SqliteDriver {
  const exec = (sql: string): void => void native.exec(sql);
  let isOpen = false;
  const within = <T>(begin: string, work: () => T, keep: (answer: T) => boolean): T => {
    exec(begin);
    isOpen = true;
    try {
      const answer = work();
      exec(keep(answer) ? "COMMIT" : "ROLLBACK");
      return answer;
    } catch (cause) {
      rollBack(exec);
      throw cause;
    } finally {
      isOpen = false;
    }
  };
  return {
    exec,
    prepare(sql) {
      const statement = statementOf(native.prepare(sql));
      return {
        ...statement,
        // A statement that waited for the lock in vain stays under way in libsql, and no transaction can commit beside
        // it: what waits is the BEGIN.
        run: (...values) => (isOpen ? statement.run(...values) : within("BEGIN IMMEDIATE", () => statement.run(...values), () => true)),
      };
    },
    transaction: (work, keep = () => true) => within("BEGIN IMMEDIATE", work, keep),
    snapshot: (read) => within("BEGIN DEFERRED", read, () => true),
    isBusy: (error) => typeof error === "object" && error !== null && saysBusy(error as Row),
    close: () => void native.close(),
  };
}

/** Some failures have ended the transaction already; what is thrown on is the failure, not that. */
function rollBack(exec: (sql: string) => void): void {
  try {
    exec("ROLLBACK");
  } catch {
    // No transaction is open any more.
  }
}
