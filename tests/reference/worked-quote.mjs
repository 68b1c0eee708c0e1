/**
 * Owns how the worked examples ask: short coupons and lines, a quote of them, and the figures read off it.
 * Must not expect anything.
 */
import { evaluate } from "./evaluate.mjs";

export const NOW = 1_750_000_000_000;
export const percent = (basisPoints, cap) => ({ type: "percent", basisPoints, ...(cap && { cap }) });
export const amount = (amounts) => ({ type: "amount", amounts });
export const coupon = (code, discount, more = {}) => ({ id: code.toLowerCase(), type: "standard", code, discount, ...more });
export const line = (unitPrice, more = {}) => ({ unitPrice, quantity: 1, ...more });

/** A quote of the coupons given, each entered once, over lines named "a", "b", "c" … */
export function quote(coupons, lines, { mode = "additive", currency = "USD", codes, ...more } = {}) {
  const { rounding, order, onConflict, maxCodes = 10, ...request } = more;
  const stacking = { mode, maxCodes, ...(order && { order }), ...(onConflict && { onConflict }) };
  return evaluate({
    coupons,
    codes: codes ?? coupons.map(({ code }) => code),
    cart: { currency, lines: lines.map((each, place) => ({ id: "abcdefgh"[place], ...each })) },
    now: NOW,
    policy: { stacking, ...(rounding && { rounding }) },
    ...request,
  });
}

export const amountsOf = (answer) => answer.adjustments.map((adjustment) => adjustment.amount);
export const sharesOf = (answer) => answer.lines.map(({ discount }) => discount);
export const reasonsOf = (answer) => answer.codes.map(({ rejection }) => rejection?.code ?? "applied");
