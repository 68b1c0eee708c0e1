/**
 * `engine.coupons`: create, get, list, describe.
 */
import { refusal, refuseUnknown } from "../boundary/fields.js";
import { snapshot, snapshotObject, type Plain } from "../boundary/snapshot.js";
import type { CounterView } from "../contract/storage.js";
import type { CouponRecord } from "../types/coupon.js";
import { call } from "../wasm/instance.js";
import type { Coupons, CouponView, CreatedCoupon } from "./api.js";
import { withMetadata } from "./metadata.js";
import type { Office } from "./office.js";

export function couponCalls(office: Office): Coupons {
  return {
    create: (definition) => create(office, definition),
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
  };
}

async function create(office: Office, definition: unknown): Promise<CreatedCoupon> {
  const { data } = snapshotObject(definition, "");
  const context = await office.context();
  const defined = call((engine) => engine.defineCoupon(data, context));
  const { ownCode } = defined;
  const coupon = withMetadata(defined.coupon, data);
  const definitions = (data["codes"] ?? []) as readonly Plain[];
  const codes = defined.codes.map((code, index) => withMetadata(code, definitions[index]));
  const status = await office.insertCoupon(coupon, ownCode);
  if (status === "duplicate_id") throw refusal("duplicate_id", "is the id of another coupon", "id");
  if (status === "duplicate_code") throw refusal("duplicate_code", "exists already", "code");
  const { stored, refused } = await office.insertCodes(codes);
  return { coupon, code: ownCode, codes: stored, warnings: refused.map(({ code, reason }) => ({ code: code.code, reason })) };
}

async function get(office: Office, id: unknown): Promise<CouponView | null> {
  const couponId = snapshot(id, "id");
  if (typeof couponId !== "string") throw refusal("invalid_type", "must be a string", "id");
  const coupon = await office.coupon(couponId);
  const [view] = coupon === null ? [] : await views(office, [coupon]);
  return view ?? null;
}

/** One read of the ledger for all of them. */
async function views(office: Office, coupons: readonly CouponRecord[]): Promise<CouponView[]> {
  if (coupons.length === 0) return [];
  const counters = await office.counters(coupons.map(({ id }) => call((engine) => engine.couponCounter(id))));
  const now = office.now();
  return coupons.map((coupon, index) => {
    const input = { coupon: coupon as unknown as Plain, used: usedOf(counters[index]), now };
    return { coupon, description: call((engine) => engine.describe(input)) };
  });
}

function usedOf(counter: CounterView | undefined): number {
  return counter === undefined ? 0 : counter.claimed - counter.held;
}
