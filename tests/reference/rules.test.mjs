/**
 * Owns the worked examples of rules and of how effects stand together: linked, automatic, external, the order, the
 * consents, the modes by units.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, amountsOf, automatic, coupon, line, linked, percent, quote, reasonsOf, refusalOf, sharesOf } from "./worked-quote.mjs";

const external = (id, more = {}) => ({ id, gate: "external", ...more });
const linking = (code, rules, more = {}) => ({ id: code.toLowerCase(), type: "standard", code, rules, ...more });
const sourcesOf = ({ adjustments }) => adjustments.map(({ code, ruleId, amount: off }) => [code, ruleId, off]);

test("§32 one code opens two rules, each its own adjustment", () => {
  const rules = [linked("r", percent(1000), { name: "Ten" }), linked("s", amount({ USD: 50 }))];
  const answer = quote([linking("A", ["s", "r"], { name: "Both" })], [line(1000)], { rules });
  assert.deepEqual(answer.adjustments.map(({ index, source, couponId, ruleId, codeId, code, label, version, amount: off }) =>
    [index, source, couponId, ruleId, codeId, code, label, version, off]), [
    [0, "code", "a", "r", "A", "A", "Ten", 1, 100],
    [0, "code", "a", "s", "A", "A", "Both", 1, 50],
  ], "one name: by rule id");
  assert.equal(answer.codes[0].discount, 150);
});

test("§32 two coupons, one rule: applied once", () => {
  const answer = quote([linking("A", ["r"]), linking("B", ["r"])], [line(1000)], { rules: [linked("r", percent(1000))] });
  assert.deepEqual(sourcesOf(answer), [["A", "r", 100]]);
  assert.deepEqual(answer.codes[1].rejection, { code: "already_applied", level: "coupon", details: { with: ["A"] } });
});

test("§7 of an entry's refusals the first in the fixed order is told, of equal ones the first in stacking order", () => {
  const rules = [linked("r", percent(1000)), linked("s", percent(1000), { priority: -1 }), linked("t", percent(1000), { combinesWith: "none" })];
  const [, , third] = quote([linking("A", ["r"]), linking("B", ["s"]), linking("C", ["t", "r", "s"])], [line(1000)], { rules }).codes;
  assert.deepEqual(third.rejection, { code: "already_applied", level: "coupon", details: { with: ["B"] } });
});

test("§32 an entry goes on with the rules that pass; where none does, the one that came furthest is told", () => {
  const far = { restrictions: { minimum: { amounts: { USD: 9999 } } } };
  const rules = [linked("r", percent(1000), { state: "inactive" }), linked("s", percent(500), far), linked("t", percent(200))];
  assert.deepEqual(sourcesOf(quote([linking("A", ["r", "s", "t"])], [line(1000)], { rules })), [["A", "t", 20]]);
  assert.deepEqual(refusalOf(quote([linking("A", ["r", "s"])], [line(1000)], { rules })).slice(0, 2), ["minimum_not_met", "rule"]);
  assert.deepEqual(refusalOf(quote([linking("A", ["r"])], [line(1000)], { rules })), ["inactive", "rule", {}]);
  const equal = [linked("u", percent(100), { state: "archived", refusalMessage: "u" }), linked("v", percent(100), { state: "archived", refusalMessage: "v" })];
  assert.equal(refusalOf(quote([linking("A", ["v", "u"])], [line(1000)], { rules: equal }))[2].text, "v", "of equal ones the first listed");
  assert.deepEqual(refusalOf(quote([linking("A", null)], [line(1000)])), ["no_discount_linked", "coupon", {}]);
});

test("§32 external rules are unlocked; the host's figures for them are the entry's", () => {
  const rules = [external("x"), external("y", { restrictions: { minimum: { amounts: { USD: 9999 } } } }), linked("r", percent(1000))];
  const cart = { foreignDiscounts: [{ lineId: "a", amount: 70, ruleId: "x" }, { lineId: "a", amount: 5 }] };
  const both = quote([linking("A", ["x", "y"]), linking("B", ["r", "x"])], [line(1000)], { rules, cart });
  assert.deepEqual([both.unlocked, both.codes.map(({ state, discount }) => [state, discount])], [["x"], [["applied", 70], ["applied", 100]]]);
  assert.deepEqual(both.adjustments.map(({ source, ruleId, label, amount: off }) => [source, ruleId, label, off]), [
    ["foreign", "x", "x", 70], ["foreign", null, "foreign", 5], ["code", "r", "B", 100],
  ]);
  assert.deepEqual(both.totals, { subtotal: 1000, discount: 175, shipping: 0, shippingDiscount: 0, tax: 0, credit: 0, total: 825 });
  assert.equal(refusalOf(quote([linking("A", ["y"])], [line(1000)], { rules }))[0], "minimum_not_met");
});

test("§32 automatic rules apply by themselves, unless they are not asked for or nothing applies here", () => {
  const rules = [automatic("r", percent(1000), { name: "Ten" }), automatic("s", percent(500), { state: "inactive" }), linked("t", percent(100))];
  const answer = quote([], [line(1000)], { rules });
  const { source, index, couponId, codeId, code, label } = answer.adjustments[0];
  assert.deepEqual([source, index, couponId, codeId, code, label], ["automatic", null, null, null, null, "Ten"]);
  assert.deepEqual(answer.automatic, [
    { ruleId: "r", label: "Ten", state: "applied", discount: 100, rejection: null, also: [] },
    { ruleId: "s", label: "s", state: "rejected", discount: 0, rejection: { code: "inactive", level: "rule", details: {} }, also: [] },
  ]);
  for (const off of [{ automatic: false }, { mode: "none" }]) {
    const none = quote([], [line(1000)], { rules, ...off });
    assert.deepEqual([none.automatic, none.totals.discount], [[], 0]);
  }
});

test("§8 interaction of codes and automatic rules", () => {
  const ask = (interaction, rule = {}, own = {}) => quote([coupon("A", percent(1000), own), coupon("B", percent(500))], [line(1000)], {
    rules: [automatic("r", percent(2000), rule)], shop: { interaction },
  });
  assert.deepEqual(amountsOf(ask("alongside")), [100, 50, 200]);
  const byAutomatic = ask("automatic_replaces");
  assert.deepEqual([amountsOf(byAutomatic), refusalOf(byAutomatic)], [[200], ["not_combinable", "coupon", { with: ["r"] }]]);
  const byCodes = ask("code_replaces");
  assert.deepEqual([amountsOf(byCodes), byCodes.automatic[0].rejection], [[100, 50], { code: "not_combinable", level: "rule", details: { with: ["A", "B"] } }]);
  assert.deepEqual(amountsOf(ask("code_replaces", { interaction: "alongside" })), [100, 50, 200], "the rule's own setting");
  const failing = { restrictions: { minimum: { amounts: { USD: 1001 } } } };
  assert.deepEqual(amountsOf(ask("automatic_replaces", failing)), [100, 50], "what gives nothing replaces nobody");
  const both = quote([coupon("A", percent(1000))], [line(1000)], {
    rules: [automatic("r", percent(2000), { interaction: "automatic_replaces" }), automatic("s", percent(100))], shop: { interaction: "code_replaces" },
  });
  assert.deepEqual(amountsOf(both), [200, 10], "the codes are gone first");
});

test("§7 the maximum counts entries; automatic rules do not", () => {
  const rules = [automatic("a1", percent(100)), linked("r", percent(200)), linked("s", percent(300))];
  const answer = quote([linking("A", ["r", "s"]), coupon("B", percent(400))], [line(10_000)], { rules, maxCodes: 1 });
  assert.deepEqual(sourcesOf(answer), [["A", "r", 200], ["A", "s", 300], [null, "a1", 100]]);
  assert.deepEqual(answer.codes[1].rejection, { code: "too_many_codes", level: "coupon", details: { max: 1 } });
});

test("§7 both consents count, and between the rules of one entry only theirs", () => {
  const rules = [linked("r", percent(100), { category: "x", combinesWith: ["y"] }), linked("s", percent(200), { category: "z" }), automatic("t", percent(300), { category: "y" })];
  const alone = quote([linking("A", ["r", "s"])], [line(10_000)], { rules: rules.slice(0, 2) });
  assert.deepEqual([sourcesOf(alone), reasonsOf(alone)], [[["A", "r", 100]], ["applied"]], "s is not of category y");
  const stranger = quote([linking("A", ["r"], { combinesWith: "none" })], [line(10_000)], { rules });
  assert.deepEqual(stranger.automatic[0].rejection, { code: "not_combinable", level: "rule", details: { with: ["A"] } });
  for (const own of [{ exclusive: true }, { combinesWith: "none" }]) {
    const answer = quote([linking("A", ["s", "u"], own)], [line(10_000)], { rules: [rules[1], linked("u", percent(100))] });
    assert.deepEqual(sourcesOf(answer), [["A", "s", 200], ["A", "u", 100]], "the coupon agrees with itself");
  }
  // B's coupon is of category x, its rule of y: r tolerates y, and one of both is enough.
  const two = [linking("A", ["r"]), linking("B", ["v"], { category: "x" })];
  assert.deepEqual(reasonsOf(quote(two, [line(10_000)], { rules: [rules[0], linked("v", percent(1), { category: "y" })] })), ["applied", "applied"]);
  assert.deepEqual(reasonsOf(quote(two, [line(10_000)], { rules: [rules[0], linked("v", percent(1))] })), ["applied", "not_combinable"]);
});

test("§7 commercetools: nothing behind one that stops", () => {
  const stopping = coupon("B", percent(1000), { stopAfter: true });
  const answer = quote([coupon("A", percent(500)), stopping, coupon("C", percent(9000))], [line(1000)]);
  assert.deepEqual(amountsOf(answer), [50, 100]);
  assert.deepEqual(answer.codes[2].rejection, { code: "stopped_by_previous", level: "coupon", details: { with: ["B"] } });
  const best = quote([coupon("A", percent(500)), stopping, coupon("C", percent(9000))], [line(1000)], { mode: "best_combination" });
  assert.deepEqual([amountsOf(best), best.strategy.stacking], [[50, 900], "best_combination"]);
  assert.equal(best.codes[1].rejection.code, "superseded_by_better");
  const one = quote([coupon("A", percent(500)), stopping], [line(1000)], { onConflict: "keep_best", maxCodes: 1 });
  assert.deepEqual(reasonsOf(one), ["too_many_codes", "applied"], "it stops only what comes behind it");
});

test("§7 so many of a category at most", () => {
  const vip = { category: "vip" };
  const ask = (more) => quote([coupon("A", percent(100), vip), coupon("B", percent(200), vip), coupon("C", percent(300))], [line(10_000)], {
    stacking: { maxPerCategory: { vip: 1 } }, ...more,
  });
  assert.deepEqual(amountsOf(ask()), [100, 300]);
  assert.deepEqual(ask().codes[1].rejection, { code: "too_many_codes", level: "coupon", details: { max: 1, category: "vip" } });
  assert.deepEqual(amountsOf(ask({ onConflict: "keep_best" })), [200, 300]);
});

test("§7 one per line: a later line-level discount leaves taken lines alone", () => {
  const on = (id) => ({ restrictions: { products: { include: [id] } } });
  const lines = [line(1000, { ids: ["x", "y"] }), line(1000, { ids: ["y"] })];
  const answer = quote([coupon("A", percent(1000), on("x")), coupon("B", percent(1000), on("y")), coupon("C", percent(100))], lines, {
    stacking: { onePerLine: true },
  });
  assert.deepEqual(amountsOf(answer), [100, 100, 20]);
  assert.deepEqual(sharesOf(answer), [110, 110], "those of the whole order may");
});

test("§7 classes and kinds: line, order, shipping; fixed before percent or the reverse", () => {
  const coupons = [
    coupon("S", { ...percent(1000), target: "shipping" }),
    coupon("P", percent(1000)),
    coupon("F", amount({ USD: 10 })),
    coupon("U", { ...percent(1000), units: { from: "cheapest", take: 1 } }),
    coupon("T", { type: "tiers", by: "quantity", tiers: [{ from: 1, discount: amount({ USD: 10 }) }] }),
  ];
  const names = (order) => quote(coupons, [line(1000)], { cart: { shipping: 500 }, order }).adjustments.map(({ code }) => code).join("");
  assert.deepEqual([names("priority"), names("fixed_first"), names("percent_first")], ["UFPTS", "UFTPS", "UPFTS"]);
  const rules = [automatic("z", percent(100)), automatic("y", percent(100))];
  const requested = quote(coupons.slice(1, 3), [line(1000)], { order: "requested", codes: ["P", "F"], rules });
  assert.deepEqual(sourcesOf(requested).map(([code, ruleId]) => code ?? ruleId), ["y", "z", "P", "F"]);
});

test("§7 first and best look at whole units", () => {
  const rules = [linked("r", percent(1000)), linked("s", percent(1500)), automatic("t", percent(2000))];
  const coupons = [linking("A", ["r", "s"]), coupon("B", percent(2200))];
  const best = quote(coupons, [line(1000)], { rules, mode: "best" });
  assert.deepEqual(sourcesOf(best), [["A", "r", 100], ["A", "s", 150]]);
  assert.deepEqual([best.codes[1].rejection, best.automatic[0].rejection], [
    { code: "superseded_by_better", level: "coupon", details: { with: ["A"] } },
    { code: "superseded_by_better", level: "rule", details: { with: ["A"] } },
  ]);
  const first = quote(coupons, [line(1000)], { rules, mode: "first", order: "requested" });
  assert.deepEqual([sourcesOf(first), reasonsOf(first)], [[[null, "t", 200]], ["stopped_by_previous", "stopped_by_previous"]]);
  const nothing = quote([coupon("A", percent(1)), coupon("B", percent(1000))], [line(1000)], { mode: "first" });
  assert.deepEqual(reasonsOf(nothing), ["no_effect", "applied"], "who has nothing to give stops nobody");
});

test("§7 all or nothing: one that does not apply takes the others with it, automatic rules stay", () => {
  const rules = [automatic("r", percent(1000)), external("x")];
  const credit = { id: "k", type: "standard", code: "K", discount: { type: "store_credit", amounts: { USD: 100 }, bearer: true } };
  const coupons = [coupon("A", percent(500)), linking("X", ["x"]), credit];
  const ask = (codes) => quote(coupons, [line(1000)], { codes, rules, stacking: { onInapplicable: "all_or_nothing" } });
  const spoilt = ask(["A", "X", "K", "NOSUCH"]);
  assert.deepEqual(reasonsOf(spoilt), ["not_all_applicable", "not_all_applicable", "not_all_applicable", "not_found"]);
  assert.deepEqual(spoilt.codes.map(({ state }) => state), ["parked", "parked", "parked", "rejected"]);
  assert.deepEqual([amountsOf(spoilt), spoilt.credits, spoilt.unlocked], [[100], [], []]);
  const whole = ask(["A", "X", "K"]);
  assert.deepEqual([amountsOf(whole), whole.totals.credit, whole.unlocked], [[50, 100], 100, ["x"]]);
});

test("§8 ours give way to a discount the host gives of itself", () => {
  const foreign = (more) => ({ foreignDiscounts: [{ lineId: "a", amount: 200, ...more }] });
  const ask = (foreignDiscounts, more = {}, own = {}) =>
    quote([coupon("A", percent(1000), own)], [line(1000, { quantity: 2 })], { shop: { foreignDiscounts }, cart: foreign(more) });
  assert.deepEqual(refusalOf(ask("suppress_ours")), ["foreign_coupon_present", "coupon", {}]);
  assert.deepEqual(reasonsOf(ask("suppress_ours", { ruleId: "x" })), ["foreign_coupon_present"], "no code opens x");
  const opened = quote([linking("A", ["x"]), coupon("B", percent(1000))], [line(1000, { quantity: 2 })], {
    rules: [external("x")], shop: { foreignDiscounts: "suppress_ours" }, cart: foreign({ ruleId: "x" }),
  });
  assert.deepEqual(reasonsOf(opened), ["applied", "applied"], "not of itself");
  const again = quote([linking("A", ["x"]), linking("B", ["x"])], [line(1000)], { rules: [external("x")], cart: foreign({ ruleId: "x" }) });
  assert.deepEqual(again.codes[1].rejection, { code: "already_applied", level: "coupon", details: { with: ["A"] } });
  assert.deepEqual(reasonsOf(ask("suppress_ours", {}, { withForeign: "alongside" })), ["applied"]);
  assert.deepEqual(reasonsOf(ask("alongside", {}, { withForeign: "suppress" })), ["foreign_coupon_present"]);
  assert.deepEqual(amountsOf(ask("alongside")), [200, 200]);
  assert.deepEqual(amountsOf(ask("subtract_from_base")), [200, 180]);
  const whole = quote([coupon("A", percent(10_000))], [line(1000)], { cart: foreign({}) });
  assert.deepEqual([amountsOf(whole), whole.totals.total], [[200, 800], 0], "never more than the host has left");
  const labelled = quote([], [line(1000), line(1000)], { cart: { foreignDiscounts: [
    { lineId: "b", amount: 1, label: "M" }, { lineId: "a", amount: 2, label: "M", ruleId: "x" }, { lineId: "a", amount: 3, label: "M" }, { lineId: "b", amount: 4, label: "M" },
  ] } });
  assert.deepEqual(labelled.adjustments.map(({ ruleId, label, amount: off, lines }) => [ruleId, label, off, lines.map((each) => [each.lineId, each.amount])]), [
    [null, "M", 8, [["a", 3], ["b", 5]]], ["x", "M", 2, [["a", 2]]],
  ]);
});
