/**
 * `CouponCatalog` over SQLite: what a checkout reads. Owns its three queries; it must not write.
 */
import type { CouponCatalog, Settings } from "../../contract/storage.js";
import type { CodeRecord, CouponRecord } from "../../types/coupon.js";
import type { Row, SqliteDriver } from "./driver.js";

export function sqliteCatalog(driver: SqliteDriver): CouponCatalog {
  // A list is one JSON parameter: one statement, prepared once, whatever the length of the list.
  const selectCodes = driver.prepare("SELECT record FROM codes WHERE code IN (SELECT value FROM json_each(?))");
  const selectCoupons = driver.prepare("SELECT record FROM coupons WHERE id IN (SELECT value FROM json_each(?))");
  const readSettings = settingsReader(driver);

  return {
    // Codes before coupons: a coupon is stored no later than its codes and never removed, so a code is never an orphan.
    find(request) {
      const codes = selectCodes.all(JSON.stringify(request.codes)).map(recordOf<CodeRecord>);
      const couponIds = [...request.couponIds, ...codes.map((code) => code.couponId)];
      const coupons = selectCoupons.all(JSON.stringify(couponIds)).map(recordOf<CouponRecord>);
      return { settings: readSettings(), coupons, codes };
    },
  };
}

export function settingsReader(driver: SqliteDriver): () => Settings | null {
  const select = driver.prepare("SELECT record FROM settings");
  return () => {
    const row = select.get();
    return row === undefined ? null : recordOf<Settings>(row);
  };
}

/** Every table of definitions keeps its record as JSON text in `record`. */
export function recordOf<T>(row: Row): T {
  return JSON.parse(String(row["record"])) as T;
}
