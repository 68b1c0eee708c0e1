/**
 * The life of a reservation (semantics §12 to §16, §18, §22, §32) and what the reference systems say of it, on the built
 * package and a memory store. Owns no rule; counting is in `usage.test.mjs`, the protocol's proof in `tests/protocol`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, createCouponEngine, email, line, memoryStorage, openShop, percent, refused } from "./shop.mjs";

const MINUTE = 60_000;
const CART = cart(100_000);

/** A shop and its calls at `NOW`, on one coupon of 20 % unless said otherwise. */
async function shopOf(definition = {}, more = {}) {
  const shop = await openShop({ coupons: [coupon(definition)], ...more });
  const at = (call) => (key, request = {}) => shop.engine[call]({ key, now: NOW, ...request });
  const checkout = (call) => (key, request = {}) => at(call)(key, { codes: ["SAVE20"], cart: CART, disclosure: "full", ...request });
  return {
    ...shop,
    reserve: checkout("reserve"), redeemNow: checkout("redeemNow"),
    redeem: at("redeem"), release: at("release"), extend: at("extend"), rollback: at("rollback"), refundQuote: at("refundQuote"),
    used: async () => (await shop.engine.coupons.get("c1")).usage.used,
    balanced: async () => assert.deepEqual((await shop.engine.reconcile()).differences, []),
  };
}

const told = ({ status, reason, quote }) => [status, reason, quote?.codes[0].rejection?.code ?? null];

test("semantics §11: a guest by e-mail who logs in with the same e-mail is the same customer", async () => {
  const shop = await shopOf({ limits: { perCustomer: 1 } }, { policy: { stripPlusTag: true } });
  assert.equal((await shop.redeemNow("guest", { customer: buyer(email("A.B+x@Ex.com")) })).status, "redeemed");
  const later = await shop.reserve("member", { customer: buyer({ kind: "id", value: "7" }, email("a.b@ex.com")) });
  assert.deepEqual(told(later), ["refused", "codes_refused", "customer_limit_reached"]);
});

test("semantics §11: two keys of one redemption count it once each, and a third mix of them is refused when one is used up", async () => {
  const shop = await shopOf({ limits: { perCustomer: 2, total: 9 } });
  const by = (...keys) => ({ customer: buyer(...keys) });
  const [one, two] = [{ kind: "id", value: "1" }, { kind: "id", value: "2" }];
  assert.equal((await shop.redeemNow("a", by(one, email("a@x.org")))).status, "redeemed");
  assert.equal((await shop.redeemNow("b", by(two, email("b@x.org")))).status, "redeemed");
  assert.equal((await shop.redeemNow("c", by(one, email("b@x.org")))).status, "redeemed");
  assert.deepEqual(told(await shop.redeemNow("d", by(one, email("b@x.org")))), ["refused", "codes_refused", "customer_limit_reached"]);
  assert.equal(await shop.used(), 3);
});

test("semantics §11: a key that becomes known at the payment is counted and flagged, never refused", async () => {
  const shop = await shopOf({ limits: { perCustomer: 1 } });
  await shop.redeemNow("first", { customer: buyer(email("a@x.org")) });
  await shop.reserve("second", { customer: buyer({ kind: "id", value: "1" }) });
  const paid = await shop.redeem("second", { customer: buyer(email("a@x.org")) });
  assert.deepEqual([paid.status, paid.redemption.flags], ["redeemed", ["customer_limit_exceeded"]]);
  await shop.balanced();
});

test("semantics §12: of two first orders side by side, by the same e-mail, the second is held off", async () => {
  const shop = await shopOf({ restrictions: { firstOrderOnly: true } });
  const first = { customer: { ...buyer(email("new@x.org")), priorOrders: 0 } };
  assert.equal((await shop.reserve("tab-1", first)).status, "held");
  assert.deepEqual(told(await shop.reserve("tab-2", first)), ["refused", "codes_refused", "reserved_elsewhere"]);
  await shop.release("tab-1");
  assert.equal((await shop.reserve("tab-2", first)).status, "held");
});

test("semantics §12: the current order does not count against itself, and a cancelled one frees the first order", async () => {
  const asked = [];
  const priorOrders = (request) => (asked.push(request.excluding), 0);
  const shop = await shopOf({ restrictions: { firstOrderOnly: true } }, { priorOrders });
  const customer = { customer: buyer(email("new@x.org")) };
  await shop.redeemNow("o-1", customer);
  assert.deepEqual(asked, ["o-1"]);
  assert.equal((await shop.apply(["SAVE20"], CART, { ...customer, key: "o-1", now: NOW })).codes[0].state, "applied");
  await shop.rollback("o-1", { cause: "refunded" });
  assert.equal((await shop.reserve("o-2", customer)).status, "held");
});

test("semantics §13: a webhook told twice is one redemption, and redeemNow claims and redeems in one commit", async () => {
  const shop = await shopOf({ limits: { total: 2 } });
  await shop.reserve("o");
  const [once, twice] = [await shop.redeem("o"), await shop.redeem("o", { now: NOW + MINUTE })];
  assert.deepEqual([once.changed, twice.changed], [true, false]);
  assert.deepEqual(twice.redemption, once.redemption);
  const now = await shop.redeemNow("p");
  assert.deepEqual([now.status, now.redemption.revision], ["redeemed", 0]);
  assert.deepEqual(told(await shop.redeemNow("q")), ["refused", "codes_refused", "limit_reached"]);
  assert.equal(await shop.used(), 2);
});

test("semantics §14: one place, two shoppers: one wins, a retry is his own, a release lets the other in", async () => {
  const shop = await shopOf({ limits: { total: 1 } });
  const [won, lost] = await Promise.all([shop.reserve("a"), shop.reserve("b")]);
  assert.equal(won.status, "held");
  assert.deepEqual(told(lost), ["refused", "codes_refused", "reserved_elsewhere"]);
  const again = await shop.reserve("a");
  assert.deepEqual([again.status, again.changed, again.redemption], ["held", false, won.redemption]);
  await shop.release("a");
  assert.equal((await shop.reserve("b")).status, "held");
  await shop.balanced();
});

test("semantics §14, §17: a hold that ends at t is gone at t, and its owner may still pay if nobody came", async () => {
  const shop = await shopOf({ limits: { total: 1 } });
  await shop.reserve("a", { holdFor: 5 * MINUTE });
  assert.deepEqual(told(await shop.reserve("b", { now: NOW + 5 * MINUTE - 1 })), ["refused", "codes_refused", "reserved_elsewhere"]);
  assert.equal((await shop.redeem("a", { now: NOW + 6 * MINUTE })).status, "redeemed");
  const other = await shopOf({ limits: { total: 1 } });
  await other.reserve("a", { holdFor: 5 * MINUTE });
  assert.equal((await other.reserve("b", { now: NOW + 5 * MINUTE })).status, "held");
  const late = await other.redeem("a", { now: NOW + 6 * MINUTE });
  assert.deepEqual([late.status, late.reason], ["refused", "hold_expired"]);
  await other.balanced();
});

test("semantics §14: however many holds were abandoned before his own, a shopper comes back and is let in", async () => {
  const shop = await shopOf({ limits: { total: 1_000, perCustomer: 1 } });
  const by = (value) => ({ customer: buyer({ kind: "id", value }) });
  for (let other = 0; other < 12; other += 1) await shop.reserve(`other-${other}`, by(`u${other}`));
  await shop.reserve("first try", { ...by("me"), now: NOW + 1 });
  assert.equal((await shop.reserve("second try", { ...by("me"), now: NOW + DAY })).status, "held");
  await shop.balanced();
});

test("semantics §14: a budget that only ended holds have spent is free for a larger order", async () => {
  const shop = await shopOf({ limits: { budget: { EGP: 20_000 } } });
  for (let other = 0; other < 20; other += 1) await shop.reserve(`o${other}`, { cart: cart(5_000) });
  assert.equal((await shop.redeemNow("large", { now: NOW + DAY })).redemption.codes[0].amount, 20_000);
  await shop.balanced();
});

test("semantics §14: a late payment is taken where there is room again, though others abandoned what was full", async () => {
  const shop = await shopOf({ limits: { total: 12 } });
  await shop.reserve("mine");
  for (let other = 1; other < 12; other += 1) await shop.reserve(`o${other}`, { now: NOW + 1 });
  const later = NOW + 16 * MINUTE;
  assert.equal((await shop.reserve("next", { now: later })).status, "held");
  assert.equal((await shop.redeem("mine", { now: later })).status, "redeemed");
  await shop.balanced();
});

const LATE = [
  ["lowered to 1", { total: 1 }, "refused"],
  ["raised to 5", { total: 5 }, "redeemed"],
  ["taken off", { total: null }, "redeemed"],
];
for (const [what, limits, expected] of LATE) {
  test(`semantics §14: a late payment is held to the limit of today: ${what}, it is ${expected}`, async () => {
    const shop = await shopOf({ limits: { total: 2 } }, { policy: { lock: "never" } });
    await shop.reserve("late");
    await shop.engine.sweep();
    const later = NOW + DAY;
    await shop.reserve("other", { now: later });
    await shop.reserve("another", { now: later });
    await shop.engine.coupons.update("c1", { limits });
    if (expected === "refused") await shop.release("another", { now: later });
    assert.equal((await shop.redeem("late", { now: later })).status, expected);
    await shop.balanced();
  });
}

test("semantics §14, §16: a payment beyond the limit never takes more of a credit than there is", async () => {
  const gift = { id: "c1", code: "GIFT", discount: { type: "store_credit", amounts: { EGP: 300 }, bearer: true } };
  const shop = await shopOf(gift, { policy: { redemption: { lateRedeem: "overdraft" } } });
  await shop.reserve("a", { codes: ["GIFT"] });
  await shop.redeemNow("b", { codes: ["GIFT"], now: NOW + DAY });
  const late = await shop.redeem("a", { now: NOW + DAY });
  assert.deepEqual([late.status, late.reason], ["refused", "hold_expired"]);
  await shop.balanced();
});

test("semantics §13: statuses told in any order, twice, or with another cart", async () => {
  const shop = await shopOf({ limits: { total: 3 } });
  const tell = (to, more = {}) => shop.engine.orderStatus({ key: "o", to, codes: ["SAVE20"], cart: CART, now: NOW, ...more });
  assert.equal((await tell("pending")).action, "reserve");
  assert.equal((await tell("pending")).action, "none");
  assert.deepEqual(await refused(() => tell("pending", { cart: cart(5) })), ["idempotency_mismatch", "key"]);
  assert.deepEqual(await refused(() => tell("processing", { cart: cart(5) })), ["idempotency_mismatch", "key"]);
  assert.equal((await tell("pending", { now: NOW + DAY })).action, "reserve");
  assert.equal((await tell("processing", { now: NOW + DAY })).action, "redeem");
  assert.equal((await tell("completed", { order: "2026-17" })).action, "none");
  assert.equal((await tell("refunded")).action, "rollback");
  assert.equal((await tell("refunded")).action, "none");
});

test("semantics §15: a refund of nothing is refused, and only what is paid has a refund", async () => {
  const shop = await shopOf();
  await shop.reserve("o");
  assert.deepEqual(await refused(() => shop.refundQuote("o", {})), ["invalid_value", "key"]);
  await shop.redeem("o");
  assert.deepEqual(await refused(() => shop.rollback("o", { refundId: "r", shipping: false })), ["required", "lines"]);
  assert.deepEqual(await refused(() => shop.rollback("o", { refundId: "r" })), ["required", "lines"]);
  const lines = (lineId, quantity) => shop.rollback("o", { refundId: "r", lines: [{ lineId: "a", quantity: 1 }, { lineId, quantity }] });
  assert.deepEqual(await refused(() => lines("a", 1)), ["out_of_range", "lines[1].quantity"]);
  assert.deepEqual(await refused(() => lines("x", 1)), ["invalid_value", "lines[1].lineId"]);
});

test("semantics §14: the same request is the same however it is spelled", async () => {
  const shop = await shopOf();
  await shop.reserve("o");
  for (const codes of [["save20"], [{ code: " Save20 " }], [{ code: "SAVE20", origin: "typed" }]]) {
    assert.equal((await shop.reserve("o", { codes, automatic: true })).changed, false, JSON.stringify(codes));
  }
  await shop.redeemNow("p", { order: "A" });
  assert.deepEqual(await refused(() => shop.redeemNow("p", { order: "B" })), ["idempotency_mismatch", "key"]);
});

test("semantics §14: a payment that comes too late may be taken beyond the limit, and says so", async () => {
  const shop = await shopOf({ limits: { total: 1 } }, { policy: { redemption: { lateRedeem: "overdraft" } } });
  await shop.reserve("a");
  await shop.reserve("b", { now: NOW + DAY });
  const late = await shop.redeem("a", { now: NOW + DAY });
  assert.deepEqual([late.status, late.redemption.flags], ["redeemed", ["overdraft"]]);
  await shop.balanced();
});

test("semantics §14: a cart that changed is reserved anew without competing with its own hold", async () => {
  const shop = await shopOf({ limits: { total: 1, budget: { EGP: 30_000 } } });
  await shop.reserve("a");
  assert.deepEqual(await refused(() => shop.reserve("a", { cart: cart(120_000) })), ["idempotency_mismatch", "key"]);
  const changed = await shop.reserve("a", { cart: cart(120_000), replace: true });
  assert.deepEqual([changed.status, changed.redemption.revision, changed.redemption.totals.discount], ["held", 1, 24_000]);
  assert.equal((await shop.apply(["SAVE20"], cart(120_000), { key: "a", now: NOW })).codes[0].state, "applied");
  await shop.balanced();
});

test("semantics §14: several codes are claimed together or not at all", async () => {
  const shop = await openShop({
    policy: { stacking: { maxCodes: 5 } },
    coupons: [coupon({ id: "a", code: "AAA", limits: { total: 5 } }), coupon({ id: "b", code: "BBB", limits: { total: 1 } })],
  });
  const reserve = (key) => shop.engine.reserve({ key, codes: ["AAA", "BBB"], cart: CART, now: NOW });
  assert.equal((await reserve("1")).status, "held");
  assert.equal((await reserve("2")).status, "refused");
  assert.deepEqual([(await shop.engine.coupons.get("a")).usage.held, (await shop.engine.coupons.get("b")).usage.held], [1, 1]);
});

test("semantics §14: after a failed payment the same key is reserved anew", async () => {
  const shop = await shopOf({ limits: { total: 1 } });
  await shop.reserve("o");
  await shop.release("o", { reason: "declined" });
  const again = await shop.reserve("o");
  assert.deepEqual([again.status, again.changed, again.redemption.revision], ["held", true, 2]);
  assert.equal((await shop.redeem("o")).status, "redeemed");
});

test("semantics §15: unit by unit, whatever the order, refunds add up to what was paid", async () => {
  const onCart = { currency: "EGP", lines: [line("a", 999, { quantity: 3 }), line("b", 1_001, { quantity: 2 })], shipping: 500, tax: 77 };
  const shop = await shopOf({ discount: percent(1_700) });
  const { redemption } = await shop.redeemNow("o", { cart: onCart });
  const returns = [{ lines: [{ lineId: "b", quantity: 1 }] }, { amount: 100 }, { lines: [{ lineId: "a", quantity: 2 }] }, { shipping: true }, { lines: [{ lineId: "a", quantity: 1 }, { lineId: "b", quantity: 1 }] }];
  let sum = 0;
  for (const [at, request] of returns.entries()) {
    const quoted = await shop.refundQuote("o", request);
    const { refund } = await shop.rollback("o", { ...request, refundId: `r${at}` });
    assert.deepEqual(refund, quoted);
    sum += refund.amount;
  }
  assert.equal(sum, redemption.totals.total);
  assert.equal((await shop.engine.redemptions.get("o")).state, "rolled_back");
});

test("semantics §15: a refund told twice by its name is made once, under the same name for something else it is refused", async () => {
  const shop = await shopOf();
  await shop.redeemNow("o");
  const part = { refundId: "r1", amount: 1_000 };
  const first = await shop.rollback("o", part);
  assert.equal(first.refund.amount, 1_000);
  const again = await shop.rollback("o", part);
  assert.deepEqual([again.changed, again.redemption.refunded.amount, again.refund], [false, 1_000, first.refund]);
  assert.deepEqual(await refused(() => shop.rollback("o", { refundId: "r1", amount: 2_000 })), ["idempotency_mismatch", "refundId"]);
  assert.deepEqual(await refused(() => shop.rollback("o", { amount: 1 })), ["required", "refundId"]);
});

const RESTORES = [
  [{ cause: "cancelled" }, [0, "applied"]],
  [{ cause: "refunded" }, [1, "customer_limit_reached"]],
  [{ cause: "refunded", restore: "customer_only" }, [1, "applied"]],
  [{ cause: "cancelled", restore: "none" }, [1, "customer_limit_reached"]],
];
for (const [request, [used, forHim]] of RESTORES) {
  test(`semantics §15: ${JSON.stringify(request)} leaves ${used} used, and the customer is told ${forHim}`, async () => {
    const shop = await shopOf({ limits: { total: 5, perCustomer: 1 } });
    const customer = buyer(email("a@x.org"));
    await shop.redeemNow("o", { customer });
    assert.equal((await shop.rollback("o", request)).status, "rolled_back");
    const twice = await shop.rollback("o", request);
    assert.deepEqual([twice.status, twice.changed], ["rolled_back", false]);
    assert.equal(await shop.used(), used);
    const { codes } = await shop.apply(["SAVE20"], CART, { customer });
    assert.equal(codes[0].rejection?.code ?? "applied", forHim);
    await shop.balanced();
  });
}

test("semantics §16: a credit pays, is captured for less, and comes back in proportion to a refund", async () => {
  const gift = { id: "c1", code: "GIFT", discount: { type: "store_credit", amounts: { EGP: 3_000 }, bearer: true } };
  const shop = await shopOf(gift);
  const codes = ["GIFT"];
  const balance = async () => (await shop.engine.coupons.describe("c1")).balance.amount;
  await shop.reserve("a", { codes, cart: cart(3_000) });
  assert.deepEqual(told(await shop.reserve("b", { codes, cart: cart(500) })), ["refused", "codes_refused", "reserved_elsewhere"]);
  const paid = await shop.redeem("a", { captured: [{ couponId: "c1", amount: 1_000 }] });
  assert.deepEqual([paid.redemption.totals.credit, paid.redemption.totals.total, await balance()], [1_000, 2_000, 2_000]);
  const { refund } = await shop.rollback("a", { refundId: "r", amount: 1_500 });
  assert.deepEqual([refund.credits, refund.payment, await balance()], [[{ couponId: "c1", amount: 500 }], 1_000, 2_500]);
  const rest = (await shop.rollback("a", { cause: "refunded" })).refund;
  assert.deepEqual([rest.credits[0].amount, rest.payment, await balance()], [500, 1_000, 3_000]);
  await shop.balanced();
});

test("semantics §16: every movement of a credit is an entry, and they add up to what is left", async () => {
  let now = NOW;
  const engine = await createCouponEngine({ storage: memoryStorage(), clock: () => (now += 1), creditDurability: "volatile" });
  const { coupon: gift, code } = await engine.credit.issue({ amount: 3_000, currency: "EGP", customer: buyer(email("a@x.org")) });
  assert.ok(code.code.length >= 16);
  const pay = { codes: [code.code], customer: buyer(email("A@X.org")) };
  await engine.redeemNow({ key: "o1", cart: cart(1_000), ...pay });
  await engine.credit.adjust({ couponId: gift.id, id: "goodwill", amount: 700, reason: "late parcel" });
  assert.equal((await engine.credit.adjust({ couponId: gift.id, id: "goodwill", amount: 700, reason: "late parcel" })).changed, false);
  await engine.reserve({ key: "o2", cart: cart(400), ...pay });
  await engine.release({ key: "o2" });
  await engine.rollback({ key: "o1", cause: "refunded" });
  await engine.credit.expire({ couponId: gift.id, id: "over" });
  const { items } = await engine.credit.movements(gift.id);
  assert.deepEqual(items.map(({ type, balance }) => [type, balance]), [
    ["issue", 3_000], ["reserve", 2_000], ["capture", 2_000], ["adjust", 2_700], ["reserve", 2_300], ["release", 2_700], ["restore", 3_700], ["expire", 0],
  ]);
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("semantics §16: what only ended holds have of a credit expires with it, and expiring issues nothing", async () => {
  const gift = { id: "c1", code: "GIFT", discount: { type: "store_credit", amounts: { EGP: 3_000 }, bearer: true } };
  let now = NOW;
  const engine = await createCouponEngine({ storage: memoryStorage(), clock: () => now, creditDurability: "volatile" });
  await engine.coupons.create({ ...gift, type: "standard" });
  await engine.reserve({ key: "o", codes: ["GIFT"], cart: cart(3_000) });
  now += DAY;
  assert.equal((await engine.credit.expire({ couponId: "c1", id: "end" })).balance.amount, 0);
  assert.equal((await engine.credit.expire({ couponId: "c1", id: "again" })).balance.amount, 0);
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("semantics §11: an order status that says who paid is heard", async () => {
  const shop = await shopOf({ limits: { perCustomer: 1 } });
  await shop.redeemNow("first", { customer: buyer(email("a@x.org")) });
  await shop.reserve("second", { customer: buyer({ kind: "id", value: "1" }) });
  const { outcome } = await shop.engine.orderStatus({ key: "second", to: "completed", customer: buyer(email("a@x.org")), now: NOW });
  assert.deepEqual(outcome.redemption.flags, ["customer_limit_exceeded"]);
});

test("semantics §22: what was reserved is paid as it was reserved, whatever is edited meanwhile", async () => {
  const shop = await shopOf({}, { policy: { lock: "never" } });
  const held = await shop.reserve("o");
  await shop.engine.coupons.update("c1", { discount: percent(100) });
  const paid = await shop.redeem("o");
  assert.deepEqual(paid.redemption.totals, held.redemption.totals);
  assert.equal(paid.redemption.codes[0].version, 1);
});

test("semantics §32: a rule relinked between quote and reservation is told before anything is claimed", async () => {
  const rules = [{ id: "r1", gate: "coupon", discount: percent(1_000) }, { id: "r2", gate: "coupon", discount: percent(3_000) }];
  const shop = await openShop({ policy: { lock: "never" }, rules, coupons: [coupon({ discount: null, rules: ["r1"], limits: { total: 1 } })] });
  const { fingerprint } = await shop.apply(["SAVE20"]);
  await shop.engine.coupons.update("c1", { rules: ["r2"] });
  const request = { key: "o", codes: ["SAVE20"], cart: CART, now: NOW };
  const changed = await shop.engine.reserve({ ...request, fingerprint });
  assert.deepEqual([changed.status, changed.reason, changed.quote.totals.discount, changed.redemption], ["refused", "quote_changed", 30_000, null]);
  assert.equal((await shop.engine.coupons.get("c1")).usage.held, 0);
  assert.equal((await shop.engine.reserve({ ...request, fingerprint: changed.quote.fingerprint })).status, "held");
});

test("S2+.2, B21: a hold lasts as asked, seven days at most, and can be made longer, never shorter", async () => {
  const shop = await shopOf();
  assert.deepEqual(await refused(() => shop.reserve("o", { holdFor: 7 * DAY + 1 })), ["out_of_range", "holdFor"]);
  const { redemption } = await shop.reserve("o", { holdFor: DAY });
  assert.equal(redemption.holdUntil, NOW + DAY);
  assert.deepEqual([(await shop.extend("o", { holdFor: MINUTE })).changed, (await shop.extend("o", { holdFor: 7 * DAY })).redemption.holdUntil], [false, NOW + 7 * DAY]);
  assert.equal((await shop.extend("o", { holdFor: DAY, now: NOW + 7 * DAY })).reason, "hold_expired");
});

test("S3+.5, B34: to evaluate changes nothing, to commit marks the use, to roll back says what it undid and can be repeated", async () => {
  const shop = await shopOf({ limits: { total: 1 } });
  for (let again = 0; again < 5; again += 1) await shop.apply(["SAVE20"]);
  assert.equal(await shop.used(), 0);
  const { redemption } = await shop.redeemNow("commit-1");
  assert.deepEqual([redemption.key, await shop.used()], ["commit-1", 1]);
  const undone = await shop.rollback("commit-1");
  assert.deepEqual([undone.refund.amount, undone.changed, await shop.used()], [80_000, true, 0]);
  assert.equal((await shop.rollback("commit-1")).changed, false);
});

test("B23, B41: a budget in money is never overrun, and refuses whole what no longer fits", async () => {
  const shop = await shopOf({ limits: { budget: { EGP: 50_000 } } });
  assert.equal((await shop.redeemNow("a")).redemption.codes[0].amount, 20_000);
  assert.equal((await shop.redeemNow("b")).status, "redeemed");
  const over = await shop.redeemNow("c");
  assert.deepEqual(told(over), ["refused", "codes_refused", "budget_exhausted"]);
  assert.equal((await shop.redeemNow("d", { cart: cart(50_000) })).status, "redeemed");
  assert.deepEqual(told(await shop.redeemNow("e", { cart: cart(100) })), ["refused", "codes_refused", "budget_exhausted"]);
});

const CAIRO = "Africa/Cairo";
test("B23: limits of a day, a week and a month begin anew with the shop's calendar", async () => {
  const windows = [{ per: "day", total: 1 }, { per: "week", total: 2 }, { per: "month", perCustomer: 3 }];
  const shop = await shopOf({ limits: { windows } }, { policy: { zone: CAIRO } });
  const customer = buyer({ kind: "id", value: "1" });
  const buy = async (key, when) => (await shop.redeemNow(key, { customer, now: when })).quote.codes[0].rejection?.code ?? "applied";
  // 2026-06-01 is a Monday; in Cairo it is three hours later than in UTC.
  assert.equal(await buy("mon", Date.UTC(2026, 5, 1, 12)), "applied");
  assert.equal(await buy("mon again", Date.UTC(2026, 5, 1, 20, 59)), "limit_reached");
  assert.equal(await buy("tue", Date.UTC(2026, 5, 1, 21)), "applied");
  assert.equal(await buy("wed", Date.UTC(2026, 5, 3, 12)), "limit_reached");
  assert.equal(await buy("next week", Date.UTC(2026, 5, 8, 12)), "applied");
  assert.equal(await buy("the week after", Date.UTC(2026, 5, 15, 12)), "customer_limit_reached");
  assert.equal(await buy("july", Date.UTC(2026, 6, 1, 12)), "applied");
});

test("B40, B74, B78: while a payment is pending its place is nobody else's, after a failure it is free at once", async () => {
  const shop = await shopOf({ limits: { total: 2 } });
  await shop.reserve("paying");
  await shop.reserve("pending", { holdFor: DAY });
  const third = await shop.reserve("third");
  assert.deepEqual(told(third), ["refused", "codes_refused", "reserved_elsewhere"]);
  assert.deepEqual([third.quote.codes[0].rejection.details.held, third.quote.codes[0].rejection.details.nextExpiry], [2, NOW + 15 * MINUTE]);
  await shop.release("paying");
  assert.equal((await shop.reserve("third")).status, "held");
});

test("B44: an order can be paid again after a release, changed while it is held, and returned in parts", async () => {
  const shop = await shopOf();
  await shop.reserve("o");
  await shop.release("o");
  await shop.reserve("o", { cart: cart(50_000, 50_000), replace: true });
  await shop.redeem("o");
  const { status, refund } = await shop.rollback("o", { refundId: "1", lines: [{ lineId: "a", quantity: 1 }] });
  assert.deepEqual([status, refund.amount, refund.remaining], ["redeemed", 40_000, 40_000]);
});

test("B51: an order is refused when one of its codes does not apply, with every reason", async () => {
  const shop = await openShop({
    policy: { stacking: { maxCodes: 5 } },
    coupons: [coupon(), coupon({ id: "old", code: "OLD", restrictions: { expiresAt: NOW - 1 } })],
  });
  const outcome = await shop.engine.reserve({ key: "o", codes: ["SAVE20", "OLD"], cart: CART, now: NOW, disclosure: "full" });
  assert.deepEqual([outcome.status, outcome.redemption], ["refused", null]);
  assert.deepEqual(outcome.quote.codes.map(({ rejection }) => rejection?.details.expiresAt ?? null), [null, NOW - 1]);
});

test("B59: uses are counted when an order is made and given back, or kept, by the coupon's own rule", async () => {
  const kept = await shopOf({ limits: { total: 5 }, restore: { cancelled: "none" } });
  await kept.redeemNow("o");
  await kept.rollback("o", { cause: "cancelled" });
  assert.equal(await kept.used(), 1);
});

test("B76: a full refund frees the person, not the count of all", async () => {
  const shop = await shopOf({ limits: { total: 5, perCustomer: 1 }, restore: { refunded: "customer_only" } });
  const customer = buyer(email("a@x.org"));
  await shop.redeemNow("o", { customer });
  await shop.rollback("o", { cause: "refunded" });
  assert.equal((await shop.redeemNow("p", { customer })).status, "redeemed");
  assert.equal(await shop.used(), 2);
});

test("a limit given to what had none counts what is redeemed and held already", async () => {
  const shop = await shopOf({}, { policy: { lock: "never" }, storage: memoryStorage() });
  for (const key of ["a", "b"]) await shop.redeemNow(key);
  await shop.reserve("c");
  await shop.engine.coupons.update("c1", { limits: { total: 3 } });
  assert.equal((await shop.reserve("d")).status, "refused");
  await shop.balanced();
});

test("a fixed amount under a budget is taken of it as it applied, not as it was asked for", async () => {
  const shop = await shopOf({ discount: amount(8_000), limits: { budget: { EGP: 10_000 } } });
  assert.equal((await shop.redeemNow("small", { cart: cart(3_000) })).redemption.codes[0].amount, 3_000);
  assert.deepEqual(told(await shop.redeemNow("large")), ["refused", "codes_refused", "budget_exhausted"]);
});
