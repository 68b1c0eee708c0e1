/**
 * What a cart does not use costs nothing: on part A's carts and coupons the engine runs less than 10 % more instructions
 * than it did when part A was all there was. Owns the bound; the counting is in `count.mjs`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { countInstructions } from "./count.mjs";

const BOUND = 1.1;
const baseline = JSON.parse(readFileSync(new URL("part-a.json", import.meta.url), "utf8"));
let now;

before(() => {
  now = countInstructions();
});

test("the counts compare: same compiler, same instruction set", () => {
  const { compiler, host } = now;
  assert.deepEqual({ compiler, host }, { compiler: baseline.compiler, host: baseline.host }, "part-a.json was counted with another compiler");
});

test("the work is part A's: every coupon takes off what it did", () => {
  const discountsOf = ({ cells }) => cells.map(({ cell, discounts }) => [cell, discounts]);
  assert.deepEqual(discountsOf(now), discountsOf(baseline));
  for (const { cell, discounts } of now.cells) assert.ok(discounts.every((discount) => discount > 0), `${cell}: ${discounts}`);
});

test("no cell has grown by 10 %", (t) => {
  const rows = now.cells.map(({ cell, instructions }, at) => ({ cell, partA: baseline.cells[at].instructions, instructions }));
  t.diagnostic(`glibc, whose allocator is counted too: part A ${baseline.glibc}, now ${now.glibc}`);
  t.diagnostic("lines × coupons    part A       now   ratio");
  for (const { cell, partA, instructions } of rows) {
    t.diagnostic(`${cell.padEnd(15)}${String(partA).padStart(10)}${String(instructions).padStart(10)}${(instructions / partA).toFixed(3).padStart(8)}`);
  }
  const grown = rows.filter(({ partA, instructions }) => !(instructions > 0 && instructions / partA < BOUND));
  assert.deepEqual(grown, []);
});
