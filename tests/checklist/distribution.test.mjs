/**
 * Value, which units, shared out how: percent, amount, price, tiers, buy-and-get, shipping (guide S3; semantics §3, §4,
 * §5, §26, §28), and what other systems have of it (B10 … B72). The figures are worked out by hand.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, amount, cart, coupon, describe, evaluated, line, openShop, percent, reasons, refused, rule, several } from "./shop.mjs";

const items = (...lines) => ({ currency: "EGP", lines });
const quoteOf = (discount, onCart, more = {}) => evaluated({ coupons: [coupon({ discount, ...more })], cart: onCart });
const shares = (...given) => quoteOf(...given).lines.map(({ discount }) => discount);
const figures = (...given) => quoteOf(...given).adjustments.map(({ requested, amount: minor }) => [requested, minor])[0];
const free = percent(10_000);
const price = (minor) => ({ type: "price", amounts: { EGP: minor } });
/** 5.00, two at 1.00, and 1.00. */
const THREE = items(line("a", 500), line("b", 100, { quantity: 2 }), line("c", 100));
/** Three at 10.00 and three at 4.00. */
const SIX = items(line("dear", 1_000, { quantity: 3 }), line("cheap", 400, { quantity: 3 }));

const SPREAD = [
  ["proportional", 600, [375, 150, 75]],
  ["even", 300, [100, 100, 100]],
  ["even", 600, [300, 200, 100]],
  ["by_quantity", 400, [100, 200, 100]],
  ["by_quantity", 500, [200, 200, 100]],
  ["greedy_in_order", 600, [500, 100, 0]],
  ["each_line", 150, [150, 150, 100]],
  ["each_unit", 120, [120, 200, 100]],
];
for (const [distribution, minor, expected] of SPREAD) {
  test(`semantics §4: ${minor} ${distribution} over 500, 2 × 100 and 100 is ${expected}`, () => {
    const quote = quoteOf({ ...amount(minor), distribution }, THREE);
    assert.deepEqual([quote.lines.map(({ discount }) => discount), quote.adjustments[0].distribution], [expected, distribution]);
    assert.deepEqual(evaluated({ coupons: [coupon({ discount: amount(minor) })], cart: THREE, policy: { distribution } }).lines, quote.lines);
  });
}

test("semantics §4: each line and each unit ask for the amount so many times", () => {
  assert.deepEqual(figures({ ...amount(150), distribution: "each_line" }, THREE), [450, 400]);
  assert.deepEqual(figures({ ...amount(120), distribution: "each_unit" }, THREE), [480, 420]);
  const { lines } = quoteOf({ ...amount(120), distribution: "each_unit" }, THREE).adjustments[0];
  assert.deepEqual(lines[1].units, [{ quantity: 2, amount: 100 }]);
});

test("semantics §4: greedy goes by the cart's order, the others do not care for it", () => {
  const of = (distribution, ...lines) => Object.fromEntries(quoteOf({ ...amount(601), distribution }, items(...lines)).lines.map(({ id, discount }) => [id, discount]));
  const [a, b, c] = THREE.lines;
  assert.deepEqual([of("greedy_in_order", a, b, c), of("greedy_in_order", c, b, a)], [{ a: 500, b: 101, c: 0 }, { c: 100, b: 200, a: 301 }]);
  for (const distribution of ["proportional", "even", "by_quantity"]) assert.deepEqual(of(distribution, c, b, a), of(distribution, a, b, c));
});

const POINTS = [["coupon", 899], ["line", 899], ["unit", 900]];
for (const [roundingPoint, expected] of POINTS) {
  test(`semantics §3: 20 % of five at 8.99, rounded by ${roundingPoint}, is ${expected}`, () => {
    const quote = evaluated({ cart: items(line("a", 899, { quantity: 5 })), policy: { roundingPoint } });
    assert.deepEqual([quote.totals.discount, quote.strategy.roundingPoint], [expected, roundingPoint]);
  });
}

test("semantics §3: three lines at 0.05, 10 %: 0.02 on the sum, 0.03 by line", () => {
  const of = (roundingPoint) => evaluated({ coupons: [coupon({ discount: percent(1_000) })], cart: cart(5, 5, 5), policy: { roundingPoint } }).totals.discount;
  assert.deepEqual([of("coupon"), of("line")], [2, 3]);
});

test("semantics §5: a cap for the order and a cap per line, each by itself and both together", () => {
  const half = percent(5_000);
  const onCart = cart(1_000, 200);
  assert.deepEqual(shares({ ...half, maxPerLine: { EGP: 300 } }, onCart), [300, 100]);
  assert.deepEqual(shares({ ...half, cap: { EGP: 300 } }, onCart), [250, 50]);
  assert.deepEqual(shares({ ...half, cap: { EGP: 480 }, maxPerLine: { EGP: 300 } }, onCart), [300, 80]);
  assert.deepEqual(reasons(quoteOf({ ...half, maxPerLine: { USD: 300 } }, onCart)), ["currency_mismatch"]);
});

test("semantics §26: a discount on shipping: a share, an amount, a price; never more than it costs", () => {
  const of = (discount, shipping = 700) => {
    const { totals } = quoteOf({ ...discount, target: "shipping" }, { ...cart(1_000), shipping });
    return [totals.discount, totals.shippingDiscount, totals.total];
  };
  assert.deepEqual([of(free), of(percent(5_000)), of(amount(500)), of(amount(900)), of(price(200))], [[700, 700, 1_000], [350, 350, 1_350], [500, 500, 1_200], [700, 700, 1_000], [500, 500, 1_200]]);
  assert.deepEqual(reasons(quoteOf({ ...free, target: "shipping" }, cart(1_000))), ["no_eligible_items"]);
});

test("semantics §26: shipping of listed methods only, and no line is touched", () => {
  const of = (shippingMethod) => quoteOf({ ...free, target: "shipping" }, { ...cart(1_000), shipping: 700, shippingMethod }, { restrictions: { shippingMethods: ["standard"] } });
  assert.deepEqual([reasons(of("standard")), reasons(of("express"))], [["applied"], ["context_mismatch"]]);
  const [{ lines, shipping, amount: minor }] = of("standard").adjustments;
  assert.deepEqual([lines, shipping, minor], [[], 700, 700]);
});

test("B10 once across the entitled lines, or on each of them", () => {
  const hats = { restrictions: { products: { include: ["a", "b"] } } };
  const of = (distribution) => shares({ ...amount(300), distribution }, cart(1_000, 500, 1_000), hats);
  assert.deepEqual([of("proportional"), of("each_line")], [[200, 100, 0], [300, 300, 0]]);
});

const EFFECTS = [
  ["to the order", amount(420), [300, 120]],
  ["to each item", { ...amount(420), distribution: "each_line" }, [420, 420]],
  ["by amount", { ...amount(420), distribution: "proportional" }, [300, 120]],
  ["by quantity", { ...amount(420), distribution: "by_quantity" }, [210, 210]],
  ["by unit", { ...amount(70), distribution: "each_unit" }, [210, 210]],
  ["to the cheapest", { ...free, units: { from: "cheapest", take: 1 } }, [0, 400]],
  ["to the dearest", { ...free, units: { from: "dearest", take: 1 } }, [1_000, 0]],
  ["to the cheapest of every three, two skipped", { ...free, units: { from: "cheapest", take: 1, buy: { quantity: 2 } } }, [0, 800]],
  ["to the dearest of every three, once", { ...free, units: { from: "dearest", take: 1, buy: { quantity: 2 }, times: 1 } }, [1_000, 0]],
];
for (const [name, discount, expected] of EFFECTS) {
  test(`B24 a discount ${name}: ${expected}`, () => assert.deepEqual(shares(discount, SIX), expected));
}

test("B27 a new fixed price for each unit, which is never more than the old one", () => {
  assert.deepEqual(shares(price(700), items(line("a", 1_000, { quantity: 2 }), line("b", 500))), [600, 0]);
  assert.deepEqual(shares({ ...price(0), units: { from: "cheapest", take: 1 } }, SIX), [0, 400]);
  assert.deepEqual(figures(price(700), items(line("a", 1_000, { quantity: 2 }))), [600, 600]);
});

test("B28 caps per order, per line, and in units", () => {
  assert.equal(quoteOf(percent(5_000, { EGP: 999 }), SIX).totals.discount, 999);
  assert.deepEqual(shares({ ...percent(5_000), maxPerLine: { EGP: 500 } }, SIX), [500, 500]);
  assert.deepEqual(shares({ ...percent(5_000), units: { from: "dearest", take: 4 } }, SIX), [1_500, 200]);
});

test("B56 shares in proportion, even, or to each its own", () => {
  const of = (distribution) => shares({ ...amount(90), distribution }, cart(300, 600));
  assert.deepEqual([of("proportional"), of("even"), of("each_line")], [[30, 60], [45, 45], [90, 90]]);
});

test("B57 three for two: of every three units the cheapest is free", () => {
  const threeForTwo = { ...free, units: { from: "cheapest", take: 1, buy: { quantity: 2 } } };
  const of = (quantity) => quoteOf(threeForTwo, items(line("a", 500, { quantity })));
  assert.deepEqual([3, 5, 6].map((quantity) => of(quantity).totals.discount), [500, 500, 1_000]);
  assert.deepEqual(of(2).codes[0].rejection.details, { requiredQuantity: 3, actualQuantity: 2, scope: "eligible_lines" });
});

test("B57 a pattern: for each shirt a tie at half its price", () => {
  const units = { from: "cheapest", take: 1, buy: { quantity: 1, products: { include: ["shirt"] } } };
  const ties = { restrictions: { products: { include: ["tie"] } } };
  const of = (shirts, count) => quoteOf({ ...percent(5_000), units }, items(...(shirts > 0 ? [line("shirt", 3_000, { quantity: shirts })] : []), line("tie", 1_000, { quantity: count })), ties);
  assert.deepEqual([of(2, 3).totals.discount, of(3, 1).totals.discount], [1_000, 500]);
  const { code, details } = of(0, 3).codes[0].rejection;
  assert.deepEqual([code, details.requiredQuantity, details.actualQuantity], ["minimum_not_met", 1, 0]);
});

test("B63 an amount spread as a total, or given to each", () => {
  const of = (distribution) => quoteOf({ ...amount(100), distribution }, cart(400, 600)).totals.discount;
  assert.deepEqual([of("proportional"), of("even"), of("each_line")], [100, 100, 200]);
});

test("B72 a flat amount per seat", () => {
  const seats = (quantity) => quoteOf({ ...amount(200), distribution: "each_unit" }, items(line("plan", 900, { quantity }))).totals.discount;
  assert.deepEqual([seats(1), seats(5)], [200, 1_000]);
});

test("S3+.6 thresholds in the cart's own currency, of spending or of quantity", () => {
  const tiers = { type: "tiers", by: "amount", tiers: [{ from: { EGP: 10_000, USD: 300 }, discount: percent(500) }, { from: { EGP: 20_000, USD: 600 }, discount: percent(1_000) }] };
  const on = (onCart) => quoteOf(tiers, onCart);
  assert.deepEqual([10_000, 19_999, 20_000].map((minor) => on(cart(minor)).totals.discount), [500, 1_000, 2_000]);
  assert.deepEqual([300, 600].map((minor) => on({ ...cart(minor), currency: "USD" }).totals.discount), [15, 60]);
  const { details } = on(cart(9_999)).codes[0].rejection;
  assert.deepEqual([details.required, details.actual, details.shortfall], [10_000, 9_999, 1]);
  const byUnits = { type: "tiers", by: "quantity", tiers: [{ from: 2, discount: amount(100) }, { from: 5, discount: price(50) }] };
  assert.deepEqual([2, 4, 5].map((quantity) => quoteOf(byUnits, items(line("a", 100, { quantity }))).totals.discount), [100, 100, 250]);
});

test("S3+.6 so much off for each quantity or spending, so often at most", () => {
  const each = (times) => ({ ...amount(500), every: { EGP: 5_000 }, ...(times && { times }) });
  assert.deepEqual([5_000, 9_999, 10_000, 52_000].map((minor) => quoteOf(each(), cart(minor)).totals.discount), [500, 500, 1_000, 5_000]);
  assert.equal(quoteOf(each(3), cart(52_000)).totals.discount, 1_500);
  assert.equal(quoteOf(each(), cart(4_999)).codes[0].rejection.details.shortfall, 1);
  const pairs = (times) => ({ ...free, units: { from: "cheapest", take: 1, buy: { quantity: 1 }, ...(times && { times }) } });
  const eight = items(line("a", 100, { quantity: 8 }));
  assert.deepEqual([quoteOf(pairs(), eight).totals.discount, quoteOf(pairs(2), eight).totals.discount], [400, 200]);
});

test("S3+.6 conditions joined by or: rules of one coupon that do not combine, of which the first that holds applies", () => {
  const either = (id, restrictions, priority) => rule({ id, restrictions, priority, combinesWith: "none" });
  const rules = [either("spend", { minimum: { amounts: { EGP: 10_000 } } }, 1), either("count", { minimum: { quantity: 3 } }, 2)];
  const on = (onCart) => evaluated({ coupons: [coupon({ discount: null, rules: ["spend", "count"] })], rules, cart: onCart, policy: several("additive") }).adjustments.map(({ ruleId }) => ruleId);
  assert.deepEqual([on(cart(10_000)), on(cart(100, 100, 100)), on(cart(10_000, 100, 100)), on(cart(100))], [["spend"], ["count"], ["spend"], []]);
});

/** Percentages and sums off the whole order say `once`; of these it goes without saying. */
const IN_WORDS = [
  [{ ...free, target: "shipping" }, "forever", "free shipping forever"],
  [{ ...amount(1_000), every: { EGP: 5_000 } }, "once", "10 EGP off for every 50 EGP"],
  [{ ...free, units: { from: "cheapest", take: 1, buy: { quantity: 2 } } }, "once", "buy 2, get 1 free"],
  [price(700), "forever", "7 EGP each forever"],
  [{ type: "tiers", by: "quantity", tiers: [{ from: 2, discount: percent(500) }, { from: 5, discount: percent(1_000) }] }, "once", "from 2 items 5% off, from 5 items 10% off"],
];
for (const [discount, duration, words] of IN_WORDS) {
  test(`semantics §28: ${words}`, async () => {
    const { created } = await openShop({ coupons: [coupon({ discount, duration: { type: duration } })] });
    assert.equal(describe({ coupon: created[0].coupon, used: 0, now: NOW }).terms, words);
  });
}

test("semantics §4, §5: what no discount can be is refused with its place", async () => {
  const wrong = [
    [{ ...amount(100), times: 2 }, "every"],
    [{ ...free, target: "shipping", distribution: "even" }, "distribution"],
    [{ ...free, units: { from: "middle", take: 1 } }, "units.from"],
    [{ ...free, maxPerLine: { EGP: 0 } }, "maxPerLine.EGP"],
    [{ type: "tiers", by: "quantity", tiers: [{ from: 2, discount: free }, { from: 2, discount: free }] }, "tiers[1].from"],
  ];
  for (const [discount, path] of wrong) assert.equal((await refused(() => quoteOf(discount, cart(1_000))))[1], `coupons[0].discount.${path}`);
});
