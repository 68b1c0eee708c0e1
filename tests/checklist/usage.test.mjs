/**
 * What the guides say about counting: redemptions, uses left, last use, by code and by coupon (S0.45 to S0.47, S1, S2.62,
 * S4), on the built package and a memory store. Owns no rule; the life of a reservation is in `reservations.test.mjs`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, buyer, cart, coupon, createCouponEngine, email, memoryStorage, openShop, percent } from "./shop.mjs";

const HOUR = 3_600_000;

/** A paid order, as a storefront makes it. */
async function order({ engine }, key, codes, more = {}) {
  const onCart = more.cart ?? cart(100_000);
  const held = await engine.reserve({ key, codes, cart: onCart, now: NOW, ...more });
  assert.equal(held.status, "held", JSON.stringify(held.quote?.codes));
  const paid = await engine.redeem({ key, now: more.now ?? NOW });
  assert.equal(paid.status, "redeemed");
  return paid.redemption;
}

async function usageOf({ engine }, codeId) {
  const code = await engine.codes.get(codeId);
  const [usage] = await engine.codes.usage([code]);
  return usage;
}

test("S0.45, S1.8: each code counts its redemptions, what is left, the last use and by whom", async () => {
  const shop = await openShop({ coupons: [coupon({ code: null, codes: [
    { id: "limited", code: "LIMITED", limits: { total: 3 } }, { id: "free", code: "FREE" },
  ] })] });
  const before = await usageOf(shop, "limited");
  assert.deepEqual(
    [before.used, before.redeemed, before.held, before.remaining, before.lastUsedAt, before.lastOrder],
    [0, 0, 0, 3, null, null],
  );
  await order(shop, "o-1", ["LIMITED"], { customer: buyer({ kind: "id", value: "42" }) });
  await order(shop, "o-2", ["LIMITED"], { customer: buyer({ kind: "id", value: "7" }), now: NOW + HOUR });
  await order(shop, "o-3", ["FREE"]);
  const limited = await usageOf(shop, "limited");
  assert.deepEqual(
    [limited.used, limited.redeemed, limited.remaining, limited.lastUsedAt, limited.lastOrder, limited.lastUsedBy],
    [2, 2, 1, NOW + HOUR, "o-2", ["id/7"]],
  );
  const free = await usageOf(shop, "free");
  assert.deepEqual([free.used, free.remaining, free.lastOrder], [1, null, "o-3"]);
  const ofCoupon = (await shop.engine.coupons.get("c1")).usage;
  assert.deepEqual([ofCoupon.used, ofCoupon.remaining], [3, null]);
});

test("S0.45: a limit that was lowered below what is used leaves 0, never less", async () => {
  const shop = await openShop({ policy: { lock: "never" }, coupons: [coupon({ limits: { total: 5 } })] });
  for (const key of ["a", "b", "c"]) await order(shop, key, ["SAVE20"]);
  await shop.engine.coupons.update("c1", { limits: { total: 2 } });
  const { usage } = await shop.engine.coupons.get("c1");
  assert.deepEqual([usage.used, usage.remaining], [3, 0]);
});

test("S0.46: a pool's use is the sum over its codes, a shared code's its own", async () => {
  for (const limits of [{}, { total: 10 }]) {
    const shop = await openShop({ coupons: [
      { id: "pool", type: "bulk_pool", code: "POOL", discount: percent(1_000), limits, codes: ["POOL-AAA111", "POOL-BBB222", "POOL-CCC333"].map((code) => ({ code })) },
      coupon({ limits }),
    ] });
    await order(shop, "1", ["POOL-AAA111"]);
    await order(shop, "2", ["POOL-AAA111"]);
    await order(shop, "3", ["POOL-CCC333"]);
    await order(shop, "4", ["SAVE20"]);
    const codes = (await shop.engine.codes.list({ couponId: "pool" })).items;
    const usage = await shop.engine.codes.usage(codes);
    assert.deepEqual(usage.map(({ redeemed }) => redeemed), [2, 0, 1]);
    assert.equal((await shop.engine.coupons.get("pool")).usage.redeemed, 3);
    assert.equal((await shop.engine.coupons.get("pool")).description.used, 3);
    assert.equal((await shop.engine.coupons.get("c1")).usage.used, 1);
  }
});

test("S0.47: counted once, when the order reaches a paid status, by whichever way", async () => {
  const ways = [
    ["pending"], ["pending", "processing"], ["pending", "processing", "completed"], ["pending", "on-hold"],
    ["pending", "processing", "processing", "processing"], ["processing"], ["pending", "failed", "processing"],
  ];
  for (const statuses of ways) {
    const shop = await openShop({ policy: { preset: "dino" }, coupons: [coupon({ limits: { total: 9 } })] });
    let from = null;
    for (const to of statuses) {
      await shop.engine.orderStatus({ key: "w-1", from, to, codes: ["SAVE20"], cart: cart(100_000), now: NOW });
      from = to;
    }
    const { usage } = await shop.engine.coupons.get("c1");
    assert.equal(usage.used, statuses.length === 1 && statuses[0] === "pending" ? 0 : 1, statuses.join(" → "));
    assert.deepEqual((await shop.engine.reconcile()).differences, []);
  }
});

test("S0.47: a guide whose orders are paid when completed counts then", async () => {
  const shop = await openShop({ policy: { preset: "fontdue" }, coupons: [coupon()] });
  const tell = (to) => shop.engine.orderStatus({ key: "f-1", to, codes: ["SAVE20"], cart: cart(100_000), now: NOW });
  assert.equal((await tell("pending")).action, "reserve");
  assert.deepEqual(await tell("processing"), { action: "none", outcome: null });
  assert.equal((await tell("completed")).outcome.status, "redeemed");
  assert.deepEqual(await tell("completed"), { action: "none", outcome: null });
});

test("S1.5: what the codes count and what the coupon counts agree", async () => {
  const shop = await openShop({ coupons: [coupon({ code: null, limits: { total: 50 }, codes: [
    { id: "a", code: "AAA", limits: { total: 20 } }, { id: "b", code: "BBB", limits: { total: 20 } }, { id: "c", code: "CCC" },
  ] })] });
  for (const [at, code] of ["AAA", "BBB", "AAA", "CCC", "AAA"].entries()) await order(shop, `o${at}`, [code]);
  await shop.engine.rollback({ key: "o2", now: NOW });
  const usage = await shop.engine.codes.usage((await shop.engine.codes.list({ couponId: "c1" })).items);
  const sum = usage.reduce((all, { redeemed }) => all + redeemed, 0);
  assert.deepEqual([sum, usage.map(({ used }) => used)], [4, [2, 1, 1]]);
  assert.equal((await shop.engine.coupons.get("c1")).usage.used, sum);
});

test("S1.10, S2.62: which order redeemed which code, when and by whom; a failed payment is none of them", async () => {
  const shop = await openShop({ coupons: [coupon()] });
  await order(shop, "paid", ["SAVE20"], { customer: buyer({ kind: "id", value: "42" }, email("Mona@Example.com")) });
  await shop.engine.reserve({ key: "failed", codes: ["SAVE20"], cart: cart(100_000), now: NOW });
  await shop.engine.release({ key: "failed", reason: "card declined", now: NOW });
  const { items } = await shop.engine.redemptions.list({ couponId: "c1", states: ["redeemed"] });
  assert.deepEqual(items.map(({ key }) => key), ["paid"]);
  const [{ codes, redeemedAt, order: number, totals }] = items;
  assert.deepEqual(codes.map(({ code, couponId, amount: taken }) => [code, couponId, taken]), [["SAVE20", "c1", 20_000]]);
  assert.deepEqual([redeemedAt, number, totals.total], [NOW, "paid", 80_000]);
  for (const key of [{ kind: "id", value: "42" }, email(" mona@example.COM ")]) {
    const found = await shop.engine.redemptions.list({ customer: key });
    assert.deepEqual(found.items.map((one) => one.key), ["paid"], JSON.stringify(key));
  }
  const all = await shop.engine.redemptions.list({ couponId: "c1" });
  assert.deepEqual(all.items.map(({ key, state }) => [key, state]).sort(), [["failed", "released"], ["paid", "redeemed"]]);
});

test("S1.17: a mail blast, a partnership and a tracked promotion, each measured by its own redemptions", async () => {
  const blast = { id: "blast", type: "bulk_pool", code: "MAIL", discount: percent(1_000), codes: ["MAIL-AA1111", "MAIL-BB2222", "MAIL-CC3333"].map((code) => ({ code, limits: { total: 1 } })) };
  const shop = await openShop({ coupons: [
    blast,
    { id: "partner", type: "standard", code: "LENA15", discount: percent(1_500) },
    { id: "tracked", type: "url_token", code: "SPRING-LINK", discount: amount(500) },
  ] });
  await order(shop, "m1", ["MAIL-AA1111"]);
  await order(shop, "m2", ["MAIL-CC3333"]);
  for (const key of ["p1", "p2", "p3"]) await order(shop, key, ["LENA15"]);
  await order(shop, "t1", [{ code: "SPRING-LINK", origin: "url" }]);
  const second = await shop.engine.reserve({ key: "m3", codes: ["MAIL-AA1111"], cart: cart(100_000), now: NOW });
  assert.deepEqual([second.status, second.reason], ["refused", "codes_refused"]);
  const used = async (id) => (await shop.engine.coupons.get(id)).usage.redeemed;
  assert.deepEqual([await used("blast"), await used("partner"), await used("tracked")], [2, 3, 1]);
});

test("S4.33: orders that used a coupon stay as they were when it is switched off, edited or archived", async () => {
  const shop = await openShop({ policy: { lock: "never" }, coupons: [coupon()] });
  const before = await order(shop, "past", ["SAVE20"]);
  await shop.engine.coupons.update("c1", { discount: percent(5_000) });
  await shop.engine.coupons.setActive("c1", false);
  await shop.engine.coupons.archive("c1");
  const after = await shop.engine.redemptions.get("past");
  assert.deepEqual(after, before);
  assert.deepEqual([after.codes[0].version, after.codes[0].terms], [1, percent(2_000)]);
});

test("S4+.2: an order's total is its lines less the discount; a partial refund leaves it, a full one takes it out", async () => {
  const shop = await openShop({ coupons: [coupon()] });
  await order(shop, "o", ["SAVE20"], { cart: { ...cart(10_000, 5_000), tax: 1_200 } });
  const completed = async () => (await shop.engine.redemptions.list({ couponId: "c1", states: ["redeemed"] })).items;
  await shop.engine.rollback({ key: "o", refundId: "r1", lines: [{ lineId: "a", quantity: 1 }], now: NOW });
  const [{ totals }] = await completed();
  assert.equal(totals.subtotal - totals.discount, 12_000);
  await shop.engine.rollback({ key: "o", cause: "refunded", now: NOW });
  assert.deepEqual(await completed(), []);
});

test("B15: what is shown of the use may lag behind, what is claimed never does", async () => {
  const storage = memoryStorage();
  const { ledger } = storage;
  const none = { claimed: 0, held: 0, ended: 0, nextExpiry: null };
  let lags = false;
  const lagging = {
    ...ledger,
    read: (request) => {
      const view = ledger.read(request);
      return lags ? { ...view, counters: request.counters.map(() => none) } : view;
    },
  };
  const shop = await openShop({ coupons: [coupon({ limits: { total: 1 } })], storage: { ...storage, ledger: lagging } });
  await order(shop, "first", ["SAVE20"]);
  lags = true;
  assert.equal((await shop.apply(["SAVE20"])).codes[0].state, "applied");
  await assert.rejects(shop.engine.reserve({ key: "second", codes: ["SAVE20"], cart: cart(100_000), now: NOW }), { code: "storage_busy" });
  lags = false;
  assert.equal((await shop.engine.coupons.get("c1")).usage.used, 1);
});

test("B36: a client that asks too often is answered without a look-up, and a login or a captcha opens its pool again", async () => {
  const shop = await openShop({ coupons: [coupon()] });
  const engine = await createCouponEngine({ storage: shop.storage, clock: () => NOW, attempts: { caller: 3, account: 20, pool: 5 } });
  const ask = (text, more) => engine.validate({ codes: [text], cart: cart(100_000), caller: "198.51.100.7", ...more });
  const reason = async (...request) => (await ask(...request)).codes[0].rejection?.code ?? "applied";
  for (const guess of ["GUESS1", "GUESS2", "GUESS3"]) assert.equal(await reason(guess), "not_applicable");
  assert.equal(await reason("SAVE20"), "too_many_attempts");
  assert.equal(await reason("SAVE20", { caller: "203.0.113.9" }), "applied");
  assert.equal(await reason("SAVE20", { now: NOW + 60_000 }), "applied");
});

test("S0+.8: a host is told of every attempt and every call", async () => {
  const shop = await openShop({ coupons: [coupon()] });
  const told = [];
  const engine = await createCouponEngine({
    storage: shop.storage, clock: () => NOW, attempts: true,
    onAttempt: ({ outcome }) => told.push(outcome), onEvent: ({ type, status }) => told.push([type, status]),
  });
  await engine.reserve({ key: "o", codes: ["SAVE20"], cart: cart(100_000), caller: "a" });
  await engine.redeem({ key: "o" });
  assert.deepEqual(told.filter(Array.isArray).map(([type]) => type), ["reserve", "redeem"]);
  assert.ok(told.includes("accepted"));
});

