/**
 * A coupon's terms in words, in two languages (semantics §28; S2.10).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMessages, english, german, termsText } from "./messages-source.mjs";

const percent = (basisPoints, more) => ({ type: "percent", basisPoints, ...more });
const amount = (amounts, more) => ({ type: "amount", amounts, ...more });
const price = (amounts, more) => ({ type: "price", amounts, ...more });
const units = (take, more) => ({ units: { from: "cheapest", take, ...more } });
const tiers = (by, ...list) => ({ type: "tiers", by, tiers: list.map(([from, discount]) => ({ from, discount })) });
const months = (count) => ({ type: "repeating", months: count });
const payments = (count) => ({ type: "repeating", payments: count });
const SHIPPING = { target: "shipping" };

const TERMS = [
  [percent(2_000), "forever", "20% off forever", "20 % Rabatt dauerhaft"],
  [amount({ EGP: 10_000 }), "once", "100 EGP off once", "100 EGP Rabatt einmalig"],
  [percent(1_500), months(3), "15% off for 3 months", "15 % Rabatt für 3 Monate"],
  [percent(1_500), months(1), "15% off for 1 month", "15 % Rabatt für 1 Monat"],
  [percent(1_500), payments(3), "15% off for 3 payments", "15 % Rabatt für 3 Zahlungen"],
  [percent(1_500), payments(1), "15% off for 1 payment", "15 % Rabatt für 1 Zahlung"],
  [amount({ EGP: 1_050 }), "once", "10.50 EGP off once", "10,50 EGP Rabatt einmalig"],
  [amount({ KWD: 1_250 }), "once", "1.250 KWD off once", "1,250 KWD Rabatt einmalig"],
  [amount({ JPY: 500 }), "once", "500 JPY off once", "500 JPY Rabatt einmalig"],
  [amount({ EGP: "900719925474099312" }), "once", "9007199254740993.12 EGP off once", "9007199254740993,12 EGP Rabatt einmalig"],
  [percent(1_250, { cap: { EGP: 10_000 } }), months(1), "12.5% off for 1 month up to 100 EGP", "12,5 % Rabatt für 1 Monat, höchstens 100 EGP"],
  [percent(1), "once", "0.01% off once", "0,01 % Rabatt einmalig"],
  [percent(10_000), "once", "100% off once", "100 % Rabatt einmalig"],
  [amount({ USD: 500, EGP: 10_000 }), "once", "100 EGP or 5 USD off once", "100 EGP oder 5 USD Rabatt einmalig"],
  [percent(2_000, { maxPerLine: { EGP: 500 } }), "once", "20% off once, at most 5 EGP per product", "20 % Rabatt einmalig, höchstens 5 EGP pro Produkt"],
  [percent(2_000, { distribution: "each_unit" }), "once", "20% off once", "20 % Rabatt einmalig"],

  [amount({ EGP: 500 }, { distribution: "each_line" }), "once", "5 EGP off each product", "5 EGP Rabatt auf jedes Produkt"],
  [amount({ EGP: 500 }, { distribution: "each_unit" }), "once", "5 EGP off each item", "5 EGP Rabatt auf jeden Artikel"],
  [amount({ EGP: 500 }, { distribution: "even" }), "once", "5 EGP off once", "5 EGP Rabatt einmalig"],
  [amount({ EGP: 500 }, { every: { EGP: 5_000 }, times: 3 }), "once", "5 EGP off for every 50 EGP, at most 3 times", "5 EGP Rabatt pro volle 50 EGP, höchstens 3-mal"],
  [amount({ EGP: 500 }, { every: { EGP: 5_000 }, times: 1 }), "once", "5 EGP off for every 50 EGP, at most once", "5 EGP Rabatt pro volle 50 EGP, höchstens 1-mal"],
  [{ ...tiers("quantity", [3, percent(10_000)]), ...units(1, { buy: { quantity: 2 }, times: 2 }) }, "once", "from 3 items buy 2, get 1 free, at most 2 times", "ab 3 Artikel 2 kaufen, 1 gratis dazu, höchstens 2-mal"],
  [amount({ EGP: 500 }, { every: { EGP: 5_000 } }), "forever", "5 EGP off for every 50 EGP forever", "5 EGP Rabatt pro volle 50 EGP dauerhaft"],
  [price({ EGP: 500 }), "once", "5 EGP each", "je 5 EGP"],
  [price({ EGP: 500 }), months(2), "5 EGP each for 2 months", "je 5 EGP für 2 Monate"],

  [tiers("amount", [{ EGP: 10_000 }, percent(1_000)], [{ EGP: 20_000 }, percent(1_500)]), "once", "from 100 EGP 10% off, from 200 EGP 15% off", "ab 100 EGP 10 % Rabatt, ab 200 EGP 15 % Rabatt"],
  [tiers("quantity", [1, amount({ EGP: 500 })], [10, price({ EGP: 900 })]), "once", "from 1 item 5 EGP off, from 10 items 9 EGP each", "ab 1 Artikel 5 EGP Rabatt, ab 10 Artikel je 9 EGP"],
  [tiers("quantity", [2, percent(1_000, { cap: { EGP: 900 } })]), "forever", "from 2 items 10% off up to 9 EGP forever", "ab 2 Artikel 10 % Rabatt, höchstens 9 EGP dauerhaft"],
  [{ ...tiers("quantity", [2, percent(5_000)], [4, percent(10_000)]), ...SHIPPING }, "once", "from 2 items 50% off shipping, from 4 items free shipping", "ab 2 Artikel 50 % Rabatt auf den Versand, ab 4 Artikel kostenloser Versand"],
  [{ ...tiers("quantity", [3, percent(10_000)]), ...units(1) }, "once", "from 3 items cheapest item free", "ab 3 Artikel günstigster Artikel gratis"],
  [{ ...tiers("quantity", [3, amount({ EGP: 500 })]), distribution: "each_unit", maxPerLine: { EGP: 900 } }, "once", "from 3 items 5 EGP off each item, at most 9 EGP per product", "ab 3 Artikel 5 EGP Rabatt auf jeden Artikel, höchstens 9 EGP pro Produkt"],

  [{ type: "store_credit", amounts: { EGP: 3_000 } }, "once", "30 EGP store credit", "30 EGP Guthaben"],
  [percent(10_000, SHIPPING), "once", "free shipping", "kostenloser Versand"],
  [percent(10_000, { ...SHIPPING, cap: { EGP: 1_000 } }), "once", "free shipping up to 10 EGP", "kostenloser Versand, höchstens 10 EGP"],
  [price({ EGP: 0 }, SHIPPING), "forever", "free shipping forever", "kostenloser Versand dauerhaft"],
  [percent(5_000, SHIPPING), "once", "50% off shipping", "50 % Rabatt auf den Versand"],
  [amount({ EGP: 500 }, SHIPPING), "once", "5 EGP off shipping", "5 EGP Rabatt auf den Versand"],
  [amount({ EGP: 500 }, { ...SHIPPING, every: { EGP: 5_000 } }), "once", "5 EGP off shipping for every 50 EGP", "5 EGP Rabatt auf den Versand pro volle 50 EGP"],
  [price({ EGP: 500 }, SHIPPING), "once", "shipping for 5 EGP", "Versand für 5 EGP"],

  [percent(10_000, units(1)), "once", "cheapest item free", "günstigster Artikel gratis"],
  [percent(10_000, units(2)), "once", "2 cheapest items free", "2 günstigste Artikel gratis"],
  [percent(10_000, units(2, { from: "dearest", times: 2 })), "once", "4 most expensive items free", "4 teuerste Artikel gratis"],
  [percent(2_000, units(1, { from: "dearest" })), "once", "20% off the most expensive item", "20 % Rabatt auf den teuersten Artikel"],
  [percent(2_000, units(2)), "once", "20% off the 2 cheapest items", "20 % Rabatt auf die 2 günstigsten Artikel"],
  [amount({ EGP: 500 }, units(2)), "once", "5 EGP off the 2 cheapest items", "5 EGP Rabatt auf die 2 günstigsten Artikel"],
  [amount({ EGP: 500 }, { ...units(2), distribution: "each_unit" }), "once", "5 EGP each off the 2 cheapest items", "je 5 EGP Rabatt auf die 2 günstigsten Artikel"],
  [price({ EGP: 500 }, units(1)), "once", "cheapest item for 5 EGP", "günstigster Artikel für 5 EGP"],
  [price({ EGP: 500 }, units(2, { from: "dearest" })), "once", "2 most expensive items for 5 EGP each", "2 teuerste Artikel für je 5 EGP"],
  [percent(10_000, units(1, { buy: { quantity: 2 } })), "once", "buy 2, get 1 free", "2 kaufen, 1 gratis dazu"],
  [percent(5_000, units(1, { buy: { quantity: 2 } })), "once", "buy 2, get 1 at 50% off", "2 kaufen, 1 mit 50 % Rabatt dazu"],
  [percent(10_000, units(1, { buy: { quantity: 1 }, times: 3 })), "forever", "buy 1, get 1 free forever, at most 3 times", "1 kaufen, 1 gratis dazu dauerhaft, höchstens 3-mal"],
  [price({ EGP: 500 }, units(2, { buy: { quantity: 3 } })), "once", "buy 3, get 2 for 5 EGP each", "3 kaufen, 2 für je 5 EGP dazu"],
  [price({ EGP: 0 }, units(1, { buy: { quantity: 3 } })), "once", "buy 3, get 1 free", "3 kaufen, 1 gratis dazu"],
];

const couponOf = (discount, duration, rules = []) => ({ discount, duration: typeof duration === "string" ? { type: duration } : duration, rules });

for (const [discount, duration, inEnglish, inGerman] of TERMS) {
  test(`terms: ${inEnglish}`, () => {
    assert.equal(termsText(couponOf(discount, duration), [], english), inEnglish);
    assert.equal(termsText(couponOf(discount, duration), [], german), inGerman);
  });
}

const RULES = [
  { id: "ship", name: "Ship", discount: percent(10_000, SHIPPING) },
  { id: "ten", name: null, discount: percent(1_000, { cap: { EGP: 500 } }) },
  { id: "gift", name: "A gift", discount: null },
  { id: "nameless", name: null, discount: null },
];
const LINKED = [
  [[], "once", null, null],
  [["ten"], "once", "10% off once up to 5 EGP", "10 % Rabatt einmalig, höchstens 5 EGP"],
  [["ship"], "once", "free shipping", "kostenloser Versand"],
  [["ten", "ship"], "once", "10% off up to 5 EGP + free shipping", "10 % Rabatt, höchstens 5 EGP + kostenloser Versand"],
  [["ship", "gift"], months(3), "free shipping + A gift for 3 months", "kostenloser Versand + A gift für 3 Monate"],
  [["nameless"], "once", "linked discount", "verknüpfter Rabatt"],
  [["unknown", "ship"], "once", "linked discount + free shipping", "verknüpfter Rabatt + kostenloser Versand"],
];
for (const [rules, duration, inEnglish, inGerman] of LINKED) {
  test(`terms of linked rules: ${rules.join(", ") || "a draft"}`, () => {
    assert.equal(termsText(couponOf(null, duration, rules), RULES, english), inEnglish);
    assert.equal(termsText(couponOf(null, duration, rules), RULES, german), inGerman);
  });
}

test("a host's own words for the terms", () => {
  const own = createMessages({ terms: { off: "minus {value}", once: "" } }, "messages");
  assert.equal(termsText(couponOf(percent(2_000), "once"), [], own), "minus 20%");
});
