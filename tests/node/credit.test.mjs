/**
 * Store credit as a shop keeps it: issued, spent in part, given back, changed, voided, and its ledger.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStorage } from "./package.mjs";
import { NOW, cart, rejectionOf } from "./samples.mjs";
import { ANN, BOB, MINUTE, shopOf } from "./purchases.mjs";

async function creditShop(options = {}) {
  const shop = await shopOf({ coupons: [], ...options });
  const { code } = await shop.engine.credit.issue({ id: "k1", amount: 3_000, currency: "EGP", customer: ANN, name: "For the delay" });
  const order = (key, price, changes = {}) => ({ key, codes: [code.code], customer: ANN, cart: cart({ lines: [{ id: "a", unitPrice: price, quantity: 1 }] }), ...changes });
  const balance = async () => (await shop.engine.coupons.describe("k1")).balance.amount;
  const movements = async () => (await shop.engine.credit.movements("k1")).items.map(({ type, amount, balance: left, held }) => [type, amount, left, held]);
  return { ...shop, code, order, balance, movements };
}

/** Each balance follows from the one before, nothing is below 0, and nothing is lost. */
function assertConserved(movements) {
  let balance = 0;
  let held = 0;
  for (const { type, amount, ...after } of movements) {
    if (type === "capture") held += amount;
    else balance += amount;
    if (type === "reserve" || type === "release") held -= amount;
    assert.deepEqual([after.balance, after.held], [balance, held], type);
    assert.ok(balance >= 0 && held >= 0);
  }
}

test("semantics §16: issued for one customer under a code that cannot be guessed", async () => {
  const { engine, code, order, balance } = await creditShop();
  assert.match(code.code, /^[2-9A-HJ-NP-Z]{16}$/);
  assert.equal(await balance(), 3_000);
  assert.equal((await engine.apply(order(undefined, 1_000, { customer: BOB }))).codes[0].rejection.code, "not_applicable");
  assert.equal((await engine.apply(order(undefined, 1_000))).totals.credit, 1_000);
});

test("semantics §16: its ledger has issue, reserve, capture, release, restore, adjust and expire, with a running balance", async () => {
  const { engine, order, movements, balance, clock } = await creditShop();
  const step = async (run) => { clock.now += MINUTE; return run(); };
  await step(() => engine.reserve(order("o1", 1_000)));
  await step(() => engine.redeem({ key: "o1", order: "inv-1", captured: [{ couponId: "k1", amount: 800 }] }));
  await step(() => engine.reserve(order("o2", 500)));
  await step(() => engine.release({ key: "o2", reason: "declined" }));
  await step(() => engine.redeemNow(order("o3", 600)));
  await step(() => engine.rollback({ key: "o3" }));
  await step(() => engine.credit.adjust({ couponId: "k1", id: "more", amount: 250, reason: "goodwill" }));
  await step(() => engine.credit.adjust({ couponId: "k1", id: "less", amount: -50 }));
  const voided = await step(() => engine.credit.expire({ couponId: "k1", id: "end", reason: "two years" }));
  assert.deepEqual(voided, { changed: true, balance: { currency: "EGP", amount: 0 } });
  assert.deepEqual(await movements(), [
    ["issue", 3_000, 3_000, 0],
    ["reserve", -1_000, 2_000, 1_000],
    ["capture", -800, 2_000, 200],
    ["release", 200, 2_200, 0],
    ["reserve", -500, 1_700, 500],
    ["release", 500, 2_200, 0],
    ["reserve", -600, 1_600, 600],
    ["capture", -600, 1_600, 0],
    ["restore", 600, 2_200, 0],
    ["adjust", 250, 2_450, 0],
    ["adjust", -50, 2_400, 0],
    ["expire", -2_400, 0, 0],
  ]);
  const { items } = await engine.credit.movements("k1");
  assertConserved(items);
  assert.deepEqual(items.map(({ key, order: number, reason }) => [key, number, reason]).slice(2, 6), [["o1", "inv-1", null], ["o1", "inv-1", null], ["o2", null, null], ["o2", null, "declined"]]);
  assert.deepEqual(items.slice(-3).map(({ key, reason }) => [key, reason]), [[null, "goodwill"], [null, null], [null, "two years"]]);
  assert.equal(await balance(), 0);
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("invariant B3: a part that is refunded gives back its share, once", async () => {
  const { engine, order, movements } = await creditShop();
  await engine.redeemNow(order("o1", 1_000, { cart: cart({ lines: [{ id: "a", unitPrice: 1_000, quantity: 4 }] }) }));
  const back = await engine.rollback({ key: "o1", lines: [{ lineId: "a", quantity: 1 }], refundId: "r1" });
  assert.deepEqual([back.refund.credits, back.refund.payment], [[{ couponId: "k1", amount: 750 }], 250]);
  await engine.rollback({ key: "o1", lines: [{ lineId: "a", quantity: 1 }], refundId: "r1" });
  assert.deepEqual((await movements()).slice(1), [["reserve", -3_000, 0, 3_000], ["capture", -3_000, 0, 0], ["restore", 750, 750, 0]]);
});

test("holds that are replaced or end, and orders of other keys, keep the ledger conserved", async () => {
  const { engine, order, clock } = await creditShop();
  await engine.reserve(order("o1", 1_000));
  await engine.reserve(order("o1", 400, { replace: true }));
  await engine.reserve(order("o1", 900, { replace: true, holdFor: 1_000 }));
  await engine.redeemNow(order("o2", 200));
  clock.now += 1_000;
  await engine.sweep();
  clock.now += 1;
  await engine.redeem({ key: "o1" });
  const { items } = await engine.credit.movements("k1");
  assertConserved(items);
  assert.equal(items.at(-1).balance, 3_000 - 200 - 900);
});

test("what happened in one instant is in an order that can have been", async () => {
  const { engine, order, clock } = await creditShop();
  clock.now += MINUTE;
  await engine.reserve(order("z", 3_000));
  await engine.release({ key: "z" });
  await engine.redeemNow(order("m", 3_000));
  await engine.rollback({ key: "m" });
  await engine.credit.adjust({ couponId: "k1", id: "less", amount: -500 });
  await engine.reserve(order("a", 2_000));
  clock.now += MINUTE;
  await engine.release({ key: "a" });
  await engine.redeemNow(order("b", 2_000));
  clock.now += MINUTE;
  await engine.rollback({ key: "b" });
  const { items } = await engine.credit.movements("k1");
  assertConserved(items);
  assert.deepEqual(items.map(({ type, key }) => [type, key].join(" ").trim()), [
    "issue", "reserve m", "capture m", "restore m", "reserve z", "release z", "reserve a", "adjust",
    "release a", "reserve b", "capture b", "restore b",
  ]);
});

test("the same change again changes nothing; what is not left cannot be taken", async () => {
  const { engine, order } = await creditShop();
  const change = { couponId: "k1", id: "more", amount: 500 };
  assert.deepEqual(await engine.credit.adjust(change), { changed: true, balance: { currency: "EGP", amount: 3_500 } });
  assert.deepEqual(await engine.credit.adjust(change), { changed: false, balance: { currency: "EGP", amount: 3_500 } });
  assert.equal((await rejectionOf(engine.credit.adjust({ ...change, amount: 501 }))).code, "idempotency_mismatch");
  await engine.reserve(order("o1", 3_000));
  const error = await rejectionOf(engine.credit.adjust({ couponId: "k1", id: "less", amount: -501 }));
  assert.deepEqual([error.code, error.path], ["out_of_range", "amount"]);
  assert.deepEqual((await engine.credit.expire({ couponId: "k1", id: "end" })).balance.amount, 0);
  assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
});

test("what came back by a clock that is ahead comes before what was taken of it", async () => {
  const storage = memoryStorage();
  const ahead = await creditShop({ storage });
  const { engine: behind, clock } = await shopOf({ coupons: [], storage });
  await ahead.engine.reserve(ahead.order("a", 3_000));
  ahead.clock.now += 50;
  await ahead.engine.release({ key: "a" });
  clock.now = ahead.clock.now - 20;
  await behind.reserve(ahead.order("b", 3_000));
  await behind.redeem({ key: "b", captured: [{ couponId: "k1", amount: 1_000 }] });
  await behind.credit.adjust({ couponId: "k1", id: "a-little-less", amount: -2_000 });
  const { items } = await behind.credit.movements("k1");
  assertConserved(items);
  assert.deepEqual(items.map(({ type, balance }) => [type, balance]), [
    ["issue", 3_000], ["reserve", 0], ["release", 3_000], ["reserve", 0], ["capture", 0], ["release", 2_000], ["expire", 0],
  ]);
});

test("movements come in pages", async () => {
  const { engine } = await creditShop();
  for (let number = 0; number < 5; number += 1) await engine.credit.adjust({ couponId: "k1", id: `n${number}`, amount: 1 });
  const seen = [];
  let after = null;
  do {
    const { items, next } = await engine.credit.movements("k1", { limit: 2, after });
    seen.push(items.map(({ balance }) => balance));
    after = next;
  } while (after !== null);
  assert.deepEqual(seen, [[3_000, 3_001], [3_002, 3_003], [3_004, 3_005]]);
});

test("changes of a credit are no redemptions", async () => {
  const { engine } = await creditShop();
  await engine.credit.adjust({ couponId: "k1", id: "more", amount: 1 });
  assert.deepEqual((await engine.redemptions.list()).items, []);
  assert.deepEqual([await engine.redemptions.get("credit/k1/more"), await engine.redemptions.history("credit/k1/more")], [null, []]);
  const { usage } = await engine.coupons.get("k1");
  assert.deepEqual([usage.redeemed, usage.lastUsedAt], [0, null]);
});

test("wrong requests are refused with the paths of their own fields", async () => {
  const { engine } = await creditShop();
  await engine.coupons.create({ id: "c1", type: "standard", code: "TEN", discount: { type: "percent", basisPoints: 1_000 } });
  const issue = { amount: 100, currency: "EGP", customer: BOB };
  const wrong = [
    [() => engine.credit.issue({ ...issue, amount: undefined }), "required", "amount"],
    [() => engine.credit.issue({ ...issue, amount: 0 }), "out_of_range", "amount"],
    [() => engine.credit.issue({ ...issue, currency: "egp" }), "invalid_value", "amount"],
    [() => engine.credit.issue({ ...issue, currency: undefined }), "required", "currency"],
    [() => engine.credit.issue({ ...issue, customer: undefined }), "required", "customer.keys"],
    [() => engine.credit.issue({ ...issue, customer: { keys: [{ kind: "E", value: "x" }] } }), "invalid_value", "customer.keys[0].kind"],
    [() => engine.credit.issue({ ...issue, expiresAt: "soon" }), "invalid_value", "expiresAt"],
    [() => engine.credit.issue({ ...issue, covers: "all" }), "invalid_value", "covers"],
    [() => engine.credit.issue({ ...issue, code: "MINE" }), "unknown_field", "code"],
    [() => engine.credit.issue({ ...issue, id: "k1" }), "duplicate_id", "id"],
    [() => engine.credit.adjust({ couponId: "k1", id: "x", amount: 0 }), "invalid_value", "amount"],
    [() => engine.credit.adjust({ couponId: "k1", id: "x", amount: "rest" }), "invalid_type", "amount"],
    [() => engine.credit.adjust({ couponId: "k1", amount: 5 }), "required", "id"],
    [() => engine.credit.adjust({ couponId: "nobody", id: "x", amount: 5 }), "invalid_value", "couponId"],
    [() => engine.credit.adjust({ couponId: "c1", id: "x", amount: 5 }), "invalid_value", "couponId"],
    [() => engine.credit.expire({ couponId: "k1", id: "x", amount: 5 }), "unknown_field", "amount"],
    [() => engine.credit.movements("nobody"), "coupon_not_found", "couponId"],
    [() => engine.credit.movements("c1"), "invalid_value", "couponId"],
    [() => engine.credit.movements("k1", { after: "x" }), "invalid_value", "after"],
    [() => engine.credit.movements("k1", { after: "9" }), "invalid_value", "after"],
  ];
  for (const [index, [call, code, path]] of wrong.entries()) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], [code, path], `${index}: ${error.message}`);
  }
});

test("a credit that is issued with a date is gone after it", async () => {
  const { engine } = await shopOf({ coupons: [] });
  const { coupon, code } = await engine.credit.issue({ amount: 100, currency: "EGP", customer: ANN, covers: "grand_total", expiresAt: NOW + 1 });
  assert.deepEqual([coupon.restrictions.expiresAt, coupon.discount.covers], [NOW + 1, "grand_total"]);
  const request = { codes: [code.code], customer: ANN, cart: cart({ shipping: 50 }), disclosure: "full" };
  assert.equal((await engine.apply(request)).codes[0].state, "applied");
  assert.equal((await engine.apply({ ...request, now: NOW + 2 })).codes[0].rejection.code, "expired");
});

test("U10: a ledger that does not survive a power cut takes no store credit, and still gives back what it has", async () => {
  const storage = memoryStorage();
  const trying = await creditShop({ storage });
  await trying.engine.reserve(trying.order("o1", 1_000));
  const { engine } = await shopOf({ coupons: [], storage, creditDurability: undefined });
  const calls = [
    () => engine.credit.issue({ amount: 500, currency: "EGP", customer: ANN }),
    () => engine.reserve(trying.order("o2", 1_000)),
    () => engine.redeemNow(trying.order("o3", 1_000)),
    () => engine.credit.adjust({ couponId: "k1", id: "more", amount: 250 }),
    () => engine.credit.expire({ couponId: "k1", id: "end" }),
  ];
  for (const call of calls) {
    const { code, path } = await rejectionOf(call());
    assert.deepEqual([code, path], ["not_supported", "storage.ledger.capabilities.durability"]);
  }
  assert.deepEqual((await engine.redemptions.list({})).items.map(({ key }) => key), ["o1"]);
  assert.equal((await engine.apply(trying.order(undefined, 1_000))).totals.credit, 1_000);
  assert.equal((await engine.release({ key: "o1" })).status, "released");
  assert.equal(await trying.balance(), 3_000);
});

test("U10: a ledger is enough for store credit from the durability that the engine asks for", async () => {
  const words = ["volatile", "process", "power", "failover"];
  for (const [has, durability] of words.entries()) {
    for (const [needs, creditDurability] of words.entries()) {
      const over = (original) => ({ ...original, ledger: { ...original.ledger, capabilities: { ...original.ledger.capabilities, durability } } });
      const { engine } = await shopOf({ coupons: [], over, creditDurability });
      const issued = engine.credit.issue({ amount: 500, currency: "EGP", customer: ANN });
      if (has < needs) assert.equal((await rejectionOf(issued)).code, "not_supported", `${durability} for ${creditDurability}`);
      else assert.equal((await issued).coupon.discount.amounts.EGP, 500);
    }
  }
});
