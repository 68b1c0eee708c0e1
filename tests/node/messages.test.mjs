/**
 * Every refusal carries a text: the customer's or the staff's, with its figures filled in and nothing typed in it
 * (semantics §24, §34).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { englishMessages, evaluate, memoryStorage, preload, prepare } from "./package.mjs";
import { NOW, cart, coupon, engineOn, errorOf, rejectionOf, request } from "./samples.mjs";

before(preload);

const REASONS = [
  "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired", "limit_reached",
  "reserved_elsewhere", "codes_not_allowed", "customer_required", "customer_not_allowed", "not_first_order",
  "customer_limit_reached", "currency_mismatch", "no_eligible_items", "minimum_not_met", "already_applied",
  "not_combinable", "superseded_by_better", "stopped_by_previous", "too_many_codes", "no_effect", "not_applicable",
];

/** One request per reason. */
const customer = { keys: [{ kind: "id", value: "7" }], priorOrders: 3 };
const other = coupon({ id: "c2", code: "OTHER", discount: { type: "percent", basisPoints: 5_000 } });
const counters = (name, view) => ({ counters: { [name]: view } });
const SCENARIOS = {
  malformed: request({ codes: ["x".repeat(300)] }),
  not_found: request({ codes: ["NOBODY"] }),
  archived: request({ coupons: [coupon({ state: "archived" })] }),
  inactive: request({ coupons: [coupon({ state: "inactive" })] }),
  no_discount_linked: request({ coupons: [coupon({ discount: null })] }),
  not_started: request({ coupons: [coupon({ restrictions: { startsAt: NOW + 86_400_000 } })] }),
  expired: request({ coupons: [coupon({ restrictions: { expiresAt: NOW - 1 } })] }),
  limit_reached: request({ coupons: [coupon({ limits: { total: 5 } })], usage: counters("coupon/c1", { claimed: 5 }) }),
  reserved_elsewhere: request({ coupons: [coupon({ limits: { total: 5 } })], usage: counters("coupon/c1", { claimed: 5, held: 2, nextExpiry: NOW + 60_000 }) }),
  codes_not_allowed: request({ codesAllowed: false }),
  customer_required: request({ coupons: [coupon({ limits: { perCustomer: 1 } })] }),
  customer_not_allowed: request({ coupons: [coupon({ restrictions: { customers: [{ kind: "id", value: "8" }] } })], customer }),
  not_first_order: request({ coupons: [coupon({ restrictions: { firstOrderOnly: true } })], customer }),
  customer_limit_reached: request({ coupons: [coupon({ limits: { perCustomer: 1 } })], customer, usage: counters("coupon/c1/customer/id/7", { claimed: 1 }) }),
  currency_mismatch: request({ coupons: [coupon({ discount: { type: "amount", amounts: { USD: 100, EUR: 90 } } })] }),
  no_eligible_items: request({ coupons: [coupon({ restrictions: { products: { include: ["nothing"] } } })] }),
  minimum_not_met: request({ coupons: [coupon({ restrictions: { minimum: { amounts: { EGP: 16_250 } } } })] }),
  already_applied: request({ codes: ["save20", "SAVE20"] }),
  not_combinable: request({ coupons: [coupon(), coupon({ id: "c2", code: "ALONE", exclusive: true, priority: 1 })], codes: ["SAVE20", "ALONE"] }),
  superseded_by_better: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { mode: "best" } } }),
  stopped_by_previous: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { mode: "first" } } }),
  too_many_codes: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { maxCodes: 1 } } }),
  no_effect: request({ cart: cart({ lines: [{ id: "a", unitPrice: 1, quantity: 1 }] }) }),
};

function refusalIn(quote) {
  const { code, rejection } = quote.codes.find(({ rejection: refused }) => refused !== null);
  return { code, ...rejection };
}

test("every reason has a customer's and a staff's text", () => {
  for (const audience of ["customer", "staff"]) {
    assert.deepEqual(Object.keys(englishMessages[audience]).sort(), [...REASONS].sort());
    for (const text of Object.values(englishMessages[audience])) assert.match(text, /^[A-Z[].*\.$/);
  }
});

for (const reason of REASONS.filter((name) => name !== "not_applicable")) {
  test(`${reason}: the staff's text has every figure, the customer's is disclosed or masked`, () => {
    const refused = refusalIn(evaluate(SCENARIOS[reason]));
    assert.equal(refused.code, reason);
    assert.doesNotMatch(refused.message, /[{}[\]]|undefined|null|NaN/);
    const figures = [...englishMessages.staff[reason].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const told = figures.filter((name) => name in refused.details && typeof refused.details[name] === "number" && refused.details[name] < 1_000);
    for (const name of told) assert.ok(refused.message.includes(String(refused.details[name])), `${name} in: ${refused.message}`);

    const disclosed = refusalIn(evaluate({ ...SCENARIOS[reason], disclosure: "actionable" }));
    assert.ok(disclosed.code === reason || disclosed.code === "not_applicable");
    assert.doesNotMatch(disclosed.message, /[{}[\]]|undefined|null|NaN/);
    if (disclosed.code === "not_applicable") assert.equal(disclosed.message, "This code cannot be applied.");

    const uniform = refusalIn(evaluate({ ...SCENARIOS[reason], disclosure: "uniform" }));
    assert.doesNotMatch(uniform.message, /[{}[\]]|undefined|null|NaN|\d/);
  });
}

test("texts of the reasons with figures", () => {
  const staff = (reason) => refusalIn(evaluate(SCENARIOS[reason])).message;
  const shopper = (reason) => refusalIn(evaluate({ ...SCENARIOS[reason], disclosure: "actionable" })).message;
  assert.equal(shopper("minimum_not_met"), "Add 12.50 EGP more to use this code.");
  assert.equal(staff("minimum_not_met"), "The minimum of the coupon is not met: 150.00 EGP of 162.50 EGP, 12.50 EGP short.");
  assert.equal(staff("limit_reached"), "The limit of the coupon is reached: 5 of 5 used.");
  assert.equal(staff("not_first_order"), "The customer has earlier orders: 3.");
  assert.equal(staff("not_found"), "No such code exists: NOBODY.");
  assert.match(staff("not_started"), /^The coupon starts on Jun 2, 2026, 12:00\sAM UTC\.$/);
  assert.equal(shopper("currency_mismatch"), "This code cannot be used with EGP.");
  assert.match(staff("currency_mismatch"), /^The coupon has no amount in EGP; it has (EUR and USD|USD and EUR)\.$/);
  assert.equal(shopper("not_combinable"), "This code cannot be combined with SAVE20.");
});

test("what was typed is never repeated", () => {
  const typed = "<script>alert(1)</script>";
  for (const disclosure of ["uniform", "actionable", "full"]) {
    const quote = evaluate(request({ codes: [typed], disclosure }));
    assert.ok(!JSON.stringify(quote).includes("script"));
  }
});

const EXACT = [
  ["EGP", 1, "0.01 EGP"],
  ["JPY", 1_250, "1,250 JPY"],
  ["KWD", 1_250, "1.250 KWD"],
  ["UYW", 12_345, "1.2345 UYW"],
  ["EGP", 999_999_999_999, "9,999,999,999.99 EGP"],
];

for (const [currency, shortfall, text] of EXACT) {
  test(`a shortfall of ${shortfall} ${currency} reads ${text}`, () => {
    const small = { currency, lines: [{ id: "a", unitPrice: 1, quantity: 1 }] };
    const coupons = [coupon({ restrictions: { minimum: { amounts: { [currency]: shortfall + 1 } } } })];
    const { message } = refusalIn(evaluate(request({ coupons, cart: small, disclosure: "actionable" })));
    assert.equal(message, `Add ${text} more to use this code.`);
  });
}

async function shopperText(messages, definition, changes = {}) {
  const engine = await engineOn({ messages, storage: memoryStorage() });
  await engine.coupons.create(definition);
  const { coupons: _, ...checkout } = request(changes);
  return refusalIn(await engine.validate(checkout)).message;
}

const MINIMUM = coupon({ restrictions: { minimum: { amounts: { EGP: 1_000_000 } } } });

test("a host's texts, locale and zone replace the built-in ones", async () => {
  const german = { locale: "de", customer: { minimum_not_met: "Noch {shortfall} bis zum Rabatt[ ({kind})]." } };
  assert.equal((await shopperText(german, MINIMUM)).replaceAll(/\s/g, " "), "Noch 9.850,00 EGP bis zum Rabatt.");
  const cairo = { timeZone: "Africa/Cairo" };
  const late = coupon({ restrictions: { expiresAt: NOW - 1 } });
  assert.match(await shopperText(cairo, late, { disclosure: "full" }), /^The coupon has expired on Jun 1, 2026, 02:59\sAM GMT\+3\.$/);
});

test("a locale writes an amount as that locale does", async () => {
  const english = await shopperText({ locale: "en-US" }, coupon({ restrictions: { minimum: { amounts: { USD: 1_050 } } } }), { cart: { currency: "USD", lines: [{ id: "a", unitPrice: 1, quantity: 1 }] } });
  assert.equal(english, "Add $10.49 more to use this code.");
});

const WRONG_MESSAGES = [
  [7, "invalid_type", "messages"],
  [{ locale: 7 }, "invalid_type", "messages.locale"],
  [{ timeZone: "Mars" }, "invalid_value", "messages.timeZone"],
  [{ customer: { minimum: "x" } }, "unknown_field", "messages.customer.minimum"],
  [{ staff: { expired: 1 } }, "invalid_type", "messages.staff.expired"],
  [{ customer: { expired: "{email}" } }, "invalid_value", "messages.customer.expired"],
  [{ language: "de" }, "unknown_field", "messages.language"],
];

test("wrong messages are refused at creation", async () => {
  for (const [messages, code, path] of WRONG_MESSAGES) {
    const error = await rejectionOf(engineOn({ messages }));
    assert.deepEqual([error.code, error.path], [code, path]);
  }
});

test("a preview without storage is told in the host's texts", () => {
  const german = { locale: "de", customer: { minimum_not_met: "Noch {shortfall} bis zum Rabatt." } };
  const asked = { ...SCENARIOS.minimum_not_met, disclosure: "actionable" };
  const { coupons, ...rest } = asked;
  const set = prepare(coupons, { messages: german });
  for (const quote of [evaluate(asked, { messages: german }), set.evaluate(rest), set.evaluate(rest)]) {
    assert.equal(refusalIn(quote).message.replaceAll(/\s/g, " "), "Noch 12,50 EGP bis zum Rabatt.");
  }
  for (const quote of [evaluate(asked), evaluate(asked, {}), prepare(coupons).evaluate(rest)]) {
    assert.equal(refusalIn(quote).message, "Add 12.50 EGP more to use this code.", "no other call sees them");
  }
});

test("wrong messages of a preview are refused with a path", () => {
  const { coupons } = request();
  const calls = [(options) => evaluate(request(), options), (options) => prepare(coupons, options)];
  const wrong = [
    ...WRONG_MESSAGES.map(([messages, code, path]) => [{ messages }, code, `options.${path}`]),
    [7, "invalid_type", "options"],
    [{ locale: "de" }, "unknown_field", "options.locale"],
  ];
  for (const call of calls) {
    for (const [options, code, path] of wrong) {
      const error = errorOf(() => call(options));
      assert.deepEqual([error.code, error.path], [code, path]);
    }
  }
});
