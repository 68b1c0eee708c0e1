/**
 * What other systems have beyond the guides (B7 … B68): which discounts go together, in which order, of which price.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, cart, coupon, discounts, evaluated, openShop, percent, reasons, refused, rule, several } from "./shop.mjs";

const names = ({ adjustments }) => adjustments.map(({ code, ruleId }) => code ?? ruleId);
const on = (products) => ({ restrictions: { products: { include: products } } });
const made = (code, discount, priority = 0, more = {}) => coupon({ id: code.toLowerCase(), code, discount, priority, ...more });
const entered = (coupons, policy, changes = {}) => evaluated({ coupons, codes: coupons.map(({ code }) => code), cart: cart(10_000), policy, ...changes });

const CLASSES = [
  made("SHIP", { ...percent(5_000), target: "shipping" }, 0, { category: "shipping", combinesWith: ["product", "order"] }),
  made("ALL", percent(1_000), 0, { category: "order", combinesWith: ["product", "shipping"] }),
  made("ZHAT", percent(1_000), 0, { ...on(["a"]), category: "product", combinesWith: ["order", "shipping"] }),
];

test("B7 product, then order, then shipping discounts, however they were typed, and all by mutual consent", () => {
  for (const coupons of [CLASSES, CLASSES.toReversed()]) {
    const quote = entered(coupons, several("sequential"), { cart: { ...cart(1_000, 1_000), shipping: 500 } });
    assert.deepEqual([names(quote), quote.adjustments.map((each) => each.amount)], [["ZHAT", "ALL", "SHIP"], [100, 190, 250]]);
  }
});

test("B7 without the consent of one side the later does not join", () => {
  const [ship, all, hat] = CLASSES;
  const quote = entered([ship, all, { ...hat, combinesWith: ["order"] }], several("additive"), { cart: { ...cart(1_000, 1_000), shipping: 500 } });
  assert.deepEqual([names(quote), reasons(quote)], [["ZHAT", "ALL"], ["not_combinable", "applied", "applied"]]);
});

test("B8 the best combination is chosen by itself, and who lost is told to whom", async () => {
  const { apply } = await openShop({
    policy: several("best_combination"),
    coupons: [made("ALONE", percent(2_500), 0, { exclusive: true }), made("ONE", percent(1_500), 1), made("TWO", percent(1_500), 2)],
  });
  const quote = await apply(["ALONE", "ONE", "TWO"], cart(10_000), { disclosure: "actionable" });
  assert.deepEqual([discounts(quote), reasons(quote)], [[0, 1_500, 1_500], ["superseded_by_better", "applied", "applied"]]);
  assert.equal(quote.codes[0].rejection.message, "A better offer is already applied: ONE and TWO.");
  assert.equal(quote.strategy.exact, true);
});

test("B9 a line is discounted by one product discount; order discounts still reach it", () => {
  const coupons = [made("X", percent(1_000), 1, on(["a"])), made("Y", percent(2_000), 2, on(["a", "b"])), made("Z", percent(500), 3)];
  const linesOf = (onePerLine) => entered(coupons, several("additive", { onePerLine }), { cart: cart(1_000, 1_000) }).lines.map(({ discount }) => discount);
  assert.deepEqual([linesOf(true), linesOf(false)], [[150, 250], [350, 250]]);
});

test("B19 at most thirty codes in a request, so many applied, and so many of a category", async () => {
  const codes = Array.from({ length: 31 }, (_, at) => `C${at}`);
  assert.deepEqual(await refused(() => evaluated({ codes })), ["too_large", "codes"]);
  const coupons = [made("A", amount(100), 1, { category: "seasonal" }), made("B", amount(200), 2, { category: "seasonal" }), made("C", amount(400), 3, { category: "loyalty" })];
  const limited = entered(coupons, several("additive", { maxPerCategory: { seasonal: 1 } }));
  assert.deepEqual(reasons(limited), ["applied", "too_many_codes", "applied"]);
  assert.deepEqual(limited.codes[1].rejection.details, { max: 1, category: "seasonal" });
  assert.deepEqual(reasons(entered(coupons, several("additive", { maxCodes: 2 }))), ["too_many_codes", "applied", "applied"]);
});

test("B19 all of the codes or none: one that does not apply takes the others with it", () => {
  const coupons = [made("A", amount(100)), made("B", amount(200), 0, { restrictions: { minimum: { amounts: { EGP: 10_001 } } } })];
  const of = (onInapplicable) => entered(coupons, several("additive", { onInapplicable }));
  assert.deepEqual([reasons(of("partial")), of("partial").totals.discount], [["applied", "minimum_not_met"], 100]);
  const none = of("all_or_nothing");
  assert.deepEqual([reasons(none), none.totals.discount, none.codes[0].state], [["not_all_applicable", "minimum_not_met"], 0, "parked"]);
});

test("B19 one without effect is kept out, and each base is the initial or the discounted price", () => {
  const coupons = [made("ALL", percent(10_000), 1), made("MORE", percent(1_000), 2)];
  assert.deepEqual(reasons(entered(coupons, several("sequential"))), ["applied", "no_effect"]);
  const pair = (basis) => [made("A", percent(1_000), 1), made("B", { ...percent(2_000), basis }, 2)];
  assert.deepEqual(["original", "running"].map((basis) => entered(pair(basis), several("additive")).totals.discount), [3_000, 2_800]);
});

const group = (changes = {}) => [made("A", amount(300), 1, { category: "group" }), made("B", amount(500), 2, { category: "group" }), made("C", amount(100), 3, changes)];
const EVALUATION_GROUPS = [
  ["stackable", several("additive"), {}, [300, 500, 100]],
  ["by list order", several("additive", { maxPerCategory: { group: 1 } }), {}, [300, 0, 100]],
  ["by best value", several("best_combination", { maxPerCategory: { group: 1 } }), {}, [0, 500, 100]],
  ["exclusive", several("best_combination"), { exclusive: true }, [300, 500, 0]],
];
for (const [name, policy, changes, expected] of EVALUATION_GROUPS) {
  test(`B42 an evaluation group that is ${name} gives ${expected}`, () => {
    assert.deepEqual(discounts(entered(group(changes), policy)), expected);
  });
}

test("B43 discounts in cascade: each of what the one before left", () => {
  const coupons = ["A", "B", "C"].map((code, at) => made(code, percent(1_000), at));
  assert.deepEqual(discounts(entered(coupons, several("sequential"))), [1_000, 900, 810]);
});

test("B53 sorted by the merchant's order, and nothing after the one that stops", () => {
  const coupons = [made("LAST", amount(300), 3), made("STOP", amount(200), 2, { stopAfter: true }), made("FIRST", amount(100), 1)];
  const quote = entered(coupons, several("additive"));
  assert.deepEqual([names(quote), reasons(quote)], [["FIRST", "STOP"], ["stopped_by_previous", "applied", "applied"]]);
  assert.deepEqual(quote.codes[0].rejection.details.with, ["STOP"]);
});

test("B54 of a group of discounts the best deal applies, beside those outside of it", () => {
  const promotion = (id, discount, category) => rule({ id, gate: "automatic", discount, category });
  const rules = [promotion("fixed", amount(300), "sale"), promotion("share", percent(1_000), "sale"), promotion("other", amount(50), null)];
  const of = (minor) => evaluated({ rules, codes: [], cart: cart(minor), policy: several("best_combination", { maxPerCategory: { sale: 1 } }) }).automatic;
  assert.deepEqual(of(5_000).map(({ discount }) => discount), [0, 500, 50]);
  assert.deepEqual(of(2_000).map(({ discount }) => discount), [300, 0, 50]);
  assert.deepEqual(of(2_000)[1].rejection.details, { max: 1, category: "sale" });
});

test("B60 what nearly applies says what is missing, and what applies is there with its amount", async () => {
  const { apply } = await openShop({ rules: [rule({ gate: "automatic", name: "Ten off", restrictions: { minimum: { amounts: { EGP: 10_000 }, quantity: 2 } } })] });
  const said = async (...prices) => {
    const [{ label, state, discount, rejection }] = (await apply([], cart(...prices), { disclosure: "actionable" })).automatic;
    return [label, state, discount, rejection?.message ?? null];
  };
  assert.deepEqual(await said(8_750), ["Ten off", "parked", 0, "Add 12.50 EGP and 1 item more to get this discount."]);
  assert.deepEqual(await said(8_750, 1_250), ["Ten off", "applied", 1_000, null]);
});

test("B64 in sequence, one discount may be of the original price all the same", () => {
  const coupons = (basis) => [made("HALF", percent(5_000), 1), made("TEN", { ...percent(1_000), ...basis }, 2)];
  const of = (basis) => discounts(entered(coupons(basis), several("sequential")));
  assert.deepEqual([of({}), of({ basis: "running" }), of({ basis: "original" })], [[5_000, 500], [5_000, 500], [5_000, 1_000]]);
});

const TIERS = [made("A", percent(1_000)), made("B", amount(2_100)), made("C", percent(1_000), 0, on(["a"])), made("D", amount(1_000), 0, on(["a"]))];
const FIXED_ORDERS = [["fixed_first", ["D", "C", "B", "A"], [1_000, 900, 2_100, 1_600]], ["percent_first", ["C", "D", "A", "B"], [1_000, 1_000, 1_800, 2_100]]];
for (const [order, expected, amounts] of FIXED_ORDERS) {
  test(`B68 four tiers, ${order}: ${expected}`, () => {
    const quote = entered(TIERS, several("sequential", { order }), { cart: cart(10_000, 10_000) });
    assert.deepEqual([names(quote), quote.adjustments.map((each) => each.amount)], [expected, amounts]);
  });
}

test("B83 an automatic coupon applies by itself, with its conditions, and takes no code's place", () => {
  const rules = [rule({ gate: "automatic", restrictions: { minimum: { amounts: { EGP: 5_000 } } } })];
  const of = (minor) => evaluated({ rules, cart: cart(minor) });
  assert.deepEqual([of(5_000).totals.discount, of(4_999).totals.discount], [1_500, 1_000]);
  assert.deepEqual(reasons(of(5_000)), ["applied"]);
});

test("B58 names in the customer's language, a key that stays, and a version that grows", async () => {
  const messages = { names: { "Summer sale": "Sommerschlussverkauf" } };
  const { engine, apply } = await openShop({ messages, coupons: [made("SALE", percent(1_000), 0, { name: "Summer sale" }), made("PLAIN", percent(100))], policy: several("additive") });
  const { codes, adjustments } = await apply(["SALE", "PLAIN"], cart(10_000));
  assert.deepEqual([codes.map(({ label }) => label), adjustments.map(({ label }) => label).toSorted()], [["Sommerschlussverkauf", "PLAIN"], ["PLAIN", "Sommerschlussverkauf"]]);
  const { id, version } = await engine.coupons.update("sale", { name: "Winter sale" });
  assert.deepEqual([id, version, (await apply(["SALE"])).codes[0].label], ["sale", 2, "Winter sale"]);
});
