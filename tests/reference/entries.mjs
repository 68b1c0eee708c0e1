/**
 * Owns what each entered code stands for: the coupon, the code record, its name and label, or why there is none.
 * Must not judge whether a coupon that was found may be used.
 */
import { canonicalCode, isTooLong } from "./canonical.mjs";
import { rejection } from "./rejection.mjs";

/**
 * One entry per entered code, in the request's order. `refusal` is set where nothing further is to be checked.
 * `record` is `null` for a coupon applied by its id; `name` is what other entries' refusals call this one.
 */
export function readEntries(request, policy) {
  const coupons = new Map(request.coupons.map((coupon) => [coupon.id, coupon]));
  const records = codeRecords(request.coupons, policy);
  const entries = request.codes.map((entered, index) => readEntry(entered, index, coupons, records, policy));
  refuseRepeats(entries);
  return entries;
}

function readEntry(entered, index, coupons, records, policy) {
  if (typeof entered === "object" && "couponId" in entered) {
    const coupon = coupons.get(entered.couponId);
    return coupon ? found(index, null, coupon, null) : unfound(index, null, "not_found", false);
  }
  const { code: text, origin = "typed" } = typeof entered === "string" ? { code: entered } : entered;
  const code = canonicalCode(text, policy.innerSpace);
  if (code === null) return unfound(index, null, isTooLong(text) ? "malformed" : "not_found");
  const match = records.get(code);
  if (!match) return unfound(index, code, "not_found");
  const linkOnly = match.coupon.type === "url_token" && !policy.urlTokenTyped;
  if (linkOnly && origin === "typed") return unfound(index, code, "not_found");
  return found(index, code, match.coupon, match.record);
}

/** Every text that finds something. The own code of a pool is only the prefix of its codes. */
function codeRecords(coupons, policy) {
  const records = new Map();
  for (const coupon of coupons) {
    if (coupon.type !== "bulk_pool" && coupon.code != null) {
      const text = canonicalCode(coupon.code, policy.innerSpace);
      records.set(text, { coupon, record: { id: text } });
    }
    for (const definition of coupon.codes ?? []) {
      if (definition.code == null) continue;
      const text = canonicalCode(definition.code, policy.innerSpace);
      records.set(text, { coupon, record: { ...definition, id: definition.id ?? text } });
    }
  }
  return records;
}

function found(index, code, coupon, record) {
  const name = code ?? coupon.id;
  return { index, code, coupon, record, name, label: coupon.name || name, refusal: null, isText: record !== null };
}

function unfound(index, code, reason, isText = true) {
  return { index, code, coupon: null, record: null, name: null, label: null, refusal: rejection(reason, "code"), isText };
}

function refuseRepeats(entries) {
  const seen = [];
  for (const entry of entries.filter((candidate) => candidate.coupon)) {
    const first = seen.find((other) => other.coupon === entry.coupon && other.record?.id === entry.record?.id);
    if (first) {
      entry.repeats = first;
      entry.refusal = rejection("already_applied", "code", { with: [first.name] });
    } else seen.push(entry);
  }
}
