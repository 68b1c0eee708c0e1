/**
 * Owns what makes a generated request valid input, so that a refusal by the engine is always the engine's fault.
 * Must not judge business: a request that applies nothing is as valid as any.
 */
import assert from "node:assert/strict";
import { canonicalCode, canonicalKey } from "./canonical.mjs";
import { resolvePolicy } from "./policy.mjs";

const LARGEST_SUM = 9n * 10n ** 18n;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const WORD = /^[a-z][a-z0-9_]{0,31}$/;

export function assertValid(request) {
  assert.deepEqual(JSON.parse(JSON.stringify(request)), request, "plain JSON, no undefined");
  assertFields(request, ["coupons", "codes", "cart", "customer", "codesAllowed", "usage", "now", "policy", "disclosure"]);
  const { cart, coupons, customer, usage = {}, policy } = request;
  assertCart(cart);
  if (customer) assertKeys(customer.keys, 10);
  assert.ok(request.codes.length <= 30);
  const { minBasisPoints, innerSpace } = resolvePolicy(policy);
  const definitions = coupons.flatMap((coupon) => [coupon, ...(coupon.codes ?? [])]);
  const texts = definitions.filter(({ code }) => code != null).map(({ code }) => canonicalCode(code, innerSpace));
  assert.ok(!texts.includes(null), "defined codes are well-formed");
  assertDistinct(texts);
  assertDistinct(definitions.flatMap(({ id }) => (id === undefined ? [] : [id])));
  assertDistinct(coupons.flatMap((coupon) => codeIds(coupon, innerSpace)));
  for (const coupon of coupons) assertCoupon(coupon, minBasisPoints);
  for (const definition of definitions) assertGuard(definition);
  const first = definitions.some(({ restrictions }) => restrictions?.firstOrderOnly);
  if (first && customer) assert.equal(typeof customer.priorOrders, "number");
  for (const [name, counter] of Object.entries(usage.counters ?? {})) assertCounter(name, counter);
}

/** Told or implied by the text: no two codes of a request may share one. */
function codeIds({ code: own, codes = [] }, innerSpace) {
  const texts = [{ code: own }, ...codes].filter(({ id, code }) => id !== undefined || code != null);
  return texts.map(({ id, code }) => id ?? canonicalCode(code, innerSpace));
}

function assertCounter(name, { claimed, held = 0, nextExpiry = null }) {
  const parts = name.split("/");
  const [owner, id, customer, kind, value] = parts;
  assert.ok(owner === "coupon" || owner === "code", name);
  assert.match(id, ID);
  assert.doesNotMatch(name, /%(?!25|2F)/);
  if (parts.length !== 2) {
    assert.deepEqual([parts.length, customer], [5, "customer"], name);
    assert.match(kind, WORD);
    const plain = value.replaceAll("%2F", "/").replaceAll("%25", "%");
    assert.deepEqual(canonicalKey({ kind, value: plain }), { kind, value: plain });
  }
  assert.ok(Number.isSafeInteger(claimed) && held >= 0 && claimed >= held);
  if (nextExpiry !== null) assert.ok(Number.isSafeInteger(nextExpiry) && held > 0, "only a hold expires");
}

function assertCart({ lines, shipping = 0 }) {
  assertDistinct(lines.map(({ id }) => id));
  const subtotals = lines.map(({ unitPrice, quantity }) => BigInt(unitPrice) * BigInt(quantity));
  assert.ok(subtotals.reduce((sum, subtotal) => sum + subtotal, BigInt(shipping)) < LARGEST_SUM);
  for (const line of lines) {
    assertFields(line, ["id", "unitPrice", "quantity", "ids", "discountable", "kind"]);
    assertBetween(line.unitPrice, 0, 10 ** 12);
    assertBetween(line.quantity, 1, 1_000_000);
    assertDistinct(line.ids ?? []);
  }
}

function assertCoupon(coupon, minBasisPoints) {
  assertFields(coupon, [
    "id", "type", "code", "name", "discount", "duration", "restrictions", "limits", "priority", "exclusive", "category",
    "combinesWith", "state", "codes",
  ]);
  assert.match(coupon.id, ID);
  assert.ok(coupon.type === "standard" || coupon.code != null);
  assertBetween(coupon.priority ?? 0, -1_000_000, 1_000_000);
  if (coupon.category != null) assert.match(coupon.category, WORD);
  if (Array.isArray(coupon.combinesWith)) assert.ok(coupon.combinesWith.length > 0);
  const { discount } = coupon;
  if (discount?.type === "percent") assertBetween(discount.basisPoints, minBasisPoints, 10_000);
  for (const amounts of [discount?.amounts, discount?.cap]) if (amounts) assertAmounts(amounts);
  for (const code of coupon.codes ?? []) {
    assertFields(code, ["id", "code", "restrictions", "limits", "state"]);
    if (code.id !== undefined) assert.match(code.id, ID);
  }
}

function assertGuard({ restrictions = {}, limits = {} }) {
  assertFields(restrictions, ["startsAt", "expiresAt", "minimum", "products", "customers", "firstOrderOnly"]);
  assertFields(limits, ["total", "perCustomer"]);
  const { startsAt, expiresAt, minimum, products, customers } = restrictions;
  if (startsAt != null && expiresAt != null) assert.ok(new Date(startsAt) <= new Date(expiresAt));
  if (minimum) assertAmounts(minimum.amounts);
  if (customers) assertKeys(customers, 10_000);
  for (const list of [products?.include, products?.exclude]) assertDistinct(list ?? []);
  for (const limit of Object.values(limits)) if (limit !== null) assertBetween(limit, 1, Number.MAX_SAFE_INTEGER);
}

function assertAmounts(amounts) {
  assert.ok(Object.keys(amounts).length > 0);
  for (const amount of Object.values(amounts)) {
    assert.ok(BigInt(amount) >= 1n && BigInt(amount) <= LARGEST_SUM);
    assert.equal(typeof amount === "number", BigInt(amount) <= BigInt(Number.MAX_SAFE_INTEGER), "digits only where needed");
  }
}

function assertKeys(keys, most) {
  assertBetween(keys.length, 1, most);
  assertDistinct(keys.map(({ kind, value }) => `${kind} ${value}`));
  for (const { kind, value } of keys) {
    assert.match(kind, WORD);
    assert.ok(value.trim() !== "" && value.length <= 256);
  }
}

function assertFields(record, known) {
  for (const field of Object.keys(record)) assert.ok(known.includes(field), `unknown field ${field}`);
}

function assertDistinct(values) {
  assert.equal(new Set(values).size, values.length, `repeated among ${values}`);
}

function assertBetween(value, low, high) {
  assert.ok(Number.isSafeInteger(value) && value >= low && value <= high, `${value} is not ${low} … ${high}`);
}
