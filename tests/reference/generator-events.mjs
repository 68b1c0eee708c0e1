/**
 * Owns what one generated request and its full answer are an example of.
 * Must not say how often anything has to happen.
 */
import { resolvePolicy } from "./policy.mjs";

/** What is refused for these reasons has passed every check of its own. */
const STACKING_REASONS = new Set(["already_applied", "not_combinable", "superseded_by_better", "too_many_codes", "no_effect"]);

export function* eventsOf(request, answer) {
  yield* stackingEvents(request, answer);
  yield* counterEvents(request);
  yield* appliedEvents(request, answer);
  yield* creditEvents(request, answer);
  yield* refusalEvents(request, answer);
}

function* stackingEvents(request, { adjustments, codes, strategy }) {
  if (adjustments.filter(({ source }) => source !== "foreign").length > 1) yield "two discounts or more apply";
  const { stacking } = resolvePolicy(request.policy);
  const { mode, maxCodes, onConflict, order } = stacking;
  const hasRules = (request.rules ?? []).length > 0;
  yield `mode ${mode}`;
  if (order !== "priority") yield `order ${order}`;
  if (codes.length === 30) yield "30 codes";
  if (mode !== "additive" && mode !== "sequential" && mode !== "best_combination") return;
  const isPassedOver = ({ level, code }) => level === "coupon" && STACKING_REASONS.has(code);
  const passing = codes.filter(({ rejection }) => rejection === null || isPassedOver(rejection));
  if (passing.length > maxCodes) yield "more pass than the maximum";
  if (maxCodes === 1 && passing.length >= 2 && passing.length <= 4) yield "2 to 4 pass where the maximum is 1";
  if (passing.length > 8) yield "more than 8 pass";
  if (passing.length > 12 && !hasRules) yield "13 or more pass";
  if (!strategy.exact) yield mode === "best_combination" ? "not exact, keep_best" : `not exact, ${onConflict}`;
  const names = passing.map(({ code, couponId }) => code ?? couponId);
  if (new Set(names).size < names.length) yield "a code and a coupon's id of one name pass";
}

function* counterEvents(request) {
  const now = new Date(request.now).getTime();
  for (const [name, { claimed, ended = 0, nextExpiry = null }] of Object.entries(request.usage?.counters ?? {})) {
    if (nextExpiry === null || limitOf(name, request) !== claimed - ended) continue;
    const place = { [-1]: "1 ms ago", 0: "now", 1: "in 1 ms" }[nextExpiry - now];
    if (place) yield `a full counter's hold ends ${place}`;
  }
}

/** The limit on redemptions that a counter is counted against, over all time. */
function limitOf(counter, { coupons }) {
  const [owner, id, customer] = counter.split("/");
  if (owner === "first_order" || !["customer", undefined].includes(customer)) return null;
  const isMeant = (code) => (code.id ?? code.code.toUpperCase()) === id;
  const codes = coupons.flatMap((coupon) => coupon.codes ?? []);
  const definition = owner === "coupon" ? coupons.find((coupon) => coupon.id === id) : codes.find(isMeant);
  return definition.limits?.[customer ? "perCustomer" : "total"] ?? null;
}

function* appliedEvents(request, { adjustments, trace, unlocked }) {
  const policy = resolvePolicy(request.policy);
  const { mode, onePerLine } = policy.stacking;
  const ours = adjustments.filter(({ source }) => source !== "foreign");
  if (ours.length > 1 && onePerLine) yield "one per line";
  if (ours.length > 0 && ours.length < adjustments.length) {
    yield "foreign beside ours";
    if (policy.foreignDiscounts === "subtract_from_base") yield "foreign subtracted";
  }
  const entries = ours.map(({ index }) => index).filter((index) => index !== null);
  if (new Set(entries).size < entries.length) yield "two effects of one entry apply";
  if (unlocked.length > 0) yield "an external rule is unlocked";
  for (const [place, adjustment] of ours.entries()) {
    const { couponId, ruleId, distribution, trimmed, source } = adjustment;
    const owner = ruleId === null ? request.coupons.find(({ id }) => id === couponId) : request.rules.find(({ id }) => id === ruleId);
    const { discount } = owner;
    const step = trace[place];
    yield `a ${step.type} applies`;
    if (discount.type === "tiers") yield "a tier applies";
    if (discount.every) yield "an amount for every applies";
    if (discount.units) yield "units apply";
    if (discount.units?.buy) yield "units to buy apply";
    if (discount.target === "shipping") yield "a discount on shipping applies";
    if (discount.maxPerLine) yield "a most per line applies";
    if (step.cap !== null) yield "a cap holds";
    if (distribution !== null) yield `${distribution} applies`;
    if (step.type === "percent" && distribution !== null && policy.roundingPoint !== "coupon") yield `rounded by ${policy.roundingPoint}`;
    if (discount.basis === "running" && mode !== "sequential" && step.after.length > 0) yield "a running base in another mode";
    if (discount.basis === "original" && mode === "sequential" && place > 0) yield "an original base in sequential";
    if (source === "automatic") yield "an automatic rule applies";
    else if (ruleId !== null) yield "a linked rule applies";
    if (trimmed) yield "trimmed";
    if (owner.dates === "override" && hasOwnDates(owner, adjustment)) yield "dates overridden";
  }
}

function hasOwnDates({ codes = [] }, adjustment) {
  const record = codes.find(({ code }) => code.toUpperCase() === adjustment.code);
  return ["startsAt", "expiresAt", "validForDays"].some((date) => record?.restrictions?.[date] != null);
}

function* creditEvents(request, { credits }) {
  if (credits.length > 0) yield "a credit pays";
  if (credits.length > 1) yield "two credits pay";
  const covers = credits.map(({ couponId }) => request.coupons.find(({ id }) => id === couponId).discount.covers);
  if (request.cart.tax > 0 && covers.some((covered) => covered && covered !== "items")) yield "a credit pays tax";
}

function* refusalEvents(request, { codes, automatic, totals }) {
  const policy = resolvePolicy(request.policy);
  const outcomes = [...codes, ...automatic];
  const codesOf = ({ codes: further = [] }) => further;
  const definitions = [...request.coupons, ...request.coupons.flatMap(codesOf), ...(request.rules ?? [])];
  const isRunning = definitions.some(({ restrictions }) => restrictions?.minimum?.basis === "running_before_this");
  for (const { rejection, also } of outcomes) {
    if (rejection === null) continue;
    const { code, details } = rejection;
    const isShortOfAll = code === "minimum_not_met" && details.scope === "all_lines" && details.actual < totals.subtotal;
    if (isShortOfAll && isRunning && also.length === 0) yield "a minimum fails while stacking";
    if (code === "stopped_by_previous" && policy.stacking.mode !== "first") yield "stopped after another";
    if (code === "too_many_codes" && details.category) yield "a category is full";
    if (code === "budget_exhausted" && details.required) yield "a budget would be overrun";
    if (details.per && code !== "reserved_elsewhere") yield `a limit per ${details.per} is reached`;
    if (details.per && code === "reserved_elsewhere") yield "a limit of a period is held";
    if (code === "not_first_order" && details.limit) yield "a key has had its first order";
    if (details.text) yield "told in the merchant's words";
    if (details.missing) yield "a missing product";
    if (details.requiredQuantity) yield "a quantity short";
  }
  const isReplaced = ({ rejection }) => rejection?.code === "not_combinable";
  const ids = new Set(automatic.map(({ ruleId }) => ruleId));
  const byRules = ({ rejection }) => rejection.details.with.every((name) => ids.has(name));
  if (codes.some((each) => isReplaced(each) && byRules(each))) yield "codes replaced by automatic";
  if (automatic.some(isReplaced)) yield "automatic replaced by codes";
  if (!policy.allowZeroTotal && totals.total === 1) yield "no zero total";
}
