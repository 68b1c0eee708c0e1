/**
 * Owns the worked examples of amounts: the values, which units, how they are shared out and rounded.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, amountsOf, coupon, line, percent, quote, reasonsOf, refusalOf, sharesOf } from "./worked-quote.mjs";

const price = (amounts) => ({ type: "price", amounts });
/** What one coupon of this discount takes off each line. */
const taken = (discount, lines, more) => sharesOf(quote([coupon("A", discount)], lines, more));
const only = (discount, lines, more) => quote([coupon("A", discount)], lines, more).adjustments[0];
const three = [line(1000), line(500, { quantity: 3 }), line(250)];

test("a price is the new price of each unit, never a rise", () => {
  const first = only(price({ USD: 400 }), three);
  assert.deepEqual([first.requested, first.amount, first.distribution], [600 + 300, 900, null]);
  assert.deepEqual(taken(price({ USD: 400 }), three), [600, 300, 0]);
  assert.deepEqual(reasonsOf(quote([coupon("A", price({ USD: 1000 }))], three)), ["no_effect"]);
  assert.deepEqual(taken(price({ USD: 0 }), three), [1000, 1500, 250]);
});

test("an amount for every full 1000, so often at most", () => {
  const every = (more) => ({ ...amount({ USD: 100 }), every: { USD: 1000 }, ...more });
  const figures = (discount) => [only(discount, three).requested, only(discount, three).amount];
  assert.deepEqual(figures(every()), [200, 200], "2750 holds two");
  assert.deepEqual(figures(every({ times: 1 })), [100, 100]);
  assert.deepEqual(refusalOf(quote([coupon("A", every())], [line(999)])), ["minimum_not_met", "coupon", {
    currency: "USD", required: 1000, actual: 999, shortfall: 1, scope: "eligible_lines",
  }]);
});

test("tiers: the last one reached, by amount or by units, of the eligible lines only", () => {
  const tiers = (by, ...list) => ({ type: "tiers", by, tiers: list.map(([from, discount]) => ({ from, discount })) });
  const byAmount = tiers("amount", [{ USD: 1000 }, percent(1000)], [{ USD: 2000 }, amount({ USD: 300 })]);
  assert.deepEqual([1000, 1999, 2000].map((cost) => amountsOf(quote([coupon("A", byAmount)], [line(cost)]))), [[100], [200], [300]]);
  assert.deepEqual(refusalOf(quote([coupon("A", byAmount)], [line(999), line(5000, { discountable: false })])), ["minimum_not_met", "coupon", {
    currency: "USD", required: 1000, actual: 999, shortfall: 1, scope: "eligible_lines",
  }]);
  const byUnits = tiers("quantity", [2, percent(1000)], [4, price({ USD: 50 })]);
  assert.deepEqual([2, 3, 4].map((quantity) => taken(byUnits, [line(100, { quantity })])), [[20], [30], [200]]);
  assert.deepEqual(refusalOf(quote([coupon("A", byUnits)], [line(100)]))[2], { requiredQuantity: 2, actualQuantity: 1, scope: "eligible_lines" });
  const elsewhere = tiers("amount", [{ USD: 1000, EUR: 900 }, amount({ EUR: 1 })]);
  assert.deepEqual(refusalOf(quote([coupon("A", elsewhere)], [line(1000)])), ["currency_mismatch", "coupon", { currency: "USD", accepted: ["EUR"] }]);
});

test("units: the cheapest or the dearest, ties by line id, nothing of a free line", () => {
  const half = (units) => ({ ...percent(5000), units });
  const lines = [line(300), line(100, { quantity: 2 }), line(100), line(0)];
  assert.deepEqual(taken(half({ from: "cheapest", take: 1 }), lines), [0, 50, 0, 0]);
  assert.deepEqual(taken(half({ from: "cheapest", take: 1, times: 3 }), lines), [0, 100, 50, 0]);
  assert.deepEqual(taken(half({ from: "dearest", take: 2 }), lines), [150, 50, 0, 0]);
  assert.deepEqual(taken(half({ from: "cheapest", take: 99 }), lines), [150, 100, 50, 0]);
  const [share] = only(half({ from: "dearest", take: 1 }), [line(999, { quantity: 3 })]).lines;
  assert.deepEqual(share, { lineId: "a", amount: 500, units: [{ quantity: 1, amount: 500 }, { quantity: 2, amount: 0 }] });
  const [spread] = only({ ...amount({ USD: 1 }), units: { from: "dearest", take: 2 } }, [line(999, { quantity: 3 })]).lines;
  assert.deepEqual(spread.units, [{ quantity: 1, amount: 1 }, { quantity: 2, amount: 0 }], "equal neighbours are one run");
});

test("units: buy two, get the cheapest one free, as often as the cart has it", () => {
  const free = (buy, more) => ({ ...percent(10_000), units: { from: "cheapest", take: 1, buy, ...more } });
  const lines = [line(300, { quantity: 4 }), line(100, { quantity: 3 })];
  assert.deepEqual(taken(free({ quantity: 2 }), lines), [0, 200], "seven units hold two sets of three");
  assert.deepEqual(taken(free({ quantity: 2 }, { times: 1 }), lines), [0, 100]);
  assert.deepEqual(refusalOf(quote([coupon("A", free({ quantity: 2 }))], [line(300, { quantity: 2 })])), ["minimum_not_met", "coupon", {
    requiredQuantity: 3, actualQuantity: 2, scope: "eligible_lines",
  }]);
  assert.deepEqual(refusalOf(quote([coupon("A", free({ quantity: 3 }))], [line(300, { quantity: 2 })]))[2].requiredQuantity, 3);
});

test("units: what was bought to open the offer is not given away", () => {
  const offer = { ...percent(10_000), units: { from: "cheapest", take: 1, buy: { quantity: 1, products: { include: ["shoe"] } } } };
  const [shoe, sock] = [line(50, { quantity: 2, ids: ["shoe"] }), line(80, { ids: ["sock"] })];
  // b = 2, g = 3, u = 3: k = min(2, 3, 1) = 1; one of the two shoes is bought, the other is the cheapest.
  assert.deepEqual(taken(offer, [shoe, sock]), [50, 0]);
  // b = 1, u = 2: k = 1; the one shoe is bought, so the sock is free although it costs more.
  assert.deepEqual(taken(offer, [{ ...shoe, quantity: 1 }, sock]), [0, 80]);
  assert.deepEqual(refusalOf(quote([coupon("A", offer)], [sock]))[2], { requiredQuantity: 1, actualQuantity: 0, scope: "eligible_lines" });
  const card = line(50, { ids: ["shoe"], kind: "gift_card" });
  assert.deepEqual(reasonsOf(quote([coupon("A", offer)], [card, sock])), ["minimum_not_met"], "a gift card opens nothing");
  const fee = line(50, { ids: ["shoe"], discountable: false });
  assert.deepEqual(taken(offer, [fee, sock]), [0, 80], "what may not be discounted may be bought");
});

test("§4 distributions of an amount", () => {
  const shares = (distribution, off, lines) => taken({ ...amount({ USD: off }), distribution }, lines);
  assert.deepEqual(shares("proportional", 275, three), [100, 150, 25]);
  assert.deepEqual(shares("even", 300, three), [100, 100, 100]);
  assert.deepEqual(shares("even", 901, three), [326, 325, 250], "the third takes 250, its 50 goes round: 301+25, 300+25");
  assert.deepEqual(shares("by_quantity", 500, three), [100, 300, 100]);
  assert.deepEqual(shares("by_quantity", 2000, three), [438, 1312, 250], "the third takes 250; its 150 goes round: 37.5 and 112.5");
  assert.deepEqual(shares("greedy_in_order", 1200, three), [1000, 200, 0]);
  assert.deepEqual(shares("each_line", 300, three), [300, 300, 250]);
  assert.deepEqual(shares("each_unit", 300, three), [300, 900, 250]);
  const asked = (distribution) => only({ ...amount({ USD: 300 }), distribution }, three).requested;
  assert.deepEqual(["each_line", "each_unit", "even"].map(asked), [900, 1500, 300]);
  assert.equal(only({ ...amount({ USD: 9 }), distribution: "even" }, three).distribution, "even");
  assert.deepEqual(taken(amount({ USD: 300 }), three, { shop: { distribution: "even" } }), [100, 100, 100], "the shop's own");
});

test("§3 rounding points: Dynamicweb's 20 % of five at 8.99, and a cap beyond them", () => {
  const [five] = [[line(899, { quantity: 5 })]];
  const off = (roundingPoint, discount = percent(2000), lines = five) => taken(discount, lines, { shop: { roundingPoint } });
  assert.deepEqual([off("coupon"), off("line"), off("unit")], [[899], [899], [900]]);
  const pair = [line(5), line(5)];
  assert.deepEqual(off("coupon", percent(1000), pair), [1, 0]);
  assert.deepEqual(off("line", percent(1000), pair), [1, 1]);
  assert.deepEqual(off("line", percent(1000, { USD: 1 }), pair), [1, 0], "the cap is shared by what was rounded");
  assert.deepEqual(off("coupon", { ...percent(1000), distribution: "each_line" }, pair), [1, 1]);
  assert.deepEqual(off("line", { ...percent(2000), distribution: "each_unit" }), [900], "the finer of both");
  assert.deepEqual(off("coupon", { ...percent(1000), distribution: "even" }, [line(30), line(10)]), [2, 2]);
});

test("at most so much off one line; the rest is lost", () => {
  const limited = { ...amount({ USD: 900 }), distribution: "even", maxPerLine: { USD: 200 } };
  assert.deepEqual(taken(limited, three), [200, 200, 200]);
  const { requested, amount: off } = only(limited, three);
  assert.deepEqual([requested, off], [900, 600]);
  assert.deepEqual(reasonsOf(quote([coupon("A", { ...percent(1000), maxPerLine: { EUR: 5 } })], three)), ["currency_mismatch"]);
});

test("§2 the base is what the discount says, whatever the mode", () => {
  const pair = (basis) => [coupon("A", percent(1000)), coupon("B", { ...percent(1000), ...(basis && { basis }) })];
  const amounts = (mode, basis) => amountsOf(quote(pair(basis), [line(1000)], { mode }));
  assert.deepEqual(amounts("additive"), [100, 100]);
  assert.deepEqual(amounts("additive", "running"), [100, 90]);
  assert.deepEqual(amounts("sequential"), [100, 90]);
  assert.deepEqual(amounts("sequential", "original"), [100, 100]);
  // Of three at 10 after 1 was taken: 10, 10, 9; two of them are 20, the first units getting the extra.
  const dearest = { ...percent(10_000), basis: "running", units: { from: "dearest", take: 2 } };
  assert.deepEqual(amountsOf(quote([coupon("A", amount({ USD: 1 })), coupon("B", { ...dearest })], [line(10, { quantity: 3 })], { order: "requested" })), [1, 20]);
});

test("§26 shipping: the three values, of what is left of it", () => {
  const shipping = (discount) => ({ ...discount, target: "shipping" });
  const off = (discount, more) => {
    const { adjustments: [first], totals } = quote([coupon("A", shipping(discount))], [line(1000)], { cart: { shipping: 700 }, ...more });
    return [first.requested, first.amount, first.shipping, first.lines, first.distribution, totals.shippingDiscount, totals.total];
  };
  assert.deepEqual(off(percent(5000)), [350, 350, 350, [], null, 350, 1350]);
  assert.deepEqual(off(percent(5000, { USD: 100 })), [350, 100, 100, [], null, 100, 1600]);
  assert.deepEqual(off(amount({ USD: 900 })), [900, 700, 700, [], null, 700, 1000]);
  assert.deepEqual(off(price({ USD: 500 })), [200, 200, 200, [], null, 200, 1500]);
  const both = [coupon("A", shipping(percent(5000))), coupon("B", shipping(percent(5000)))];
  assert.deepEqual(amountsOf(quote(both, [line(1)], { cart: { shipping: 700 } })), [350, 350]);
  assert.deepEqual(amountsOf(quote(both, [line(1)], { cart: { shipping: 700 }, mode: "sequential" })), [350, 175]);
  assert.deepEqual(refusalOf(quote([coupon("A", shipping(percent(5000)))], [line(1)])), ["no_eligible_items", "coupon", { cartEmpty: false }]);
  const narrow = coupon("A", shipping(percent(5000)), { restrictions: { products: { include: ["x"] } } });
  assert.deepEqual(reasonsOf(quote([narrow], [line(1)], { cart: { shipping: 700 } })), ["no_eligible_items"]);
  assert.deepEqual(reasonsOf(quote([narrow], [line(1, { ids: ["x"] })], { cart: { shipping: 700 } })), ["applied"]);
  assert.deepEqual(reasonsOf(quote([coupon("A", shipping(percent(5000)))], [], { cart: { shipping: 700 } })), ["applied"]);
});
