/**
 * Guide S0, creating coupons: the items that the engine itself owns, as a shop sees them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, cart, coupon, discounts, evaluate, evaluated, openShop, parseUrlToken, percent, reasons, redeemed, refused } from "./shop.mjs";

const pool = (changes = {}) => coupon({ id: "pool", type: "bulk_pool", code: "SUMMER20", ...changes });

test("S0.1 two codes of one coupon give the same discount, end together and are used up together", () => {
  const shared = (changes) => coupon({ code: null, codes: [{ code: "ONE" }, { code: "TWO" }], limits: { total: 5 }, restrictions: { expiresAt: NOW + DAY }, ...changes });
  const each = (couponChanges, changes = {}) =>
    ["ONE", "TWO"].flatMap((code) => {
      const quote = evaluated({ coupons: [shared(couponChanges)], codes: [code], ...changes });
      return reasons(quote).concat(discounts(quote));
    });
  assert.deepEqual(each({}), ["applied", 20_000, "applied", 20_000]);
  assert.deepEqual(each({ discount: amount(700) }), ["applied", 700, "applied", 700]);
  assert.deepEqual(each({}, { now: NOW + DAY + 1 }), ["expired", 0, "expired", 0]);
  assert.deepEqual(each({}, { usage: redeemed({ "coupon/c1": 5 }) }), ["limit_reached", 0, "limit_reached", 0]);
});

test("S0.2 a second run adds to the first, whose codes stay as they were and valid", async () => {
  const { engine, codesOf, apply } = await openShop({ coupons: [pool()] });
  await engine.generate({ couponId: "pool", count: 4 });
  const { items: before } = await engine.codes.list({ couponId: "pool" });
  await engine.generate({ couponId: "pool", count: 3 });
  const { items: after } = await engine.codes.list({ couponId: "pool" });
  assert.equal(after.length, 7);
  assert.deepEqual(after.filter(({ batch }) => batch === 1), before);
  for (const code of await codesOf("pool")) assert.deepEqual(reasons(await apply([code])), ["applied"], code);
});

test("S0.3 a coupon needs a code and a type, and no more than those and a discount", async () => {
  const { engine } = await openShop();
  const { coupon: created } = await engine.coupons.create({ code: "WELCOME15", type: "standard", discount: percent(1_500) });
  assert.equal(created.code, "WELCOME15");
  assert.deepEqual(await refused(() => engine.coupons.create({ type: "standard", discount: percent(1_500) })), ["required", "code"]);
  assert.deepEqual(await refused(() => engine.coupons.create({ code: "X", discount: percent(1_500) })), ["required", "type"]);
});

test("S0.4 a code is stored in upper case and entered in any", async () => {
  const { created, codesOf, apply } = await openShop({ coupons: [coupon({ code: "summer20" })] });
  assert.equal(created[0].coupon.code, "SUMMER20");
  assert.deepEqual(await codesOf("c1"), ["SUMMER20"]);
  for (const entered of ["Summer20", "summer20", "SUMMER20"]) {
    const quote = await apply([entered]);
    assert.deepEqual([quote.codes[0].code, quote.totals.discount], ["SUMMER20", 20_000]);
  }
});

test("S0.5 the types are standard, bulk_pool and url_token, and nothing else", async () => {
  const { engine } = await openShop();
  for (const type of ["standard", "bulk_pool", "url_token"]) {
    const { coupon: created } = await engine.coupons.create({ type, code: `OF_${type}` });
    assert.equal(created.type, type);
  }
  for (const type of ["single", "Standard", ""]) {
    assert.deepEqual(await refused(() => engine.coupons.create({ type, code: "OTHER" })), ["invalid_value", "type"], type);
  }
});

test("S0.6 without a limit any number of uses, with one the next after the last is refused", async () => {
  const { redeem, apply } = await openShop({ coupons: [coupon(), coupon({ id: "c2", code: "FEW", limits: { total: 3 } })] });
  await redeem("coupon/c1", 1_000_000);
  assert.deepEqual(reasons(await apply(["SAVE20"])), ["applied"]);
  await redeem("coupon/c2", 2);
  assert.deepEqual(reasons(await apply(["FEW"])), ["applied"]);
  await redeem("coupon/c2");
  const [{ rejection }] = (await apply(["FEW"])).codes;
  assert.deepEqual([rejection.code, rejection.details], ["limit_reached", { limit: 3, used: 3 }]);
});

test("S0.7 pool codes are unique among themselves and against every other code", async () => {
  const { engine, codesOf } = await openShop({ coupons: [pool({ code: "P" }), coupon({ id: "other", code: "P-AAAA" })] });
  await engine.codes.add({ couponId: "other", code: "P-BBBB" });
  await engine.generate({ couponId: "pool", count: 5, length: 4, charset: "AB" });
  const all = [...(await codesOf("pool")), ...(await codesOf("other"))];
  assert.equal(all.length, 7);
  assert.equal(new Set(all).size, 7);
});

test("S0.8 a link token is applied by its link; typed it is not found, unless the shop accepts that", async () => {
  const token = coupon({ type: "url_token", code: "LINK-7" });
  const { apply } = await openShop({ coupons: [token] });
  assert.deepEqual(reasons(await apply(["LINK-7"])), ["not_found"]);
  assert.deepEqual(reasons(await apply([{ code: "LINK-7", origin: "typed" }])), ["not_found"]);
  const [{ canonical }] = parseUrlToken("https://shop.example/?coupon=link-7").tokens;
  assert.equal((await apply([{ code: canonical, origin: "url" }])).totals.discount, 20_000);
  const lenient = await openShop({ coupons: [token], policy: { urlTokenTyped: true } });
  assert.equal((await lenient.apply(["LINK-7"])).totals.discount, 20_000);
});

test("S0.9 a coupon without a discount can be saved, and says so instead of taking nothing off", async () => {
  const { engine, apply, validate } = await openShop({ coupons: [coupon({ discount: undefined })] });
  const quote = await apply(["SAVE20"]);
  assert.deepEqual([reasons(quote), quote.totals.discount, quote.adjustments], [["no_discount_linked"], 0, []]);
  assert.equal((await validate(["SAVE20"])).valid, false);
  const { valid, terms } = await engine.coupons.describe("c1");
  assert.deepEqual([valid, terms], [false, null]);
});

test("S0.11 a definition that is tried, refused or changed afterwards leaves nothing in the store", async () => {
  const { engine } = await openShop();
  const draft = coupon();
  assert.equal(evaluate({ coupons: [draft], codes: ["SAVE20"], cart: cart(1_000), now: NOW }).totals.discount, 200);
  await refused(() => engine.coupons.create({ ...draft, priority: 0.5 }));
  assert.deepEqual((await engine.coupons.list()).items, []);
  await engine.coupons.create(draft);
  draft.discount.basisPoints = 9_000;
  assert.equal((await engine.coupons.get("c1")).coupon.discount.basisPoints, 2_000);
});

test("S0.12 a standard coupon's own code is its only code record", async () => {
  const { created, engine, apply } = await openShop({ coupons: [coupon({ code: "WELCOME15", discount: percent(1_500) })] });
  const { items } = await engine.codes.list({ couponId: "c1" });
  assert.deepEqual(items, [created[0].code]);
  assert.equal(items[0].code, "WELCOME15");
  assert.equal((await apply(["welcome15"])).totals.discount, 15_000);
});

test("S0.14 the first run and every further one add exactly what was asked for", async () => {
  const { engine, codesOf } = await openShop({ coupons: [pool()] });
  for (const [count, sum] of [[7, 7], [1, 8], [12, 20]]) {
    assert.equal((await engine.generate({ couponId: "pool", count })).count, count);
    assert.equal((await codesOf("pool")).length, sum);
  }
});

test("S0.15 asked for six of A-Z and 0-9, every pool code has the guide's shape", async () => {
  const { engine, codesOf } = await openShop({ coupons: [pool()] });
  await engine.generate({ couponId: "pool", count: 200, length: 6, charset: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" });
  const codes = await codesOf("pool");
  assert.equal(codes.length, 200);
  for (const code of codes) assert.match(code, /^SUMMER20-[A-Z0-9]{6}$/);
});

test("S0.15 under the dino preset that shape is the default", async () => {
  const { engine, codesOf } = await openShop({ coupons: [pool()] });
  await engine.settings.update({ preset: "dino" });
  await engine.generate({ couponId: "pool", count: 100 });
  for (const code of await codesOf("pool")) assert.match(code, /^SUMMER20-[A-Z0-9]{6}$/);
  const { length } = await engine.generate({ couponId: "pool", count: 100, shape: "unguessable" });
  assert.ok(length > 6, `${length} characters`);
});

test("S0.16 a pool's prefix is no code", async () => {
  const { engine, apply } = await openShop({ coupons: [pool()] });
  await engine.generate({ couponId: "pool", count: 3 });
  assert.deepEqual(reasons(await apply(["SUMMER20"])), ["not_found"]);
  assert.deepEqual(reasons(await apply(["SUMMER20-"])), ["not_found"]);
});

test("S0.25 the coupon's code can be read back for copying", async () => {
  const { engine } = await openShop({ coupons: [coupon({ code: "copy-me" }), pool()] });
  assert.equal((await engine.coupons.get("c1")).coupon.code, "COPY-ME");
  assert.equal((await engine.coupons.get("pool")).coupon.code, "SUMMER20");
});

test("S0.37 runs are numbered from 1 in each coupon, and a number is never given twice", async () => {
  const { engine } = await openShop({ coupons: [pool(), pool({ id: "second", code: "WINTER" })] });
  const number = async (couponId, more = {}) => (await engine.generate({ couponId, count: 2, ...more })).batch;
  assert.deepEqual([await number("pool"), await number("pool"), await number("second")], [1, 2, 1]);
  const stop = () => {
    throw new Error("enough");
  };
  assert.deepEqual(await refused(() => number("pool", { onProgress: stop })), ["aborted", "onProgress"]);
  assert.equal(await number("pool"), 4);
  const batches = await engine.batches.list("pool");
  assert.deepEqual(batches.map((batch) => [batch.number, batch.state]), [[1, "complete"], [2, "complete"], [3, "failed"], [4, "complete"]]);
  const { items } = await engine.codes.list({ couponId: "pool" });
  for (const batch of batches) assert.equal(items.filter((code) => code.batch === batch.number).length, batch.generated, `batch ${batch.number}`);
});

test("S0.39 a run keeps who asked for it, and nobody is no error", async () => {
  const { engine } = await openShop({ coupons: [pool()] });
  await engine.generate({ couponId: "pool", count: 1, actor: "mona@shop.example" });
  await engine.generate({ couponId: "pool", count: 1 });
  assert.deepEqual((await engine.batches.list("pool")).map(({ actor }) => actor), ["mona@shop.example", null]);
});

test("S0.48 a hundred carts with the code count nothing", async () => {
  const { apply, validate, engine, storage } = await openShop({ coupons: [coupon({ limits: { total: 1 } })] });
  for (let time = 0; time < 100; time++) {
    assert.equal((await apply(["SAVE20"])).totals.discount, 20_000);
    assert.equal((await apply([])).totals.discount, 0);
  }
  assert.equal((await validate(["SAVE20"])).valid, true);
  assert.equal((await engine.coupons.describe("c1")).used, 0);
  const { counters } = await storage.ledger.read({ at: NOW, counters: ["coupon/c1"], entries: [], expiredHolds: null });
  assert.deepEqual(counters, [{ claimed: 0, held: 0, ended: 0, nextExpiry: null }]);
});

test("S0+.1 the parameter's token is found and taken out of the link, and discounts the next cart", async () => {
  const { apply } = await openShop({ coupons: [coupon({ type: "url_token", code: "VIP_2-x" })] });
  const { tokens, cleanUrl } = parseUrlToken("https://shop.example/hats?size=L&dino_apply=vip_2-X#top", { params: ["dino_apply"] });
  assert.deepEqual(tokens, [{ canonical: "VIP_2-X", source: "query", param: "dino_apply" }]);
  assert.equal(cleanUrl, "https://shop.example/hats?size=L#top");
  assert.equal((await apply([{ code: tokens[0].canonical, origin: "url" }])).totals.discount, 20_000);
});

const MODES = [["additive", 1_500], ["sequential", 1_450], ["best", 1_000], ["first", 500], ["none", 0]];
for (const [mode, discount] of MODES) {
  test(`S0+.4 stacking ${mode}: 10 % and 5 % of 100.00 take ${discount}`, () => {
    const coupons = [coupon({ id: "ten", code: "TEN", discount: percent(1_000), priority: 2 }), coupon({ id: "five", code: "FIVE", discount: percent(500), priority: 1 })];
    const quote = evaluated({ coupons, codes: ["TEN", "FIVE"], cart: cart(10_000), policy: { stacking: { mode, maxCodes: 5 } } });
    assert.deepEqual([quote.totals.discount, quote.totals.total], [discount, 10_000 - discount]);
  });
}

test("S0+.4 the order is the merchant's: by priority, not as the codes were typed", () => {
  const coupons = [coupon({ id: "last", code: "A", priority: 9 }), coupon({ id: "first", code: "Z", priority: 1 })];
  for (const codes of [["A", "Z"], ["Z", "A"]]) {
    const quote = evaluated({ coupons, codes, policy: { preset: "dino" } });
    assert.deepEqual(quote.adjustments.map(({ couponId }) => couponId), ["first", "last"]);
  }
});
