/**
 * `engine.codes`: add and list. Generation has its own file.
 */
import { refusal, refuseUnknown, text } from "../boundary/fields.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { withPaths } from "../errors.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import { call } from "../wasm/instance.js";
import type { Context } from "../wasm/exports.js";
import type { Codes } from "./api.js";
import { generate } from "./generate.js";
import { withMetadata } from "./metadata.js";
import type { Office } from "./office.js";

export function codeCalls(office: Office): Codes {
  return {
    add: (request) => add(office, request),
    generate: (request) => generate(office, request),
    async list(request) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["couponId", "after", "limit"]);
      return office.codes(data, text(data, "couponId"));
    },
  };
}

/** A generated text may be taken; it is drawn again this often. */
const MAX_DRAWS = 20;

async function add(office: Office, request: unknown): Promise<CodeRecord> {
  const { data } = snapshotObject(request, "");
  const { couponId: _, ...definition } = data;
  const couponId = text(data, "couponId");
  const coupon = await office.knownCoupon(couponId);
  const context = await office.context();
  const isGenerated = definition["code"] === undefined || definition["code"] === null;
  for (let draw = 1; draw <= (isGenerated ? MAX_DRAWS : 1); draw++) {
    const code = defined(coupon, definition, context);
    const [refused] = (await office.insertCodes([code])).refused;
    if (refused === undefined) return code;
    if (refused.reason === "duplicate_id") throw refusal("duplicate_id", "is the id of another code", "id");
  }
  if (isGenerated) throw refusal("key_space_exhausted", `${MAX_DRAWS} generated codes exist already`);
  throw refusal("duplicate_code", "exists already", "code");
}

/** The caller gave one definition, not a list of them. */
function defined(coupon: CouponRecord, definition: PlainObject, context: Context): CodeRecord {
  const input = { coupon, codes: [definition], batch: null };
  const { codes } = withPaths(
    (path) => path.replace(/^codes\[0\]\.?/, ""),
    () => call((engine) => engine.defineCodes(input, context)),
  );
  const [code] = codes;
  if (code === undefined) throw refusal("internal", "no code was defined");
  return withMetadata(code, definition);
}
