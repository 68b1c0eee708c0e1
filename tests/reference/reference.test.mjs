/**
 * Owns the worked examples of the rules, held against the reference evaluator; those of selections have their own file.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalCode } from "./canonical.mjs";
import { evaluate } from "./evaluate.mjs";
import { amount, amountsOf, coupon, line, NOW, percent, quote, reasonsOf, sharesOf } from "./worked-quote.mjs";

test("§1 amounts keep to their currency and its exponent", () => {
  assert.deepEqual(amountsOf(quote([coupon("A", percent(3333))], [line(100)], { currency: "JPY" })), [33]);
  assert.deepEqual(amountsOf(quote([coupon("A", percent(1000))], [line(1005)], { currency: "KWD" })), [101]);
  const capped = quote([coupon("A", percent(1000, { USD: 500 }))], [line(1000)], { currency: "EUR" });
  assert.deepEqual(capped.codes[0].rejection, {
    code: "currency_mismatch", level: "coupon", details: { currency: "EUR", accepted: ["USD"] },
  });
  assert.equal(capped.codes[0].state, "parked");
  assert.deepEqual(reasonsOf(quote([coupon("A", amount({ EGP: 1000 }))], [line(1000)])), ["currency_mismatch"]);
});

test("§2 percent of what: the Dino trio, Voucherify's and Shopify's pairs", () => {
  const dino = [coupon("TEN", percent(1000)), coupon("FIVE", percent(500))];
  for (const [mode, total] of [["additive", 8500], ["sequential", 8550], ["best", 9000]]) {
    assert.equal(quote(dino, [line(10_000)], { mode }).totals.total, total, mode);
  }
  const voucherify = [coupon("A", percent(1000)), coupon("B", percent(2000))];
  assert.equal(quote(voucherify, [line(10_000)]).totals.discount, 3000);
  assert.equal(quote(voucherify, [line(10_000)], { mode: "sequential" }).totals.discount, 2800);
  assert.deepEqual(amountsOf(quote([coupon("A", percent(1000)), coupon("B", percent(1500))], [line(35_000)])), [3500, 5250]);
});

test("§3 rounding settles the discount of the sum, once", () => {
  const cases = [
    [1500, line(3490), { half_up: 524, half_even: 524, half_down: 523, floor: 523 }],
    [2000, line(899, { quantity: 5 }), { half_up: 899, half_even: 899, half_down: 899, floor: 899 }],
    [1000, line(1005), { half_up: 101, half_even: 100, half_down: 100, floor: 100 }],
    [3000, line(25_999), { half_up: 7800, half_even: 7800, half_down: 7800, floor: 7799 }],
  ];
  for (const [basisPoints, only, expected] of cases) {
    for (const [rounding, discount] of Object.entries(expected)) {
      assert.equal(quote([coupon("A", percent(basisPoints))], [only], { rounding }).totals.discount, discount, rounding);
    }
  }
});

test("§4 allocation by largest remainder", () => {
  const cases = [
    [100, [100, 200], [33, 67]],
    [1500, [1000, 1000], [750, 750]],
    [750, [300, 1200], [150, 600]],
    [600, [500, 200, 100], [375, 150, 75]],
    [1, [1, 1, 1], [1, 0, 0]],
    [7, [0, 10, 0], [0, 7, 0]],
  ];
  for (const [off, prices, shares] of cases) {
    assert.deepEqual(sharesOf(quote([coupon("A", amount({ USD: off }))], prices.map((price) => line(price)))), shares);
  }
  const halves = quote([coupon("A", amount({ USD: 5899 }))], [line(5000, { quantity: 2 })]);
  assert.deepEqual(halves.adjustments[0].lines[0].units, [{ quantity: 1, amount: 2950 }, { quantity: 1, amount: 2949 }]);
  const even = quote([coupon("A", amount({ USD: 4 }))], [line(5, { quantity: 4 })]);
  assert.deepEqual(even.adjustments[0].lines[0].units, [{ quantity: 4, amount: 1 }]);
  const byId = quote([coupon("A", amount({ USD: 1 }))], [line(1, { id: "\u{1f600}" }), line(1, { id: "\uff5e" })]);
  assert.deepEqual(sharesOf(byId), [0, 1], "ties go by the bytes of UTF-8, not by UTF-16 units");
});

test("§5 a cap holds once per order, before allocation", () => {
  for (const [base, discount] of [[100_000, 10_000], [40_000, 8000], [50_000, 10_000]]) {
    assert.deepEqual(amountsOf(quote([coupon("A", percent(2000, { USD: 10_000 }))], [line(base)])), [discount]);
  }
  const split = quote([coupon("A", percent(2000, { USD: 10_000 }))], [line(25_000), line(75_000)]);
  assert.deepEqual(sharesOf(split), [2500, 7500]);
  assert.equal(split.adjustments[0].requested, 20_000);
});

test("§6 a fixed amount is cut to what it may take", () => {
  const [whole] = quote([coupon("A", amount({ USD: 10_000 }))], [line(8000)]).adjustments;
  assert.deepEqual([whole.requested, whole.amount], [10_000, 8000]);
  const restricted = coupon("A", amount({ USD: 1000 }), { restrictions: { products: { include: ["x"] } } });
  assert.deepEqual(sharesOf(quote([restricted], [line(500, { ids: ["x"] }), line(8500)])), [500, 0]);
});

test("§7 order, conflicts and modes", () => {
  const tenPercent = coupon("P", percent(1000));
  const twentyOff = coupon("F", amount({ USD: 2000 }));
  const sequential = (coupons) => amountsOf(quote(coupons, [line(10_000)], { mode: "sequential", order: "requested" }));
  assert.deepEqual(sequential([tenPercent, twentyOff]), [1000, 2000]);
  assert.deepEqual(sequential([twentyOff, tenPercent]), [2000, 800]);
  const overlap = quote([coupon("A", percent(7000)), coupon("B", percent(6000)), coupon("C", percent(100))], [line(1000)]);
  assert.deepEqual(amountsOf(overlap), [700, 300], "the later one is trimmed");
  assert.deepEqual(reasonsOf(overlap), ["applied", "applied", "no_effect"]);
  const pair = [coupon("A", percent(1000)), coupon("B", percent(3000), { exclusive: true })];
  assert.deepEqual(reasonsOf(quote(pair, [line(1000)])), ["applied", "not_combinable"]);
  const kept = quote(pair, [line(1000)], { onConflict: "keep_best" });
  assert.deepEqual(kept.codes[0].rejection, { code: "superseded_by_better", level: "coupon", details: { with: ["B"] } });
  assert.deepEqual(reasonsOf(quote(pair, [line(1000)], { mode: "first" })), ["applied", "stopped_by_previous"]);
  assert.deepEqual(reasonsOf(quote(pair, [line(1000)], { mode: "none" })), ["codes_not_allowed", "codes_not_allowed"]);
  assert.deepEqual(reasonsOf(quote([tenPercent, twentyOff], [line(1000)], { maxCodes: 1 })), ["no_effect", "applied"]);
  assert.deepEqual(reasonsOf(quote([tenPercent, twentyOff], [line(10_000)], { maxCodes: 1 })), ["too_many_codes", "applied"]);
  const twice = quote([tenPercent], [line(1000)], { codes: ["p", " P\u200b"] });
  assert.deepEqual(twice.codes[1].rejection, { code: "already_applied", level: "code", details: { with: ["P"] } });
});

test("§7 by priority, then what touches some lines only, then by name, a code before a coupon's id", () => {
  const narrow = { restrictions: { products: { include: ["x"] } } };
  const coupons = [
    coupon("Z", percent(100), { priority: -1 }),
    coupon("N", percent(100), narrow),
    coupon("B", percent(100)),
    coupon("Q", percent(100), { id: "B" }),
    coupon("C", percent(100), { id: "A" }),
    coupon("D", percent(100), { id: "a" }),
  ];
  const expected = ["Z", "N", "A by id", "B", "B by id", "a by id"];
  const entered = ["B", { couponId: "B" }, { couponId: "a" }, "N", "Z", { couponId: "A" }];
  for (const codes of [entered, [...entered].toReversed()]) {
    const { adjustments } = quote(coupons, [line(10_000, { ids: ["x"] })], { codes });
    assert.deepEqual(adjustments.map(({ code, couponId }) => code ?? `${couponId} by id`), expected);
  }
});

test("§7 others are called by their code, or by the coupon's id where that was entered, never by their label", () => {
  const named = coupon("A", percent(1000), { name: "Summer sale", codes: [{ code: "A2" }] });
  const alone = coupon("B", percent(500), { exclusive: true });
  const ask = (codes, more) => {
    const { codes: outcomes } = quote([named, alone], [line(1000)], { codes, order: "requested", ...more });
    return outcomes.slice(1).map(({ rejection: { code, level, details } }) => [code, level, details.with]);
  };
  for (const [entry, name] of [[" a ", "A"], [{ couponId: "a" }, "a"]]) {
    assert.deepEqual(ask([entry, entry]), [["already_applied", "code", [name]]]);
    assert.deepEqual(ask([entry, "A2", "B"]), [["already_applied", "coupon", [name]], ["not_combinable", "coupon", [name]]]);
    assert.deepEqual(ask([entry, "B"], { onConflict: "keep_best" }), [["superseded_by_better", "coupon", [name]]]);
    for (const [mode, reason] of [["best", "superseded_by_better"], ["first", "stopped_by_previous"]]) {
      assert.deepEqual(ask([entry, "A2", "B"], { mode }), [["already_applied", "coupon", [name]], [reason, "coupon", [name]]]);
    }
  }
});

test("§9 minimum: reached at equality, over all lines or only the eligible ones", () => {
  const asks = (amounts, scope) => ({ restrictions: { minimum: { amounts, ...(scope && { scope }) } } });
  const floor500 = [coupon("A", percent(1000), asks({ USD: 50_000 }))];
  assert.deepEqual(quote(floor500, [line(49_999)]).codes[0].rejection.details, {
    currency: "USD", required: 50_000, actual: 49_999, shortfall: 1, scope: "all_lines",
  });
  assert.deepEqual(reasonsOf(quote(floor500, [line(50_000)])), ["applied"]);
  const mixed = [line(60, { ids: ["x"] }), line(50)];
  for (const [scope, reason] of [["all_lines", "applied"], ["eligible_lines", "minimum_not_met"]]) {
    const rule = asks({ USD: 100 }, scope).restrictions;
    const restricted = coupon("A", percent(1000), { restrictions: { ...rule, products: { include: ["x"] } } });
    assert.deepEqual(reasonsOf(quote([restricted], mixed)), [reason]);
  }
});

test("§10 products are matched exactly, exclusion wins", () => {
  const only = (products) => [coupon("A", percent(1000), { restrictions: { products } })];
  assert.deepEqual(reasonsOf(quote(only({ include: ["family"] }), [line(100, { ids: ["family-bold"] })])), ["no_eligible_items"]);
  assert.deepEqual(reasonsOf(quote(only({ include: ["family"] }), [line(100, { ids: ["family"] })])), ["applied"]);
  const mix = [line(100, { ids: ["x"] }), line(100, { ids: ["y"] }), line(100)];
  assert.deepEqual(sharesOf(quote(only({ include: ["x"] }), mix)), [10, 0, 0]);
  assert.deepEqual(reasonsOf(quote(only({ exclude: ["x", "y"] }), mix.slice(0, 2))), ["no_eligible_items"]);
  assert.deepEqual(sharesOf(quote(only({ include: ["x", "y"], exclude: ["x"] }), mix)), [0, 10, 0]);
});

test("§17 both ends of a window belong to it", () => {
  const until = (expiresAt) => quote([coupon("A", percent(1000), { restrictions: { expiresAt } })], [line(100)]);
  assert.deepEqual(reasonsOf(until(NOW)), ["applied"]);
  assert.deepEqual(reasonsOf(until(NOW - 1)), ["expired"]);
  const from = (startsAt) => quote([coupon("A", percent(1000), { restrictions: { startsAt } })], [line(100)]);
  assert.deepEqual(reasonsOf(from(new Date(NOW).toISOString())), ["applied"]);
  assert.equal(from(NOW + 1).codes[0].state, "parked");
});

test("§19 one written form of a code", () => {
  for (const text of [" summer20 ", "ＳＵＭＭＥＲ２０", "sum\u200bmer20", "sum mer\u300020"]) {
    assert.equal(canonicalCode(text, "remove"), "SUMMER20", JSON.stringify(text));
  }
  assert.equal(canonicalCode("SUMMER\u201120", "remove"), "SUMMER-20");
  for (const text of ["ıSUMMER", "İSUMMER", "S".repeat(10_000), "S".repeat(65), "-A", ""]) {
    assert.equal(canonicalCode(text, "remove"), null, text.slice(0, 10));
  }
  assert.equal(canonicalCode("sum mer20", "reject"), null);
  assert.equal(canonicalCode(" summer20 ", "reject"), "SUMMER20");
});

test("§11, §24 one counter per key; disclosure masks what a stranger must not learn", () => {
  const once = [coupon("A", percent(1000), { limits: { perCustomer: 1 } })];
  const customer = { keys: [{ kind: "email", value: " A.B+x@Ex.com" }] };
  const usage = { counters: { "coupon/a/customer/email/a.b@ex.com": { claimed: 1 } } };
  const ask = (more) => evaluate({
    coupons: once,
    codes: ["A"],
    cart: { currency: "USD", lines: [{ id: "a", ...line(100) }] },
    now: NOW,
    customer,
    usage,
    ...more,
  });
  assert.deepEqual(reasonsOf(ask({ policy: { stripPlusTag: true } })), ["customer_limit_reached"]);
  assert.deepEqual(reasonsOf(ask({})), ["applied"]);
  const masked = ask({ policy: { stripPlusTag: true }, disclosure: "actionable" }).codes[0];
  assert.deepEqual(masked, {
    index: 0, code: "A", couponId: null, codeId: null, label: null, state: "rejected", discount: 0,
    rejection: { code: "not_applicable", level: "code", details: {} }, also: [],
  });
});

test("§14 a hold is gone at its instant, swept or not", () => {
  const customer = { keys: [{ kind: "id", value: "ann" }] };
  for (const [limitName, counter, spent, kind] of [
    ["total", "coupon/a", "limit_reached", {}],
    ["perCustomer", "coupon/a/customer/id/ann", "customer_limit_reached", { kind: "id" }],
  ]) {
    const limited = [coupon("A", percent(1000), { limits: { [limitName]: 3 } })];
    const ask = (view) => quote(limited, [line(1000)], { customer, usage: { counters: { [counter]: view } } }).codes[0].rejection;
    const waits = (figures) => ({ code: "reserved_elsewhere", level: "coupon", details: { limit: 3, ...figures, ...kind } });
    for (const nextExpiry of [NOW - 1, NOW]) assert.equal(ask({ claimed: 3, held: 1, nextExpiry }), null, limitName);
    assert.deepEqual(ask({ claimed: 3, held: 1, nextExpiry: NOW + 1 }), waits({ used: 2, held: 1, nextExpiry: NOW + 1 }));
    assert.deepEqual(ask({ claimed: 3, held: 1 }), waits({ used: 2, held: 1, nextExpiry: null }));
    const over = { claimed: 4, held: 2, nextExpiry: NOW };
    assert.deepEqual(ask(over), waits({ used: 2, held: 2, nextExpiry: NOW }), "no more than one is known to be gone");
    const full = { code: spent, level: "coupon", details: { limit: 3, used: 3, ...kind } };
    for (const view of [{ claimed: 3 }, { claimed: 4, held: 1, nextExpiry: NOW - 1 }]) assert.deepEqual(ask(view), full);
  }
});

test("§27 parked only where every reason passes by itself", () => {
  const later = { startsAt: NOW + 1, minimum: { amounts: { USD: 5000 } } };
  const ask = (restrictions, more) => {
    const { state, rejection, also } = quote([coupon("A", percent(1000), { restrictions, ...more })], [line(1000)], {
      usage: { counters: { "coupon/a": { claimed: 1 } } },
    }).codes[0];
    return [state, rejection.code, ...also.map(({ code }) => code)];
  };
  assert.deepEqual(ask(later), ["parked", "not_started", "minimum_not_met"]);
  assert.deepEqual(ask(later, { limits: { total: 1 } }), ["rejected", "not_started", "limit_reached", "minimum_not_met"]);
  assert.deepEqual(ask(later, { state: "inactive" }), ["rejected", "inactive", "not_started", "minimum_not_met"]);
});

test("§24 what is told keeps its figures only under actionable", () => {
  const restrictions = { minimum: { amounts: { USD: 500 } }, firstOrderOnly: true };
  const ask = (disclosure, customer) =>
    quote([coupon("A", percent(1000), { restrictions })], [line(100)], { disclosure, ...(customer && { customer }) }).codes[0];
  const figures = { currency: "USD", required: 500, actual: 100, shortfall: 400, scope: "all_lines" };
  const missed = { code: "minimum_not_met", level: "coupon", details: figures };
  const required = { code: "customer_required", level: "coupon", details: {} };
  assert.deepEqual([ask("actionable").rejection, ask("actionable").also], [required, [missed]]);
  assert.equal(ask("uniform").rejection.code, "not_applicable");
  const ann = { keys: [{ kind: "id", value: "ann" }], priorOrders: 0 };
  assert.deepEqual(ask("actionable", ann).rejection, missed);
  assert.deepEqual(ask("uniform", ann).rejection, { ...missed, details: {} });
  assert.equal(ask("uniform", ann).state, "parked");
});

test("§24 mode none answers every text alike unless all is told", () => {
  const expired = coupon("OLD", percent(1000), { restrictions: { expiresAt: NOW - 1 } });
  const codes = ["A", "OLD", "NOSUCH", "a", "SAVE!", { couponId: "a" }];
  const ask = (disclosure) => quote([coupon("A", percent(1000)), expired], [line(100)], { mode: "none", codes, disclosure });
  const told = { index: 5, code: null, couponId: "a", codeId: null, label: "a", state: "rejected", discount: 0, also: [] };
  for (const disclosure of ["actionable", "uniform"]) {
    const answers = ask(disclosure).codes;
    const closed = { couponId: null, codeId: null, label: null, state: "rejected", discount: 0, also: [] };
    const rejection = { code: "codes_not_allowed", level: "code", details: {} };
    const written = ["A", "OLD", "NOSUCH", "A", null];
    assert.deepEqual(answers.slice(0, 5), written.map((code, index) => Object.assign({ index, code, rejection }, closed)), disclosure);
    assert.deepEqual(answers[5], { ...told, rejection: { ...rejection, level: "coupon" } }, disclosure);
  }
  assert.deepEqual(reasonsOf(ask("full")), [
    "codes_not_allowed", "expired", "not_found", "already_applied", "not_found", "codes_not_allowed",
  ]);
});
