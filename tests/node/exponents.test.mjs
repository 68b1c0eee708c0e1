/**
 * How many decimals a currency has is written down twice, for the engine's texts and for the shim's: the two agree on
 * every currency this platform knows.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { describeCoupon, evaluate, preload } from "./package.mjs";
import { NOW, coupon, engineOn, request } from "./samples.mjs";

before(preload);

/** Those the two tables list, in case the platform's list is shorter. */
const OTHER_THAN_TWO = (
  "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF " +
  "BHD IQD JOD KWD LYD OMR TND CLF UYW"
).split(" ");
const CURRENCIES = [...new Set([...Intl.supportedValuesOf("currency"), ...OTHER_THAN_TWO, "EGP", "XTS"])].sort();

test("the smallest amount has the same text in the terms and in a shopper's message", async () => {
  const engine = await engineOn();
  const { coupon: record } = await engine.coupons.create(coupon());
  const decimals = new Map();
  for (const currency of CURRENCIES) {
    const discount = { type: "amount", amounts: { [currency]: 1 } };
    const { terms } = describeCoupon({ coupon: { ...record, discount }, used: 0, now: NOW });
    const amount = /^(\S+) [A-Z]{3} off/.exec(terms)[1];
    assert.equal(missing(currency), `Add ${amount} ${currency} more to use this code.`);
    decimals.set(currency, amount === "1" ? 0 : amount.length - "0.".length);
  }
  assert.deepEqual(CURRENCIES.filter((currency) => decimals.get(currency) !== 2), [...OTHER_THAN_TWO].sort());
});

/** The message of a cart that is one minor unit short. */
function missing(currency) {
  const coupons = [coupon({ restrictions: { minimum: { amounts: { [currency]: 2 } } } })];
  const cart = { currency, lines: [{ id: "a", unitPrice: 1, quantity: 1 }] };
  return evaluate(request({ coupons, cart, disclosure: "actionable" })).codes[0].rejection.message;
}
