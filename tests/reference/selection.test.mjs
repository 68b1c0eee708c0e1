/**
 * Owns the worked examples of selections: which coupons stand where not all of them can, and the reasons of the others.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { coupon, line, percent, quote } from "./worked-quote.mjs";

/** The codes that apply with what they take off, each other's reason, and whether the search was complete. */
function selection(coupons, more) {
  const answer = quote(coupons, [line(10_000)], more);
  const refused = answer.codes.filter(({ rejection }) => rejection);
  return {
    applied: Object.fromEntries(answer.adjustments.map(({ code, amount }) => [code, amount])),
    refused: Object.fromEntries(refused.map(({ code, rejection: { code: reason, details } }) => [code, [reason, details]])),
    exact: answer.strategy.exact,
  };
}

const tooMany = (max) => ["too_many_codes", { max }];
const notCombinable = (...names) => ["not_combinable", { with: names }];
const superseded = (...names) => ["superseded_by_better", { with: names }];
const already = (name) => ["already_applied", { with: [name] }];
const vip = { category: "vip" };
const loyal = { category: "loyalty", combinesWith: ["loyalty"] };
/** Coupons of 1 % each, named from "A" on. */
const onePercents = (count, more) =>
  Array.from({ length: count }, (_, place) => coupon(String.fromCharCode(65 + place), percent(100), more));

test("§7 keep_best: whole selections are compared, not pairs", () => {
  const ask = (coupons, more) => quote(coupons, [line(10_000)], { onConflict: "keep_best", maxCodes: 5, ...more });
  const refusalsOf = ({ codes }) => codes.map(({ rejection }) => rejection && [rejection.code, rejection.level, rejection.details]);
  const supersededByLevel = (...labels) => ["superseded_by_better", "coupon", { with: labels }];
  const alone = (basisPoints, priority) => coupon("X", percent(basisPoints), { exclusive: true, priority });
  const [a, b] = [coupon("A", percent(1000)), coupon("B", percent(1000))];
  for (const priority of [1, -1]) {
    const kept = ask([alone(1500, priority), b, a]);
    assert.deepEqual(kept.adjustments.map(({ code, amount: off }) => [code, off]), [["A", 1000], ["B", 1000]]);
    assert.deepEqual(refusalsOf(kept), [supersededByLevel("A", "B"), null, null], `X of priority ${priority}`);
    assert.deepEqual(refusalsOf(ask([alone(2500, priority), b, a])), [null, supersededByLevel("X"), supersededByLevel("X")]);
  }
  assert.deepEqual(refusalsOf(ask([alone(2000, -1), a, b])), [null, supersededByLevel("X"), supersededByLevel("X")], "a tie: with the first");
  assert.deepEqual(refusalsOf(ask([alone(2000, 1), a, b])), [supersededByLevel("A", "B"), null, null], "a tie: with the first");
  const three = [alone(1500, -1), a, b];
  assert.equal(ask(three, { mode: "sequential" }).totals.discount, 1900);
  assert.deepEqual(refusalsOf(ask(three, { onConflict: "reject_new" })), [
    null, ["not_combinable", "coupon", { with: ["X"] }], ["not_combinable", "coupon", { with: ["X"] }],
  ]);
});

test("§7 keep_best: a valid selection has something from each member; on a tie the earlier entry is in", () => {
  const ask = (coupons, more) => selection(coupons, { onConflict: "keep_best", maxCodes: 2, ...more });
  const last = coupon("Y", percent(4000), { ...loyal, priority: 9 });
  const [a, b, c] = [coupon("A", percent(1000), vip), coupon("B", percent(1000), loyal), coupon("C", percent(1000), loyal)];
  assert.deepEqual(ask([a, b, c, last]), {
    applied: { B: 1000, Y: 4000 }, refused: { A: superseded("B", "Y"), C: tooMany(2) }, exact: true,
  });
  const whole = coupon("G", percent(10_000), { category: "loyalty" });
  assert.deepEqual(ask([...onePercents(2, vip), whole, last]), {
    applied: { A: 100, G: 9900 }, refused: { B: tooMany(2), Y: superseded("A") }, exact: true,
  });
  assert.deepEqual(ask(onePercents(3), { codes: ["C", "B", "A"], order: "requested" }).applied, { C: 100, B: 100 });
  const early = coupon("E", percent(10_000), { priority: -1 });
  assert.deepEqual(ask([early, ...onePercents(1)]), { applied: { E: 10_000 }, refused: { A: ["no_effect", {}] }, exact: true });
  assert.deepEqual(ask([]), { applied: {}, refused: {}, exact: true });

  const twoCodes = coupon("A", percent(1000), { codes: [{ code: "A2" }] });
  const alone = coupon("X", percent(500), { exclusive: true });
  assert.deepEqual(ask([twoCodes, alone], { codes: ["A", "A2", "X"] }), {
    applied: { A: 1000 }, refused: { A2: already("A"), X: superseded("A") }, exact: true,
  });
});

test("§7 keep_best: the maximum is filled with those that take most", () => {
  const ask = (more) => selection([percent(500), percent(2000), percent(1000), percent(2000)].map((discount, place) =>
    coupon("ABCD"[place], discount)), { onConflict: "keep_best", ...more });
  assert.deepEqual(ask({ maxCodes: 1 }), { applied: { B: 2000 }, refused: { A: tooMany(1), C: tooMany(1), D: tooMany(1) }, exact: true });
  assert.deepEqual(ask({ maxCodes: 3 }).applied, { B: 2000, C: 1000, D: 2000 });
  assert.deepEqual(ask({ maxCodes: 2, mode: "sequential" }).applied, { B: 2000, D: 1600 });
  assert.deepEqual(ask({ maxCodes: 4 }), { applied: { A: 500, B: 2000, C: 1000, D: 2000 }, refused: {}, exact: true });
});

test("§7 keep_best: twelve are searched; beyond, the plain selection, one for each conflict, and what grows code by code", () => {
  const ask = (coupons) => selection(coupons, { onConflict: "keep_best", maxCodes: 2 });
  const whole = coupon("Y", percent(10_000), { category: "loyalty", priority: 1 });
  const last = coupon("Z", percent(4000), { ...loyal, priority: 9 });
  const rest = (count) => onePercents(count, vip).slice(2).map(({ code }) => [code, tooMany(2)]);
  assert.deepEqual(ask([...onePercents(10, vip), whole, last]), {
    applied: { A: 100, Y: 9900 },
    refused: { B: tooMany(2), ...Object.fromEntries(rest(10)), Z: superseded("A") },
    exact: true,
  });
  const many = ask([...onePercents(11, vip), whole, last]);
  assert.deepEqual([many.applied, many.refused.A, many.exact], [{ Y: 10_000 }, superseded("Y"), false]);
  assert.deepEqual(ask([...onePercents(12, vip), last]).applied, { Z: 4000 }, "a seed holds its conflicts from the start");
});

test("§7 reject_new: too many are cut down to the best of those that stood", () => {
  const ask = (coupons, more) => selection(coupons, { maxCodes: 1, ...more });
  const [a, c] = [coupon("A", percent(1000), vip), coupon("C", percent(2000), { category: "loyalty" })];
  const b = coupon("B", percent(3000), loyal);
  assert.deepEqual(ask([a, b, c], { maxCodes: 2 }), {
    applied: { A: 1000, C: 2000 }, refused: { B: notCombinable("A") }, exact: true,
  });
  assert.deepEqual(ask([a, b, c]), { applied: { C: 2000 }, refused: { A: tooMany(1), B: tooMany(1) }, exact: true }, "B never stood");
  const larger = coupon("A", percent(2500), { ...vip, codes: [{ code: "A2" }] });
  const codes = ["A", "A2", "B", "C"];
  assert.deepEqual(ask([larger, b, c], { codes }), {
    applied: { A: 2500 }, refused: { A2: already("A"), B: notCombinable("A"), C: tooMany(1) }, exact: true,
  });
  const smaller = { ...larger, discount: percent(100) };
  assert.deepEqual(ask([smaller, b, c], { codes }), {
    applied: { C: 2000 }, refused: { A: tooMany(1), A2: tooMany(1), B: tooMany(1) }, exact: true,
  });
  const taken = [coupon("A", percent(6000)), coupon("B", percent(6000)), coupon("C", percent(100))];
  assert.deepEqual(ask(taken, { maxCodes: 2 }).refused, { C: ["no_effect", {}] });
  assert.deepEqual(ask(taken), { applied: { A: 6000 }, refused: { B: tooMany(1), C: tooMany(1) }, exact: true });
});

test("§7 reject_new: twelve that stood are searched; beyond, the selection grows code by code", () => {
  const ask = (coupons, more) => selection(coupons, { maxCodes: 2, ...more });
  const last = coupon("Z", percent(900));
  assert.deepEqual(ask([...onePercents(11), last]).applied, { A: 100, Z: 900 });
  const cut = ask([...onePercents(12), last]);
  assert.deepEqual([cut.applied, cut.refused.B, cut.exact], [{ A: 100, Z: 900 }, tooMany(2), false]);
  const all = ask([...onePercents(12), last], { maxCodes: 13 });
  assert.deepEqual([Object.keys(all.applied).length, all.exact], [13, true], "nothing to cut");
  const twice = [coupon("A", percent(100), { codes: [{ code: "A2" }] }), ...onePercents(11).slice(1), last];
  const repeated = ask(twice, { codes: ["A2", ...twice.map(({ code }) => code)] });
  assert.deepEqual([repeated.applied, repeated.refused.A2, repeated.exact], [{ A: 100, Z: 900 }, already("A"), true]);
});

test("§7 the quote tells last of its strategy whether the selection is exact; the other modes always are", () => {
  for (const mode of ["additive", "sequential", "best", "first", "none"]) {
    const { strategy } = quote(onePercents(14), [line(10_000)], { mode, maxCodes: 3 });
    const exact = mode !== "additive" && mode !== "sequential";
    assert.deepEqual(Object.entries(strategy).at(-1), ["exact", exact], mode);
  }
});
