/**
 * The hosts' own arithmetic: every recorded case of every shop system to the minor unit, and on generated carts that no
 * share leaves its line and the sum is as exact as the system's file says. Through the built package and natively.
 * Owns how a case becomes a request; the cases and what each host does are in the files beside this one.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { evaluateNatively } from "../differential/native.mjs";
import { evaluate, preload } from "../node/package.mjs";
import { randomSource } from "../reference/random.mjs";

const FEWEST_CASES = 15;
const GENERATED = 2_000;

const here = new URL("./", import.meta.url);
const names = readdirSync(here).filter((name) => name.endsWith(".json"));
const files = names.map((name) => JSON.parse(readFileSync(new URL(name, here), "utf8")));

before(preload);

test("every shop system of the engine has its file", () => {
  assert.deepEqual(
    files.map(({ host }) => distributionOf(host)).sort(),
    ["django_oscar", "lunar", "magento", "medusa", "prestashop", "saleor", "solidus", "spree", "sylius", "vendure", "woocommerce"],
  );
});

for (const { host, exactSum, exception, cases } of files) {
  describe(host, () => {
    test(`has ${FEWEST_CASES} cases and more, each with its source`, () => {
      assert.ok(cases.length >= FEWEST_CASES, `${cases.length} cases`);
      for (const { name, source } of cases) assert.ok(typeof source === "string" && source.length > 10, `${name} names no source`);
      assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, "a name is there twice");
      assert.ok(exactSum || exception !== null, "a sum that is not exact says why");
    });

    test(`${cases.length} cases to the minor unit`, () => {
      const requests = cases.map((one) => requestOf(host, one));
      const natively = evaluateNatively(requests);
      for (const [at, one] of cases.entries()) {
        assert.deepEqual(takenBy(natively[at], one), expectedOf(one), `${one.name} (native)`);
        assert.deepEqual(takenBy(evaluate(requests[at]), one), expectedOf(one), `${one.name} (package)`);
        assert.equal(sumOf(one.shares), one.total, `${one.name}: the file's own sum`);
      }
    });

    test(`${GENERATED} generated carts: no share leaves its line, the sum is ${exactSum ? "exact" : "never more than asked"}`, () => {
      const carts = Array.from({ length: GENERATED }, (_, seed) => randomCase(seed));
      const requests = carts.map((one) => requestOf(host, one));
      const natively = evaluateNatively(requests);
      // Some hosts round percentages in a way of their own, and still take every amount off in full.
      const areAmountsExact = exactSum || exception.includes("Amounts are exact");
      let taken = 0;
      for (const [seed, one] of carts.entries()) {
        const { shares, total } = takenBy(natively[seed], one);
        assert.deepEqual(takenBy(evaluate(requests[seed]), one), { shares, total }, `seed ${seed}: package and native differ`);
        for (const [at, { unitPrice, quantity }] of one.lines.entries()) {
          assert.ok(shares[at] >= 0 && shares[at] <= unitPrice * quantity, `seed ${seed}: ${shares[at]} of line ${at}`);
        }
        assert.equal(sumOf(shares), total, `seed ${seed}`);
        const [least, most] = requestedOf(one, one.discount.type === "amount" ? areAmountsExact : exactSum);
        assert.ok(total >= least && total <= most, `seed ${seed}: ${total}, not ${least} to ${most}`);
        if (total > 0) taken += 1;
      }
      assert.ok(taken > GENERATED / 2, `only ${taken} carts had anything taken off`);
    });
  });
}

function distributionOf(host) {
  return host.replaceAll("-", "_");
}

function requestOf(host, { currency, discount, lines }) {
  const { amount, ...terms } = discount;
  if (amount !== undefined) terms.amounts = { [currency]: amount };
  return {
    now: 0,
    codes: ["PARITY"],
    policy: { distribution: distributionOf(host) },
    coupons: [{ id: "parity", type: "standard", code: "PARITY", discount: terms }],
    cart: { currency, lines },
  };
}

function takenBy(quote, { lines }) {
  assert.ok(quote.lines, JSON.stringify(quote));
  assert.deepEqual(quote.lines.map(({ id }) => id), lines.map(({ id }) => id));
  return { shares: quote.lines.map(({ discount }) => discount), total: quote.totals.discount };
}

function expectedOf({ shares, total }) {
  return { shares, total };
}

/** The least and the most that may be taken off; a percentage may be rounded either way, on each line where sums differ. */
function requestedOf({ discount, lines }, exactSum) {
  const cost = sumOf(lines.map(({ unitPrice, quantity }) => unitPrice * quantity));
  if (discount.type === "amount") {
    const whole = Math.min(discount.amount, cost);
    return [exactSum ? whole : 0, whole];
  }
  const part = (worth) => (BigInt(worth) * BigInt(discount.basisPoints));
  const whole = part(cost);
  if (exactSum) return [Number(halfDown(whole)), Number(halfDown(whole))];
  return [0, sumOf(lines.map(({ unitPrice, quantity }) => Number((part(unitPrice * quantity) + 9_999n) / 10_000n)))];
}

/** Hosts with exact sums round a percentage once, a half down. */
function halfDown(tenThousandths) {
  return (tenThousandths + 4_999n) / 10_000n;
}

/** Carts with lines for nothing, lines of a cent, many units, and discounts that are nothing, all, or more. */
function randomCase(seed) {
  const random = randomSource(seed);
  const lines = Array.from({ length: random.int(1, 7) }, (_, at) => ({
    id: `line-${at + 1}`,
    unitPrice: random.weighted([[1, 0], [3, random.int(1, 3)], [8, random.int(1, 5_000)], [1, random.int(1, 10_000_000)]]),
    quantity: random.weighted([[6, 1], [4, random.int(2, 9)], [1, random.int(10, 300)]]),
  }));
  const cost = sumOf(lines.map(({ unitPrice, quantity }) => unitPrice * quantity));
  const amount = random.weighted([[6, random.int(1, Math.max(cost, 1))], [2, random.int(1, 20)], [1, Math.max(cost, 1)], [1, cost + random.int(1, 500)]]);
  const discount = random.chance(50) ? { type: "amount", amount } : { type: "percent", basisPoints: random.weighted([[4, random.int(1, 10_000)], [2, random.pick([500, 1_000, 1_250, 3_333, 5_000])], [1, 10_000]]) };
  return { currency: "EUR", discount, lines };
}

function sumOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}
