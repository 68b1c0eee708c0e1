/**
 * A shop on any of the stores, and how one order goes through its engine. Owns no assertion: it answers what it was told.
 */
import { entry } from "./package.mjs";
import { openStore } from "./stores.mjs";

const CART = { currency: "EGP", lines: [{ id: "shirt", unitPrice: 1750, quantity: 2 }, { id: "socks", unitPrice: 700, quantity: 1 }] };

export async function openEngine(store) {
  return engineOn(await openStore(store));
}

export async function engineOn(storage) {
  return (await entry("index")).createCouponEngine({ storage, timeoutMs: 60_000, policy: { stacking: { maxCodes: 5 }, disclosure: "full" } });
}

/** One code for everybody. */
export async function sharedCode(engine, code, total) {
  const { coupon: { id } } = await engine.coupons.create({ type: "standard", code, discount: { type: "percent", basisPoints: 1000 }, limits: { total } });
  return id;
}

/** As many codes as wanted, of one coupon that holds the limit. */
export async function manyCodes(engine, { registry }, prefix, count, total) {
  const { coupon: { id } } = await engine.coupons.create({ type: "bulk_pool", code: prefix, discount: { type: "percent", basisPoints: 1000 }, limits: { total } });
  await engine.generate({ couponId: id, count });
  const codes = [];
  for (let after = null, last = false; !last;) {
    const { items, next } = await registry.listCodes({ couponId: id, after, limit: 1000 });
    codes.push(...items.filter(({ batch }) => batch !== null).map(({ code }) => code));
    [after, last] = [next, next === null];
  }
  return { id, codes };
}

/** Reserves, asks again, and where it is held pays, and asks again. */
export async function purchase(engine, { key, codes }) {
  const request = { key, codes, cart: CART };
  const held = await engine.reserve(request);
  if (held.status !== "held") return { status: held.status, reason: held.reason, redemption: held.redemption, faults: [] };
  const heldAgain = await engine.reserve(request);
  const paid = await engine.redeem({ key });
  const paidAgain = await engine.redeem({ key });
  const faults = [...differences("reserve", held, heldAgain), ...differences("redeem", paid, paidAgain)];
  if (!held.changed || !paid.changed) faults.push("the first answer says that nothing changed");
  return { status: paid.status, reason: paid.reason, redemption: paid.redemption, faults };
}

/** The same request once more, when everything is over. */
export async function repeat(engine, { key, codes }) {
  const { status, reason, changed, redemption, quote } = await engine.reserve({ key, codes, cart: CART });
  return { status, reason, changed, redemption, rejections: quote?.codes.map(({ rejection }) => rejection?.code ?? null) ?? null };
}

function differences(call, first, again) {
  const same = again.status === first.status && !again.changed && JSON.stringify(again.redemption) === JSON.stringify(first.redemption);
  return same ? [] : [`${call} again answers ${JSON.stringify(again)} after ${JSON.stringify(first)}`];
}
