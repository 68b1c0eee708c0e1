/**
 * Guide S3, coupon groups and codes: the items that the engine itself owns, as a shop sees them. A group is a coupon.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, buyer, cart, coupon, email, evaluated, generateCodes, instantOf, line, openShop, reasons, redeemed, refused } from "./shop.mjs";

const ann = email("ann@example.com");
const bob = email("bob@example.com");

/** A group with these settings and one code `C` with those. */
const group = (ofGroup = {}, ofCode = {}) => [coupon({ code: null, ...ofGroup, codes: [{ code: "C", ...ofCode }] })];
const entered = (coupons, changes = {}) => evaluated({ coupons, codes: ["C"], ...changes }).codes[0];
const reasonOf = (coupons, changes) => entered(coupons, changes).rejection?.code ?? "applied";

test("S3.1 codes are added to a group and belong to it", async () => {
  const { engine, codesOf, apply } = await openShop({ coupons: [coupon({ id: "spring", code: null })] });
  const added = await engine.codes.add({ couponId: "spring", code: "TULIP" });
  await engine.codes.add({ couponId: "spring", code: "DAISY" });
  assert.equal(added.couponId, "spring");
  assert.deepEqual(await codesOf("spring"), ["DAISY", "TULIP"]);
  assert.equal((await apply(["tulip"])).codes[0].couponId, "spring");
});

test("S3.3 a restriction of the group refuses every code of it", () => {
  const coupons = [coupon({ code: "A", restrictions: { expiresAt: NOW - 1 }, codes: [{ code: "B" }, { code: "C" }] })];
  for (const code of ["A", "B", "C"]) {
    const [{ rejection }] = evaluated({ coupons, codes: [code] }).codes;
    assert.deepEqual([rejection.code, rejection.level], ["expired", "coupon"], code);
  }
});

test("S3.4 a code without dates has the group's", () => {
  const coupons = group({ restrictions: { startsAt: NOW, expiresAt: NOW + DAY } });
  const at = (now) => reasonOf(coupons, { now });
  assert.deepEqual([at(NOW - 1), at(NOW), at(NOW + DAY), at(NOW + DAY + 1)], ["not_started", "applied", "applied", "expired"]);
});

test("S3.5 a code's dates narrow the group's at both ends, and never widen them", () => {
  const window = (from, to) => ({ restrictions: { startsAt: NOW + from * DAY, expiresAt: NOW + to * DAY } });
  const days = (coupons) => [0, 1, 2, 3, 4, 5].filter((day) => reasonOf(coupons, { now: NOW + day * DAY }) === "applied");
  assert.deepEqual(days(group(window(1, 4), window(2, 3))), [2, 3]);
  assert.deepEqual(days(group(window(2, 3), window(1, 4))), [2, 3]);
  assert.deepEqual(days(group(window(1, 3), window(2, 5))), [2, 3]);
  assert.deepEqual(days(group(window(0, 1), window(3, 5))), []);
});

test("S3.8 a code without restrictions is for anyone, any number of times, at any time", () => {
  const usage = redeemed({ "coupon/c1": 5_000_000, "code/C": 5_000_000 });
  for (const customer of [null, buyer(ann), buyer(bob)]) {
    for (const now of [0, NOW, Date.UTC(2099, 0)]) assert.equal(reasonOf(group(), { usage, customer, now }), "applied");
  }
});

test("S3.9 a code for two e-mails takes both in any case, and no third", () => {
  const coupons = group({}, { restrictions: { customers: [ann, email("Bob@Example.com")] } });
  const by = (address) => reasonOf(coupons, { customer: buyer(email(address)) });
  assert.deepEqual([by("ANN@example.com"), by("bob@EXAMPLE.com"), by("eve@example.com")], ["applied", "applied", "customer_not_allowed"]);
  assert.equal(reasonOf(group(), { customer: buyer(email("eve@example.com")) }), "applied");
});

test("S3.10 start and end dates stand on group or code, and a start after its end is refused", async () => {
  const late = { restrictions: { startsAt: NOW + 1 } };
  const over = { restrictions: { expiresAt: NOW - 1 } };
  const found = [group(late), group({}, late), group(over), group({}, over)].map((coupons) => entered(coupons).rejection);
  assert.deepEqual(found.map(({ code, level }) => `${code} ${level}`), ["not_started coupon", "not_started code", "expired coupon", "expired code"]);
  const { engine } = await openShop();
  const run = () => engine.coupons.create(coupon({ restrictions: { startsAt: NOW + 1, expiresAt: NOW } }));
  assert.deepEqual(await refused(run), ["invalid_value", "restrictions.expiresAt"]);
});

test("S3.11 dates on the group and a user on the code must both hold", () => {
  const coupons = group({ restrictions: { expiresAt: NOW } }, { restrictions: { customers: [ann] } });
  const cases = [[NOW, ann, "applied"], [NOW, bob, "customer_not_allowed"], [NOW + 1, ann, "expired"]];
  for (const [now, key, expected] of cases) assert.equal(reasonOf(coupons, { now, customer: buyer(key) }), expected);
});

test("S3.12 a code's total limit", () => {
  const coupons = group({}, { limits: { total: 10_000 } });
  assert.equal(reasonOf(coupons, { usage: redeemed({ "code/C": 9_999 }) }), "applied");
  const { rejection } = entered(coupons, { usage: redeemed({ "code/C": 10_000 }) });
  assert.deepEqual([rejection.code, rejection.level, rejection.details], ["limit_reached", "code", { limit: 10_000, used: 10_000 }]);
});

test("S3.13 a code's limit per user", () => {
  const coupons = group({}, { limits: { perCustomer: 2 } });
  const usage = redeemed({ "code/C/customer/email/ann@example.com": 2, "code/C/customer/email/bob@example.com": 1 });
  const { rejection } = entered(coupons, { usage, customer: buyer(ann) });
  assert.deepEqual([rejection.code, rejection.level, rejection.details], ["customer_limit_reached", "code", { limit: 2, used: 2, kind: "email" }]);
  assert.equal(reasonOf(coupons, { usage, customer: buyer(bob) }), "applied");
  assert.equal(reasonOf(coupons, { usage }), "customer_required");
});

test("S3.14 10,000 in all and one per e-mail: each limit refuses by itself", async () => {
  const { created, redeem, apply } = await openShop({ coupons: group({}, { limits: { total: 10_000, perCustomer: 1 } }) });
  const [{ id }] = created[0].codes;
  const by = async (key) => reasons(await apply(["C"], cart(1_000), { customer: buyer(key) }))[0];
  assert.equal(await by(ann), "applied");
  await redeem(`code/${id}`);
  await redeem(`code/${id}/customer/email/ann@example.com`);
  assert.deepEqual([await by(ann), await by(bob)], ["customer_limit_reached", "applied"]);
  await redeem(`code/${id}`, 9_998);
  assert.equal(await by(bob), "applied");
  await redeem(`code/${id}`);
  assert.equal(await by(bob), "limit_reached");
});

test("S3.16 codes are generated into a group", async () => {
  const { engine, codesOf, apply } = await openShop({ coupons: [coupon({ id: "g", code: null })] });
  await engine.generate({ couponId: "g", count: 3 });
  const codes = await codesOf("g");
  assert.equal(codes.length, 3);
  for (const code of codes) assert.equal((await apply([code], cart(1_000))).totals.discount, 200);
});

test("S3.17 a code is made by hand, as it is written", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon({ id: "g", code: null, discount: amount(500) })] });
  const { code, batch } = await engine.codes.add({ couponId: "g", code: "hand-made_1" });
  assert.deepEqual([code, batch], ["HAND-MADE_1", null]);
  assert.equal((await apply(["HAND-MADE_1"])).totals.discount, 500);
});

test("S3.18 as many codes as asked for", () => {
  for (const count of [1, 17, 5_000]) assert.equal(generateCodes({ count }).codes.length, count);
});

test("S3.19 as many random characters as asked for", () => {
  for (const length of [8, 12, 64]) {
    const generated = generateCodes({ count: 20, length });
    assert.equal(generated.length, length);
    for (const code of generated.codes) assert.equal(code.length, length);
  }
});

test("S3.20 only characters that are allowed; aA is one", () => {
  const { codes } = generateCodes({ count: 500, length: 10, charset: "abAB7" });
  assert.deepEqual(new Set(codes.join("")), new Set("AB7"));
});

test("S3.21 a prefix before every code", () => {
  for (const code of generateCodes({ count: 20, length: 8, prefix: "vip" }).codes) assert.match(code, /^VIP-[A-Z0-9]{8}$/);
});

test("S3.22 a suffix behind every code, with the separator of choice", () => {
  for (const code of generateCodes({ count: 20, length: 8, prefix: "A", suffix: "Z", separator: "_" }).codes) assert.match(code, /^A_[A-Z0-9]{8}_Z$/);
  for (const code of generateCodes({ count: 20, length: 8, suffix: "END", separator: "" }).codes) assert.match(code, /^[A-Z0-9]{8}END$/);
});

test("S3.23 length 5 with prefix A- makes codes of 7", () => {
  for (const code of generateCodes({ count: 5, length: 5, prefix: "A-", separator: "" }).codes) assert.match(code, /^A-[A-Z0-9]{5}$/);
});

test("S3+.3 four characters and length 5 are 1,024 codes: half of them may be drawn, not one more", async () => {
  const shape = { length: 5, charset: "ABCD" };
  const { codes, guessesPerHit } = generateCodes({ ...shape, count: 512 });
  assert.deepEqual([new Set(codes).size, guessesPerHit], [512, "2"]);
  assert.deepEqual(await refused(() => generateCodes({ ...shape, count: 513 })), ["key_space_exhausted", "count"]);
  assert.deepEqual(await refused(() => generateCodes({ ...shape, count: 112, existing: 401 })), ["key_space_exhausted", "count"]);
  assert.equal(generateCodes({ ...shape, count: 112, existing: 400 }).codes.length, 112);
});

test("S3+.7 the shares of lines and of units add up to the discount", () => {
  const onCart = { currency: "EGP", lines: [line("a", 500), line("b", 100, { quantity: 2 }), line("c", 33, { quantity: 3 })] };
  const { adjustments: [{ amount: total, lines }] } = evaluated({ coupons: [coupon({ discount: amount(601) })], cart: onCart });
  assert.equal(total, 601);
  // 601 × 500/799 = 376.1, 601 × 200/799 = 150.4, 601 × 99/799 = 74.5
  assert.deepEqual(lines.map(({ lineId, amount: share }) => [lineId, share]), [["a", 376], ["b", 150], ["c", 75]]);
  for (const { amount: share, units } of lines) assert.equal(units.reduce((sum, run) => sum + run.quantity * run.amount, 0), share);
  assert.deepEqual(lines[2].units, [{ quantity: 3, amount: 25 }]);
});

test("S3+.8 the project's zone decides when a start and an end day begin and end", () => {
  const restrictions = { startsAt: instantOf("2026-07-01", "Africa/Cairo", "start"), expiresAt: instantOf("2026-07-31", "Africa/Cairo", "end") };
  const at = (instant) => reasonOf(group({ restrictions }), { now: Date.parse(instant) });
  assert.deepEqual(
    [at("2026-06-30T20:59:59.999Z"), at("2026-06-30T21:00:00Z"), at("2026-07-31T20:59:59.999Z"), at("2026-07-31T21:00:00Z")],
    ["not_started", "applied", "applied", "expired"],
  );
});
