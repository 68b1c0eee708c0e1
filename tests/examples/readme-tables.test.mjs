/** The README's tables say what the engine does: every figure in them is computed again. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, test } from "node:test";
import { runInNewContext } from "node:vm";

import { createCouponEngine, evaluate, memoryStorage, preload } from "../node/package.mjs";
import { read, table } from "./readme.mjs";

const readme = read("README.md");
const TO_THE_CENT = "To the cent as your platform does";
const PAYING = "Reserve, pay, redeem";
const NESTED = new Set(["stacking", "redemption", "redemption.restore", "redemption.statuses"]);
const line = (id, unitPrice, quantity = 1) => ({ id, unitPrice, quantity });
const shop = { currency: "EGP", shipping: 3_000, lines: [line("tea", 1_000, 3), line("mug", 4_500, 2), line("pot", 8_000)] };
const many = (count, unitPrice) => Array.from({ length: count }, (_, at) => line(`line-${at}`, unitPrice));
const pounds = (minor) => (minor / 100).toFixed(2);

before(preload);

function quoteOf(discount, lines, policy = {}) {
  const coupons = [{ id: "c", type: "standard", code: "C", discount }];
  return evaluate({ coupons, codes: ["C"], cart: { ...shop, lines }, now: 0, policy });
}
const sharesOf = (discount, lines, policy) => quoteOf(discount, lines, policy).lines.map((each) => each.discount);
const percent = (basisPoints) => ({ type: "percent", basisPoints });
const amount = (minor) => ({ type: "amount", amounts: { EGP: minor } });

test("each discount reads as it says and takes off what it says", async () => {
  const engine = await createCouponEngine({ storage: memoryStorage() });
  const rows = table(readme, "What a discount can be", "reads as");
  assert.ok(rows.length >= 18);
  for (const [at, row] of rows.entries()) {
    const discount = JSON.parse(JSON.stringify(runInNewContext(`(${row.discount})`)));
    await engine.coupons.create({ id: `c${at}`, type: "standard", code: `CODE${at}`, discount });
    assert.equal((await engine.coupons.describe(`c${at}`)).terms, row["reads as"]);
    const { totals } = quoteOf(discount, shop.lines);
    const told = totals.credit > 0 ? `pays ${pounds(totals.credit)}` : pounds(totals.discount);
    assert.equal(told, row["takes off"], row["reads as"]);
  }
  await engine.close();
});

test("each distribution shares 60.00 out as it says", () => {
  const rows = table(readme, "What a discount can be", "distribution");
  assert.equal(rows.length, 4);
  for (const row of rows) {
    const distribution = row.distribution.split(" ")[0];
    const shares = sharesOf({ ...amount(6_000), distribution }, shop.lines);
    assert.deepEqual(shares.map(pounds), [row.tea, row.mug, row.pot], distribution);
  }
});

test("each platform's strategy gives its examples, and is exact where its cases say so", () => {
  const rows = table(readme, TO_THE_CENT, "distribution");
  const hosts = readdirSync(new URL("../parity/", import.meta.url)).filter((name) => name.endsWith(".json"));
  assert.deepEqual(rows.map((row) => row.distribution).sort(), hosts.map((name) => name.replace(".json", "").replace("-", "_")).sort());
  for (const row of rows) {
    const { distribution } = row;
    assert.equal(sharesOf(percent(2_000), many(5, 899), { distribution }).join(" "), row["20 %"], distribution);
    assert.equal(sharesOf(amount(1_000), many(3, 1_000), { distribution }).join(" "), row["10.00"], distribution);
    const { exactSum } = JSON.parse(read(`tests/parity/${distribution.replace("_", "-")}.json`));
    assert.equal(row.exact.startsWith("yes"), exactSum, distribution);
  }
});

test("each rounding and rounding point gives its figures", () => {
  const roundings = table(readme, TO_THE_CENT, "rounding");
  assert.equal(roundings.length, 4);
  for (const row of roundings) {
    const rounding = row.rounding.split(" ")[0];
    for (const exact of ["522.5", "523.5", "523.9"]) {
      const { totals } = quoteOf(percent(1_000), [line("a", Number(exact) * 10)], { rounding });
      assert.equal(String(totals.discount), row[exact], `${rounding} of ${exact}`);
    }
  }
  const points = table(readme, TO_THE_CENT, "roundingPoint");
  assert.equal(points.length, 3);
  for (const row of points) {
    const roundingPoint = row.roundingPoint.split(/[ :]/)[0];
    const taken = (lines) => pounds(quoteOf(percent(2_000), lines, { roundingPoint }).totals.discount);
    assert.equal(taken([line("a", 899, 5)]), row["20 % of one line of 5 × 8.99"], roundingPoint);
    assert.equal(taken(many(5, 899)), row["20 % of five lines of 8.99"], roundingPoint);
  }
});

test("every restriction has its row, its reason and whether that parks", () => {
  const rows = table(readme, "Restrictions", "restriction");
  const [, fields] = /interface Restrictions \{([^]*?)\n\}/.exec(read("js/types/restrictions.ts"));
  const names = [...fields.matchAll(/^  readonly (\w+)\?:/gm)].map(([, name]) => name);
  assert.deepEqual(rows.map((row) => row.restriction).sort(), names.sort());
  const [, reasons] = /type ReasonCode =([^]*?\| "not_applicable");/.exec(read("js/types/quote.ts"));
  const parks = new Map([...reasons.matchAll(/\/\*\*([^]*?)\*\/\s*\| "(\w+)"/g)].map(([, says, code]) => [code, /\bParks\./.test(says)]));
  for (const row of rows) {
    assert.ok(parks.has(row.else), row.else);
    assert.equal(row.parks, parks.get(row.else) ? "yes" : "no", row.restriction);
  }
});

test("the presets are as in their table, and alike in everything else", async () => {
  const rows = table(readme, "Presets", "setting");
  const presets = Object.keys(rows[0]).slice(1);
  const settled = {};
  for (const preset of presets) {
    const engine = await createCouponEngine({ storage: memoryStorage() });
    settled[preset] = await engine.settings.update({ preset });
    await engine.close();
  }
  for (const { setting, ...values } of rows) {
    for (const preset of presets) {
      const value = Object.fromEntries(flat(settled[preset]))[setting];
      assert.equal(worded(value), values[preset], `${preset}: ${setting}`);
    }
  }
  const told = new Set(["preset", ...rows.map(({ setting }) => setting)]);
  const others = (settings) => flat(settings).filter(([name]) => !told.has(name));
  for (const preset of presets) assert.deepEqual(others(settled[preset]), others(settled.default), preset);
});

test("the settings' defaults are as in their table", async () => {
  const engine = await createCouponEngine({ storage: memoryStorage() });
  const settings = await engine.settings.get();
  await engine.close();
  const told = new Set();
  for (const { setting, default: defaults } of table(readme, "How coupons go together", "setting")) {
    const names = setting.split(", ");
    const values = defaults.split(", ");
    if (defaults === "see there") continue;
    for (const [at, name] of names.entries()) {
      const value = Object.fromEntries(flat(settings))[name];
      const isNone = value === null || JSON.stringify(value) === "{}";
      assert.equal(isNone ? "none" : worded(value), values[at] ?? values[0], name);
      told.add(name);
    }
  }
  for (const { statuses, default: words } of table(readme, PAYING, "statuses")) {
    const name = `redemption.statuses.${statuses}`;
    assert.equal(words, worded(Object.fromEntries(flat(settings))[name]), name);
    told.add(name);
  }
  assert.deepEqual([...told].sort(), flat(settings).map(([name]) => name).sort());
});

/** A policy's settings by the names the README has for them. */
function flat(settings, within = "") {
  return Object.entries(settings).flatMap(([name, value]) => {
    const path = `${within}${name}`;
    return NESTED.has(path) ? flat(value, `${path}.`) : [[path, value]];
  });
}

const worded = (value) => (Array.isArray(value) ? value.join(" ") : String(value));
