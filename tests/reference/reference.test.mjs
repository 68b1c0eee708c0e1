/**
 * Owns the worked examples of the rules, held against the reference evaluator, and what its generator must cover.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalCode } from "./canonical.mjs";
import { evaluate } from "./evaluate.mjs";
import { randomRequest } from "./generate-requests.mjs";
import { assertValid } from "./valid-request.mjs";

const NOW = 1_750_000_000_000;
const percent = (basisPoints, cap) => ({ type: "percent", basisPoints, ...(cap && { cap }) });
const amount = (amounts) => ({ type: "amount", amounts });
const coupon = (code, discount, more = {}) => ({ id: code.toLowerCase(), type: "standard", code, discount, ...more });
const line = (unitPrice, more = {}) => ({ unitPrice, quantity: 1, ...more });

/** A quote of the coupons given, each entered once, over lines named "a", "b", "c" … */
function quote(coupons, lines, { mode = "additive", currency = "USD", codes, ...more } = {}) {
  const { rounding, order, onConflict, maxCodes = 10, ...request } = more;
  const stacking = { mode, maxCodes, ...(order && { order }), ...(onConflict && { onConflict }) };
  return evaluate({
    coupons,
    codes: codes ?? coupons.map(({ code }) => code),
    cart: { currency, lines: lines.map((each, place) => ({ id: "abcdefgh"[place], ...each })) },
    now: NOW,
    policy: { stacking, ...(rounding && { rounding }) },
    ...request,
  });
}

const amountsOf = (answer) => answer.adjustments.map((adjustment) => adjustment.amount);
const sharesOf = (answer) => answer.lines.map(({ discount }) => discount);
const reasonsOf = (answer) => answer.codes.map(({ rejection }) => rejection?.code ?? "applied");

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
  assert.deepEqual(reasonsOf(quote([tenPercent, twentyOff], [line(1000)], { maxCodes: 1 })), ["too_many_codes", "applied"]);
  const twice = quote([tenPercent], [line(1000)], { codes: ["p", " P\u200b"] });
  assert.deepEqual(twice.codes[1].rejection, { code: "already_applied", level: "code", details: { with: ["P"] } });
});

test("§7 keep_best: whole selections are compared, not pairs", () => {
  const ask = (coupons, more) => quote(coupons, [line(10_000)], { onConflict: "keep_best", maxCodes: 5, ...more });
  const refusalsOf = ({ codes }) => codes.map(({ rejection }) => rejection && [rejection.code, rejection.level, rejection.details]);
  const superseded = (...labels) => ["superseded_by_better", "coupon", { with: labels }];
  const alone = (basisPoints, priority) => coupon("X", percent(basisPoints), { exclusive: true, priority });
  const [a, b] = [coupon("A", percent(1000)), coupon("B", percent(1000))];
  for (const priority of [1, -1]) {
    const kept = ask([alone(1500, priority), b, a]);
    assert.deepEqual(kept.adjustments.map(({ code, amount: off }) => [code, off]), [["A", 1000], ["B", 1000]]);
    assert.deepEqual(refusalsOf(kept), [superseded("A", "B"), null, null], `X of priority ${priority}`);
    assert.deepEqual(refusalsOf(ask([alone(2500, priority), b, a])), [null, superseded("X"), superseded("X")]);
  }
  assert.deepEqual(refusalsOf(ask([alone(2000, -1), a, b])), [null, superseded("X"), superseded("X")], "a tie: the plain one");
  assert.deepEqual(refusalsOf(ask([alone(2000, 1), a, b])), [superseded("A", "B"), null, null], "a tie: the plain one");
  const three = [alone(1500, -1), a, b];
  assert.equal(ask(three, { mode: "sequential" }).totals.discount, 1900);
  assert.deepEqual(refusalsOf(ask(three, { onConflict: "reject_new" })), [
    null, ["not_combinable", "coupon", { with: ["X"] }], ["not_combinable", "coupon", { with: ["X"] }],
  ]);
});

test("§7 keep_best: a seed holds its place and its conflicts from the start", () => {
  const ask = (coupons, more) => quote(coupons, [line(10_000)], { onConflict: "keep_best", maxCodes: 2, ...more });
  const reasons = ({ codes }) => codes.map(({ rejection }) => rejection && [rejection.code, rejection.details]);
  const vip = { category: "vip" };
  const loyal = { category: "loyalty", combinesWith: ["loyalty"] };
  const last = coupon("Y", percent(4000), { ...loyal, priority: 9 });
  const [a, b, c] = [coupon("A", percent(1000), vip), coupon("B", percent(1000), loyal), coupon("C", percent(1000), loyal)];
  const seeded = ask([a, b, c, last]);
  assert.deepEqual(seeded.adjustments.map(({ code, amount: off }) => [code, off]), [["B", 1000], ["Y", 4000]]);
  assert.deepEqual(reasons(seeded), [["superseded_by_better", { with: ["B", "Y"] }], null, ["too_many_codes", { max: 2 }], null]);

  const small = ["A", "B"].map((code) => coupon(code, percent(100), vip));
  const whole = coupon("G", percent(10_000), { category: "loyalty" });
  const discarded = ask([...small, whole, last]);
  assert.deepEqual(reasons(discarded), [
    null, null, ["too_many_codes", { max: 2 }], ["superseded_by_better", { with: ["A", "B"] }],
  ], "a seed with nothing left to take gives no selection, even where the rest would take more");

  const twoCodes = coupon("A", percent(1000), { codes: [{ code: "A2" }] });
  const alone = coupon("X", percent(500), { exclusive: true });
  const twice = ask([twoCodes, alone], { codes: ["A", "A2", "X"] });
  assert.deepEqual(reasons(twice), [null, ["already_applied", { with: ["A"] }], ["superseded_by_better", { with: ["A"] }]]);
  assert.equal(twice.codes[1].rejection.level, "coupon");
  assert.deepEqual(reasons(ask([coupon("F", percent(10_000)), coupon("Z", percent(1))], { maxCodes: 5 })), [null, ["no_effect", {}]]);
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

const REASONS = [
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "limit_reached",
  "reserved_elsewhere", "codes_not_allowed", "customer_required", "customer_not_allowed", "not_first_order",
  "customer_limit_reached", "currency_mismatch", "no_eligible_items", "minimum_not_met", "already_applied",
  "not_combinable", "superseded_by_better", "stopped_by_previous", "too_many_codes", "no_effect",
];
const SEEDS = 10_000;

test("the generator reaches every reason and applies several codes often", (t) => {
  const counts = new Map(REASONS.map((reason) => [reason, 0]));
  let several = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const request = randomRequest(seed);
    assertValid(request);
    const answer = evaluate({ ...request, disclosure: "full" });
    assertAddsUp(answer, seed);
    if (answer.adjustments.length > 1) several += 1;
    for (const { rejection, also } of answer.codes) {
      for (const { code } of rejection ? [rejection, ...also] : []) counts.set(code, counts.get(code) + 1);
    }
  }
  for (const [reason, count] of counts) t.diagnostic(`${reason.padEnd(24)}${String(count).padStart(6)}`);
  t.diagnostic(`${"two codes or more".padEnd(24)}${String(several).padStart(6)}`);
  for (const reason of REASONS) assert.ok(counts.get(reason) >= 100, `${reason}: ${counts.get(reason)}`);
  assert.equal(counts.size, REASONS.length, "no reason outside the list");
  assert.ok(several >= SEEDS * 0.3, `${several} requests apply two codes or more`);
});

test("the same seed gives the same request, another seed another one", () => {
  assert.deepEqual(randomRequest(7), randomRequest(7));
  assert.notDeepEqual(randomRequest(7), randomRequest(8));
});

/** What holds for every quote, whatever was asked. */
function assertAddsUp({ adjustments, lines, totals, codes }, seed) {
  const sum = (values) => values.reduce((total, value) => total + BigInt(value), 0n);
  for (const { amount: whole, index, lines: shares } of adjustments) {
    assert.equal(sum(shares.map((share) => share.amount)), BigInt(whole), `seed ${seed}`);
    assert.ok(BigInt(whole) > 0n && codes[index].discount === whole, `seed ${seed}`);
    for (const { amount: share, units } of shares) {
      assert.equal(sum(units.map((run) => BigInt(run.quantity) * BigInt(run.amount))), BigInt(share), `seed ${seed}`);
    }
  }
  assert.equal(sum(lines.map(({ discount }) => discount)), BigInt(totals.discount), `seed ${seed}`);
  for (const each of lines) assert.ok(BigInt(each.total) >= 0n && BigInt(each.discount) >= 0n, `seed ${seed}`);
}
