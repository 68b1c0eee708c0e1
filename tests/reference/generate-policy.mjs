/**
 * Owns random policies of a shop.
 * Must not know what is sold; what it makes is always valid input.
 */
import { CURRENCIES } from "./generate-carts.mjs";
import { DISTRIBUTIONS } from "./generate-discounts.mjs";
import { ZONES } from "./generate-restrictions.mjs";

export function randomPolicy(random) {
  if (random.chance(3)) return undefined;
  const policy = {};
  if (random.chance(60)) policy.preset = random.pick(["default", "dino", "xpay", "dovetech", "fontdue"]);
  const stacking = randomStacking(random, policy.preset === "dino" || policy.preset === "dovetech");
  if (Object.keys(stacking).length > 0) policy.stacking = stacking;
  if (random.chance(60)) policy.rounding = random.pick(["half_up", "half_even", "half_down", "floor"]);
  if (random.chance(45)) policy.roundingPoint = random.pick(["coupon", "line", "unit"]);
  if (random.chance(35)) policy.distribution = random.pick(DISTRIBUTIONS);
  if (random.chance(15)) policy.disclosure = random.pick(["uniform", "actionable", "full"]);
  if (random.chance(10)) policy.minBasisPoints = random.pick([1, 50, 100]);
  if (random.chance(30)) policy.urlTokenTyped = random.chance(50);
  if (random.chance(30)) policy.innerSpace = random.pick(["remove", "reject"]);
  if (random.chance(40)) policy.stripPlusTag = random.chance(60);
  if (random.chance(55)) policy.zone = random.pick(Object.keys(ZONES));
  if (random.chance(5)) policy.redemption = { holdFor: 60_000, lateRedeem: "overdraft", restore: { refunded: "customer_only" } };
  return { ...policy, ...randomBounds(random) };
}

/** Any policy, but one under which a selection has to be made. */
export function selectingPolicy(random, maxCodes) {
  const policy = randomPolicy(random) ?? {};
  const mode = random.weighted([[4, "additive"], [4, "sequential"], [1, "best_combination"]]);
  const onConflict = random.pick(["reject_new", "keep_best"]);
  return { ...policy, stacking: { ...policy.stacking, mode, maxCodes, onConflict } };
}

function randomStacking(random, allowsSeveral) {
  const stacking = {};
  const modes = [[44, "additive"], [34, "sequential"], [9, "best_combination"], [6, "best"], [5, "first"], [3, "none"]];
  if (random.chance(85)) stacking.mode = random.weighted(modes);
  if (random.chance(allowsSeveral ? 50 : 92)) stacking.maxCodes = random.weighted([[4, 1], [15, 2], [22, 3], [29, 5], [30, 30]]);
  if (random.chance(60)) stacking.order = random.pick(["priority", "requested", "fixed_first", "percent_first"]);
  if (random.chance(60)) stacking.onConflict = random.pick(["reject_new", "keep_best", "keep_best"]);
  if (random.chance(9)) stacking.onInapplicable = random.weighted([[3, "all_or_nothing"], [1, "partial"]]);
  if (random.chance(25)) stacking.maxPerCategory = { [random.pick(["seasonal", "loyalty"])]: 1, ...(random.chance(40) && { vip: random.int(1, 2) }) };
  if (random.chance(15)) stacking.onePerLine = random.chance(85);
  return stacking;
}

/** What the shop never lets through, and how it takes to others' discounts. */
function randomBounds(random) {
  const policy = {};
  const least = () => random.weighted([[4, random.int(1, 100)], [3, random.int(100, 20_000)], [1, 10 ** 12]]);
  if (random.chance(14)) policy.globalCapBasisPoints = random.pick([1, 500, 1000, 2000, 2500, 4000, 10_000, null]);
  if (random.chance(14)) policy.minPayable = Object.fromEntries(random.some(CURRENCIES).map((currency) => [currency, least()]));
  else if (random.chance(5)) policy.minPayable = null;
  if (random.chance(24)) policy.allowZeroTotal = random.chance(20);
  if (random.chance(30)) policy.foreignDiscounts = random.pick(["alongside", "suppress_ours", "subtract_from_base", "subtract_from_base"]);
  if (random.chance(22)) policy.interaction = random.pick(["alongside", "code_replaces", "automatic_replaces"]);
  return policy;
}
