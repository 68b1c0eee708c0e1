/**
 * Owns the shapes of the quote: adjustments, credits, figures, trace.
 * Must not decide anything.
 */
import { minor, sumOf } from "./cart.mjs";
import { isRunning } from "./discounts.mjs";
import { namesOf } from "./effects.mjs";
import { unitRuns } from "./sharing.mjs";

/** A definition in a request has not been edited since it was defined. */
const VERSION = 1;

export function outcome(entry, state, discount, [primary = null, ...also]) {
  return {
    index: entry.index,
    code: entry.code,
    couponId: entry.coupon?.id ?? null,
    codeId: entry.record?.id ?? null,
    label: entry.label,
    state,
    discount: minor(discount),
    rejection: primary,
    also,
  };
}

export function automaticOutcome(rule, state, discount, [primary = null, ...also]) {
  return { ruleId: rule.id, label: labelOf(null, rule), state, discount: minor(discount), rejection: primary, also };
}

/** One for each rule and label the host names, in the order of their first mention. */
export function foreignAdjustments(cart) {
  const isAlike = (a, b) => a.ruleId === b.ruleId && a.label === b.label;
  const firsts = cart.foreign.filter((given, place) => cart.foreign.findIndex((other) => isAlike(other, given)) === place);
  return firsts.map((first) => {
    const group = cart.foreign.filter((given) => isAlike(given, first));
    const amount = sumOf(group.map((given) => given.amount));
    const offLine = (line) => sumOf(group.filter((given) => given.line === line).map((given) => given.amount));
    const shares = new Map(cart.lines.map((line) => [line, offLine(line)]));
    return {
      index: null,
      source: "foreign",
      couponId: null,
      ruleId: first.ruleId,
      codeId: null,
      code: null,
      label: first.label ?? first.ruleId ?? "foreign",
      version: null,
      requested: minor(amount),
      amount: minor(amount),
      shipping: 0,
      distribution: null,
      trimmed: false,
      lines: lineShares(shares, cart, (line) => line.quantity),
    };
  });
}

export function adjustment({ effect, taken }, cart) {
  const { entry, coupon, record, rule, picks } = effect;
  return {
    index: entry?.index ?? null,
    source: entry ? "code" : "automatic",
    couponId: coupon?.id ?? null,
    ruleId: rule?.id ?? null,
    codeId: record?.id ?? null,
    code: entry?.code ?? null,
    label: labelOf(entry, rule),
    version: VERSION,
    requested: minor(taken.requested),
    amount: minor(taken.amount),
    shipping: minor(taken.shipping),
    distribution: taken.distribution,
    trimmed: taken.trimmed,
    lines: lineShares(taken.shares, cart, (line) => picks.find((pick) => pick.line === line).units),
  };
}

function labelOf(entry, rule) {
  return rule?.name || (entry?.label ?? rule.id);
}

function lineShares(shares, cart, pickedOf) {
  const touched = cart.lines.filter((line) => (shares.get(line) ?? 0n) > 0n);
  return touched.map((line) => ({
    lineId: line.id,
    amount: minor(shares.get(line)),
    units: unitRuns(shares.get(line), pickedOf(line), line.quantity).map((run) => ({
      quantity: Number(run.quantity),
      amount: minor(run.amount),
    })),
  }));
}

export function credit({ candidate: { entry, coupon, record }, balance, amount }) {
  return {
    index: entry.index,
    couponId: coupon.id,
    codeId: record?.id ?? null,
    code: entry.code,
    label: entry.label,
    balance: minor(balance),
    amount: minor(amount),
  };
}

export function figures(cart, applied, credits) {
  const offLine = (line) => line.foreign + sumOf(applied.map(({ taken }) => taken.shares.get(line) ?? 0n));
  const subtotal = sumOf(cart.lines.map((line) => line.subtotal));
  const shippingDiscount = sumOf(applied.map(({ taken }) => taken.shipping));
  const discount = sumOf(cart.lines.map(offLine)) + shippingDiscount;
  const credited = sumOf(credits.map(({ amount }) => amount));
  return {
    lines: cart.lines.map((line) => ({
      id: line.id,
      subtotal: minor(line.subtotal),
      discount: minor(offLine(line)),
      total: minor(line.subtotal - offLine(line)),
    })),
    totals: {
      subtotal: minor(subtotal),
      discount: minor(discount),
      shipping: minor(cart.shipping),
      shippingDiscount: minor(shippingDiscount),
      tax: minor(cart.tax),
      credit: minor(credited),
      total: minor(subtotal + cart.shipping + cart.tax - discount - credited),
    },
  };
}

/** One step for each effect that applies, then one for each credit. `standing` are all that took something, in order. */
export function trace(applied, standing, credits, shop) {
  const steps = applied.map(({ effect, taken }) => ({
    code: effect.entry?.code ?? null,
    ruleId: effect.rule?.id ?? null,
    label: labelOf(effect.entry, effect.rule),
    source: effect.entry ? "code" : "automatic",
    type: effect.value.type,
    target: effect.target,
    basisPoints: effect.value.basisPoints ?? null,
    base: minor(taken.base),
    requested: minor(taken.requested),
    cap: taken.cap === null ? null : minor(taken.cap),
    trimmed: taken.trimmed,
    after: isRunning(effect, shop) ? namesOf(standing.slice(0, standing.indexOf(effect))) : [],
    amount: minor(taken.amount),
  }));
  const payments = credits.map(({ candidate: { entry }, balance, base, amount }) => ({
    code: entry.code,
    ruleId: null,
    label: entry.label,
    source: "code",
    type: "store_credit",
    target: "items",
    basisPoints: null,
    base: minor(base),
    requested: minor(balance),
    cap: null,
    trimmed: false,
    after: [],
    amount: minor(amount),
  }));
  return [...steps, ...payments];
}
