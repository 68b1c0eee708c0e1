/**
 * The life of a redemption as a host lives it: reserved, paid, given back; refused, repeated, come too late; and found
 * again by the back office.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, cart, coupon, rejectionOf } from "./samples.mjs";
import { ANN, BOB, MINUTE, checkout, claimedOf, shopOf, withoutRedemptions } from "./purchases.mjs";

const limited = (changes = {}) => coupon({ limits: { total: 1 }, ...changes });
const stateOf = ({ status, changed, reason }) => [status, changed, reason];

test("semantics §13: reserved, paid, cancelled: each step is a revision, and the limit is taken once", async () => {
  const { engine, storage, clock } = await shopOf({ coupons: [limited()] });
  const held = await engine.reserve(checkout("o1", { customer: ANN }));
  assert.deepEqual(stateOf(held), ["held", true, null]);
  assert.equal(held.quote.totals.discount, 3_000);
  assert.equal(held.redemption.holdUntil, NOW + 15 * MINUTE);
  assert.deepEqual(held.redemption.codes.map(({ couponId, code, amount }) => [couponId, code, amount]), [["c1", "SAVE20", 3_000]]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);

  clock.now += MINUTE;
  const paid = await engine.redeem({ key: "o1", order: "2026-17" });
  assert.deepEqual([...stateOf(paid), paid.redemption.order, paid.redemption.redeemedAt], ["redeemed", true, null, "2026-17", clock.now]);
  assert.deepEqual(stateOf(await engine.redeem({ key: "o1", order: "2026-17" })), ["redeemed", false, null]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);

  clock.now += MINUTE;
  const cancelled = await engine.rollback({ key: "o1", reason: "out of stock" });
  assert.deepEqual([...stateOf(cancelled), cancelled.refund.amount, cancelled.redemption.reason], ["rolled_back", true, null, 12_000, "out of stock"]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 0);

  const history = await engine.redemptions.history("o1");
  assert.deepEqual(history.map(({ revision, state, at }) => [revision, state, at]), [
    [0, "held", NOW], [1, "redeemed", NOW + MINUTE], [2, "rolled_back", NOW + 2 * MINUTE],
  ]);
  assert.deepEqual(await engine.redemptions.get("o1"), cancelled.redemption);
});

test("a record shows nothing that is the engine's alone", async () => {
  const { engine } = await shopOf({ coupons: [limited()] });
  const { redemption } = await engine.reserve(checkout("o1"));
  const fields = [
    "schemaVersion", "key", "revision", "state", "at", "holdUntil", "reservedAt", "redeemedAt", "order", "currency", "codes", "lines",
    "credits", "adjustments", "totals", "refunded", "flags", "reason",
  ];
  assert.deepEqual(Object.keys(redemption).sort(), fields.sort());
  assert.deepEqual(Object.keys(redemption.refunded), ["amount", "credit", "shipping", "other", "refunds", "refundIds"]);
  assert.deepEqual(await engine.redemptions.get("o1"), redemption);
  assert.deepEqual(await engine.redemptions.history("o1"), [redemption]);
  assert.deepEqual((await engine.redemptions.list()).items, [redemption]);
});

test("a code that does not apply is refused with its text, and nothing is written", async () => {
  const { engine, storage } = await shopOf({ coupons: [limited(), coupon({ id: "c2", code: "BIG", limits: { total: 5 }, restrictions: { minimum: { amounts: { EGP: 99_900 } } } })] });
  const refused = await engine.reserve(checkout("o1", { codes: ["save20", "big"] }));
  assert.deepEqual(stateOf(refused), ["refused", false, "codes_refused"]);
  assert.deepEqual(refused.quote.codes.map(({ state }) => state), ["applied", "parked"]);
  assert.match(refused.quote.codes[1].rejection.message, /849/);
  assert.equal(await engine.redemptions.get("o1"), null);
  assert.deepEqual([await claimedOf(storage, "coupon/c1"), await claimedOf(storage, "coupon/c2")], [0, 0]);
});

test("the same key and cart is the same reservation; another cart needs `replace`", async () => {
  const { engine, storage } = await shopOf({ coupons: [limited()] });
  const first = await engine.reserve(checkout("o1"));
  const again = await engine.reserve(checkout("o1"));
  assert.deepEqual([stateOf(again), again.redemption, again.quote], [["held", false, null], first.redemption, null]);

  const other = checkout("o1", { cart: cart({ lines: [{ id: "a", unitPrice: 5_000, quantity: 1 }] }) });
  const error = await rejectionOf(engine.reserve(other));
  assert.deepEqual([error.code, error.retryable], ["idempotency_mismatch", false]);
  assert.deepEqual(await engine.redemptions.get("o1"), first.redemption);
  const replaced = await engine.reserve({ ...other, replace: true });
  assert.deepEqual([stateOf(replaced), replaced.redemption.revision, replaced.quote.totals.discount], [["held", true, null], 1, 1_000]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
});

test("a quote that is not the one the customer has seen is refused", async () => {
  const { engine } = await shopOf({ coupons: [limited()] });
  const { fingerprint } = await engine.apply(checkout("o1"));
  await engine.settings.update({ rounding: "floor", globalCapBasisPoints: 1_000 });
  const refused = await engine.reserve(checkout("o1", { fingerprint }));
  assert.deepEqual([stateOf(refused), refused.quote.totals.discount], [["refused", false, "quote_changed"], 1_500]);
  const taken = await engine.reserve(checkout("o1", { fingerprint: refused.quote.fingerprint }));
  assert.equal(taken.status, "held");
});

test("semantics §14: a checkout's own hold does not keep it out, another's does", async () => {
  const { engine } = await shopOf({ coupons: [limited()] });
  await engine.reserve(checkout("o1"));
  assert.equal((await engine.apply(checkout("o1"))).codes[0].state, "applied");
  assert.equal((await engine.validate(checkout("o1"))).codes[0].state, "applied");
  const { key: _, ...anonymous } = checkout("o2", { disclosure: "full" });
  assert.equal((await engine.apply(anonymous)).codes[0].rejection.code, "reserved_elsewhere");
  assert.equal((await engine.reserve(checkout("o2"))).reason, "codes_refused");
});

test("semantics §14: at its instant a hold is gone, its place is another's, and the payment comes too late", async () => {
  const { engine, storage, clock } = await shopOf({ coupons: [limited()] });
  await engine.reserve(checkout("o1", { holdFor: 2_000 }));
  clock.now += 1_999;
  assert.equal((await engine.reserve(checkout("o2"))).status, "refused");
  clock.now += 1;
  assert.equal((await engine.reserve(checkout("o2"))).status, "held");
  assert.equal((await engine.redemptions.get("o1")).state, "expired");
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  assert.deepEqual(stateOf(await engine.redeem({ key: "o1" })), ["refused", false, "hold_expired"]);
  assert.deepEqual(stateOf(await engine.extend({ key: "o1" })), ["refused", false, "hold_expired"]);
});

test("lateRedeem overdraft: a payment that comes too late is taken and flagged", async () => {
  const { engine, storage, clock } = await shopOf({ coupons: [limited()], policy: { redemption: { lateRedeem: "overdraft" } } });
  await engine.reserve(checkout("o1", { holdFor: 1_000 }));
  clock.now += 1_000;
  await engine.reserve(checkout("o2"));
  const late = await engine.redeem({ key: "o1" });
  assert.deepEqual([late.status, late.redemption.flags], ["redeemed", ["overdraft"]]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 2);
  const { usage } = await engine.coupons.get("c1");
  assert.deepEqual([usage.used, usage.held, usage.remaining], [1, 1, 0]);
});

test("extend prolongs a hold and never shortens it", async () => {
  const { engine, clock } = await shopOf({ coupons: [limited()] });
  await engine.reserve(checkout("o1"));
  clock.now += MINUTE;
  assert.equal((await engine.extend({ key: "o1", holdFor: 1_000 })).redemption.holdUntil, NOW + 15 * MINUTE);
  assert.equal((await engine.extend({ key: "o1", holdFor: 60 * MINUTE })).redemption.holdUntil, NOW + 61 * MINUTE);
});

test("a failed payment gives the place back, and may be tried again under the same key", async () => {
  const { engine, storage } = await shopOf({ coupons: [limited()] });
  await engine.reserve(checkout("o1"));
  const released = await engine.release({ key: "o1", reason: "card declined" });
  assert.deepEqual([stateOf(released), released.redemption.reason, await claimedOf(storage, "coupon/c1")], [["released", true, null], "card declined", 0]);
  assert.deepEqual(stateOf(await engine.release({ key: "o1" })), ["released", false, null]);
  const again = await engine.reserve(checkout("o1"));
  assert.deepEqual([stateOf(again), again.redemption.revision], [["held", true, null], 2]);
  assert.equal((await engine.redeem({ key: "o1" })).status, "redeemed");
  assert.deepEqual(stateOf(await engine.release({ key: "o1" })), ["refused", false, "already_redeemed"]);
});

test("semantics §13: redeemNow claims and redeems in one commit", async () => {
  const { engine, storage } = await shopOf({ coupons: [limited()] });
  const sold = await engine.redeemNow(checkout("pos-1", { order: "till 3/88" }));
  assert.deepEqual([stateOf(sold), sold.redemption.revision, sold.redemption.order], [["redeemed", true, null], 0, "till 3/88"]);
  assert.equal(await claimedOf(storage, "coupon/c1"), 1);
  assert.equal((await engine.redeemNow(checkout("pos-1", { order: "till 3/88" }))).changed, false);
  assert.equal((await engine.redeemNow(checkout("pos-2"))).reason, "codes_refused");
});

test("S0.47 a redemption counts once the order is paid: processing, completed or on hold", async () => {
  const { engine } = await shopOf({ coupons: [limited({ limits: { total: 10 } })] });
  const used = async () => (await engine.coupons.get("c1")).usage.used;
  const status = (key, from, to) => engine.orderStatus({ ...checkout(key), from, to });
  assert.deepEqual([(await status("o1", null, "pending")).action, await used()], ["reserve", 0]);
  assert.deepEqual([(await status("o1", "pending", "processing")).action, await used()], ["redeem", 1]);
  assert.deepEqual([(await status("o1", "processing", "completed")).action, await used()], ["none", 1]);
  assert.deepEqual([(await status("o2", null, "pending")).outcome.quote.codes[0].state, await used()], ["applied", 1]);
  assert.deepEqual([(await status("o2", "pending", "on-hold")).action, await used()], ["redeem", 2]);
  assert.deepEqual([(await status("o2", "pending", "on-hold")).action, await used()], ["none", 2]);
  assert.deepEqual(await status("o2", "on-hold", "packed"), { action: "none", outcome: null });
  assert.deepEqual([(await status("o2", "packed", "cancelled")).action, await used()], ["rollback", 1]);
});

test("semantics §15: partial refunds add up to what was paid, each once", async () => {
  const { engine } = await shopOf();
  await engine.redeemNow(checkout("o1", { cart: cart({ lines: [{ id: "a", unitPrice: 1_000, quantity: 3 }], shipping: 500 }) }));
  const unit = { lines: [{ lineId: "a", quantity: 1 }] };
  assert.equal((await engine.refundQuote({ key: "o1", ...unit })).amount, 800);
  const first = await engine.rollback({ key: "o1", ...unit, refundId: "r1" });
  assert.deepEqual([first.status, first.changed, first.refund.amount, first.refund.remaining], ["redeemed", true, 800, 2_100]);
  assert.equal((await engine.rollback({ key: "o1", ...unit, refundId: "r1" })).changed, false);
  assert.equal((await rejectionOf(engine.rollback({ key: "o1", lines: [{ lineId: "a", quantity: 2 }], refundId: "r1" }))).code, "idempotency_mismatch");
  const rest = await engine.rollback({ key: "o1" });
  assert.deepEqual([rest.status, rest.refund.amount, rest.refund.remaining], ["rolled_back", 2_100, 0]);
});

test("invariant B4: credit never buys credit: it pays no gift card and takes nothing off one", async () => {
  const { engine } = await shopOf({ coupons: [coupon()] });
  const { coupon: credit, code } = await engine.credit.issue({ id: "k1", amount: 5_000, currency: "EGP", customer: ANN });
  const card = { id: "card", unitPrice: 4_000, quantity: 1, kind: "gift_card" };
  const only = await engine.reserve({ key: "o1", codes: [code.code], cart: cart({ lines: [card] }), customer: ANN });
  assert.deepEqual([only.reason, await engine.redemptions.get("o1")], ["codes_refused", null]);
  const mixed = await engine.reserve({ key: "o2", codes: ["save20", code.code], cart: cart({ lines: [card, { id: "a", unitPrice: 1_000, quantity: 1 }] }), customer: ANN });
  assert.deepEqual([mixed.status, mixed.quote.totals.discount, mixed.quote.totals.credit, mixed.quote.totals.total], ["held", 200, 800, 4_000]);
  assert.equal((await engine.coupons.get(credit.id)).description.balance.amount, 4_200);
});

test("threat model #28: what has no limit writes no counter", async () => {
  const { engine, storage } = await shopOf();
  await engine.redeemNow(checkout("o1", { customer: ANN }));
  assert.deepEqual((await storage.redemptions.tally({ after: null, limit: 10 })).items, []);
  assert.equal((await engine.coupons.get("c1")).usage.redeemed, 1);
});

test("S2.62, S4.31: redemptions are found by coupon, code, customer and order, and by their states", async () => {
  const { engine, clock } = await shopOf({ coupons: [coupon(), coupon({ id: "c2", code: "TEN", discount: { type: "percent", basisPoints: 1_000 } })], policy: { stacking: { maxCodes: 2 } } });
  const buy = async (key, codes, customer, order) => {
    clock.now += 1;
    await engine.reserve(checkout(key, { codes, customer }));
    if (order) await engine.redeem({ key, order });
  };
  await buy("o1", ["save20"], ANN, "inv-1");
  await buy("o2", ["save20", "ten"], BOB, "inv-2");
  await buy("o3", ["ten"], ANN, null);
  const keys = async (request) => (await engine.redemptions.list(request)).items.map(({ key }) => key);
  assert.deepEqual(await keys({}), ["o3", "o2", "o1"]);
  assert.deepEqual(await keys({ couponId: "c1" }), ["o2", "o1"]);
  assert.deepEqual(await keys({ couponId: "c2", states: ["redeemed"] }), ["o2"]);
  const [codeId] = (await engine.redemptions.get("o3")).codes.map((code) => code.codeId);
  assert.deepEqual(await keys({ codeId }), ["o3", "o2"]);
  assert.deepEqual(await keys({ customer: { kind: "email", value: " ANN@example.com" } }), ["o3", "o1"]);
  assert.deepEqual(await keys({ customer: { kind: "id", value: "7" }, states: ["held"] }), ["o3"]);
  assert.deepEqual(await keys({ order: "inv-2" }), ["o2"]);
  const first = await engine.redemptions.list({ limit: 2 });
  assert.deepEqual((await engine.redemptions.list({ limit: 2, after: first.next })).items.map(({ key }) => key), ["o1"]);

  const [record] = (await engine.redemptions.list({ order: "inv-1" })).items;
  assert.deepEqual([record.order, record.redeemedAt, record.totals.total, record.totals.discount], ["inv-1", NOW + 1, 12_000, 3_000]);
});

test("a list of redemptions is refused with a path", async () => {
  const { engine } = await shopOf();
  const wrong = [
    [{ couponId: "c1", order: "x" }, "invalid_value", "order"],
    [{ states: ["paid"] }, "invalid_value", "states[0]"],
    [{ states: "held" }, "invalid_type", "states"],
    [{ limit: 0 }, "out_of_range", "limit"],
    [{ customer: { kind: "E Mail", value: "a" } }, "invalid_value", "customer.kind"],
    [{ coupon: "c1" }, "unknown_field", "coupon"],
    [{ after: "nonsense" }, "invalid_value", "after"],
  ];
  for (const [request, code, path] of wrong) {
    const error = await rejectionOf(engine.redemptions.list(request));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
  assert.equal((await rejectionOf(engine.redemptions.get())).path, "key");
});

test("without storage.redemptions a checkout works, and so does what needs no list", async () => {
  const { engine } = await shopOf({ coupons: [limited()], over: withoutRedemptions });
  await engine.reserve(checkout("o1"));
  await engine.redeem({ key: "o1" });
  assert.equal((await engine.redemptions.get("o1")).state, "redeemed");
  for (const call of [() => engine.redemptions.list(), () => engine.redemptions.history("o1"), () => engine.reconcile(), () => engine.customers.export(ANN)]) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], ["not_supported", "storage.redemptions"]);
  }
  assert.deepEqual(await engine.sweep(), { expired: 0, counters: 0 });
});

test("invariant M10: a refund of a part that comes after the end is refused, and told no other refund's money", async () => {
  const { engine } = await shopOf();
  const paid = (await engine.redeemNow(checkout("o1"))).redemption.totals.total;
  const [first, ...rest] = cart().lines;
  const part = (refundId, request) => engine.rollback({ key: "o1", refundId, ...request });
  const one = await part("r0", { lines: [{ lineId: first.id, quantity: first.quantity }] });
  const two = await part("r1", { lines: rest.map(({ id, quantity }) => ({ lineId: id, quantity })) });
  assert.deepEqual([two.status, one.refund.amount + two.refund.amount], ["rolled_back", paid]);
  for (const request of [{ lines: [{ lineId: first.id, quantity: 1 }] }, { amount: 1 }, { lines: [{ lineId: "nonesuch", quantity: 999 }] }]) {
    const { status, reason, refund, changed } = await part("late", request);
    assert.deepEqual([status, reason, refund, changed], ["refused", "already_rolled_back", null, false]);
  }
  const again = await part("r1", { lines: rest.map(({ id, quantity }) => ({ lineId: id, quantity })) });
  assert.deepEqual([again.changed, again.refund], [false, two.refund]);
  const whole = await engine.rollback({ key: "o1" });
  assert.deepEqual([whole.status, whole.changed, whole.refund], ["rolled_back", false, null]);
});

test("invariant M10: whole and partial refunds at the same time answer no more than was paid", async () => {
  const { engine } = await shopOf();
  const paid = (await engine.redeemNow(checkout("o1"))).redemption.totals.total;
  const [{ id }] = cart().lines;
  const answers = await Promise.all([
    engine.rollback({ key: "o1" }),
    engine.rollback({ key: "o1", refundId: "r1", lines: [{ lineId: id, quantity: 1 }] }),
    engine.rollback({ key: "o1", refundId: "r2", amount: 100 }),
  ]);
  const told = answers.reduce((sum, { refund }) => sum + (refund?.amount ?? 0), 0);
  assert.equal(told, paid);
});

test("orderStatus with a cart and without codes pays what is held, and reserves nothing", async () => {
  const { engine } = await shopOf();
  await engine.reserve(checkout("o1"));
  const status = (key, to) => engine.orderStatus({ key, to, cart: cart() });
  assert.deepEqual([(await status("o1", "processing")).action, (await engine.redemptions.get("o1")).state], ["redeem", "redeemed"]);
  assert.equal((await status("o2", "pending")).action, "none");
  assert.equal((await status("o2", "processing")).action, "none");
});

test("an order of many small returns can still be refunded as a whole", async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ id: `8f0c2f0e-5b5e-4a3e-9d5e-${String(index).padStart(12, "0")}`, unitPrice: 100, quantity: 100 }));
  const { engine } = await shopOf();
  await engine.redeemNow(checkout("o1", { cart: cart({ lines: many }) }));
  const everyLine = many.map(({ id }) => ({ lineId: id, quantity: 1 }));
  let refused = null;
  for (let returns = 1; returns < 30 && refused === null; returns += 1) {
    refused = await engine.rollback({ key: "o1", refundId: `r${returns}`, lines: everyLine }).then(() => null, (error) => error);
  }
  assert.equal(refused.code, "too_large");
  assert.match(refused.message, /the rest can be refunded as a whole/);
  assert.equal((await engine.rollback({ key: "o1", cause: "refunded" })).status, "rolled_back");
});

test("semantics §11: a payment that brings many keys leaves room to cancel on the smallest ledger", async () => {
  const coupons = Array.from({ length: 9 }, (_, index) => coupon({ id: `c${index}`, code: `CODE${index}`, discount: { type: "amount", amounts: { EGP: 10 } }, limits: { total: 5, perCustomer: 5 } }));
  const over = (original) => ({ ...original, ledger: { ...original.ledger, capabilities: { ...original.ledger.capabilities, maxOperations: 100 } } });
  const { engine } = await shopOf({ coupons, over, policy: { stacking: { maxCodes: 30 } } });
  const keys = (kind) => ({ keys: Array.from({ length: 10 }, (_, index) => ({ kind: `${kind}${index}`, value: "x" })) });
  const reserved = await engine.reserve(checkout("o1", { codes: coupons.map(({ code }) => code), customer: { keys: keys("card").keys.slice(0, 2) } }));
  assert.equal(reserved.status, "held");
  const paid = await engine.redeem({ key: "o1", customer: keys("late") });
  assert.deepEqual([paid.status, paid.redemption.flags], ["redeemed", ["customer_limit_exceeded"]]);
  assert.equal((await engine.rollback({ key: "o1" })).status, "rolled_back");
  assert.deepEqual((await engine.reconcile()).differences, []);
});

test("a store that takes one key for another is found out before an order is paid or refunded in the place of another", async () => {
  const folded = (original) => {
    const read = async (request) => {
      const { items } = await original.redemptions.list({ by: null, states: [], after: null, limit: 100 });
      const newest = (key) => items.find((entry) => entry.key.toLowerCase() === key.toLowerCase()) ?? null;
      return { ...(await original.ledger.read(request)), entries: request.entries.map(newest) };
    };
    return { ...original, ledger: { ...original.ledger, capabilities: original.ledger.capabilities, commit: (batch) => original.ledger.commit(batch), read } };
  };
  const { engine } = await shopOf({ over: folded });
  await engine.reserve(checkout("Order-1"));
  const calls = [
    () => engine.redeem({ key: "order-1" }), () => engine.release({ key: "order-1" }), () => engine.extend({ key: "order-1" }),
    () => engine.rollback({ key: "order-1" }), () => engine.refundQuote({ key: "order-1" }), () => engine.reserve(checkout("order-1")),
    () => engine.redeemNow(checkout("order-1")), () => engine.orderStatus({ key: "order-1", to: "processing" }), () => engine.redemptions.get("order-1"),
  ];
  for (const call of calls) {
    const { code, path } = await rejectionOf(call());
    assert.deepEqual([code, path], ["storage_invalid_answer", "storage.ledger.read.entries[0].key"]);
  }
  assert.equal((await engine.redemptions.get("Order-1")).state, "held");
});
