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

export const automatic = (id, discount, more = {}) => ({ id, gate: "automatic", discount, ...more });
export const linked = (id, discount, more = {}) => ({ id, gate: "coupon", discount, ...more });

/**
 * A quote of the coupons given, each entered once, over lines named "a", "b", "c" … `shop` and `stacking` are more of the
 * policy, `cart` more of the cart; what else is given is of the request.
 */
export function quote(coupons, lines, { mode = "additive", currency = "USD", codes, shop, cart, ...more } = {}) {
  const { rounding, order, onConflict, maxCodes = 10, stacking: further, ...request } = more;
  const stacking = { mode, maxCodes, ...(order && { order }), ...(onConflict && { onConflict }), ...further };
  return evaluate({
    coupons,
    codes: codes ?? coupons.map(({ code }) => code),
    cart: { currency, lines: lines.map((each, place) => ({ id: "abcdefgh"[place], ...each })), ...cart },
    now: NOW,
    policy: { stacking, ...(rounding && { rounding }), ...shop },
    ...request,
  });
}

export const amountsOf = (answer) => answer.adjustments.map((adjustment) => adjustment.amount);
export const sharesOf = (answer) => answer.lines.map(({ discount }) => discount);
export const reasonsOf = (answer) => answer.codes.map(({ rejection }) => rejection?.code ?? "applied");
/** The first entry's refusal, as `[code, level, details]`. */
export function refusalOf({ codes: [{ rejection }] }) {
  return rejection && [rejection.code, rejection.level, rejection.details];
}
