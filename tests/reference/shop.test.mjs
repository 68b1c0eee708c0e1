/**
 * Owns the worked examples of what comes after stacking: the shop's caps, store credit, the trace.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, coupon, line, linked, NOW, percent, quote, reasonsOf, refusalOf, sharesOf } from "./worked-quote.mjs";

const CREDIT = "coupon/k/credit";
const credit = (usd, more = {}, own = {}) => ({
  id: "k", type: "standard", code: "K", discount: { type: "store_credit", amounts: { USD: usd }, bearer: true, ...more }, ...own,
});
const trimmedOf = ({ adjustments }) => adjustments.map(({ amount: off, trimmed }) => [off, trimmed]);

test("§8 the global cap trims from the last one backwards", () => {
  const coupons = [coupon("A", percent(3000)), coupon("B", percent(2000)), coupon("C", percent(1000))];
  const cap = (globalCapBasisPoints, count, lines = [line(10_000)]) => quote(coupons.slice(0, count), lines, { shop: { globalCapBasisPoints } });
  assert.deepEqual(trimmedOf(cap(4000, 2)), [[3000, false], [1000, true]]);
  const three = cap(4000, 3);
  assert.deepEqual([trimmedOf(three), three.codes[2].rejection], [[[3000, false], [1000, true]], { code: "cap_reached", level: "coupon", details: {} }]);
  assert.deepEqual(trimmedOf(cap(1, 2)), [[1, true]]);
  const split = cap(2500, 1, [line(100), line(101, { kind: "gift_card" }), line(201)]);
  // 25 % of 301 is 75; 30 % was 90, of which 30 and 60: 75 by 30 to 60 is 25 and 50.
  assert.deepEqual([sharesOf(split), split.adjustments[0].requested], [[25, 0, 50], 90]);
});

test("§6 the least payable, and no order for nothing", () => {
  const ask = (off, shop, cart) => quote([coupon("A", amount({ USD: off }))], [line(1000)], { shop, cart });
  const least = { minPayable: { USD: 50, EUR: 9 } };
  assert.deepEqual(trimmedOf(ask(980, least)), [[950, true]]);
  assert.deepEqual(trimmedOf(ask(1000, least)), [[1000, false]], "nothing to pay is no small payment");
  assert.deepEqual(trimmedOf(ask(1000, { ...least, allowZeroTotal: false })), [[950, true]]);
  assert.deepEqual(trimmedOf(ask(1000, { allowZeroTotal: false })), [[999, true]]);
  assert.deepEqual(trimmedOf(ask(980, least, { shipping: 20, tax: 10 })), [[980, false]]);
  assert.deepEqual(trimmedOf(ask(981, least, { shipping: 20, tax: 10 })), [[980, true]]);
  const small = quote([coupon("A", amount({ USD: 10 }))], [line(40)], { shop: least });
  assert.deepEqual(refusalOf(small), ["cap_reached", "coupon", {}], "it was too small before");
  const both = [coupon("A", percent(10_000)), coupon("S", { ...percent(10_000), target: "shipping" })];
  const free = quote(both, [line(1000)], { cart: { shipping: 300 }, shop: { allowZeroTotal: false, minPayable: { USD: 400 } } });
  assert.deepEqual(reasonsOf(free), ["applied", "cap_reached"]);
  assert.deepEqual([trimmedOf(free), free.totals.total], [[[900, true]], 400]);
});

test("an entry with two effects stays as long as one is left", () => {
  const rules = [linked("r", percent(3000)), linked("s", percent(1000))];
  const answer = quote([{ id: "a", type: "standard", code: "A", rules: ["r", "s"] }], [line(1000)], { rules, shop: { globalCapBasisPoints: 3000 } });
  assert.deepEqual([trimmedOf(answer), answer.codes[0].discount], [[[300, false]], 300]);
});

test("§16 a credit pays last, and depletes", () => {
  const ask = (counters, cost = 1000) => quote([credit(3000)], [line(cost)], { usage: { counters } });
  const fresh = ask({});
  assert.deepEqual(fresh.credits, [{ index: 0, couponId: "k", codeId: "K", code: "K", label: "K", balance: 3000, amount: 1000 }]);
  assert.deepEqual([fresh.adjustments, fresh.lines[0].total, fresh.totals], [[], 1000, {
    subtotal: 1000, discount: 0, shipping: 0, shippingDiscount: 0, tax: 0, credit: 1000, total: 0,
  }]);
  assert.equal(fresh.codes[0].discount, 1000);
  const after = ask({ [CREDIT]: { claimed: 2500 } });
  assert.deepEqual([after.credits[0].balance, after.totals.total], [500, 500]);
  assert.equal(ask({ [CREDIT]: { claimed: 3000 }, [`${CREDIT}/added`]: { claimed: 40 } }).totals.credit, 40);
  assert.deepEqual(refusalOf(ask({ [CREDIT]: { claimed: 3000 } })), ["balance_exhausted", "coupon", { currency: "USD", limit: 3000, used: 3000 }]);
  const held = { claimed: 3000, held: 1000, nextExpiry: NOW + 1 };
  assert.deepEqual(refusalOf(ask({ [CREDIT]: held })), ["reserved_elsewhere", "coupon", {
    currency: "USD", limit: 3000, used: 2000, held: 1000, nextExpiry: NOW + 1,
  }]);
  assert.deepEqual(reasonsOf(quote([credit(3000)], [line(1)], { currency: "EUR", usage: { counters: { [CREDIT]: { claimed: 3000 } } } })), ["currency_mismatch"]);
});

test("§16 what a credit covers, after all discounts", () => {
  const lines = [line(1000, { ids: ["x"] }), line(500, { discountable: false }), line(400, { kind: "gift_card" })];
  const cart = { shipping: 300, tax: 100 };
  const paid = (covers, restrictions) => quote([credit(99_999, { covers }, { restrictions }), coupon("A", percent(1000))], lines, { cart }).totals.credit;
  assert.deepEqual(["items", "items_tax", "grand_total"].map((covers) => paid(covers)), [1400, 1500, 1800]);
  assert.equal(paid("items", { products: { include: ["x"] } }), 900);
  assert.equal(paid("grand_total", { products: { include: ["x"] } }), 1300);
  assert.deepEqual(reasonsOf(quote([credit(9, {}, { restrictions: { minimum: { quantity: 1, scope: "eligible_lines" } } })], [lines[1]])), ["applied"]);
  const gifts = (covers) => reasonsOf(quote([credit(9, { covers })], [lines[2]], { cart: { tax: 5 } }));
  assert.deepEqual([gifts("items"), gifts("items_tax")], [["no_eligible_items"], ["applied"]]);
});

test("§16 several credits, and a rest too small to be paid", () => {
  const second = { ...credit(700), id: "l", code: "L", priority: -1 };
  const both = quote([credit(700), second], [line(1000)]);
  assert.deepEqual(both.credits.map(({ code, amount: off }) => [code, off]), [["L", 700], ["K", 300]]);
  const thrice = quote([credit(2000), second], [line(600)]);
  assert.deepEqual(thrice.codes.map(({ rejection }) => rejection?.code ?? null), ["no_effect", null]);
  const twice = quote([credit(100, {}, { codes: [{ code: "K2" }] })], [line(1000)], { codes: ["K2", "K"] });
  assert.deepEqual(twice.codes[0].rejection, { code: "already_applied", level: "coupon", details: { with: ["K"] } });
  const least = (usd, cost) => quote([credit(usd)], [line(cost)], { shop: { minPayable: { USD: 50 } } }).totals.credit;
  assert.deepEqual([least(970, 1000), least(1000, 1000), least(900, 1000), least(10, 40)], [950, 1000, 900, 0]);
  const beside = quote([credit(100), coupon("A", percent(1000), { exclusive: true })], [line(1000)], { maxCodes: 1 });
  assert.deepEqual([reasonsOf(beside), beside.totals.total], [["applied", "applied"], 800]);
  assert.deepEqual(refusalOf(quote([credit(100)], [line(1000)], { mode: "none" })), ["codes_not_allowed", "coupon", {}]);
});

test("the trace: one step for each discount of ours and each credit", () => {
  const coupons = [coupon("A", percent(1000)), coupon("B", percent(2000, { USD: 100 })), credit(50)];
  const cart = { foreignDiscounts: [{ lineId: "a", amount: 1 }] };
  const ask = (mode, more) => quote(coupons, [line(1000)], { mode, trace: true, cart, ...more }).trace;
  const step = { ruleId: null, source: "code", target: "items", trimmed: false, cap: null, after: [] };
  assert.deepEqual(ask("sequential"), [
    { ...step, code: "A", label: "A", type: "percent", basisPoints: 1000, base: 999, requested: 100, amount: 100 },
    { ...step, code: "B", label: "B", type: "percent", basisPoints: 2000, base: 899, requested: 180, cap: 100, after: ["A"], amount: 100 },
    { ...step, code: "K", label: "K", type: "store_credit", basisPoints: null, base: 799, requested: 50, amount: 50 },
  ]);
  assert.deepEqual(ask("additive")[1].after, []);
  assert.deepEqual(ask("additive", { shop: { globalCapBasisPoints: 1500 } }).map(({ amount: off, trimmed }) => [off, trimmed]), [[100, false], [50, true], [50, false]]);
  assert.equal("trace" in quote(coupons, [line(1000)]), false);
});
