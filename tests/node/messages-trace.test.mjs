/**
 * A step of the trace in words, in two languages, with plain decimals.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { english, german, traceText } from "./messages-source.mjs";

const step = (changes) => ({
  code: "SAVE10", ruleId: null, label: "Ten", source: "code", type: "percent", target: "items", basisPoints: 1_000, base: 4_200,
  requested: 420, cap: null, trimmed: false, after: [], amount: 420, ...changes,
});
const amount = { type: "amount", basisPoints: null, requested: 500, amount: 500 };

const STEPS = [
  [{}, "10 % of 42.00 = 4.20", "10 % von 42,00 = 4,20"],
  [{ after: ["SALE"] }, "10 % of 42.00 after SALE = 4.20", "10 % von 42,00 nach SALE = 4,20"],
  [{ after: ["SALE", "r1"], basisPoints: 1_250 }, "12.5 % of 42.00 after SALE, r1 = 4.20", "12,5 % von 42,00 nach SALE, r1 = 4,20"],
  [{ cap: 300, amount: 300 }, "10 % of 42.00, at most 3.00 = 3.00", "10 % von 42,00, höchstens 3,00 = 3,00"],
  [{ cap: 300, trimmed: true, amount: 120 }, "10 % of 42.00, at most 3.00, cut by the shop's limits = 1.20", "10 % von 42,00, höchstens 3,00, gekürzt durch die Grenzen des Shops = 1,20"],
  [{ base: 1_000, basisPoints: 6_000, requested: 600, amount: 400 }, "60 % of 10.00 = 6.00, of which 4.00 could be taken", "60 % von 10,00 = 6,00, wovon 4,00 abgezogen werden konnten"],
  [{ cap: 300, amount: 299 }, "10 % of 42.00, at most 3.00 = 3.00, of which 2.99 could be taken", "10 % von 42,00, höchstens 3,00 = 3,00, wovon 2,99 abgezogen werden konnten"],
  [{ ...amount, requested: 1_000, amount: 700 }, "10.00 off 42.00 = 10.00, of which 7.00 could be taken", "10,00 Rabatt auf 42,00 = 10,00, wovon 7,00 abgezogen werden konnten"],
  [{ ...amount, requested: 5_000, amount: 4_000 }, "50.00 off 42.00 = 42.00, of which 40.00 could be taken", "50,00 Rabatt auf 42,00 = 42,00, wovon 40,00 abgezogen werden konnten"],
  [amount, "5.00 off 42.00 = 5.00", "5,00 Rabatt auf 42,00 = 5,00"],
  [{ ...amount, requested: 5_000, amount: 4_200, after: ["SALE"] }, "50.00 off 42.00 after SALE = 42.00", "50,00 Rabatt auf 42,00 nach SALE = 42,00"],
  [{ target: "shipping", base: 500, basisPoints: 10_000, requested: 500, amount: 500 }, "100 % of 5.00 shipping = 5.00", "100 % von 5,00 Versand = 5,00"],
  [{ ...amount, target: "shipping", after: ["A"] }, "5.00 off 42.00 shipping after A = 5.00", "5,00 Rabatt auf 42,00 Versand nach A = 5,00"],
  [{ ...amount, type: "price", requested: 1_200, amount: 1_200 }, "12.00 off 42.00 by a new price = 12.00", "12,00 Rabatt auf 42,00 durch neuen Preis = 12,00"],
  [{ ...amount, type: "store_credit", requested: 3_000, amount: 3_000 }, "store credit of 30.00 towards 42.00 = 30.00", "Guthaben von 30,00 auf 42,00 = 30,00"],
];
for (const [changes, inEnglish, inGerman] of STEPS) {
  test(`trace: ${inEnglish}`, () => {
    assert.equal(traceText(step(changes), "EGP", english), inEnglish);
    assert.equal(traceText(step(changes), "EGP", german), inGerman);
  });
}

test("the decimals are the currency's, without a float and without grouping", () => {
  assert.equal(traceText(step({ ...amount, base: 1_234_567 }), "JPY", english), "500 off 1234567 = 500");
  assert.equal(traceText(step({ ...amount, base: 1_234_567 }), "KWD", english), "0.500 off 1234.567 = 0.500");
  assert.equal(traceText(step({ ...amount, base: "9007199254740993001" }), "EGP", english), "5.00 off 90071992547409930.01 = 5.00");
});
