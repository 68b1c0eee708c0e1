/**
 * Both languages have every text, every text takes every figure, and word forms follow the language (semantics §34).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMessages, english, englishMessages, filled, german, germanMessages, plain, rejectionText, templateFault, withMessages } from "./messages-source.mjs";

/** The fixed order of the checks. */
const REASONS = [
  "too_many_attempts", "malformed", "not_found", "archived", "inactive", "no_discount_linked", "not_started", "expired",
  "outside_schedule", "limit_reached", "balance_exhausted", "budget_exhausted", "reserved_elsewhere", "codes_not_allowed",
  "customer_required", "customer_not_allowed", "not_first_order", "order_number_mismatch", "customer_limit_reached", "context_mismatch",
  "currency_mismatch", "no_eligible_items", "minimum_not_met", "maximum_exceeded", "coupon_required",
  "foreign_coupon_present", "already_applied", "not_combinable", "superseded_by_better", "stopped_by_previous",
  "too_many_codes", "cap_reached", "no_effect", "not_all_applicable", "not_applicable",
];
const LANGUAGES = { english, german };
const TEXTS = { english: englishMessages, german: germanMessages };

const AT = Date.UTC(2026, 5, 2, 9, 30);
/** Every figure that any reason has, each with a value that is found again in the text. */
const EVERY_FIGURE = {
  startsAt: AT, expiresAt: AT, nextExpiry: AT, zone: "Africa/Cairo", localTime: "mon 14:05", limit: 71, used: 72, held: 73,
  per: "week", kind: "email", priorOrders: 74, field: "country", allowed: ["EG", "DE"], accepted: ["USD", "KWD"], required: 16_250,
  actual: 15_000, shortfall: 1_250, requiredQuantity: 79, actualQuantity: 76, scope: "all_lines", cartEmpty: false,
  coupons: ["c8", "c9"], missing: ["hat", "scarf"], with: ["OTHER"], max: 77, category: "seasonal",
};
const COUNTED = new Set(["limit_reached", "customer_limit_reached", "reserved_elsewhere"]);

function refusal(reason, { details = {}, level = "coupon", ...entry } = {}) {
  return { rejection: { code: reason, level, details }, code: "SAVE20", source: "code", currency: "EGP", ...entry };
}

test("both languages have the same texts, and each of every reason in order", () => {
  for (const texts of Object.values(TEXTS)) {
    for (const audience of ["customer", "staff"]) assert.deepEqual(Object.keys(texts[audience]), REASONS);
  }
  for (const section of ["terms", "trace"]) {
    assert.deepEqual(Object.keys(germanMessages[section]), Object.keys(englishMessages[section]));
  }
});

for (const [language, writer] of Object.entries(LANGUAGES)) {
  for (const audience of ["customer", "staff"]) {
    for (const code of REASONS) {
      test(`${language}, ${audience}, ${code}: with all figures and with none`, () => {
        const template = TEXTS[language][audience][code];
        // A count of redemptions has no currency; with one it is a balance.
        const { ...details } = COUNTED.has(code) ? EVERY_FIGURE : { ...EVERY_FIGURE, currency: "EGP" };
        for (const level of ["coupon", "code", "rule"]) {
          for (const source of ["code", "automatic"]) {
            const full = rejectionText(refusal(code, { details, level, source }), audience, writer);
            const bare = rejectionText(refusal(code, { level, source, code: null }), audience, writer);
            for (const text of [full, bare]) {
              assert.match(text, /^\p{Lu}.*\.$/u);
              assert.doesNotMatch(text, /[{}[\]|#]|undefined|null|NaN| {2}| [.,;:]|,,|\( |one:|other:/);
            }
            assert.doesNotMatch(bare, /\d[^ ]*\d|SAVE20/, "no figure that was kept back");
          }
        }
        const shown = plain(rejectionText(refusal(code, { details, level: "rule" }), audience, writer));
        for (const [, name] of inFirstWords(template).matchAll(/\{(\w+)\}/g)) assert.ok(figureIn(shown, name, details), `{${name}} in: ${shown}`);
      });
    }
  }
}

/** With every figure known it is the first part of each choice that is told. */
const inFirstWords = (template) => template.replaceAll(/\[([^|\]]*)[^\]]*\]/g, "$1");

/** Whether the figure is told in the text, in either language's way. */
function figureIn(text, name, details) {
  const value = { code: "SAVE20", level: "rule", currency: "EGP", ...details }[name];
  if (name === "shortfallQuantity") return text.includes("3");
  if (name === "localTime") return /\bMon? 14:05/.test(text);
  if (value === AT) return /2026/.test(text) && /30/.test(text);
  if (Array.isArray(value)) return value.every((entry) => text.includes(entry));
  if (["required", "actual", "shortfall"].includes(name)) return [".", ","].some((point) => text.includes((value / 100).toFixed(2).replace(".", point)));
  return text.includes(String(value)) || [".", ","].some((point) => text.includes((Number(value) / 100).toFixed(2).replace(".", point)));
}

const minimum = (details) => ["minimum_not_met", { details }];
const money = { currency: "EUR", required: 5_000, actual: 4_000, shortfall: 1_000, scope: "all_lines" };
const quantity = (actualQuantity) => ({ requiredQuantity: 3, actualQuantity, scope: "all_lines" });
const matching = { scope: "eligible_lines" };
const automatic = (code, details = {}) => [code, { details, source: "automatic", level: "rule", code: null }];
const SHOPPER = [
  [minimum(money), "Add 10.00 EUR more to use this code.", "Für diesen Code fehlen noch 10,00 €."],
  [minimum(quantity(1)), "Add 2 more items to use this code.", "Für diesen Code fehlen noch 2 Artikel."],
  [minimum(quantity(2)), "Add 1 more item to use this code.", "Für diesen Code fehlt noch 1 Artikel."],
  [minimum({ ...money, ...quantity(1) }), "Add 10.00 EUR and 2 items more to use this code.", "Für diesen Code fehlen noch 10,00 € und 2 Artikel."],
  [minimum({ ...money, ...matching }), "Add 10.00 EUR more of matching items to use this code.", "Für diesen Code fehlen noch 10,00 € an passenden Artikeln."],
  [minimum({ ...quantity(1), ...matching }), "Add 2 more matching items to use this code.", "Für diesen Code fehlen noch 2 von den passenden Artikeln."],
  [minimum({ ...quantity(2), ...matching }), "Add 1 more matching item to use this code.", "Für diesen Code fehlt noch 1 von den passenden Artikeln."],
  [minimum({ ...money, ...quantity(1), ...matching }), "Add 10.00 EUR and 2 matching items more to use this code.", "Für diesen Code fehlen noch 10,00 € und 2 von den passenden Artikeln."],
  [minimum({}), "Add more to use this code.", "Für diesen Code reicht der Warenkorb noch nicht."],
  [automatic("minimum_not_met", money), "Add 10.00 EUR more to get this discount.", "Für diesen Rabatt fehlen noch 10,00 €."],
  [automatic("minimum_not_met", quantity(0)), "Add 3 more items to get this discount.", "Für diesen Rabatt fehlen noch 3 Artikel."],
  [automatic("customer_required"), "Sign in or enter your e-mail address to get this discount.", "Bitte anmelden oder E-Mail-Adresse angeben, um diesen Rabatt zu erhalten."],
  [automatic("no_eligible_items"), "There is nothing this discount can be taken off yet.", "Noch gibt es nichts, wovon dieser Rabatt abgezogen werden kann."],
  [["no_eligible_items", { details: { missing: ["hat"] } }], "An item is missing from your cart for this code.", "Für diesen Code fehlt ein Artikel im Warenkorb."],
  [["context_mismatch", { details: { field: "paymentMethod", allowed: ["card"] } }], "This code is not available for this payment method.", "Dieser Code gilt nicht für diese Zahlungsart."],
  [["context_mismatch", { details: { field: "channel" } }], "This code is not available in this shop.", "Dieser Code gilt nicht in diesem Shop."],
  [["too_many_codes", { details: { max: 1, category: "seasonal" } }], "No more discounts of this kind can be used together.", "Mehr Rabatte dieser Art lassen sich nicht kombinieren."],
  [["too_many_codes", { details: { max: 3 } }], "This order already has as many codes as it may (3).", "Diese Bestellung hat schon so viele Codes wie möglich (3)."],
  [["too_many_codes", {}], "This code cannot be used in addition to the others.", "Dieser Code lässt sich nicht zusätzlich zu den anderen verwenden."],
  [["already_applied", { details: { with: ["OTHER"] } }], "This discount is applied already.", "Dieser Rabatt wird bereits angewendet."],
  [["not_combinable", {}], "This code cannot be combined with the other discounts.", "Dieser Code lässt sich nicht mit den anderen Rabatten kombinieren."],
  [["stopped_by_previous", { details: { with: ["OTHER"] } }], "Another discount in this order stops further ones: OTHER.", "Ein anderer Rabatt in dieser Bestellung schließt weitere aus: OTHER."],
  [["no_effect", {}], "This code does not change what there is to pay.", "Dieser Code ändert nichts am zu zahlenden Betrag."],
  [["maximum_exceeded", { details: { requiredQuantity: 1, actualQuantity: 2 } }], "This code is for smaller orders only, up to 1 item.", "Dieser Code gilt nur für kleinere Bestellungen, bis 1 Artikel."],
  [["maximum_exceeded", { details: { currency: "EUR", required: 5_000, actual: 6_000 } }], "This code is for smaller orders only: up to 50.00 EUR.", "Dieser Code gilt nur für kleinere Bestellungen: bis 50,00 €."],
];
for (const [[code, details], inEnglish, inGerman] of SHOPPER) {
  test(`a shopper reads: ${inEnglish}`, () => {
    assert.equal(rejectionText(refusal(code, details), "customer", english), inEnglish);
    assert.equal(plain(rejectionText(refusal(code, details), "customer", german)), inGerman);
  });
}

const balance = { limit: 3_000, used: 3_000 };
const STAFF = [
  ["balance_exhausted", { details: balance }, "The balance of the coupon is used up: 30.00 EGP of 30.00 EGP."],
  ["balance_exhausted", { details: balance, currency: undefined }, "The balance of the coupon is used up."],
  ["reserved_elsewhere", { details: { ...balance, held: 500, currency: "USD" } }, "What is left of the coupon's balance or budget of 30.00 USD is held by other orders (5.00 USD held).", "Der Rest vom Guthaben oder Budget des Gutscheins von 30,00 $ ist für andere Bestellungen reserviert (5,00 $ reserviert)."],
  ["reserved_elsewhere", { details: { limit: 3_000, held: 2 } }, "What is left of the coupon's limit of 3,000 is held by other orders (2 held)."],
  ["reserved_elsewhere", { details: { limit: 1, held: 1, kind: "email" } }, "What is left of the coupon's limit of 1 for one customer, by email, is held by other orders (1 held).", "Der Rest vom Limit des Gutscheins von 1 für einen Kunden, nach email, ist für andere Bestellungen reserviert (1 reserviert)."],
  ["reserved_elsewhere", { details: { limit: 3, held: 2, per: "day" } }, "What is left of the coupon's daily limit of 3 is held by other orders (2 held).", "Der Rest vom Tageslimit des Gutscheins von 3 ist für andere Bestellungen reserviert (2 reserviert)."],
  ["limit_reached", { details: { limit: 3, used: 3, per: "month" } }, "The monthly limit of the coupon is reached: 3 of 3 used.", "Das Monatslimit des Gutscheins ist erreicht: 3 von 3 eingelöst."],
  ["limit_reached", { details: { limit: 3, used: 3 } }, "The limit of the coupon is reached: 3 of 3 used.", "Das Limit des Gutscheins ist erreicht: 3 von 3 eingelöst."],
  ["customer_limit_reached", { details: { limit: 1, used: 1, per: "week", kind: "email" }, level: "code" }, "The customer's weekly limit of the code is reached: 1 of 1 used, by email.", "Das wöchentliche Kundenlimit des Codes ist erreicht: 1 von 1 eingelöst, nach email."],
  ["not_first_order", { details: { priorOrders: 2 } }, "The customer has earlier orders: 2.", "Der Kunde hat frühere Bestellungen: 2."],
  ["not_first_order", { details: { limit: 1, used: 1, kind: "email" } }, "The customer has used an offer for first orders before, by email.", "Der Kunde hat schon ein Angebot für Erstbestellungen eingelöst, nach email."],
  ["budget_exhausted", { details: { limit: 3_000, used: 3_000, currency: "USD" } }, "The budget of the coupon is used up: 30.00 USD of 30.00 USD used.", "Das Budget des Gutscheins ist aufgebraucht: 30,00 $ von 30,00 $ verwendet."],
  ["budget_exhausted", { details: { limit: 3_000, used: 2_000, held: 500, required: 600, currency: "USD" } }, "The budget of the coupon has less left than the 6.00 USD it would take: 20.00 USD of 30.00 USD used, 5.00 USD held.", "Das Budget des Gutscheins reicht nicht mehr für 6,00 $: 20,00 $ von 30,00 $ verwendet, 5,00 $ reserviert."],
  ["budget_exhausted", {}, "The budget of the coupon is used up.", "Das Budget des Gutscheins ist aufgebraucht."],
  ["minimum_not_met", { details: quantity(1), level: "rule" }, "The minimum of the rule is not met; 1 of 3 items."],
  ["minimum_not_met", { details: { ...money, ...matching } }, "The minimum of the coupon is not met by matching items: 40.00 EUR of 50.00 EUR, 10.00 EUR short.", "Das Minimum des Gutscheins ist mit passenden Artikeln nicht erreicht: 40,00 € von 50,00 €, es fehlen 10,00 €."],
  ["coupon_required", { details: { coupons: ["zz", "yy"] } }, "The coupon needs another coupon in the order: zz or yy.", "Der Gutschein setzt einen anderen Gutschein in der Bestellung voraus: zz oder yy."],
  ["context_mismatch", { details: { field: "country", allowed: ["AT", "CH", "DE"] } }, "The coupon is for another country: AT, CH, or DE.", "Der Gutschein gilt für ein anderes Land: AT, CH oder DE."],
  ["superseded_by_better", { details: { with: ["B", "D", "au"] } }, "B, D, and au take more off.", "B, D und au bringen mehr Rabatt."],
  ["superseded_by_better", { details: { with: ["B"] } }, "B takes more off.", "B bringt mehr Rabatt."],
  ["superseded_by_better", {}, "Another coupon takes more off.", "Ein anderer Gutschein bringt mehr Rabatt."],
  ["stopped_by_previous", { details: { with: ["B"] } }, "B stops further ones.", "B schließt weitere aus."],
  ["already_applied", { details: { with: ["B"] } }, "The same discount is there already: B.", "Derselbe Rabatt ist schon da: B."],
  ["expired", {}, "The coupon has expired.", "Der Gutschein ist abgelaufen."],
  ["no_eligible_items", {}, "The cart has nothing that it can be taken off.", "Im Warenkorb ist nichts, wovon der Rabatt abgezogen werden kann."],
  ["no_eligible_items", { details: { missing: ["hat", "scarf"] } }, "The cart lacks items that the rule on products requires: hat and scarf."],
  ["outside_schedule", { details: { zone: "Africa/Cairo", localTime: "sun 23:59" } }, "The coupon is outside its schedule: it is Sun 23:59 in Africa/Cairo."],
  ["too_many_codes", { details: { max: 1, category: "seasonal" } }, "More codes of the category seasonal than the policy allows: 1."],
];
for (const [code, details, inEnglish, inGerman] of STAFF) {
  test(`staff read: ${inEnglish}`, () => {
    assert.equal(rejectionText(refusal(code, details), "staff", english), inEnglish);
    if (inGerman !== undefined) assert.equal(plain(rejectionText(refusal(code, details), "staff", german)), inGerman);
  });
}

test("the merchant's own words stand in the shopper's text, as they are; staff are told the reason", () => {
  const details = { text: "Members only {code} [x]. Ask in store #3", requiredQuantity: 3, actualQuantity: 1 };
  const refused = refusal("minimum_not_met", { details });
  for (const writer of [english, german]) assert.equal(rejectionText(refused, "customer", writer), details.text);
  assert.equal(rejectionText(refused, "staff", english), "The minimum of the coupon is not met; 1 of 3 items.");
});

test("figures are shown, never read as a template", () => {
  const details = { with: ["{code}[a|b]#"] };
  assert.equal(rejectionText(refusal("not_combinable", { details }), "customer", english), "This code cannot be combined with {code}[a|b]#.");
});

test("word forms follow the language's plural rules", () => {
  const write = createMessages({ locale: "ar", customer: { minimum_not_met: "{shortfallQuantity, one: uno, two: duo, few: # pauca, other: # multa}" } }, "");
  const forms = [1, 2, 3, 100].map((missing) => rejectionText(refusal("minimum_not_met", { details: { requiredQuantity: missing, actualQuantity: 0 } }), "customer", write));
  assert.deepEqual(forms.slice(0, 2), ["uno", "duo"]);
  assert.match(forms[2], / pauca$/);
  assert.match(forms[3], / multa$/);
});

test("a template: figures, alternatives, forms", () => {
  const figures = { word: "b", one: { text: "1", count: 1 }, many: { text: "1,000", count: 1_000 } };
  const say = (template) => filled(template, (name) => figures[name], (count) => (count === 1 ? "one" : "other"));
  assert.equal(say("{word}{gone}"), "b");
  assert.equal(say("a[ {gone}| {word}| c]"), "a b");
  assert.equal(say("a[ {gone}]"), "a");
  assert.equal(say("{word, a: A, b: B, other: C} {word, a: A, other: C}"), "B C");
  assert.equal(say("{one, one: # cat, other: # cats}, {many, one: # cat, other: # cats}"), "1 cat, 1,000 cats");
  assert.equal(say("{gone, none: nothing, or little, other: much} {gone, other: much}"), "nothing, or little much");
});

test("a template's faults", () => {
  const known = (name) => name === "max";
  assert.equal(templateFault("[{max}|x] {max, one: a, other: b}", known), null);
  assert.equal(templateFault("{min}", known), "names {min}, which is no figure of it");
  assert.equal(templateFault("{max, one: a}", known), 'has no form "other" for {max}');
});

const rejected = { code: "minimum_not_met", level: "rule", details: quantity(1) };
const ANSWER = {
  currency: "EGP",
  codes: [{ code: "SAVE20", label: "Summer", rejection: null, also: [] }, { code: "TEN", label: "constructor", rejection: { ...rejected, level: "coupon" }, also: [rejected] }],
  automatic: [{ ruleId: "r1", label: "Summer", state: "parked", rejection: rejected, also: [] }],
  adjustments: [{ index: 0, label: "Summer" }],
  credits: [{ index: 1, label: "Other" }],
  trace: [{ code: "SAVE20", ruleId: null, label: "Summer", source: "code", type: "percent", target: "items", basisPoints: 1_000, base: 4_200, requested: 420, cap: null, trimmed: false, after: [], amount: 420 }],
};

test("an answer gets its texts: codes, automatic discounts, trace", () => {
  const told = withMessages({ outcome: ANSWER, disclosure: "actionable" }, english);
  assert.equal(told.codes[1].rejection.message, "Add 2 more items to use this code.");
  assert.equal(told.codes[1].also[0].message, "Add 2 more items to use this code.");
  assert.equal(told.automatic[0].rejection.message, "Add 2 more items to get this discount.");
  assert.equal(told.trace[0].text, "10 % of 42.00 = 4.20");
  const staff = withMessages({ outcome: ANSWER, disclosure: "full" }, german);
  assert.equal(staff.automatic[0].rejection.message, "Das Minimum der Regel ist nicht erreicht; 1 von 3 Artikeln.");
  assert.equal(staff.trace[0].text, "10 % von 42,00 = 4,20");
  assert.equal("message" in rejected || "text" in ANSWER.trace[0], false, "the engine's answer is left as it is");
});

const besides = (...names) => ({ code: "not_combinable", level: "coupon", details: { with: names } });
const AMONG_RULES = {
  currency: "EGP",
  codes: [
    { code: "SAVE20", couponId: "c1", label: "Summer", rejection: besides("rule_k3j2", "TEN", "rule_other", "constructor"), also: [besides("rule_k3j2")] },
    { code: "TEN", couponId: "c2", label: "Ten", rejection: null, also: [] },
    { code: null, couponId: "twin", label: "Twin", rejection: null, also: [] },
  ],
  automatic: [
    { ruleId: "rule_k3j2", label: "Tea week", state: "applied", rejection: null, also: [] },
    { ruleId: "TEN", label: "Ten percent", state: "applied", rejection: null, also: [] },
    { ruleId: "twin", label: "Automatic twin", state: "parked", rejection: besides("rule_k3j2"), also: [] },
  ],
  adjustments: [
    { index: null, source: "automatic", ruleId: "rule_other", label: "Paper days" },
    { index: 1, source: "code", ruleId: "SPRING", label: "Spring rule" },
  ],
  trace: [{ ...ANSWER.trace[0], after: ["SPRING", "rule_other", "rule_k3j2", "twin"] }],
};

test("automatic rules are called by their labels in texts; what the engine answered stays", () => {
  const told = withMessages({ outcome: AMONG_RULES, disclosure: "actionable" }, english);
  assert.equal(told.codes[0].rejection.message, "This code cannot be combined with Tea week, TEN, Paper days, and constructor.");
  assert.equal(told.codes[0].also[0].message, "This code cannot be combined with Tea week.");
  assert.equal(told.automatic[2].rejection.message, "This code cannot be combined with Tea week.");
  assert.equal(told.trace[0].text, "10 % of 42.00 after SPRING, Paper days, Tea week, twin = 4.20");
  assert.deepEqual(told.codes[0].rejection.details, AMONG_RULES.codes[0].rejection.details);
  assert.deepEqual(told.trace[0].after, AMONG_RULES.trace[0].after);
  const named = createMessages({ names: { "Tea week": "Teewoche" } }, "messages");
  const inGerman = withMessages({ outcome: AMONG_RULES, disclosure: "full" }, named);
  assert.equal(inGerman.codes[0].also[0].message, "The coupon does not combine with Teewoche.");
  assert.match(inGerman.trace[0].text, / after SPRING, Paper days, Teewoche, twin = /);
});

test("a validation has codes alone", () => {
  const { codes } = ANSWER;
  const told = withMessages({ outcome: { valid: false, codes }, disclosure: "full" }, english);
  assert.deepEqual(Object.keys(told), ["valid", "codes"]);
  assert.equal(told.codes[1].rejection.message, "The minimum of the coupon is not met; 1 of 3 items.");
});

test("B58: names stand in every label, by the label", () => {
  const named = createMessages({ ...germanMessages, names: { Summer: "Sommer" } }, "messages");
  const told = withMessages({ outcome: ANSWER, disclosure: "full" }, named);
  assert.deepEqual(told.codes.map(({ label }) => label), ["Sommer", "constructor"]);
  for (const part of ["automatic", "adjustments", "trace"]) assert.equal(told[part][0].label, "Sommer");
  assert.equal(told.credits[0].label, "Other");
  assert.equal(told.adjustments[0].index, 0);
  assert.equal(ANSWER.adjustments[0].label, "Summer");
});
