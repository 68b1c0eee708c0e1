/**
 * `engine.codes`: add and list. Generation has its own file.
 */
import { refusal, refuseUnknown, text } from "../boundary/fields.js";
import { snapshotObject, type PlainObject } from "../boundary/snapshot.js";
import { CouponError, rerooted } from "../errors.js";
import type { CodeRecord } from "../types/coupon.js";
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
  await office.knownCoupon(couponId);
  const context = await office.context();
  const isGenerated = definition["code"] === undefined || definition["code"] === null;
  for (let draw = 1; draw <= (isGenerated ? MAX_DRAWS : 1); draw++) {
    const code = defined(couponId, definition, context);
    const [refused] = (await office.insertCodes([code])).refused;
    if (refused === undefined) return code;
    if (refused.reason === "duplicate_id") throw refusal("duplicate_id", "is the id of another code", "id");
  }
  if (isGenerated) throw refusal("key_space_exhausted", `${MAX_DRAWS} generated codes exist already`);
  throw refusal("duplicate_code", "exists already", "code");
}

function defined(couponId: string, definition: PlainObject, context: Context): CodeRecord {
  try {
    const [code] = call((engine) => engine.defineCodes({ couponId, codes: [definition], batch: null }, context)).codes;
    if (code !== undefined) return withMetadata(code, definition);
  } catch (error) {
    if (!(error instanceof CouponError)) throw error;
    // The caller gave one definition, not a list of them.
    throw rerooted(error, (path) => path?.replace(/^codes\[0\]\.?/, ""));
  }
  throw refusal("internal", "no code was defined");
}
