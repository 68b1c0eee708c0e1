/**
 * `CouponCatalog` over PostgreSQL: what a checkout reads, in one statement and so as of one instant. Owns that call and
 * the reading of records; what it selects is in the schema's function `find`. It must not write.
 */
import type { CatalogView, CouponCatalog } from "../../contract/storage.js";
import { stored } from "./connection.js";
import type { Database, Row } from "./connection.js";

export function postgresCatalog({ query, schema }: Database): CouponCatalog {
  return {
    async find({ codes, couponIds, automatic }) {
      const values = [codes.map(stored), couponIds.map(stored), automatic];
      const [row] = await query(`SELECT ${schema}.find($1, $2, $3)::text AS view`, values);
      return JSON.parse(String(row?.["view"])) as CatalogView;
    },
  };
}

/** Every table of definitions keeps its record as JSON text in `record`; it is selected as text. */
export function recordOf<T>(row: Row): T {
  return JSON.parse(String(row["record"])) as T;
}
