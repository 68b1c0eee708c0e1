/**
 * Every refusal carries a text: the customer's or the staff's, with its figures filled in and nothing typed in it
 * (semantics §24, §34).
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { describeCoupon, englishMessages, evaluate, memoryStorage, preload, prepare } from "./package.mjs";
import { NOW, cart, coupon, engineOn, errorOf, rejectionOf, request } from "./samples.mjs";

const { germanMessages } = await import(new URL("../../dist/package/dist/messages/de.js", import.meta.url).href);

before(preload);

const REASONS = [
  "too_many_attempts", "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired",
  "outside_schedule", "limit_reached", "balance_exhausted", "budget_exhausted", "reserved_elsewhere", "codes_not_allowed",
  "customer_required", "customer_not_allowed", "not_first_order", "order_number_mismatch", "customer_limit_reached", "context_mismatch",
  "currency_mismatch", "no_eligible_items", "minimum_not_met", "maximum_exceeded", "coupon_required",
  "foreign_coupon_present", "already_applied", "not_combinable", "superseded_by_better", "stopped_by_previous",
  "too_many_codes", "cap_reached", "no_effect", "not_all_applicable", "not_applicable",
];

/** Without the one that stands for others, and the one that only an engine can give, which sees the callers. */
const EVALUATED = REASONS.filter((name) => name !== "not_applicable" && name !== "too_many_attempts");

/** One request per reason. */
const customer = { keys: [{ kind: "id", value: "7" }], priorOrders: 3 };
const other = coupon({ id: "c2", code: "OTHER", discount: { type: "percent", basisPoints: 5_000 } });
const credit = { type: "store_credit", amounts: { EGP: 3_000 }, bearer: true };
const mondays = { zone: "Africa/Cairo", windows: [{ days: ["mon"], from: "09:00", to: "17:00" }] };
const counters = (name, view) => ({ counters: { [name]: view } });
const SCENARIOS = {
  malformed: request({ codes: ["x".repeat(300)] }),
  not_found: request({ codes: ["NOBODY"] }),
  archived: request({ coupons: [coupon({ state: "archived" })] }),
  inactive: request({ coupons: [coupon({ state: "inactive" })] }),
  no_discount_linked: request({ coupons: [coupon({ discount: null })] }),
  not_started: request({ coupons: [coupon({ restrictions: { startsAt: NOW + 86_400_000 } })] }),
  expired: request({ coupons: [coupon({ restrictions: { expiresAt: NOW - 1 } })] }),
  outside_schedule: request({ coupons: [coupon({ restrictions: { schedule: mondays } })], zones: { "Africa/Cairo": 180 } }),
  limit_reached: request({ coupons: [coupon({ limits: { total: 5 } })], usage: counters("coupon/c1", { claimed: 5 }) }),
  balance_exhausted: request({ coupons: [coupon({ discount: credit })], usage: counters("coupon/c1/credit", { claimed: 3_000 }) }),
  budget_exhausted: request({ coupons: [coupon({ limits: { budget: { EGP: 10_000 } } })], usage: counters("coupon/c1/budget/EGP", { claimed: 9_000 }) }),
  reserved_elsewhere: request({ coupons: [coupon({ limits: { total: 5 } })], usage: counters("coupon/c1", { claimed: 5, held: 2, nextExpiry: NOW + 60_000 }) }),
  codes_not_allowed: request({ codesAllowed: false }),
  customer_required: request({ coupons: [coupon({ limits: { perCustomer: 1 } })] }),
  customer_not_allowed: request({ coupons: [coupon({ restrictions: { customers: [{ kind: "id", value: "8" }] } })], customer }),
  not_first_order: request({ coupons: [coupon({ restrictions: { firstOrderOnly: true } })], customer }),
  order_number_mismatch: request({ coupons: [coupon({ restrictions: { orderNumber: { from: 5 } } })], customer }),
  customer_limit_reached: request({ coupons: [coupon({ limits: { perCustomer: 1 } })], customer, usage: counters("coupon/c1/customer/id/7", { claimed: 1 }) }),
  context_mismatch: request({ coupons: [coupon({ restrictions: { countries: ["EG"] } })] }),
  currency_mismatch: request({ coupons: [coupon({ discount: { type: "amount", amounts: { USD: 100, EUR: 90 } } })] }),
  no_eligible_items: request({ coupons: [coupon({ restrictions: { products: { include: ["nothing"] } } })] }),
  minimum_not_met: request({ coupons: [coupon({ restrictions: { minimum: { amounts: { EGP: 16_250 } } } })] }),
  maximum_exceeded: request({ coupons: [coupon({ restrictions: { maximum: { amounts: { EGP: 10_000 } } } })] }),
  coupon_required: request({ coupons: [coupon({ restrictions: { coupons: ["c2"] } }), other] }),
  foreign_coupon_present: request({ coupons: [coupon({ withForeign: "suppress" })], cart: cart({ foreignDiscounts: [{ lineId: "a", amount: 1 }] }) }),
  already_applied: request({ codes: ["save20", "SAVE20"] }),
  not_combinable: request({ coupons: [coupon(), coupon({ id: "c2", code: "ALONE", exclusive: true, priority: 1 })], codes: ["SAVE20", "ALONE"] }),
  superseded_by_better: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { mode: "best" } } }),
  stopped_by_previous: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { mode: "first" } } }),
  too_many_codes: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { stacking: { maxCodes: 1 } } }),
  cap_reached: request({ coupons: [coupon(), other], codes: ["SAVE20", "OTHER"], policy: { globalCapBasisPoints: 2_000, stacking: { maxCodes: 2 } } }),
  no_effect: request({ cart: cart({ lines: [{ id: "a", unitPrice: 1, quantity: 1 }] }) }),
  not_all_applicable: request({ codes: ["SAVE20", "NOBODY"], policy: { stacking: { maxCodes: 2, onInapplicable: "all_or_nothing" } } }),
};

function refusalIn(quote) {
  const { code, rejection } = quote.codes.find(({ rejection: refused }) => refused !== null);
  return { code, ...rejection };
}

test("every reason has a customer's and a staff's text", () => {
  for (const audience of ["customer", "staff"]) {
    assert.deepEqual(Object.keys(englishMessages[audience]), REASONS);
    assert.deepEqual(Object.keys(germanMessages[audience]), REASONS);
  }
});

for (const reason of EVALUATED) {
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

for (const reason of EVALUATED) {
  test(`${reason} in German, and in English by its own catalogue`, () => {
    for (const disclosure of ["full", "actionable", "uniform"]) {
      const asked = { ...SCENARIOS[reason], disclosure };
      const { message } = refusalIn(evaluate(asked, { messages: germanMessages }));
      assert.match(message, /^\p{Lu}.*\.$/u);
      assert.doesNotMatch(message, /[{}[\]|#]|undefined|null|NaN| {2}| [.,;:]|\b(This|The|code is)\b/);
      assert.equal(refusalIn(evaluate(asked, { messages: englishMessages })).message, refusalIn(evaluate(asked)).message);
    }
  });
}

test("a parked automatic discount says what is missing (B60)", () => {
  const rule = (minimum) => [{ id: "r1", name: "Summer", gate: "automatic", discount: coupon().discount, restrictions: { minimum } }];
  const hint = (minimum, options) => {
    const { automatic } = evaluate(request({ codes: [], rules: rule(minimum), disclosure: "actionable" }), options);
    assert.equal(automatic[0].state, "parked");
    return automatic[0].rejection.message;
  };
  assert.equal(hint({ quantity: 5 }), "Add 2 more items to get this discount.");
  assert.equal(hint({ amounts: { EGP: 16_000 } }), "Add 10.00 EGP more to get this discount.");
  assert.equal(hint({ quantity: 4 }, { messages: germanMessages }), "Für diesen Rabatt fehlt noch 1 Artikel.");
});

test("the merchant's own words stand in the shopper's text (B30), where the reason is told", () => {
  const refusalMessage = "For orders from 162.50.";
  const coupons = [coupon({ refusalMessage, restrictions: { minimum: { amounts: { EGP: 16_250 } } } })];
  assert.equal(refusalIn(evaluate(request({ coupons, disclosure: "actionable" }))).message, refusalMessage);
  assert.match(refusalIn(evaluate(request({ coupons, disclosure: "full" }))).message, /^The minimum of the coupon/);
  const expired = [coupon({ refusalMessage, restrictions: { expiresAt: NOW - 1 } })];
  assert.equal(refusalIn(evaluate(request({ coupons: expired, disclosure: "actionable" }))).message, "This code cannot be applied.");
});

test("a name of this language stands in every label of the quote (B58)", () => {
  const messages = { ...germanMessages, names: { Summer: "Sommer" } };
  const asked = request({ coupons: [coupon({ name: "Summer" })], trace: true });
  const quote = evaluate(asked, { messages });
  for (const part of ["codes", "adjustments", "trace"]) assert.equal(quote[part][0].label, "Sommer");
  assert.equal(quote.trace[0].text, "20 % von 150,00 = 30,00");
  assert.equal(evaluate(asked).codes[0].label, "Summer");
  assert.equal(quote.fingerprint, evaluate(asked).fingerprint);
});

test("a coupon's terms are told in the host's language", async () => {
  const engine = await engineOn({ messages: germanMessages });
  const { coupon: record } = await engine.coupons.create(coupon({ duration: { type: "repeating", months: 3 } }));
  assert.equal((await engine.coupons.describe("c1")).terms, "20 % Rabatt für 3 Monate");
  assert.equal(describeCoupon({ coupon: record, used: 0, now: NOW }, { messages: germanMessages }).terms, "20 % Rabatt für 3 Monate");
  assert.equal(describeCoupon({ coupon: record, used: 0, now: NOW }).terms, "20% off for 3 months");
});

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
  assert.match(await shopperText(cairo, late, { disclosure: "full" }), /^The coupon expired on Jun 1, 2026, 02:59\sAM GMT\+3\.$/);
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
  [{ customer: { expired: "{max, one: x}" } }, "invalid_value", "messages.customer.expired"],
  [{ customer: "x" }, "invalid_type", "messages.customer"],
  [{ terms: { percent: "{max}" } }, "invalid_value", "messages.terms.percent"],
  [{ terms: { twice: "x" } }, "unknown_field", "messages.terms.twice"],
  [{ trace: { cap: 1 } }, "invalid_type", "messages.trace.cap"],
  [{ decimal: 1 }, "invalid_type", "messages.decimal"],
  [{ names: { Summer: 1 } }, "invalid_type", 'messages.names["Summer"]'],
  [{ names: [] }, "invalid_type", "messages.names"],
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
