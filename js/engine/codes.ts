/**
 * `engine.codes`: add, update, get, list, and the states. Generation has its own file.
 */
import { flag, refusal, refuseUnknown, text, wholeNumber } from "../boundary/fields.js";
import { snapshot, snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import { CouponError, withPaths } from "../errors.js";
import { requireKnownZones } from "../schedules.js";
import type { CodeRecord, CouponRecord } from "../types/coupon.js";
import { call } from "../wasm/instance.js";
import type { Context } from "../wasm/exports.js";
import type { AddedCode, Codes } from "./api.js";
import type { UsageView } from "./api-redemptions.js";
import { codeCounter } from "./counters.js";
import { generate } from "./generate.js";
import { revisedMetadata, withMetadata } from "./metadata.js";
import type { Office } from "./office.js";
import type { Operations } from "./operations.js";
import { archive, idOf, revise, setActive, unarchive, type Revision } from "./revision.js";
import { beginCounting, claimedOf, usagesOf } from "./usage.js";

export function codeCalls(office: Office, operations: Operations): Codes {
  return {
    add: (request) => add(office, request),
    update: async (id, changes, options) => revise(revisionOf(office, operations, id), changes, options),
    setActive: async (id, active) => setActive(revisionOf(office, operations, id), active),
    archive: async (id) => archive(revisionOf(office, operations, id)),
    unarchive: async (id) => unarchive(revisionOf(office, operations, id)),
    get: async (id) => office.code(idOf(id)),
    generate: (request) => generate(office, request),
    async list(request) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["couponId", "after", "limit"]);
      return office.codes(data, text(data, "couponId"));
    },
    usage: (codes) => usage(office, codes),
  };
}

async function usage(office: Office, given: unknown): Promise<readonly UsageView[]> {
  const items = snapshot(given, "codes");
  if (!Array.isArray(items)) throw refusal("invalid_type", "must be an array of code records", "codes");
  if (items.length > MAX_USAGES) throw refusal("too_large", `has more than ${MAX_USAGES} records`, "codes");
  const codes = (items as readonly Plain[]).map((item, index) => countedIn(item, `codes[${index}]`));
  return usagesOf(office.ledger, "code", codes, await office.ledger.counters(codes.map(({ id }) => codeCounter(id))));
}

/** What of a record is needed to count it. */
function countedIn(record: Plain, path: string): Pick<CodeRecord, "id" | "limits"> {
  const { data } = snapshotObject(record, path);
  return withPaths((name) => `${path}.${name}`, () => {
    const limits = snapshotObject(data["limits"] ?? {}, "limits").data;
    const total = limits["total"] ?? null;
    if (total !== null) wholeNumber(total, "limits.total", 1, Number.MAX_SAFE_INTEGER);
    return { id: text(data, "id"), limits: { total } as CodeRecord["limits"] };
  });
}

/** A generated text may be taken; it is drawn again this often. */
const MAX_DRAWS = 20;
/** As many as a page of `list` has at most. */
const MAX_USAGES = 1_000;

async function add(office: Office, request: unknown): Promise<AddedCode> {
  const { data } = snapshotObject(request, "");
  const { couponId: _, strict: __, ...definition } = data;
  const couponId = text(data, "couponId");
  const isStrict = flag(data, "strict", false);
  const coupon = await office.knownCoupon(couponId);
  const context = await office.context();
  const isGenerated = definition["code"] === undefined || definition["code"] === null;
  for (let draw = 1; draw <= (isGenerated ? MAX_DRAWS : 1); draw++) {
    const { code, fitsTemplate } = defined(coupon, definition, context);
    requireKnownZones(definition);
    if (isStrict && !fitsTemplate) throw unlikeTemplate();
    const [refused] = (await office.insertCodes([code])).refused;
    if (refused === undefined) {
      return { ...code, warnings: fitsTemplate ? [] : [{ code: code.code, reason: "template_mismatch" }] };
    }
    if (refused.reason === "duplicate_id") throw refusal("duplicate_id", "is the id of another code", "id");
  }
  if (isGenerated) throw refusal("key_space_exhausted", `${MAX_DRAWS} generated codes exist already`);
  throw refusal("duplicate_code", "exists already", "code");
}

/** The caller gave one definition, not a list of them. */
function defined(coupon: CouponRecord, definition: PlainObject, context: Context): { code: CodeRecord; fitsTemplate: boolean } {
  const input = { coupon, codes: [definition], batch: null };
  const { codes, mismatches } = withPaths(
    (path) => path.replace(/^codes\[0\]\.?/, ""),
    () => call((engine) => engine.defineCodes(input, context)),
  );
  const [code] = codes;
  if (code === undefined) throw refusal("internal", "no code was defined");
  return { code: withMetadata(code, definition), fitsTemplate: mismatches.length === 0 };
}

function unlikeTemplate(): CouponError {
  const details = { reason: "template_mismatch" };
  return new CouponError({ code: "invalid_code", message: "does not fit the coupon's template", path: "code", details });
}

function revisionOf(office: Office, operations: Operations, id: unknown): Revision<CodeRecord> {
  const codeId = idOf(id);
  return {
    async read() {
      const code = await office.code(codeId);
      if (code === null) throw refusal("code_not_found", "is not the id of a code", "id");
      return code;
    },
    async next(record, changes) {
      const coupon = await office.knownCoupon(record.couponId);
      const context = await office.context();
      const claimed = await claimedOf(office.ledger, "code", record, await office.ledger.counters([codeCounter(codeId)]));
      const revised = call((engine) => engine.reviseCode({ coupon, record, changes, claimed }, context));
      requireKnownZones(changes);
      if (revised.code !== record.code) {
        throw refusal("not_supported", "is what customers have: add another code, and archive this one", "code");
      }
      await beginCounting(office.ledger, operations, "code", record, revised);
      return revisedMetadata(revised, record, changes);
    },
    replace: (record, expected) => office.update("updateCode", record, expected),
  };
}
