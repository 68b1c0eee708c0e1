/**
 * `CouponCatalog` over SQLite: what a checkout reads. Owns its queries; it must not write.
 */
import type { CouponCatalog, Settings } from "../../contract/storage.js";
import type { CodeRecord, CouponRecord } from "../../types/coupon.js";
import type { RuleRecord } from "../../types/rule.js";
import type { Row, SqliteDriver } from "./driver.js";

export function sqliteCatalog(driver: SqliteDriver): CouponCatalog {
  // A list is one JSON parameter: one statement, prepared once, whatever the length of the list.
  const selectCodes = driver.prepare("SELECT record FROM codes WHERE code IN (SELECT value FROM json_each(?))");
  const selectCoupons = driver.prepare("SELECT record FROM coupons WHERE id IN (SELECT value FROM json_each(?))");
  const selectAutomaticRules = driver.prepare("SELECT record FROM rules WHERE automatic = 1");
  const readRules = rulesReader(driver);
  const readSettings = settingsReader(driver);

  /** A rule that has changed between the two reads is answered once, as it was read last. */
  function rulesFor(coupons: readonly CouponRecord[], automatic: boolean): readonly RuleRecord[] {
    const linked = coupons.flatMap((coupon) => coupon.rules ?? []); // a record of schema version 1 has none
    const rules = automatic ? selectAutomaticRules.all().map(recordOf<RuleRecord>) : [];
    return [...new Map([...rules, ...readRules(linked)].map((rule) => [rule.id, rule])).values()];
  }

  return {
    // Codes before coupons before rules: each is stored no later than what names it and never removed, so that nothing
    // found is ever an orphan.
    find(request) {
      const codes = selectCodes.all(JSON.stringify(request.codes)).map(recordOf<CodeRecord>);
      const couponIds = [...request.couponIds, ...codes.map((code) => code.couponId)];
      const coupons = selectCoupons.all(JSON.stringify(couponIds)).map(recordOf<CouponRecord>);
      return { settings: readSettings(), coupons, codes, rules: rulesFor(coupons, request.automatic) };
    },
  };
}

export function rulesReader(driver: SqliteDriver): (ids: readonly string[]) => readonly RuleRecord[] {
  const select = driver.prepare("SELECT record FROM rules WHERE id IN (SELECT value FROM json_each(?))");
  return (ids) => (ids.length === 0 ? [] : select.all(JSON.stringify(ids)).map(recordOf<RuleRecord>));
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
