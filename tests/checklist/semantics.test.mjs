/**
 * The rules of the semantics, §1 to §21, on the built package: the figures and boundaries that each section names for the
 * core. Later sections are in `semantics-answers.test.mjs`, and what goes beyond the core in the files by theme.
 *
 * Not here: what a checkout writes is in `reservations.test.mjs` and `usage.test.mjs` (§13, §14, §15, and the ledger's
 * halves of §11, §12, §16, §22, §24 and §32); what a person imports comes with the back office: rename (§20), runs resumed
 * after a crash and tied to e-mails (§21), CSV (§29). `tests/coverage/sections.json` says which part owns which.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, NOW, amount, cart, coupon, discounts, evaluated, generateCodes, instantOf, line, openShop, percent, reasons, refused } from "./shop.mjs";

const quoteOf = (discount, onCart, policy) => evaluated({ coupons: [coupon({ discount })], cart: onCart, ...(policy && { policy }) });
const taken = (...given) => quoteOf(...given).totals.discount;
const inCurrency = (currency, ...prices) => ({ ...cart(...prices), currency });
const shares = (quote, at = 0) => quote.adjustments[at].lines.map(({ amount: share }) => share);
const least = (minor, more = {}) => ({ minimum: { amounts: { EGP: minor }, ...more } });
const several = (mode, more = {}) => ({ stacking: { mode, maxCodes: 5, ...more } });

test("semantics §1: currencies of no and of three decimals count in their own minor units", () => {
  assert.equal(taken(percent(3_333), inCurrency("JPY", 100)), 33);
  assert.equal(taken(percent(1_000), inCurrency("KWD", 1_005)), 101);
});

test("semantics §1: nothing is converted and nothing ignored: amount, cap and minimum need the cart's currency", () => {
  const [{ rejection }] = quoteOf(percent(2_000, { USD: 1_000 }), inCurrency("EUR", 10_000)).codes;
  assert.deepEqual([rejection.code, rejection.details], ["currency_mismatch", { currency: "EUR", accepted: ["USD"] }]);
  assert.deepEqual(reasons(quoteOf(amount(1_000), inCurrency("USD", 10_000))), ["currency_mismatch"]);
  const limited = [coupon({ restrictions: least(1) })];
  assert.deepEqual(reasons(evaluated({ coupons: limited, cart: inCurrency("USD", 10_000) })), ["currency_mismatch"]);
});

test("semantics §1: amounts beyond 2^53 are exact, as text; fractions and what overflows are refused", async () => {
  const dear = { currency: "EGP", lines: [line("a", 1_000_000_000_000, { quantity: 999_999 })] };
  const { totals } = quoteOf(percent(3_333), dear);
  assert.deepEqual([totals.subtotal, totals.discount, totals.total], ["999999000000000000", "333299666700000000", "666699333300000000"]);
  assert.deepEqual(await refused(() => quoteOf(percent(100), cart(10.5))), ["invalid_type", "cart.lines[0].unitPrice"]);
  const lines = Array.from({ length: 10 }, (_, at) => line(`${at}`, 1_000_000_000_000, { quantity: 1_000_000 }));
  assert.equal((await refused(() => quoteOf(percent(100), { currency: "EGP", lines })))[0], "arithmetic");
});

const TRIO = [["additive", 8_500], ["sequential", 8_550], ["best", 9_000]];
for (const [mode, total] of TRIO) {
  test(`semantics §2: 10 % and 5 % of 100.00, ${mode}, leave ${total}`, () => {
    const coupons = [coupon({ id: "t", code: "TEN", discount: percent(1_000) }), coupon({ id: "f", code: "FIVE", discount: percent(500) })];
    assert.equal(evaluated({ coupons, codes: ["TEN", "FIVE"], cart: cart(10_000), policy: several(mode) }).totals.total, total);
  });
}

test("semantics §2: 10 % and 20 % of 100.00 take 30.00 of the original and 28.00 of the running price", () => {
  const coupons = [coupon({ id: "t", code: "TEN", discount: percent(1_000) }), coupon({ id: "w", code: "TWENTY", discount: percent(2_000) })];
  const discount = (mode) => evaluated({ coupons, codes: ["TEN", "TWENTY"], cart: cart(10_000), policy: several(mode) }).totals.discount;
  assert.deepEqual([discount("additive"), discount("sequential")], [3_000, 2_800]);
});

test("semantics §2: two order percentages of the same 350.00 take 35.00 and 52.50", () => {
  const coupons = [coupon({ id: "t", code: "TEN", discount: percent(1_000) }), coupon({ id: "f", code: "FIFTEEN", discount: percent(1_500) })];
  assert.deepEqual(discounts(evaluated({ coupons, codes: ["TEN", "FIFTEEN"], cart: cart(35_000), policy: several("additive") })), [3_500, 5_250]);
});

const ROUNDED = [
  ["15 % of 34.90", percent(1_500), cart(3_490), { half_up: 524, half_even: 524, half_down: 523, floor: 523 }],
  ["20 % of five at 8.99", percent(2_000), { currency: "EGP", lines: [line("a", 899, { quantity: 5 })] }, { half_up: 899, half_even: 899, half_down: 899, floor: 899 }],
  ["10 % of 1.005 KWD", percent(1_000), inCurrency("KWD", 1_005), { half_up: 101, half_even: 100, half_down: 100, floor: 100 }],
  ["30 % of 259.99", percent(3_000), cart(25_999), { half_up: 7_800, half_even: 7_800, half_down: 7_800, floor: 7_799 }],
];
for (const [name, discount, onCart, expected] of ROUNDED) {
  test(`semantics §3: ${name}, rounded once on the sum`, () => {
    const found = Object.keys(expected).map((rounding) => [rounding, taken(discount, onCart, { rounding })]);
    assert.deepEqual(Object.fromEntries(found), expected);
    assert.equal(taken(discount, onCart), expected.half_up);
  });
}

test("semantics §3: split into three lines of 1 or one line of 3, the discount is the same", () => {
  const three = taken(percent(3_333), cart(101, 101, 101));
  assert.equal(three, 101);
  assert.equal(taken(percent(3_333), { currency: "EGP", lines: [line("a", 101, { quantity: 3 })] }), three);
});

const ALLOCATED = [[100, [100, 200], [33, 67]], [1_500, [1_000, 1_000], [750, 750]], [750, [300, 1_200], [150, 600]], [600, [500, 200, 100], [375, 150, 75]], [1, [1, 1, 1], [1]]];
for (const [total, lines, expected] of ALLOCATED) {
  test(`semantics §4: ${total} over ${lines} is ${expected}`, () => {
    const quote = quoteOf(amount(total), cart(...lines));
    assert.deepEqual(shares(quote), expected);
    assert.equal(quote.totals.discount, total);
  });
}

test("semantics §4: 58.99 over two units: the first gets the extra cent", () => {
  const quote = quoteOf(amount(5_899), { currency: "EGP", lines: [line("a", 5_000, { quantity: 2 })] });
  assert.deepEqual(quote.adjustments[0].lines[0].units, [{ quantity: 1, amount: 2_950 }, { quantity: 1, amount: 2_949 }]);
});

test("semantics §4: the order of lines changes no line's share, and a free line has none", () => {
  const lines = [line("c", 333), line("a", 333), line("free", 0), line("b", 333)];
  const shareOf = (given) => Object.fromEntries(quoteOf(amount(100), { currency: "EGP", lines: given }).lines.map(({ id, discount }) => [id, discount]));
  assert.deepEqual(shareOf(lines), { a: 34, b: 33, c: 33, free: 0 });
  assert.deepEqual(shareOf(lines.toReversed()), shareOf(lines));
});

test("semantics §5: 20 % up to 100.00, below, at and above the cap", () => {
  const capped = percent(2_000, { EGP: 10_000 });
  assert.deepEqual([40_000, 50_000, 100_000].map((base) => taken(capped, cart(base))), [8_000, 10_000, 10_000]);
  const { adjustments: [{ requested, amount: applied }] } = quoteOf(capped, cart(100_000));
  assert.deepEqual([requested, applied], [20_000, 10_000]);
});

test("semantics §5: the capped amount is shared in proportion, once per order; a cap of 0 is refused", async () => {
  assert.deepEqual(shares(quoteOf(percent(2_000, { EGP: 10_000 }), cart(75_000, 25_000))), [7_500, 2_500]);
  assert.deepEqual(await refused(() => quoteOf(percent(2_000, { EGP: 0 }), cart(1))), ["out_of_range", "coupons[0].discount.cap.EGP"]);
});

test("semantics §6: a fixed amount stops at what there is, and the answer has both figures", () => {
  const { adjustments: [{ requested, amount: applied }], totals } = quoteOf(amount(10_000), cart(8_000));
  assert.deepEqual([requested, applied, totals.total], [10_000, 8_000, 0]);
  const narrow = [coupon({ discount: amount(1_000), restrictions: { products: { include: ["a"] } } })];
  const quote = evaluated({ coupons: narrow, cart: cart(500, 8_500) });
  assert.deepEqual(quote.lines.map(({ discount }) => discount), [500, 0]);
});

test("semantics §7: 10 % and 20.00 of 100.00 in the order of their priorities", () => {
  const total = (percentFirst) => {
    const coupons = [coupon({ id: "p", code: "P", discount: percent(1_000), priority: percentFirst ? 1 : 2 }), coupon({ id: "f", code: "F", discount: amount(2_000), priority: percentFirst ? 2 : 1 })];
    return evaluated({ coupons, codes: ["F", "P"], cart: cart(10_000), policy: several("sequential") }).totals.discount;
  };
  assert.deepEqual([total(true), total(false)], [3_000, 2_800]);
});

test("semantics §7: equal priorities: line discounts before order discounts, then by canonical code; as typed on request", () => {
  const coupons = [coupon({ id: "o1", code: "A" }), coupon({ id: "o2", code: "B" }), coupon({ id: "l", code: "Z", restrictions: { products: { include: ["a"] } } })];
  const order = (codes, more) => evaluated({ coupons, codes, policy: several("additive", more) }).adjustments.map(({ code }) => code);
  for (const codes of [["A", "B", "Z"], ["Z", "B", "A"], ["B", "Z", "A"]]) assert.deepEqual(order(codes), ["Z", "A", "B"]);
  assert.deepEqual(order(["B", "Z", "A"], { order: "requested" }), ["B", "Z", "A"]);
});

test("semantics §7: additive discounts beyond the line's price trim the later one", () => {
  const coupons = [coupon({ id: "one", code: "A", discount: percent(7_000) }), coupon({ id: "two", code: "B", discount: percent(5_000) })];
  const quote = evaluated({ coupons, codes: ["A", "B"], cart: cart(10_000), policy: several("additive") });
  assert.deepEqual([discounts(quote), quote.totals.total, quote.adjustments[1].requested], [[7_000, 3_000], 0, 5_000]);
});

test("semantics §7: an exclusive coupon stands alone: the earlier in order stays, or the better", () => {
  const coupons = [coupon({ id: "x", code: "ALONE", exclusive: true, discount: percent(3_000), priority: 2 }), coupon({ id: "o", code: "OTHER", discount: percent(1_000), priority: 1 })];
  const quote = (onConflict) => evaluated({ coupons, codes: ["ALONE", "OTHER"], cart: cart(10_000), policy: several("additive", { onConflict }) });
  assert.deepEqual(reasons(quote("reject_new")), ["not_combinable", "applied"]);
  assert.deepEqual(quote("reject_new").codes[0].rejection.details.with, ["OTHER"]);
  assert.deepEqual([reasons(quote("keep_best")), discounts(quote("keep_best"))], [["applied", "superseded_by_better"], [3_000, 0]]);
});

test("semantics §7: combining takes the consent of both sides", () => {
  const pair = (one, two) => reasons(evaluated({ coupons: [coupon({ id: "1", code: "A", category: "seasonal", ...one }), coupon({ id: "2", code: "B", category: "loyalty", ...two })], codes: ["A", "B"], policy: several("additive") }));
  assert.deepEqual(pair({ combinesWith: ["loyalty"] }, { combinesWith: ["seasonal"] }), ["applied", "applied"]);
  assert.deepEqual(pair({ combinesWith: ["loyalty"] }, { combinesWith: ["other"] }), ["applied", "not_combinable"]);
  assert.deepEqual(pair({ combinesWith: "none" }, {}), ["applied", "not_combinable"]);
  assert.deepEqual(pair({}, {}), ["applied", "applied"]);
});

test("semantics §7: the same code twice is one, and two codes of one coupon are one discount", () => {
  const coupons = [coupon({ codes: [{ code: "TWIN" }] })];
  const quote = (codes) => evaluated({ coupons, codes, policy: several("additive") });
  assert.deepEqual(reasons(quote(["SAVE20", " save20 "])), ["applied", "already_applied"]);
  assert.deepEqual(reasons(quote(["SAVE20", "TWIN"])), ["applied", "already_applied"]);
  assert.equal(quote(["SAVE20", "TWIN"]).totals.discount, 20_000);
});

test("semantics §7: the best of two equal ones is the earlier in order; one without effect never wins", () => {
  const coupons = [coupon({ id: "b", code: "B" }), coupon({ id: "a", code: "A" })];
  assert.deepEqual(reasons(evaluated({ coupons, codes: ["B", "A"], policy: several("best") })), ["superseded_by_better", "applied"]);
  const tiny = [coupon({ discount: percent(1) })];
  assert.deepEqual(reasons(evaluated({ coupons: tiny, cart: cart(100), policy: several("best") })), ["no_effect"]);
});

test("semantics §9: a minimum of 500.00 is met by 500.00, and 499.99 is told to be 0.01 short", () => {
  const coupons = [coupon({ restrictions: least(50_000) })];
  assert.deepEqual(reasons(evaluated({ coupons, cart: cart(50_000) })), ["applied"]);
  const { required, actual, shortfall } = evaluated({ coupons, cart: cart(49_999) }).codes[0].rejection.details;
  assert.deepEqual({ required, actual, shortfall }, { required: 50_000, actual: 49_999, shortfall: 1 });
});

test("semantics §9: eligible 60 and others 50 pass a minimum of 100 on all lines, and fail it on the eligible ones", () => {
  const on = (scope) => evaluated({ coupons: [coupon({ restrictions: { ...least(10_000, { scope }), products: { include: ["a"] } } })], cart: cart(6_000, 5_000) });
  assert.deepEqual(reasons(on("all_lines")), ["applied"]);
  const { code, details } = on("eligible_lines").codes[0].rejection;
  assert.deepEqual([code, details.actual, details.shortfall, details.scope], ["minimum_not_met", 6_000, 4_000, "eligible_lines"]);
});

test("semantics §9: a coupon cannot fail its minimum by its own effect, or by another coupon's", () => {
  const half = (changes) => coupon({ discount: percent(5_000), restrictions: least(10_000), ...changes });
  assert.equal(evaluated({ coupons: [half()], cart: cart(10_000) }).totals.discount, 5_000);
  const coupons = [half({ id: "1", code: "A" }), half({ id: "2", code: "B" })];
  assert.deepEqual(discounts(evaluated({ coupons, codes: ["A", "B"], cart: cart(10_000), policy: several("sequential") })), [5_000, 2_500]);
});

test("semantics §9: shipping and gift cards do not count, lines that are not discountable do", () => {
  const coupons = [coupon({ restrictions: least(10_000) })];
  const on = (lines) => reasons(evaluated({ coupons, cart: { currency: "EGP", shipping: 50_000, lines: [line("a", 6_000), ...lines] } }))[0];
  assert.equal(on([]), "minimum_not_met");
  assert.equal(on([line("g", 4_000, { kind: "gift_card" })]), "minimum_not_met");
  assert.equal(on([line("s", 4_000, { discountable: false })]), "applied");
});

test("semantics §10: exclusion wins, and without an eligible line of some price there is nothing to apply to", () => {
  const on = (products, onCart = cart(1_000, 2_000)) => evaluated({ coupons: [coupon({ restrictions: { products } })], cart: onCart });
  assert.deepEqual(on({ include: ["a"] }).lines.map(({ discount }) => discount), [200, 0]);
  assert.deepEqual(on({ include: ["a", "b"], exclude: ["a"] }).lines.map(({ discount }) => discount), [0, 400]);
  assert.deepEqual(reasons(on({ exclude: ["a", "b"] })), ["no_eligible_items"]);
  assert.deepEqual(reasons(on({ include: ["a"] }, cart(0, 2_000))), ["no_eligible_items"]);
  assert.equal(on({}, { currency: "EGP", lines: [] }).codes[0].rejection.details.cartEmpty, true);
});

test("semantics §10: coupon and code restrictions intersect, and the code is named where it empties them", () => {
  const narrowed = (include) => [coupon({ restrictions: { products: { include: ["a", "b"] } }, codes: [{ code: "C", restrictions: { products: { include } } }] })];
  const on = (include) => evaluated({ coupons: narrowed(include), codes: ["C"], cart: cart(1_000, 1_000, 1_000) });
  assert.deepEqual(on(["b", "c"]).lines.map(({ discount }) => discount), [0, 200, 0]);
  const { code, level } = on(["c"]).codes[0].rejection;
  assert.deepEqual([code, level], ["no_eligible_items", "code"]);
});

test("semantics §17: both ends of a window are inside, to the millisecond", () => {
  const coupons = [coupon({ restrictions: { startsAt: NOW, expiresAt: NOW + DAY } })];
  const at = (now) => reasons(evaluated({ coupons, now }))[0];
  assert.deepEqual([NOW - 1, NOW, NOW + DAY, NOW + DAY + 1].map(at), ["not_started", "applied", "applied", "expired"]);
  const moment = [coupon({ restrictions: { startsAt: NOW, expiresAt: NOW } })];
  assert.deepEqual(reasons(evaluated({ coupons: moment })), ["applied"]);
});

test("semantics §17: an instant may be given as milliseconds or with an offset, and is one and the same", async () => {
  const { created } = await openShop({ coupons: [coupon({ restrictions: { startsAt: "2026-06-01T02:00:00+02:00", expiresAt: Date.UTC(2026, 5, 30) } })] });
  assert.deepEqual([created[0].coupon.restrictions.startsAt, created[0].coupon.restrictions.expiresAt], [Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 30)]);
  assert.deepEqual(await refused(() => evaluated({ coupons: [coupon({ restrictions: { startsAt: "2026-06-01T02:00:00" } })] })), ["invalid_value", "coupons[0].restrictions.startsAt"]);
});

const LOCAL_DAYS = [["2025-04-25", "Africa/Cairo", "start", "2025-04-24T22:00:00.000Z"], ["2025-10-30", "Africa/Cairo", "end", "2025-10-30T21:59:59.999Z"], ["2025-06-30", "America/Los_Angeles", "end", "2025-07-01T06:59:59.999Z"]];
for (const [day, zone, edge, instant] of LOCAL_DAYS) {
  test(`semantics §17: the ${edge} of ${day} in ${zone} is the ${edge === "start" ? "first" : "last"} valid instant`, () => {
    const edgeInstant = instantOf(day, zone, edge);
    assert.equal(new Date(edgeInstant).toISOString(), instant);
    const coupons = [coupon({ restrictions: { [edge === "start" ? "startsAt" : "expiresAt"]: edgeInstant } })];
    const outside = edge === "start" ? edgeInstant - 1 : edgeInstant + 1;
    assert.deepEqual([edgeInstant, outside].map((now) => reasons(evaluated({ coupons, now }))[0]), ["applied", edge === "start" ? "not_started" : "expired"]);
  });
}

const SPELLINGS = [" save-20 ", "SAVE\u201120", "\uFF33\uFF21\uFF36\uFF25\uFF0D\uFF12\uFF10", "SA\u200BVE-20", "\u202ASave - 20\u202C", "\uFEFFsave\u00A0-\u300020\t"];
test("semantics §19: every spelling of a code is that code, typed or defined", async () => {
  for (const spelling of SPELLINGS) {
    const quote = evaluated({ coupons: [coupon({ code: "SAVE-20" })], codes: [spelling] });
    assert.deepEqual([reasons(quote), quote.codes[0].code], [["applied"], "SAVE-20"], JSON.stringify(spelling));
    const { created } = await openShop({ coupons: [coupon({ code: spelling })] });
    assert.equal(created[0].code.code, "SAVE-20", JSON.stringify(spelling));
  }
});

test("semantics §19: what cannot be a code is not found when typed, and refused when defined", async () => {
  const { engine, apply } = await openShop({ coupons: [coupon()] });
  for (const text of ["", "-A", "ısave20", "SAVE20İ", "SAVE20\u0410", "A".repeat(65), "SAVE.20"]) {
    assert.deepEqual(reasons(await apply([text])), ["not_found"], JSON.stringify(text));
    assert.deepEqual(await refused(() => engine.codes.add({ couponId: "c1", code: text })), ["invalid_code", "code"], JSON.stringify(text));
  }
  assert.deepEqual(reasons(await apply(["A".repeat(10_000), " ".repeat(257), `SAVE20${" ".repeat(250)}`])), ["malformed", "malformed", "applied"]);
});

test("semantics §19: a space inside is left out, or makes it no code where the shop says so", () => {
  assert.deepEqual(reasons(evaluated({ codes: ["save 20"] })), ["applied"]);
  assert.deepEqual(reasons(evaluated({ codes: ["save 20"], policy: { innerSpace: "reject" } })), ["not_found"]);
});

test("semantics §20: of many who create one text at once, one wins", async () => {
  const { engine, codesOf } = await openShop({ coupons: [coupon({ id: "home", code: null })] });
  const creations = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? engine.coupons.create(coupon({ id: `c${at}`, code: "RACE" })) : engine.codes.add({ couponId: "home", code: "race" })));
  const settled = await Promise.allSettled(creations);
  const lost = settled.filter(({ status }) => status === "rejected").map(({ reason }) => reason.code);
  assert.deepEqual(lost, Array(7).fill("duplicate_code"));
  const owners = await Promise.all(["home", "c0", "c2", "c4", "c6"].map(codesOf));
  assert.deepEqual(owners.flat(), ["RACE"]);
});

test("semantics §20: a link token, a pool's code and a typed code share one space of texts", async () => {
  const { engine } = await openShop({ coupons: [coupon({ id: "u", type: "url_token", code: "LINK" }), coupon({ id: "p", type: "bulk_pool", code: "POOL" })] });
  const { sample } = await engine.generate({ couponId: "p", count: 1 });
  for (const code of ["link", sample[0]]) {
    assert.deepEqual(await refused(() => engine.coupons.create(coupon({ id: "new", code }))), ["duplicate_code", "code"]);
  }
});

test("semantics §21: a space too small is refused before anything is written", async () => {
  const { engine, codesOf } = await openShop({ coupons: [coupon({ id: "p", type: "bulk_pool", code: "P" })] });
  const run = () => engine.generate({ couponId: "p", count: 3, length: 2, charset: "AB" });
  assert.deepEqual(await refused(run), ["key_space_exhausted", "count"]);
  assert.deepEqual([await codesOf("p"), await engine.batches.list("p")], [[], []]);
});

test("semantics §21: every symbol comes as often as every other", () => {
  const { codes } = generateCodes({ count: 20_000, length: 12 });
  const counts = new Map();
  for (const symbol of codes.join("")) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  assert.deepEqual([...counts.keys()].sort().join(""), "23456789ABCDEFGHJKMNPQRSTVWXYZ");
  const expected = (20_000 * 12) / 30;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 29 degrees of freedom: beyond 101 once in a thousand million runs. A modulo of 256 would make it 1,700.
  assert.ok(chiSquare < 101, `chi-square ${chiSquare}`);
});

test("semantics §21: the length is chosen so that a hit costs 10^9 guesses; a shorter one is honoured with a warning", () => {
  const auto = generateCodes({ count: 1_000 });
  assert.equal(auto.length, 9);
  assert.deepEqual([auto.guessesPerHit, auto.warnings], [String(30n ** 9n / 1_000n), []]);
  assert.equal(generateCodes({ count: 1_000, existing: 100_000_000 }).length, 12);
  const short = generateCodes({ count: 1_000, length: 6 });
  assert.deepEqual([short.length, short.warnings], [6, [{ code: "guessable", guessesPerHit: "729000" }]]);
});
