/**
 * The SQLite store: one file, any number of processes on one machine; node only. Owns opening and closing. What is
 * stored and how is decided in `sqlite/`; it must not know which driver it runs on.
 *
 * A commit that was answered survives a power cut (WAL with `synchronous = FULL`). Calls are synchronous underneath: one
 * that waits for another process's write keeps this thread waiting, for `busyTimeoutMs` at most. The file has to lie on
 * a local disk; a network share cannot run WAL and may not lock.
 */
import { resolve } from "node:path";
import { optionalText, refusal, refuseUnknown, text, whole } from "../boundary/fields.js";
import { snapshotObject } from "../boundary/snapshot.js";
import type { CouponRegistry, RedemptionRegistry, Storage } from "../contract/storage.js";
import { CouponError } from "../errors.js";
import { priorOrdersOf } from "./options.js";
import { sqliteCatalog } from "./sqlite/catalog.js";
import { openDriver } from "./sqlite/driver.js";
import type { DriverName, SqliteDriver } from "./sqlite/driver.js";
import { sqliteLedger } from "./sqlite/ledger.js";
import { sqliteRedemptions } from "./sqlite/redemptions.js";
import { sqliteRegistry } from "./sqlite/registry.js";
import { migrate } from "./sqlite/schema.js";

export interface SqliteStorageOptions {
  /** A file, created if it is missing; its folder must exist. */
  readonly path: string;
  /** `auto` (default) takes `node:sqlite` where Node has it (22.13 and later), else the optional package `libsql`. */
  readonly driver?: "auto" | DriverName;
  /** How long a call waits for another connection's write, milliseconds, 0 … 600,000. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Answers coupons for first orders; see `Storage.priorOrders`. */
  readonly priorOrders?: NonNullable<Storage["priorOrders"]>;
}

const MAX_BUSY_TIMEOUT_MS = 600_000;

/**
 * Opens the file, creating or migrating its tables. Throws with a path for wrong options, `not_supported` without a
 * driver or where the file cannot run WAL, `schema_too_new` if a later version of this package wrote it,
 * `storage_failed` if it cannot be opened. Tell these errors apart by `code`: this entry is bundled by itself, so their
 * class is not the one that the main entry exports.
 */
export async function sqliteStorage(
  options: SqliteStorageOptions,
): Promise<Storage & { readonly registry: CouponRegistry; readonly redemptions: RedemptionRegistry }> {
  const { path, driver: wanted, busyTimeoutMs, priorOrders } = readOptions(options);
  // An absolute path is never taken for a URI or for the address of a remote database.
  const driver = await openDriver(resolve(path), wanted);
  try {
    await prepareConnection(driver, busyTimeoutMs);
    migrate(driver);
    return {
      catalog: sqliteCatalog(driver),
      ledger: sqliteLedger(driver),
      registry: sqliteRegistry(driver),
      redemptions: sqliteRedemptions(driver),
      ...priorOrders,
      close: () => driver.close(),
    };
  } catch (cause) {
    driver.close();
    if (cause instanceof CouponError) throw cause;
    throw new CouponError({ code: "storage_failed", message: `cannot open ${path}: ${String(cause)}`, cause });
  }
}

function readOptions(options: unknown) {
  const { data, lifted } = snapshotObject(options, "", ["priorOrders"]);
  refuseUnknown(data, ["path", "driver", "busyTimeoutMs"]);
  const path = text(data, "path");
  if (path === "" || path === ":memory:") {
    throw refusal("invalid_value", "must name a file; for a store in memory use memoryStorage()", "path");
  }
  const driver = optionalText(data, "driver") ?? "auto";
  if (driver !== "auto" && driver !== "libsql" && driver !== "node") {
    throw refusal("invalid_value", 'must be "auto", "libsql" or "node"', "driver");
  }
  const busyTimeoutMs = whole(data, "busyTimeoutMs", 0, MAX_BUSY_TIMEOUT_MS, 5_000);
  return { path, driver, busyTimeoutMs, priorOrders: priorOrdersOf(lifted) } as const;
}

async function prepareConnection(driver: SqliteDriver, busyTimeoutMs: number): Promise<void> {
  const mode = await switchToWal(driver, busyTimeoutMs);
  if (mode !== "wal") {
    throw new CouponError({ code: "not_supported", path: "path", message: `names a file that cannot run WAL, only "${mode}"` });
  }
  driver.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  driver.exec("PRAGMA synchronous = FULL");
  driver.exec("PRAGMA foreign_keys = ON");
}

/** SQLite does not wait where several connections switch a new file at once, whatever its time-out: we do. */
async function switchToWal(driver: SqliteDriver, busyTimeoutMs: number): Promise<string> {
  const pauseMs = 10;
  driver.exec("PRAGMA busy_timeout = 0");
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return String(driver.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"]);
    } catch (cause) {
      if (!driver.isBusy(cause) || waitedMs >= busyTimeoutMs) throw cause;
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}
