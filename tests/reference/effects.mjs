/**
 * Owns what stacking sees of a candidate that passed: its terms on this cart, its place in the order, with whom it
 * agrees to stand.
 * Must not decide which effects stand.
 */
import { compareBytes } from "./canonical.mjs";
import { narrows } from "./cart.mjs";

export function effectOf(candidate) {
  const { entry, coupon, rule, levels, discount, target, measured } = candidate;
  return {
    ...candidate,
    value: measured.value,
    factor: measured.factor,
    picks: measured.picks,
    name: entry?.name ?? rule.id,
    isById: entry === null || entry.code === null,
    isLineLevel: target === "items" && (levels.some(({ products }) => narrows(products)) || discount.units != null),
    priority: (rule ?? coupon).priority ?? 0,
    stops: [coupon, rule].some((definition) => definition?.stopAfter === true),
    withForeign: rule?.withForeign ?? coupon?.withForeign ?? null,
    couponConsent: coupon && consentOf(coupon),
    ruleConsent: rule && consentOf(rule),
  };
}

function consentOf({ exclusive = false, category = null, combinesWith = "all" }) {
  return { exclusive, category, combinesWith };
}

export function inOrder(effects, { stacking: { order } }) {
  const kind = kindBy(order);
  // Never a tie: two effects of one name are a code's and a coupon id's, or come by different rules.
  const byPriority = (a, b) =>
    a.priority - b.priority ||
    classOf(a) - classOf(b) ||
    kind(a) - kind(b) ||
    compareBytes(a.name, b.name) ||
    Number(a.isById) - Number(b.isById) ||
    compareBytes(a.rule?.id ?? "", b.rule?.id ?? "");
  const byRequest = (a, b) => (a.entry?.index ?? -1) - (b.entry?.index ?? -1) || byPriority(a, b);
  return [...effects].sort(order === "requested" ? byRequest : byPriority);
}

/** Line-level effects come before those of the whole order, and these before those of shipping. */
function classOf({ isLineLevel, target }) {
  return target === "shipping" ? 2 : isLineLevel ? 0 : 1;
}

function kindBy(order) {
  const isPercent = ({ value }) => value.type === "percent";
  if (order === "fixed_first") return (effect) => Number(isPercent(effect));
  if (order === "percent_first") return (effect) => Number(!isPercent(effect));
  return () => 0;
}

/** One discount is taken once, by however many codes it is reached. */
export function isSameDiscount(a, b) {
  if (a.rule || b.rule) return a.rule === b.rule;
  return a.coupon === b.coupon;
}

/** Combination needs the consent of every side; a coupon that stands alone gives none to any other coupon. */
export function conflict(a, b) {
  return refuses(a, b) || refuses(b, a);
}

function refuses(effect, other) {
  const categories = consentsTowards(other, effect).map(({ category }) => category);
  const isAlone = (exclusive) => exclusive && other.entry !== null;
  return consentsTowards(effect, other).some(({ exclusive, combinesWith }) => isAlone(exclusive) || !tolerates(combinesWith, categories));
}

/** Within one entry the coupon has consented already: only its rules are asked. */
function consentsTowards(effect, other) {
  const isSameEntry = effect.entry !== null && effect.entry === other.entry;
  return [isSameEntry ? null : effect.couponConsent, effect.ruleConsent].filter((consent) => consent !== null);
}

function tolerates(combinesWith, categories) {
  if (combinesWith === "all") return true;
  if (combinesWith === "none") return false;
  return categories.some((category) => combinesWith.includes(category));
}

export function categoriesOf({ couponConsent, ruleConsent }) {
  const given = [couponConsent, ruleConsent].map((consent) => consent?.category ?? null);
  return [...new Set(given.filter((category) => category !== null))];
}

/** The names of these, each once, in their order. */
export function namesOf(effects) {
  return [...new Set(effects.map(({ name }) => name))];
}
