/**
 * Owns the answer: the stages in order, and the quote put together from them.
 * Must not hold a rule of its own, nor check the request: it is taken to be well-formed.
 */
import { adjustment, automaticOutcome, credit, figures, foreignAdjustments, outcome, trace } from "./answer.mjs";
import { automaticCandidates, candidatesOfEntry } from "./candidates.mjs";
import { overruns } from "./budgets.mjs";
import { canonicalKeys, compareBytes } from "./canonical.mjs";
import { readCart, sumOf } from "./cart.mjs";
import { failuresOfAll, furthest } from "./checks.mjs";
import { instant } from "./checks-time.mjs";
import { closed, disclose, discloseAutomatic } from "./disclose.mjs";
import { readEntries } from "./entries.mjs";
import { resolveDisclosure, resolvePolicy } from "./policy.mjs";
import { foremost, inFixedOrder, rejection, stateOf } from "./rejection.mjs";
import { settle } from "./settle.mjs";

/** The quote of an `EvaluateRequest`, without fingerprint and texts. */
export function evaluate(request) {
  const policy = resolvePolicy(request.policy);
  const cart = readCart(request.cart);
  const shop = { cart, policy, counters: request.usage?.counters ?? {} };
  const { judged, result, outcomes } = withinBudgets(request, shop);
  const { applied, standing, credits, exact } = result;
  const disclosing = discloser(request, policy);
  const answer = {
    currency: cart.currency,
    codes: outcomes.map(({ entry, state, discount, reasons }) => disclosing(entry, outcome(entry, state, discount, reasons))),
    adjustments: [...foreignAdjustments(cart), ...applied.map((each) => adjustment(each, cart))],
    credits: credits.map(credit),
    unlocked: [...new Set(outcomes.flatMap(({ unlocked }) => unlocked))],
    automatic: judged.automatic.flatMap((each) => {
      const { state, discount, reasons } = judgement(each, result);
      return discloseAutomatic(automaticOutcome(each.candidates[0].rule, state, discount, reasons), resolveDisclosure(request));
    }),
    ...figures(cart, applied, credits),
    strategy: {
      stacking: policy.stacking.mode,
      rounding: policy.rounding,
      roundingPoint: policy.roundingPoint,
      distribution: policy.distribution,
      exact,
    },
  };
  return request.trace ? { ...answer, trace: trace(applied, standing, credits, shop) } : answer;
}

/** An entry that would overrun its coupon's budget is refused, and all is decided again without it. */
function withinBudgets(request, shop) {
  const entries = readEntries(request, shop.policy);
  const overrun = new Map();
  for (;;) {
    const judged = judgeAll(request, entries, overrun, shop);
    const decided = wholeOrParts(judged, shop);
    const more = overruns(decided.outcomes, shop);
    if (more.length === 0) return { judged, ...decided };
    for (const [entry, reason] of more) overrun.set(entry, reason);
  }
}

/** Every entry and automatic rule with its candidates: those that pass, or the failures of the one to be told of. */
function judgeAll(request, entries, overrun, shop) {
  const { cart, policy, counters } = shop;
  const ofEntry = new Map(entries.map((entry) => [entry, candidatesOfEntry(entry, request.rules ?? [], cart)]));
  const automatic = automaticCandidates(request, policy, cart);
  const failures = failuresOfAll([...[...ofEntry.values()].flat(), ...automatic], {
    policy,
    cart,
    counters,
    now: instant(request.now),
    zones: request.zones ?? {},
    keys: canonicalKeys(request.customer),
    groups: request.customer?.groups ?? [],
    priorOrders: request.customer?.priorOrders ?? 0,
    codesAllowed: request.codesAllowed ?? true,
  }, overrun);
  const judge = (entry, candidates) => {
    const passing = candidates.filter((each) => failures.get(each).length === 0);
    const reasons = () => (entry?.refusal ? [entry.refusal] : furthest(candidates.map((each) => failures.get(each))));
    if (overrun.has(entry)) return { entry, candidates, passing: [], beside: [], failures: [overrun.get(entry)] };
    const beside = candidates.filter((each) => each.rule && !passing.includes(each)).map((each) => ofRule(failures.get(each)[0], each));
    return { entry, candidates, passing, beside, failures: passing.length > 0 ? [] : reasons() };
  };
  return {
    entries: entries.map((entry) => judge(entry, ofEntry.get(entry))),
    automatic: automatic.map((each) => judge(null, [each])),
  };
}

/** Where one code that does not apply spoils all of them, the automatic rules are left alone. */
function wholeOrParts({ entries, automatic }, shop) {
  const passing = (list) => list.flatMap((each) => each.passing);
  const result = settle(passing([...entries, ...automatic]), shop);
  const opened = new Map();
  const judged = new Map(openingOrder(entries, shop.policy).map((each) => [each, judgement(each, result, opened)]));
  const outcomes = entries.map((each) => judged.get(each));
  const isWhole = outcomes.every(({ state, entry }) => state === "applied" || entry.repeats != null);
  if (isWhole || shop.policy.stacking.onInapplicable === "partial") return { result, outcomes };
  const spoilt = [rejection("not_all_applicable", "coupon")];
  return {
    result: settle(passing(automatic), shop),
    outcomes: outcomes.map((each) => (each.state === "applied" ? refused(each.entry, spoilt) : each)),
  };
}

/** Which of two codes opens a rule does not hang on the order they were entered in, unless the shop wants that. */
function openingOrder(entries, { stacking: { order } }) {
  const byName = (a, b) =>
    (a.entry.coupon?.priority ?? 0) - (b.entry.coupon?.priority ?? 0) ||
    compareBytes(a.entry.name ?? "", b.entry.name ?? "") ||
    Number(a.entry.code === null) - Number(b.entry.code === null);
  return order === "requested" ? entries : [...entries].sort(byName);
}

/** `{state, discount, reasons, unlocked}` of an entry or an automatic rule; an external rule is `opened` by its first code. */
function judgement({ entry, passing: all, beside, failures }, { applied, credits, refusals, external }, opened = new Map()) {
  if (all.length === 0) return refused(entry, failures);
  const [passing, again] = [all.filter(({ rule }) => !opened.has(rule?.id)), all.find(({ rule }) => opened.has(rule?.id))];
  if (passing.length === 0) return refused(entry, [rejection("already_applied", "coupon", { with: [opened.get(again.rule.id)] })]);
  const unlocked = passing.filter(({ isExternal }) => isExternal).map(({ rule }) => rule.id);
  const amounts = [
    ...applied.filter(({ effect }) => passing.includes(effect.candidate)).map(({ taken }) => taken.amount),
    ...credits.filter(({ candidate }) => passing.includes(candidate)).map(({ amount }) => amount),
  ];
  const ofHost = passing.filter((each) => external.has(each)).map((each) => external.get(each));
  if (amounts.length > 0 || ofHost.length === passing.length) {
    for (const id of unlocked) opened.set(id, entry.name);
    const refusedRules = [...refusals].filter(([each]) => each.rule && all.includes(each)).map(([each, reason]) => ofRule(reason, each));
    const reasons = entry ? [null, ...inFixedOrder([...beside, ...refusedRules])] : [];
    return { entry, state: "applied", discount: sumOf([...amounts, ...ofHost]), reasons, unlocked };
  }
  return refused(entry, [foremost([...refusals].filter(([candidate]) => passing.includes(candidate)).map(([, reason]) => reason))]);
}

/** Of a linked rule that does not apply while others of its code do. */
function ofRule({ code, level, details }, { rule }) {
  return rejection(code, level, { ...details, ruleId: rule.id });
}

function refused(entry, reasons) {
  return { entry, state: stateOf(reasons), discount: 0n, reasons, unlocked: [] };
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
