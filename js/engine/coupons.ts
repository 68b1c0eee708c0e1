/**
 * `engine.coupons`: create, update, get, list, describe, and the states.
 */
import { refusal, refuseUnknown } from "../boundary/fields.js";
import { snapshotObject, type Plain } from "../boundary/snapshot.js";
import type { CounterView } from "../contract/storage.js";
import { description } from "../description.js";
import { requireKnownZones } from "../schedules.js";
import type { CouponRecord } from "../types/coupon.js";
import { call } from "../wasm/instance.js";
import type { Coupons, CouponView, CreatedCoupon } from "./api.js";
import type { UsageView } from "./api-redemptions.js";
import { couponCounter, creditCounters } from "./counters.js";
import { revisedMetadata, withMetadata } from "./metadata.js";
import type { Office } from "./office.js";
import type { Operations } from "./operations.js";
import { archive, idOf, revise, setActive, unarchive, type Revision } from "./revision.js";
import { requireLinkable } from "./rules.js";
import { shopPolicy } from "./settings.js";
import { beginCounting, claimedOf, usagesOf } from "./usage.js";

export function couponCalls(office: Office, operations: Operations): Coupons {
  return {
    create: (definition) => create(office, definition),
    update: async (id, changes, options) => revise(revisionOf(office, operations, id), changes, options),
    setActive: async (id, active) => setActive(revisionOf(office, operations, id), active),
    archive: async (id) => archive(revisionOf(office, operations, id)),
    unarchive: async (id) => unarchive(revisionOf(office, operations, id)),
    get: (id) => get(office, id),
    async list(request = {}) {
      const { data } = snapshotObject(request, "");
      refuseUnknown(data, ["after", "limit"]);
      const page = await office.coupons(data);
      return { items: await views(office, page.items), next: page.next };
    },
    async describe(id) {
      const view = await get(office, id);
      return view && view.description;
    },
    discountActiveAt: (id, payment) => discountActiveAt(office, id, payment),
  };
}

async function create(office: Office, definition: unknown): Promise<CreatedCoupon> {
  const { data } = snapshotObject(definition, "");
  const context = await office.context();
  const defined = call((engine) => engine.defineCoupon(data, context));
  requireKnownZones(data);
  const { mismatches, ownCode } = defined;
  const coupon = withMetadata(defined.coupon, data);
  await requireLinkable(office, coupon.rules);
  const definitions = (data["codes"] ?? []) as readonly Plain[];
  const codes = defined.codes.map((code, index) => withMetadata(code, definitions[index]));
  const status = await office.insertCoupon(coupon, ownCode);
  if (status === "duplicate_id") throw refusal("duplicate_id", "is the id of another coupon", "id");
  if (status === "duplicate_code") throw refusal("duplicate_code", "exists already", "code");
  const { stored, refused } = await office.insertCodes(codes);
  const unlike = codes.filter((code, index) => mismatches.includes(index) && stored.includes(code));
  const warnings = [
    ...refused.map(({ code, reason }) => ({ code: code.code, reason })),
    ...unlike.map(({ code }) => ({ code, reason: "template_mismatch" }) as const),
  ];
  return { coupon, code: ownCode, codes: stored, warnings };
}

async function discountActiveAt(office: Office, id: unknown, payment: unknown): Promise<boolean> {
  const { data } = snapshotObject(payment, "");
  refuseUnknown(data, ["redeemedAt", "paymentAt", "paymentNumber"]);
  const coupon = await office.coupon(idOf(id));
  if (coupon === null) throw refusal("coupon_not_found", "is not the id of a coupon", "id");
  const { duration, state } = coupon as unknown as Readonly<Record<"duration" | "state", Plain>>;
  const { stopOnDeactivate } = await shopPolicy(office);
  return call((engine) => engine.discountActiveAt({ ...data, duration, state, stopOnDeactivate }));
}

function revisionOf(office: Office, operations: Operations, id: unknown): Revision<CouponRecord> {
  const couponId = idOf(id);
  return {
    async read() {
      const coupon = await office.coupon(couponId);
      if (coupon === null) throw refusal("coupon_not_found", "is not the id of a coupon", "id");
      return coupon;
    },
    async next(record, changes) {
      const context = await office.context();
      const counters = await office.ledger.counters([couponCounter(couponId), ...creditCounters(record).slice(0, 1)]);
      const claimed = await claimedOf(office.ledger, "coupon", record, counters);
      const revised = call((engine) => engine.reviseCoupon({ record, changes, claimed }, context));
      requireKnownZones(changes);
      if (revised.code !== record.code && record.type !== "bulk_pool") {
        throw refusal("not_supported", "is what customers have: add another code, and archive this one", "code");
      }
      if ("rules" in changes) await requireLinkable(office, revised.rules);
      await beginCounting(office.ledger, operations, "coupon", record, revised);
      return revisedMetadata(revised, record, changes);
    },
    replace: (record, expected) => office.update("updateCoupon", record, expected),
  };
}

async function get(office: Office, id: unknown): Promise<CouponView | null> {
  const coupon = await office.coupon(idOf(id));
  const [view] = coupon === null ? [] : await views(office, [coupon]);
  return view ?? null;
}

/** One read of the ledger, one of the redemptions and one of the rules, for all of them. */
async function views(office: Office, coupons: readonly CouponRecord[]): Promise<CouponView[]> {
  if (coupons.length === 0) return [];
  const names = [...coupons.map(({ id }) => couponCounter(id)), ...coupons.flatMap(creditCounters)];
  const read = await office.ledger.counters(names);
  const counters = new Map<string, CounterView | undefined>(names.map((name, index) => [name, read[index]]));
  const usages = await usagesOf(office.ledger, "coupon", coupons, read);
  const rules = await office.rules([...new Set(coupons.flatMap((coupon) => coupon.rules))]);
  const now = office.now();
  return coupons.map((coupon, index) => {
    const linked = coupon.rules.flatMap((id) => rules.get(id) ?? []);
    const usage = usages[index] as UsageView;
    const credit = creditOf(creditCounters(coupon).map((name) => counters.get(name)));
    return { coupon, description: description({ coupon, rules: linked, used: usage.used ?? 0, credit, now }, office.texts), usage };
  });
}

/** An ended hold keeps nothing back. */
function creditOf([spent, added]: readonly (CounterView | undefined)[]) {
  if (spent === undefined || added === undefined) return null;
  return { claimed: spent.claimed - (spent.ended ?? 0), held: spent.held, added: added.claimed };
}
