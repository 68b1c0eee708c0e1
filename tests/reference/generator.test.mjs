/**
 * Owns what the generator of requests must cover, and what holds for every quote of the reference whatever was asked.
 * Must not compare with the engine: the differential test does that.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "./evaluate.mjs";
import { randomRequest } from "./generate-requests.mjs";
import { resolvePolicy } from "./policy.mjs";
import { assertValid } from "./valid-request.mjs";

const REASONS = [
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "limit_reached",
  "reserved_elsewhere", "codes_not_allowed", "customer_required", "customer_not_allowed", "not_first_order",
  "customer_limit_reached", "currency_mismatch", "no_eligible_items", "minimum_not_met", "already_applied",
  "not_combinable", "superseded_by_better", "stopped_by_previous", "too_many_codes", "no_effect",
];
const SEEDS = 10_000;

/** What has to happen how often, beside the reasons. */
const LEAST = {
  "two codes or more apply": 3000,
  "more pass than the maximum": 1500,
  "2 to 4 pass where the maximum is 1": 500,
  "more than 8 pass": 50,
  "13 or more pass": 25,
  "not exact, keep_best": 10,
  "not exact, reject_new": 10,
  "a full counter's hold ends 1 ms ago": 50,
  "a full counter's hold ends now": 50,
  "a full counter's hold ends in 1 ms": 50,
  "a code and a coupon's id of one name pass": 5,
};

test("the generator reaches every reason and applies several codes often", (t) => {
  const counts = new Map(REASONS.map((reason) => [reason, 0]));
  const happened = Object.fromEntries(Object.keys(LEAST).map((event) => [event, 0]));
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const request = randomRequest(seed);
    assertValid(request);
    const answer = evaluate({ ...request, disclosure: "full" });
    assertAddsUp(answer, seed);
    for (const event of eventsOf(request, answer)) happened[event] += 1;
    for (const { rejection, also } of answer.codes) {
      for (const { code } of rejection ? [rejection, ...also] : []) counts.set(code, counts.get(code) + 1);
    }
  }
  for (const [reason, count] of counts) t.diagnostic(`${reason.padEnd(24)}${String(count).padStart(6)}`);
  for (const [event, count] of Object.entries(happened)) t.diagnostic(`${event.padEnd(42)}${String(count).padStart(6)}`);
  for (const reason of REASONS) assert.ok(counts.get(reason) >= 100, `${reason}: ${counts.get(reason)}`);
  assert.equal(counts.size, REASONS.length, "no reason outside the list");
  for (const [event, least] of Object.entries(LEAST)) assert.ok(happened[event] >= least, `${event}: ${happened[event]}`);
  assert.ok(happened["more than 8 pass"] <= 500, "long searches stay rare");
});

test("the same seed gives the same request, another seed another one", () => {
  assert.deepEqual(randomRequest(7), randomRequest(7));
  assert.notDeepEqual(randomRequest(7), randomRequest(8));
});

const STACKING_REASONS = new Set([
  "already_applied", "not_combinable", "superseded_by_better", "too_many_codes", "no_effect",
].map((reason) => `coupon ${reason}`));

/** What of `LEAST` one request is an example of. */
function* eventsOf(request, { adjustments, codes, strategy }) {
  if (adjustments.length > 1) yield "two codes or more apply";
  const { mode, maxCodes, onConflict } = resolvePolicy(request.policy).stacking;
  if (mode === "additive" || mode === "sequential") {
    const passes = ({ rejection }) => rejection === null || STACKING_REASONS.has(`${rejection.level} ${rejection.code}`);
    const passing = codes.filter(passes);
    if (passing.length > maxCodes) yield "more pass than the maximum";
    if (maxCodes === 1 && passing.length >= 2 && passing.length <= 4) yield "2 to 4 pass where the maximum is 1";
    if (passing.length > 8) yield "more than 8 pass";
    if (passing.length > 12) yield "13 or more pass";
    if (!strategy.exact) yield `not exact, ${onConflict}`;
    const names = passing.map(({ code, couponId }) => code ?? couponId);
    if (new Set(names).size < names.length) yield "a code and a coupon's id of one name pass";
  }
  const now = new Date(request.now).getTime();
  for (const [name, { claimed, nextExpiry = null }] of Object.entries(request.usage?.counters ?? {})) {
    if (nextExpiry === null || claimed !== limitOf(name, request)) continue;
    const place = { [-1]: "1 ms ago", 0: "now", 1: "in 1 ms" }[nextExpiry - now];
    if (place) yield `a full counter's hold ends ${place}`;
  }
}

/** The limit a counter is counted against. */
function limitOf(counter, { coupons }) {
  const [owner, id, customer] = counter.split("/");
  const isMeant = (code) => (code.id ?? code.code.toUpperCase()) === id;
  const codes = coupons.flatMap((coupon) => coupon.codes ?? []);
  const definition = owner === "coupon" ? coupons.find((coupon) => coupon.id === id) : codes.find(isMeant);
  return definition.limits[customer ? "perCustomer" : "total"];
}

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
