/**
 * Owns what makes a generated request valid input, so that a refusal by the engine is always the engine's fault.
 * Must not judge business: a request that applies nothing is as valid as any. Definitions are `valid-definition.mjs`'s.
 */
import assert from "node:assert/strict";
import { canonicalCode, canonicalKey } from "./canonical.mjs";
import { resolvePolicy } from "./policy.mjs";
import {
  assertAmounts, assertBetween, assertDefinition, assertDistinct, assertFields, assertKeys, ID, LARGEST_SUM, WORD,
} from "./valid-definition.mjs";

export function assertValid(request) {
  assert.deepEqual(JSON.parse(JSON.stringify(request)), request, "plain JSON, no undefined");
  assertFields(request, [
    "coupons", "rules", "codes", "cart", "customer", "codesAllowed", "automatic", "zones", "usage", "now", "policy",
    "disclosure", "trace",
  ]);
  const { cart, coupons, rules = [], customer, usage = {}, policy, zones = {} } = request;
  assertCart(cart);
  if (customer) {
    assertFields(customer, ["keys", "priorOrders", "groups"]);
    assertKeys(customer.keys, 10);
  }
  assert.ok(request.codes.length <= 30);
  const settled = resolvePolicy(policy);
  assertPolicy(policy ?? {});
  const codes = coupons.flatMap((coupon) => coupon.codes ?? []);
  const texts = [...coupons, ...codes].filter(({ code }) => code != null).map(({ code }) => canonicalCode(code, settled.innerSpace));
  assert.ok(!texts.includes(null), "defined codes are well-formed");
  assertDistinct(texts);
  assertDistinct([...coupons, ...codes].flatMap(({ id }) => (id === undefined ? [] : [id])));
  assertDistinct(coupons.flatMap((coupon) => codeIds(coupon, settled.innerSpace)));
  assertDistinct(rules.map(({ id }) => id));
  for (const coupon of coupons) assertDefinition("coupon", coupon, settled);
  for (const code of codes) assertDefinition("code", code, settled);
  for (const rule of rules) assertDefinition("rule", rule, settled);
  const linkable = new Set(rules.filter(({ gate }) => gate !== "automatic").map(({ id }) => id));
  for (const id of coupons.flatMap((coupon) => coupon.rules ?? [])) assert.ok(linkable.has(id), id);
  const restrictions = [...coupons, ...codes, ...rules].map((definition) => definition.restrictions ?? {});
  const asks = restrictions.some(({ firstOrderOnly, orderNumber }) => firstOrderOnly || orderNumber != null);
  if (asks && customer) assert.equal(typeof customer.priorOrders, "number");
  const counts = [...coupons, ...codes].some(({ limits }) => (limits?.windows ?? []).length > 0);
  if (counts && settled.zone !== "UTC") assertBetween(zones[settled.zone], -1440, 1440);
  for (const { schedule } of restrictions) if (schedule) assertBetween(zones[schedule.zone], -1440, 1440);
  for (const [name, counter] of Object.entries(usage.counters ?? {})) assertCounter(name, counter);
}

/** Told or implied by the text: no two codes of a request may share one. */
function codeIds({ code: own, codes = [] }, innerSpace) {
  const texts = [{ code: own }, ...codes].filter(({ id, code }) => id !== undefined || code != null);
  return texts.map(({ id, code }) => id ?? canonicalCode(code, innerSpace));
}

function assertPolicy({ stacking = {}, globalCapBasisPoints = null, minPayable = null }) {
  for (const [category, most] of Object.entries(stacking.maxPerCategory ?? {})) {
    assert.match(category, WORD);
    assertBetween(most, 1, 30);
  }
  if (globalCapBasisPoints !== null) assertBetween(globalCapBasisPoints, 1, 10_000);
  if (minPayable !== null) assertAmounts(minPayable);
}

const PERIODS = { day: /^\d{4}-\d\d-\d\d$/, week: /^\d{4}-W\d\d$/, month: /^\d{4}-\d\d$/ };

function assertCounter(name, { claimed, held = 0, ended = 0, nextExpiry = null }) {
  const parts = name.split("/");
  assert.doesNotMatch(name, /%(?!25|2F)/);
  if (parts.at(-3) === "customer") {
    const [kind, value] = parts.splice(-3).slice(1);
    assert.match(kind, WORD);
    const plain = value.replaceAll("%2F", "/").replaceAll("%25", "%");
    assert.deepEqual(canonicalKey({ kind, value: plain }), { kind, value: plain });
    if (parts.length === 1) assert.equal(parts.shift(), "first_order");
  }
  const [owner, id, what, ...rest] = parts;
  if (owner !== undefined) assert.match(id, ID);
  if (what === "credit" || what === "budget") assert.ok(owner === "coupon" && rest.length <= 1, name);
  else if (what !== undefined) assert.ok(rest.length === 1 && PERIODS[what].test(rest[0]), name);
  if (owner !== undefined) assert.ok(owner === "coupon" || owner === "code", name);
  assert.ok(Number.isSafeInteger(claimed) && held >= 0 && ended >= 0 && claimed >= held + ended);
  if (nextExpiry !== null) assert.ok(Number.isSafeInteger(nextExpiry) && held > 0, "only a hold expires");
}

function assertCart(cart) {
  assertFields(cart, [
    "currency", "lines", "shipping", "tax", "channel", "country", "paymentMethod", "shippingMethod", "foreignDiscounts",
  ]);
  const { lines, shipping = 0, tax = 0, foreignDiscounts = [] } = cart;
  assertDistinct(lines.map(({ id }) => id));
  const subtotal = ({ unitPrice, quantity }) => BigInt(unitPrice) * BigInt(quantity);
  assertBetween(shipping, 0, 10 ** 12);
  assertBetween(tax, 0, 10 ** 12);
  assert.ok(lines.reduce((sum, line) => sum + subtotal(line), BigInt(shipping) + BigInt(tax)) < LARGEST_SUM);
  for (const line of lines) {
    assertFields(line, ["id", "unitPrice", "quantity", "ids", "discountable", "kind", "onSale"]);
    assertBetween(line.unitPrice, 0, 10 ** 12);
    assertBetween(line.quantity, 1, 1_000_000);
    assertDistinct(line.ids ?? []);
  }
  for (const { lineId, amount, ruleId } of foreignDiscounts) {
    assert.ok(BigInt(amount) >= 1n && lines.some(({ id }) => id === lineId));
    if (ruleId != null) assert.match(ruleId, ID);
  }
  for (const line of lines) {
    const given = foreignDiscounts.filter(({ lineId }) => lineId === line.id);
    assert.ok(given.reduce((sum, { amount }) => sum + BigInt(amount), 0n) <= subtotal(line), `too much off ${line.id}`);
  }
}
