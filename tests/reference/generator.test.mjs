/**
 * Owns what the generator of requests must cover, and what holds for every quote of the reference whatever was asked.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "./evaluate.mjs";
import { eventsOf } from "./generator-events.mjs";
import { DISTRIBUTIONS } from "./generate-discounts.mjs";
import { randomRequest } from "./generate-requests.mjs";
import { REASONS } from "./rejection.mjs";
import { assertValid } from "./valid-request.mjs";

const SEEDS = 10_000;
/** Every reason, but the one public answer that stands for others, and what only an engine tells, which sees the callers. */
const NEVER_HERE = new Set(["not_applicable", "too_many_attempts"]);
const REACHED = REASONS.filter((reason) => !NEVER_HERE.has(reason));
const LEAST_OF_A_REASON = 200;

/** What has to happen how often, beside the reasons. Of what is applied or refused, not of what is merely asked for. */
const LEAST = {
  "two discounts or more apply": 3000,
  "more pass than the maximum": 1000,
  "2 to 4 pass where the maximum is 1": 400,
  "more than 8 pass": 50,
  "13 or more pass": 25,
  "not exact, keep_best": 10,
  "not exact, reject_new": 10,
  "a full counter's hold ends 1 ms ago": 50,
  "a full counter's hold ends now": 50,
  "a full counter's hold ends in 1 ms": 50,
  "a code and a coupon's id of one name pass": 5,
  "30 codes": 2,
  "a percent applies": 3000,
  "a amount applies": 2000,
  "a price applies": 300,
  "a tier applies": 800,
  "an amount for every applies": 300,
  "units apply": 800,
  "units to buy apply": 200,
  "a discount on shipping applies": 500,
  "a most per line applies": 300,
  "a cap holds": 200,
  ...Object.fromEntries(DISTRIBUTIONS.map((name) => [`${name} applies`, 250])),
  "rounded by line": 300,
  "rounded by unit": 300,
  "a running base in another mode": 150,
  "an original base in sequential": 100,
  "an automatic rule applies": 800,
  "a linked rule applies": 800,
  "two effects of one entry apply": 60,
  "an external rule is unlocked": 150,
  "a credit pays": 500,
  "a credit pays tax": 100,
  "two credits pay": 25,
  "trimmed": 200,
  "foreign beside ours": 600,
  "foreign subtracted": 60,
  "a minimum fails while stacking": 60,
  "stopped after another": 100,
  "a category is full": 50,
  "one per line": 200,
  "dates overridden": 40,
  "mode additive": 2000,
  "mode sequential": 1500,
  "mode best": 200,
  "mode first": 150,
  "mode best_combination": 300,
  "mode none": 100,
  "order requested": 500,
  "order fixed_first": 500,
  "order percent_first": 500,
  "codes replaced by automatic": 40,
  "automatic replaced by codes": 40,
  "told in the merchant's words": 500,
  "a missing product": 60,
  "a quantity short": 100,
  "a budget would be overrun": 150,
  "a limit per day is reached": 40,
  "a limit per week is reached": 40,
  "a limit per month is reached": 40,
  "a limit of a period is held": 40,
  "a key has had its first order": 40,
  "no zero total": 25,
};

test("the generator reaches every reason and applies several codes often", (t) => {
  const counts = new Map(REACHED.map((reason) => [reason, 0]));
  const happened = Object.fromEntries(Object.keys(LEAST).map((event) => [event, 0]));
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const request = randomRequest(seed);
    assertValid(request);
    const answer = evaluate({ ...request, disclosure: "full", trace: true });
    assertAddsUp(request, answer, seed);
    for (const event of new Set(eventsOf(request, answer))) happened[event] += 1;
    for (const { rejection, also } of [...answer.codes, ...answer.automatic]) {
      for (const { code } of rejection ? [rejection, ...also] : []) counts.set(code, counts.get(code) + 1);
    }
  }
  for (const [reason, count] of counts) t.diagnostic(`${reason.padEnd(24)}${String(count).padStart(6)}`);
  for (const [event, count] of Object.entries(happened)) t.diagnostic(`${event.padEnd(42)}${String(count).padStart(6)}`);
  assert.equal(counts.size, REACHED.length, "no reason outside the list");
  const rare = [...counts].filter(([, count]) => count < LEAST_OF_A_REASON);
  assert.deepEqual(rare, [], "reasons too rare");
  assert.deepEqual(Object.entries(happened).filter(([event, count]) => !(count >= LEAST[event])), [], "events too rare");
  assert.ok(happened["more than 8 pass"] <= 500, "long searches stay rare");
});

test("the same seed gives the same request, another seed another one", () => {
  assert.deepEqual(randomRequest(7), randomRequest(7));
  assert.notDeepEqual(randomRequest(7), randomRequest(8));
});

/** What holds for every quote, whatever was asked. */
function assertAddsUp(request, { adjustments, credits, lines, totals, codes, automatic, unlocked }, seed) {
  const sum = (values) => values.reduce((total, value) => total + BigInt(value), 0n);
  for (const { amount: whole, shipping, lines: shares } of adjustments) {
    assert.equal(sum(shares.map((share) => share.amount)) + BigInt(shipping), BigInt(whole), `seed ${seed}`);
    assert.ok(BigInt(whole) > 0n, `seed ${seed}`);
    for (const { lineId, amount: share, units } of shares) {
      assert.equal(sum(units.map((run) => BigInt(run.quantity) * BigInt(run.amount))), BigInt(share), `seed ${seed}`);
      assert.ok(lines.some(({ id }) => id === lineId), `seed ${seed}`);
    }
  }
  const ours = [...adjustments.filter(({ source }) => source !== "foreign"), ...credits];
  for (const { index, discount } of codes) {
    const own = ours.filter((each) => each.index === index);
    if (own.length === 0) continue;
    const opened = request.coupons.find(({ id }) => id === codes[index].couponId).rules ?? [];
    const ofHost = adjustments.filter(({ source, ruleId }) => source === "foreign" && unlocked.includes(ruleId) && opened.includes(ruleId));
    const most = sum([...own, ...ofHost].map(({ amount }) => amount));
    assert.ok(sum(own.map(({ amount }) => amount)) <= BigInt(discount) && BigInt(discount) <= most, `seed ${seed}`);
  }
  for (const { ruleId, discount } of automatic) {
    const own = ours.filter((each) => each.source === "automatic" && each.ruleId === ruleId);
    assert.equal(sum(own.map(({ amount }) => amount)), BigInt(discount), `seed ${seed}`);
  }
  assert.equal(sum(lines.map(({ discount }) => discount)) + BigInt(totals.shippingDiscount), BigInt(totals.discount), `seed ${seed}`);
  assert.equal(sum(adjustments.map(({ amount }) => amount)), BigInt(totals.discount), `seed ${seed}`);
  assert.equal(sum(credits.map(({ amount }) => amount)), BigInt(totals.credit), `seed ${seed}`);
  assert.ok(BigInt(totals.shippingDiscount) <= BigInt(totals.shipping) && BigInt(totals.total) >= 0n, `seed ${seed}`);
  for (const each of lines) assert.ok(BigInt(each.total) >= 0n && BigInt(each.discount) >= 0n, `seed ${seed}`);
}
