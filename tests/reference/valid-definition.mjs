/**
 * Owns what makes a generated coupon, code or rule valid input.
 * Must not judge business.
 */
import assert from "node:assert/strict";

export const LARGEST_SUM = 9n * 10n ** 18n;
export const ID = /^[A-Za-z0-9_-]{1,64}$/;
export const WORD = /^[a-z][a-z0-9_]{0,31}$/;

const OF_BOTH = [
  "id", "name", "discount", "restrictions", "priority", "category", "combinesWith", "stopAfter", "state", "withForeign",
  "refusalMessage", "metadata",
];
const FIELDS = {
  coupon: [...OF_BOTH, "type", "code", "rules", "duration", "dates", "limits", "exclusive", "template", "codes"],
  code: ["id", "code", "restrictions", "limits", "issuedAt", "state"],
  rule: [...OF_BOTH, "description", "gate", "interaction"],
};

const OF_VALUES = {
  percent: ["type", "basisPoints", "cap"],
  amount: ["type", "amounts", "every", "times"],
  price: ["type", "amounts"],
  tiers: ["type", "by", "tiers"],
};

export function assertDefinition(kind, definition, policy) {
  assertFields(definition, FIELDS[kind]);
  if (definition.id !== undefined) assert.match(definition.id, ID);
  assertBetween(definition.priority ?? 0, -1_000_000, 1_000_000);
  if (definition.category != null) assert.match(definition.category, WORD);
  if (Array.isArray(definition.combinesWith)) assert.ok(definition.combinesWith.length > 0);
  const { discount } = definition;
  if (kind === "coupon") {
    assert.ok(definition.type === "standard" || definition.code != null);
    assert.ok(definition.rules == null || (discount == null && definition.rules.length > 0));
  }
  if (kind === "rule") assert.equal(definition.gate === "external", discount === undefined);
  if (discount) assertDiscount(discount, policy, definition);
  assertGuard(kind, definition);
}

function assertDiscount(discount, policy, definition) {
  if (discount.type === "store_credit") {
    assertFields(discount, ["type", "amounts", "covers", "bearer"]);
    assert.ok(definition.gate === undefined && definition.type !== "bulk_pool");
    assert.ok(discount.bearer || definition.restrictions?.customers != null);
    assert.equal(Object.keys(discount.amounts).length, 1);
    return assertAmounts(discount.amounts);
  }
  const { target, units, distribution, maxPerLine, basis = "original", ...value } = discount;
  assert.ok(basis === "original" || basis === "running");
  if (target === "shipping") assert.deepEqual([units, distribution, maxPerLine], [undefined, undefined, undefined]);
  if (maxPerLine) assertAmounts(maxPerLine);
  if (units) assertUnits(units);
  assertValue(value, policy);
}

function assertUnits({ take, buy, times = 1 }) {
  assertBetween(take, 1, 1_000_000);
  assertBetween(times, 1, 1_000_000);
  if (buy) assertBetween(buy.quantity, 1, 1_000_000);
}

function assertValue(value, policy) {
  const { type, amounts, cap, every } = value;
  assertFields(value, OF_VALUES[type]);
  if (type === "percent") assertBetween(value.basisPoints, policy.minBasisPoints, 10_000);
  for (const map of [amounts, cap, every]) if (map) assertAmounts(map, type === "price" ? 0n : 1n);
  if (value.times !== undefined) assert.ok(every && value.times >= 1 && value.times <= 1_000_000);
  if (type !== "tiers") return;
  assertBetween(value.tiers.length, 1, 20);
  const starts = value.tiers.map(({ from }) => (value.by === "amount" ? from : { units: from }));
  for (const [place, start] of starts.entries()) {
    assert.deepEqual(Object.keys(start), Object.keys(starts[0]));
    const isHigher = (key) => place === 0 || BigInt(start[key]) > BigInt(starts[place - 1][key]);
    assert.ok(Object.keys(start).every((key) => BigInt(start[key]) >= 1n && BigInt(start[key]) <= LARGEST_SUM && isHigher(key)));
  }
  for (const { discount } of value.tiers) {
    assert.ok(discount.type !== "tiers" && discount.every === undefined);
    assertValue(discount, policy);
  }
}

function assertGuard(kind, { restrictions = {}, limits = {}, discount = null }) {
  assertFields(restrictions, [
    "startsAt", "expiresAt", "schedule", "minimum", "maximum", "products", "customers", "customerGroups", "firstOrderOnly",
    "orderNumber", "channels", "countries", "paymentMethods", "shippingMethods", "coupons",
    ...(kind === "rule" ? [] : ["validForDays"]),
  ]);
  const { windows = [], budget = null, ...counts } = limits;
  assertFields(counts, ["total", "perCustomer"]);
  assert.ok(kind === "coupon" || !Object.hasOwn(limits, "budget"));
  if (budget !== null) {
    assertAmounts(budget);
    assert.ok(discount?.type !== "store_credit" && Object.values(budget).every(Number.isSafeInteger));
  }
  assertDistinct(windows.map(({ per }) => per));
  for (const { per, ...ofPeriod } of windows) {
    assert.ok(["day", "week", "month"].includes(per));
    assertFields(ofPeriod, ["total", "perCustomer"]);
    assert.ok(Object.values(ofPeriod).some((count) => count !== null));
  }
  const { startsAt, expiresAt, validForDays = 1, minimum, maximum, products, customers, schedule, orderNumber } = restrictions;
  if (startsAt != null && expiresAt != null) assert.ok(new Date(startsAt) <= new Date(expiresAt));
  assertBetween(validForDays, 1, 36_500);
  for (const bound of [minimum, maximum]) if (bound) assertBound(bound);
  if (customers) assertKeys(customers, 10_000);
  if (orderNumber) assert.ok((orderNumber.from ?? 1) <= (orderNumber.to ?? Infinity) && (orderNumber.from ?? orderNumber.to) >= 1);
  for (const list of ["customerGroups", "channels", "countries", "paymentMethods", "shippingMethods", "coupons"]) {
    if (restrictions[list] != null) assertDistinct(restrictions[list], 1);
  }
  for (const list of [products?.include, products?.exclude]) assertDistinct(list ?? []);
  if (products?.requires === "all") assert.ok(products.include.length > 0);
  for (const { days, from, to } of schedule?.windows ?? []) {
    assertDistinct(days, 1);
    assert.notEqual(from, to);
    assert.match(from, /^([01]\d|2[0-3]):[0-5]\d$/);
    assert.match(to, /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
  }
  for (const limit of [counts, ...windows].flatMap(({ total = null, perCustomer = null }) => [total, perCustomer])) if (limit !== null) assertBetween(limit, 1, Number.MAX_SAFE_INTEGER);
}

function assertBound({ amounts = null, quantity = null }) {
  assert.ok(amounts !== null || quantity !== null);
  if (amounts !== null) assertAmounts(amounts);
  if (quantity !== null) assertBetween(quantity, 1, 1_000_000_000);
}

export function assertAmounts(amounts, least = 1n) {
  assert.ok(Object.keys(amounts).length > 0);
  for (const amount of Object.values(amounts)) {
    assert.ok(BigInt(amount) >= least && BigInt(amount) <= LARGEST_SUM);
    assert.equal(typeof amount === "number", BigInt(amount) <= BigInt(Number.MAX_SAFE_INTEGER), "digits only where needed");
  }
}

export function assertKeys(keys, most) {
  assertBetween(keys.length, 1, most);
  assertDistinct(keys.map(({ kind, value }) => `${kind} ${value}`));
  for (const { kind, value } of keys) {
    assert.match(kind, WORD);
    assert.ok(value.trim() !== "" && value.length <= 256);
  }
}

export function assertFields(record, known) {
  for (const field of Object.keys(record)) assert.ok(known.includes(field), `unknown field ${field}`);
}

export function assertDistinct(values, least = 0) {
  assert.ok(values.length >= least);
  assert.equal(new Set(values).size, values.length, `repeated among ${values}`);
}

export function assertBetween(value, low, high) {
  assert.ok(Number.isSafeInteger(value) && value >= low && value <= high, `${value} is not ${low} … ${high}`);
}
