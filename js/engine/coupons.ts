/**
 * `engine.coupons`: create, get, list, describe.
 */
import { refusal, refuseUnknown } from "../boundary/fields.js";
import { snapshot, snapshotObject, type Plain, type PlainObject } from "../boundary/snapshot.js";
import type { CounterView } from "../contract/storage.js";
import { CouponError, rerooted } from "../errors.js";
import { invalidAnswer } from "../host.js";
import type { CouponDescription, CouponRecord } from "../types/coupon.js";
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
      const pathOf = (index: number): string => `storage.registry.listCoupons.items[${index}]`;
      return { items: await views(office, page.items, pathOf), next: page.next };
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
  const [view] = coupon === null ? [] : await views(office, [coupon], () => "storage.registry.getCoupon");
  return view ?? null;
}

/** One read of the ledger for all of them. */
async function views(office: Office, coupons: readonly CouponRecord[], pathOf: (index: number) => string): Promise<CouponView[]> {
  if (coupons.length === 0) return [];
  const counters = await office.counters(coupons.map(({ id }) => `coupon/${escaped(id)}`));
  const now = office.now();
  return coupons.map((coupon, index) => {
    const input = { coupon: coupon as unknown as Plain, used: usedOf(counters[index]), now };
    return { coupon, description: described(input, pathOf(index)) };
  });
}

/** A record that cannot be described is the storage's fault, and is told with the place in its answer. */
function described(input: PlainObject, path: string): CouponDescription {
  try {
    return call((engine) => engine.describe(input));
  } catch (error) {
    if (!(error instanceof CouponError) || !error.path?.startsWith("coupon")) throw error;
    const moved = rerooted(error, (inside) => inside?.replace(/^coupon/, path));
    if (moved.code === "schema_too_new") throw moved;
    throw invalidAnswer(moved.path ?? path, "is not a coupon record", error);
  }
}

function usedOf(counter: CounterView | undefined): number {
  return counter === undefined ? 0 : counter.claimed - counter.held;
}

/** A variable part of a counter's name, so that no id can look like two parts. */
function escaped(part: string): string {
  return part.replaceAll("%", "%25").replaceAll("/", "%2F");
}
