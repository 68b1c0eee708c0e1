/**
 * Settings of the whole shop: what codes, automatic rules and the host's own discounts do to each other, the cap on all
 * of them, and what must be left to pay (guides S0 and S1; semantics §6, §8, §32).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, cart, coupon, discounts, evaluated, line, openShop, percent, reasons, refused, rule, several } from "./shop.mjs";

const taken = ({ adjustments }) => adjustments.map(({ source, amount: minor }) => [source, minor]);
const pair = (one, two) => [coupon({ id: "one", code: "ONE", discount: one, priority: 1 }), coupon({ id: "two", code: "TWO", discount: two, priority: 2 })];
const withForeign = (onCart, ...foreignDiscounts) => ({ ...onCart, foreignDiscounts });
const theirs = (minor, changes = {}) => ({ lineId: "a", amount: minor, label: "PLATFORM10", ...changes });

test("S0+.2, B28 all discounts together stop at the shop's share of the full price, the last is trimmed", () => {
  const policy = { ...several("additive"), globalCapBasisPoints: 4_000 };
  const quote = evaluated({ coupons: pair(percent(3_000), percent(2_000)), codes: ["ONE", "TWO"], cart: cart(10_000), policy });
  assert.deepEqual([discounts(quote), quote.totals.total], [[3_000, 1_000], 6_000]);
  assert.deepEqual(quote.adjustments.map(({ trimmed, requested }) => [trimmed, requested]), [[false, 3_000], [true, 2_000]]);
});

test("S0+.2 where nothing of a discount is left it is refused, and codes and rules count alike", () => {
  const policy = { ...several("additive"), globalCapBasisPoints: 2_500 };
  const coupons = pair(percent(2_000), percent(1_000));
  const rules = [rule({ gate: "automatic", discount: percent(1_500), priority: 0 })];
  const quote = evaluated({ coupons, rules, codes: ["ONE", "TWO"], cart: cart(10_000), policy });
  assert.deepEqual([quote.automatic[0].discount, discounts(quote), reasons(quote)], [1_500, [1_000, 0], ["applied", "cap_reached"]]);
});

test("S0+.3 beside the platform's own coupon, or silent where it is present", () => {
  const on = (foreignDiscounts, ...foreign) => evaluated({ cart: withForeign(cart(10_000), ...foreign), policy: { foreignDiscounts } });
  assert.deepEqual(taken(on("alongside", theirs(1_000))), [["foreign", 1_000], ["code", 2_000]]);
  const silent = on("suppress_ours", theirs(1_000));
  assert.deepEqual([taken(silent), reasons(silent), silent.totals.total], [[["foreign", 1_000]], ["foreign_coupon_present"], 9_000]);
  assert.deepEqual(taken(on("suppress_ours")), [["code", 2_000]]);
});

test("S0+.3 a discount may have a setting of its own about it", () => {
  const on = (policy, withForeignOf) => reasons(evaluated({ coupons: [coupon({ withForeign: withForeignOf })], cart: withForeign(cart(10_000), theirs(1_000)), policy: { foreignDiscounts: policy } }))[0];
  assert.equal(on("alongside", "suppress"), "foreign_coupon_present");
  assert.equal(on("suppress_ours", "alongside"), "applied");
  assert.equal(on("suppress_ours", null), "foreign_coupon_present");
});

const INTERACTIONS = [["alongside", [["code", 2_000], ["automatic", 1_000]]], ["code_replaces", [["code", 2_000]]], ["automatic_replaces", [["automatic", 1_000]]]];
for (const [interaction, expected] of INTERACTIONS) {
  test(`S1.3, B61 the same cart with the shop's interaction set to ${interaction}`, async () => {
    const { engine, apply } = await openShop({ coupons: [coupon()], rules: [rule({ gate: "automatic" })] });
    await engine.settings.update({ interaction });
    assert.deepEqual(taken(await apply(["SAVE20"], cart(10_000))), expected);
  });

  test(`semantics §32: an automatic rule alone, a code alone, both: ${interaction}`, () => {
    const on = (codes, automatic) => taken(evaluated({ rules: [rule({ gate: "automatic" })], codes, automatic, cart: cart(10_000), policy: { interaction } }));
    assert.deepEqual(on([], true), [["automatic", 1_000]]);
    assert.deepEqual(on(["SAVE20"], false), [["code", 2_000]]);
    assert.deepEqual(on(["SAVE20"], true), expected);
  });
}

test("S1.3 what is kept out says so, and a code that takes nothing replaces nothing", () => {
  const on = (interaction, changes) => evaluated({ coupons: [coupon(changes)], rules: [rule({ gate: "automatic" })], cart: cart(10_000), policy: { interaction } });
  const [{ rejection }] = on("automatic_replaces").codes;
  assert.deepEqual([rejection.code, rejection.details.with], ["not_combinable", ["r1"]]);
  const [replaced] = on("code_replaces").automatic;
  assert.deepEqual([replaced.rejection.code, replaced.rejection.details.with], ["not_combinable", ["SAVE20"]]);
  assert.deepEqual(taken(on("code_replaces", { restrictions: { minimum: { amounts: { EGP: 10_001 } } } })), [["automatic", 1_000]]);
});

test("B61 one promotion may give way to codes where the others do not", () => {
  const rules = [rule({ id: "yields", gate: "automatic", interaction: "code_replaces" }), rule({ id: "stays", gate: "automatic" })];
  const { automatic } = evaluated({ rules, cart: cart(10_000) });
  assert.deepEqual(automatic.map(({ ruleId, state }) => [ruleId, state]), [["yields", "rejected"], ["stays", "applied"]]);
});

test("semantics §8: 30 % and 20 % of 100.00 under a cap of 40 % are 30.00 and 10.00; of 99.99 the cap is rounded down", () => {
  const policy = { ...several("additive"), globalCapBasisPoints: 4_000 };
  const on = (minor) => discounts(evaluated({ coupons: pair(percent(3_000), percent(2_000)), codes: ["ONE", "TWO"], cart: cart(minor), policy }));
  assert.deepEqual(on(10_000), [3_000, 1_000]);
  assert.deepEqual(on(9_999), [3_000, 999]);
});

test("semantics §8: the cap counts discountable goods only, and neither shipping nor store credit", () => {
  const goods = { currency: "EGP", shipping: 500, lines: [line("a", 6_000), line("fee", 4_000, { discountable: false })] };
  const coupons = [
    coupon({ discount: percent(9_000) }),
    coupon({ id: "post", code: "POST", discount: { ...amount(500), target: "shipping" } }),
    coupon({ id: "credit", code: "CREDIT", discount: { type: "store_credit", amounts: { EGP: 5_000 }, bearer: true } }),
  ];
  const { totals, codes } = evaluated({ coupons, codes: ["SAVE20", "POST", "CREDIT"], cart: goods, policy: { ...several("additive"), globalCapBasisPoints: 5_000 } });
  assert.deepEqual(codes.map(({ discount }) => discount), [3_000, 500, 5_000]);
  assert.deepEqual([totals.discount, totals.credit, totals.total], [3_500, 5_000, 2_000]);
});

test("semantics §8: with suppress_ours a foreign coupon silences all of ours, automatic ones too, but no store credit", () => {
  const coupons = [coupon(), coupon({ id: "credit", code: "CREDIT", discount: { type: "store_credit", amounts: { EGP: 700 }, bearer: true } })];
  const quote = evaluated({ coupons, rules: [rule({ gate: "automatic" })], codes: ["SAVE20", "CREDIT"], cart: withForeign(cart(10_000), theirs(1_000)), policy: { foreignDiscounts: "suppress_ours" } });
  assert.deepEqual([reasons(quote), quote.automatic[0].rejection.code], [["foreign_coupon_present", "applied"], "foreign_coupon_present"]);
  assert.equal(quote.totals.total, 8_300);
});

test("semantics §8: ours taken of the full price, or of what the host's own discount left", () => {
  const on = (foreignDiscounts) => evaluated({ cart: withForeign(cart(10_000, 5_000), theirs(4_000)), policy: { foreignDiscounts } });
  assert.deepEqual(on("alongside").lines.map(({ discount }) => discount), [6_000, 1_000]);
  assert.deepEqual(on("subtract_from_base").lines.map(({ discount }) => discount), [5_200, 1_000]);
});

test("semantics §8: what the host takes of a line is no more than the line costs", async () => {
  assert.deepEqual(await refused(() => evaluated({ cart: withForeign(cart(1_000), theirs(600), theirs(401)) })), ["out_of_range", "cart.foreignDiscounts"]);
  assert.deepEqual(await refused(() => evaluated({ cart: withForeign(cart(1_000), theirs(1, { lineId: "z" })) })), ["invalid_value", "cart.foreignDiscounts[0].lineId"]);
});

test("semantics §6: a least payment cuts the discount, and says that it did", () => {
  const quote = evaluated({ coupons: [coupon({ discount: amount(10_000) })], cart: cart(8_000), policy: { minPayable: { EGP: 500 } } });
  assert.deepEqual([quote.totals.total, quote.adjustments[0].requested, quote.adjustments[0].amount, quote.adjustments[0].trimmed], [0, 10_000, 8_000, false]);
  const part = evaluated({ coupons: [coupon({ discount: amount(7_800) })], cart: cart(8_000), policy: { minPayable: { EGP: 500 } } });
  assert.deepEqual([part.totals.total, part.adjustments[0].amount, part.adjustments[0].trimmed], [500, 7_500, true]);
});

test("semantics §6: a total of nothing may be forbidden: the least unit, or the least payment, is left", () => {
  const on = (policy) => evaluated({ coupons: [coupon({ discount: amount(10_000) })], cart: cart(8_000), policy }).totals.total;
  assert.deepEqual([on({}), on({ allowZeroTotal: false }), on({ allowZeroTotal: false, minPayable: { EGP: 500 } })], [0, 1, 500]);
});
