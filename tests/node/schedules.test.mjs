/**
 * Schedules and the zones they are told in: filled in from the platform, in the pure calls and on a storage; and how long
 * a discount lasts.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { discountActiveAt, evaluate, memoryStorage, preload, prepare } from "./package.mjs";
import { cart, coupon, engineOn, errorOf, rejectionOf, request } from "./samples.mjs";

/** Monday, 1 June 2026: 12:00 in Cairo (UTC+3 in summer), 09:00 in UTC. */
const NOON_IN_CAIRO = Date.UTC(2026, 5, 1, 9);
const HOUR = 3_600_000;

const lunch = (zone = "Africa/Cairo") => ({ schedule: { zone, windows: [{ days: ["mon"], from: "12:00", to: "14:00" }] } });
const scheduled = (changes) => request({ coupons: [coupon({ restrictions: lunch() })], now: NOON_IN_CAIRO, ...changes });
before(() => preload());

const reason = (quote) => quote.codes[0].rejection?.code ?? null;

test("a window is half open, in the local time that the platform knows", () => {
  const at = (now) => reason(evaluate(scheduled({ now })));
  assert.equal(at(NOON_IN_CAIRO - 1), "outside_schedule");
  assert.equal(at(NOON_IN_CAIRO), null);
  assert.equal(at(NOON_IN_CAIRO + 2 * HOUR - 1), null);
  assert.equal(at(NOON_IN_CAIRO + 2 * HOUR), "outside_schedule");
  assert.equal(at("2026-06-01T12:00:00+03:00"), null);
  const winter = Date.UTC(2026, 0, 5, 10); // Cairo is at UTC+2 then
  assert.deepEqual([at(winter - 1), at(winter)], ["outside_schedule", null]);
  const { rejection } = evaluate(scheduled({ now: NOON_IN_CAIRO - HOUR })).codes[0];
  assert.deepEqual([rejection.details.zone, rejection.details.localTime], ["Africa/Cairo", "mon 11:00"]);
});

test("an offset that the caller gives is taken, also of a zone that the platform does not know", () => {
  assert.equal(reason(evaluate(scheduled({ zones: { "Africa/Cairo": 0 } }))), "outside_schedule");
  const mars = [coupon({ restrictions: lunch("Mars/Olympus") })];
  assert.equal(reason(evaluate(scheduled({ coupons: mars, zones: { "Mars/Olympus": 180 } }))), null);
  const unknown = errorOf(() => evaluate(scheduled({ coupons: mars })));
  assert.deepEqual([unknown.code, unknown.path], ["invalid_value", 'zones["Mars/Olympus"]']);
  for (const [zones, code, path] of [[7, "invalid_type", "zones"], [{ "Africa/Cairo": 1_441 }, "out_of_range", 'zones["Africa/Cairo"]']]) {
    const error = errorOf(() => evaluate(scheduled({ zones })));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
  assert.equal(errorOf(() => evaluate(scheduled({ now: "noon" }))).path, "now");
});

test("the zones of coupons, codes and rules are all filled in, in a prepared set as well", () => {
  const coupons = [
    coupon({ codes: [{ id: "k", code: "FRIEND", restrictions: lunch("Europe/Athens") }] }),
    coupon({ id: "c2", code: "LINKED", discount: null, rules: ["r"] }),
  ];
  const rules = [{ id: "r", gate: "coupon", discount: { type: "percent", basisPoints: 1_000 }, restrictions: lunch("Asia/Tokyo") }];
  const rest = { codes: ["FRIEND", "LINKED"], cart: cart(), policy: { stacking: { maxCodes: 2 } } };
  const set = prepare({ coupons, rules });
  for (const run of [(now) => evaluate({ coupons, rules, ...rest, now }), (now) => set.evaluate({ ...rest, now })]) {
    assert.deepEqual(run(NOON_IN_CAIRO).codes.map(({ state }) => state), ["applied", "rejected"]);
    assert.deepEqual(run(Date.UTC(2026, 5, 1, 3)).codes.map(({ state }) => state), ["rejected", "applied"]);
  }
});

test("on a storage the zone is the shim's to answer: no callback is asked for it", async () => {
  const storage = memoryStorage();
  const setup = await engineOn({ storage });
  await setup.coupons.create(coupon({ restrictions: lunch() }));
  const at = async (now) => reason(await setup.apply({ codes: ["SAVE20"], cart: cart(), now, disclosure: "full" }));
  assert.deepEqual([await at(NOON_IN_CAIRO - 1), await at(NOON_IN_CAIRO), await at("2026-06-01T11:00:00Z")], ["outside_schedule", null, "outside_schedule"]);
});

test("an automatic rule's schedule is kept on a storage, though no code is entered", async () => {
  const engine = await engineOn();
  await engine.rules.create({ id: "lunch", gate: "automatic", discount: { type: "percent", basisPoints: 1_000 }, restrictions: lunch() });
  const discount = async (now) => (await engine.apply({ codes: [], cart: cart(), now })).totals.discount;
  assert.deepEqual([await discount(NOON_IN_CAIRO), await discount(NOON_IN_CAIRO - 1)], [1_500, 0]);
});

test("a definition in a zone that the platform does not know is refused when it is stored", async () => {
  const engine = await engineOn({ policy: { lock: "never" } });
  await engine.coupons.create(coupon());
  await engine.rules.create({ id: "gift", gate: "coupon", discount: { type: "percent", basisPoints: 500 } });
  const { id } = await engine.codes.add({ couponId: "c1", code: "FRIEND" });
  const restrictions = lunch("Mars/Olympus");
  const calls = [
    [() => engine.coupons.create(coupon({ id: "c2", code: "NEW", restrictions })), ""],
    [() => engine.coupons.create(coupon({ id: "c2", code: "NEW", codes: [{ code: "A1" }, { code: "B1", restrictions }] })), "codes[1]."],
    [() => engine.coupons.update("c1", { restrictions }), ""],
    [() => engine.codes.add({ couponId: "c1", code: "NEW", restrictions }), ""],
    [() => engine.codes.update(id, { restrictions }), ""],
    [() => engine.rules.create({ id: "r2", gate: "automatic", discount: { type: "percent", basisPoints: 500 }, restrictions }), ""],
    [() => engine.rules.update("gift", { restrictions }), ""],
  ];
  for (const [call, place] of calls) {
    const error = await rejectionOf(call());
    assert.deepEqual([error.code, error.path], ["invalid_value", `${place}restrictions.schedule.zone`]);
  }
  assert.equal(await engine.coupons.get("c2"), null);
  assert.equal((await engine.coupons.get("c1")).coupon.version, 1);
});

test("how long a redeemed discount lasts", () => {
  const redeemedAt = Date.UTC(2026, 0, 31);
  const at = (duration, paymentAt, paymentNumber, rest) => discountActiveAt({ duration, redeemedAt, paymentAt, paymentNumber, ...rest });
  const months = (count) => ({ type: "repeating", months: count });
  assert.deepEqual([at({ type: "once" }, redeemedAt, 1), at({ type: "once" }, redeemedAt, 2)], [true, false]);
  assert.deepEqual([at(months(1), Date.UTC(2026, 1, 28) - 1, 5), at(months(1), Date.UTC(2026, 1, 28), 2)], [true, false]);
  assert.deepEqual([at(months(2), Date.UTC(2026, 2, 31) - 1, 2), at(months(2), "2026-03-31T00:00:00Z", 3)], [true, false]);
  assert.deepEqual([at({ type: "repeating", payments: 2 }, redeemedAt, 2), at({ type: "repeating", payments: 2 }, redeemedAt, 3)], [true, false]);
  assert.deepEqual([at({ type: "forever" }, redeemedAt, 9), at({ type: "forever" }, redeemedAt, 9, { state: "inactive" })], [true, false]);
  assert.equal(at({ type: "forever" }, redeemedAt, 9, { state: "inactive", stopOnDeactivate: false }), true);
  assert.equal(at({ type: "forever" }, redeemedAt - 1, 1), false);
  const error = errorOf(() => at({ type: "once" }, redeemedAt, 0));
  assert.deepEqual([error.code, error.path], ["out_of_range", "paymentNumber"]);
});
