/**
 * Owns the answer: the stages in order, and the quote put together from them.
 * Must not hold a rule of its own, nor check the request: it is taken to be well-formed.
 */
import { canonicalKeys } from "./canonical.mjs";
import { minor, readCart, sumOf } from "./cart.mjs";
import { failuresOf, instant } from "./checks.mjs";
import { closed, disclose } from "./disclose.mjs";
import { discountsOf, unitRuns } from "./discounts.mjs";
import { readEntries } from "./entries.mjs";
import { resolveDisclosure, resolvePolicy } from "./policy.mjs";
import { stateOf } from "./rejection.mjs";
import { stack } from "./stacking.mjs";

/** A coupon in a request has not been edited since it was defined. */
const COUPON_VERSION = 1;

/** The quote of an `EvaluateRequest`, without fingerprint, trace and messages. */
export function evaluate(request) {
  const policy = resolvePolicy(request.policy);
  const cart = readCart(request.cart);
  const entries = readEntries(request, policy);
  const failures = checkAll(entries, request, policy, cart);
  const candidates = entries.filter((entry) => failures.get(entry).length === 0);
  const { accepted, refusals, exact } = stack(candidates, cart, policy);
  const { mode } = policy.stacking;
  const effects = discountsOf(accepted, cart, mode, policy.rounding);
  const disclosing = discloser(request, policy);
  return {
    currency: cart.currency,
    codes: entries.map((entry) => {
      const place = accepted.indexOf(entry);
      if (place >= 0) return outcome(entry, "applied", effects[place].amount, []);
      const reasons = refusals.has(entry) ? [refusals.get(entry)] : failures.get(entry);
      return disclosing(entry, outcome(entry, stateOf(reasons), 0n, reasons));
    }),
    adjustments: accepted.map((entry, place) => adjustment(entry, effects[place], cart)),
    ...figures(cart, effects),
    strategy: { stacking: mode, rounding: policy.rounding, distribution: "proportional", exact },
  };
}

/** Discloses the outcomes one after the other: a repeated code must not tell what its first entry kept back. */
function discloser(request, policy) {
  const disclosure = resolveDisclosure(request);
  const takesNoCodes = request.codesAllowed === false || policy.stacking.mode === "none";
  const masked = new Set();
  return (entry, full) => {
    const isClosed = entry.isText && takesNoCodes;
    const shown = isClosed ? closed(full, disclosure) : disclose(full, disclosure, masked.has(entry.repeats));
    if (shown.couponId === null) masked.add(entry);
    return shown;
  };
}

function checkAll(entries, request, policy, cart) {
  const context = {
    policy,
    cart,
    now: instant(request.now),
    keys: canonicalKeys(request.customer),
    priorOrders: request.customer?.priorOrders ?? 0,
    codesAllowed: request.codesAllowed ?? true,
    counters: request.usage?.counters ?? {},
  };
  return new Map(entries.map((entry) => [entry, entry.refusal ? [entry.refusal] : failuresOf(entry, context)]));
}

function outcome(entry, state, discount, [primary = null, ...also]) {
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

function adjustment(entry, { requested, amount, shares }, cart) {
  const touched = cart.lines.filter((line) => shares.has(line) && shares.get(line) > 0n);
  return {
    index: entry.index,
    source: "code",
    couponId: entry.coupon.id,
    codeId: entry.record?.id ?? null,
    code: entry.code,
    label: entry.label,
    couponVersion: COUPON_VERSION,
    requested: minor(requested),
    amount: minor(amount),
    lines: touched.map((line) => ({
      lineId: line.id,
      amount: minor(shares.get(line)),
      units: unitRuns(shares.get(line), line.quantity).map((run) => ({
        quantity: Number(run.quantity),
        amount: minor(run.amount),
      })),
    })),
  };
}

function figures(cart, effects) {
  const taken = (line) => sumOf(effects.map(({ shares }) => shares.get(line) ?? 0n));
  const subtotal = sumOf(cart.lines.map((line) => line.subtotal));
  const discount = sumOf(effects.map(({ amount }) => amount));
  return {
    lines: cart.lines.map((line) => ({
      id: line.id,
      subtotal: minor(line.subtotal),
      discount: minor(taken(line)),
      total: minor(line.subtotal - taken(line)),
    })),
    totals: {
      subtotal: minor(subtotal),
      discount: minor(discount),
      shipping: minor(cart.shipping),
      total: minor(subtotal - discount + cart.shipping),
    },
  };
}
