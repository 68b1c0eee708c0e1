/**
 * Owns random coupons, their codes and the rules beside them. Most have no trouble, so that many requests apply several.
 * Must not decide what is entered; what it makes is always valid input.
 */
import { amountsFor, randomCredit, randomDiscount } from "./generate-discounts.mjs";
import { instantText, randomRestrictions, TROUBLES as OF_RESTRICTIONS } from "./generate-restrictions.mjs";

const A_DAY = 86_400_000;
const OF_RULES = ["archived", "inactive", ...OF_RESTRICTIONS];
const OF_COUPONS = [
  ...OF_RULES, "no_discount", "limit", "held", "customer_limit", "customer_held", "budget", "budget_held", "budget_low",
];
const OF_CREDITS = [...OF_RULES, "balance", "balance", "balance", "balance_held"];
const CATEGORIES = ["seasonal", "loyalty", "shipping_club", "vip"];
const WORDS = ["SAVE", "SUMMER", "VIP", "A", "0", "WELCOME_", "BLACK-FRIDAY-", "X-", "Z_Z"];
const NAMES = ["Summer sale", "Welcome", "Été −20 %", "VIP only", "夏"];

/**
 * `{coupons, rules, uses}`: `uses` says how far each limit is to be used up: `open`, `held` or `reached`. With
 * `untroubled` a number, so many coupons are made and next to all of them can be used; without it some have a trouble.
 */
export function randomDefinitions(random, { cart, customer, now, policy, untroubled = null }) {
  const anyCount = random.weighted([[4, 1], [10, 2], [20, 3], [27, 4], [24, 5], [15, random.int(6, 9)]]);
  const newId = (_, place) => `${random.pick(["c", "Coupon_", "coupon-", "Z", "A"])}${place}`;
  const couponIds = Array.from({ length: untroubled ?? anyCount }, newId);
  const maker = { random, cart, customer, now, policy, untroubled, couponIds, texts: new Set(), uses: [], codeCount: 0 };
  const ruleCount = untroubled === null
    ? random.weighted([[34, 0], [22, 1], [22, 2], [14, 3], [8, 5]])
    : random.weighted([[75, 0], [15, 1], [10, 3]]);
  const rules = Array.from({ length: ruleCount }, (_, place) => randomRule(maker, place));
  const linkable = rules.filter(({ gate }) => gate !== "automatic").map(({ id }) => id);
  const coupons = couponIds.map((id) => randomCoupon({ ...maker, linkable, count: () => (maker.codeCount += 1) }, id));
  return { coupons, rules, uses: maker.uses };
}

function randomRule(maker, place) {
  const { random } = maker;
  const troubles = maker.untroubled === null && random.chance(28) ? [random.pick(OF_RULES)] : [];
  const gate = random.weighted([[6, "automatic"], [6, "coupon"], [2, "external"]]);
  const rule = { id: `${random.pick(["r", "Rule-", "A", "R_"])}${place}`, gate };
  if (gate !== "external") rule.discount = randomDiscount(maker, troubles);
  const restrictions = randomRestrictions(maker, troubles, { level: "rule", issuedAt: maker.now });
  if (Object.keys(restrictions).length > 0 || random.chance(5)) rule.restrictions = restrictions;
  Object.assign(rule, randomState(random, troubles), randomTemper(random));
  if (gate === "automatic" && random.chance(15)) rule.interaction = random.pick(["alongside", "code_replaces", "automatic_replaces", null]);
  if (random.chance(10)) rule.description = "for staff";
  return rule;
}

function randomCoupon(maker, id) {
  const { random } = maker;
  const isTroubled = maker.untroubled === null && random.chance(33);
  const mayBeCredit = maker.untroubled === null && random.chance(14);
  const linked = !mayBeCredit && maker.linkable.length > 0 && random.chance(50) ? random.some(maker.linkable, 2) : null;
  const list = mayBeCredit ? OF_CREDITS : OF_COUPONS;
  const troubles = isTroubled ? random.shuffled(list).slice(0, random.weighted([[3, 1], [1, 2]])) : [];
  const troubled = random.weighted([[5, ["coupon"]], [3, ["code"]], [2, ["coupon", "code"]]]);
  const coupon = { id, type: random.weighted([[70, "standard"], [mayBeCredit ? 0 : 18, "bulk_pool"], [12, "url_token"]]) };
  const isDraft = troubles.includes("no_discount");
  const discount = isDraft ? random.pick([null, undefined]) : mayBeCredit ? randomCredit(maker, troubles) : randomDiscount(maker, troubles);
  if (linked && !isDraft) coupon.rules = linked;
  else if (discount !== undefined) coupon.discount = discount;
  if (coupon.type !== "standard" || !random.chance(12)) coupon.code = codeText(maker);
  else if (random.chance(50)) coupon.code = null;
  const needsCodes = coupon.type === "bulk_pool" || coupon.code == null;
  const codeCount = needsCodes ? random.int(1, 3) : random.weighted([[7, 0], [3, random.int(1, 2)]]);
  if (codeCount > 0) {
    coupon.codes = Array.from({ length: codeCount }, () => randomCode(maker, troubled.includes("code") ? troubles : []));
  }
  if (codeCount > 0 && random.chance(25)) coupon.dates = random.pick(["override", "override", "intersect"]);
  const spared = codeCount > 0 && !troubled.includes("coupon");
  const isBound = mayBeCredit && !isDraft && !discount.bearer;
  const whose = { level: "coupon", issuedAt: maker.now, isCredit: isBound };
  Object.assign(coupon, randomGuard(maker, `coupon:${coupon.id}`, spared ? [] : troubles, whose));
  if (mayBeCredit && !isDraft) useCredit(maker, coupon, troubles);
  else Object.assign(coupon, withBudget(maker, coupon, troubles));
  Object.assign(coupon, randomTemper(random));
  if (random.chance(3)) coupon.exclusive = true;
  if (random.chance(10)) {
    coupon.duration = random.pick([{ type: "once" }, { type: "forever" }, { type: "repeating", months: 3 }, { type: "repeating", payments: 3 }]);
  }
  if (random.chance(4)) coupon.template = random.pick(["SAVE##", "########"]);
  return coupon;
}

/** How much of a credit is spent and held, in the cart's currency. */
function useCredit({ random, cart, uses }, { id, discount }, troubles) {
  const issued = discount.amounts[cart.currency];
  if (typeof issued !== "number") return;
  const use = troubles.includes("balance") ? "reached" : troubles.includes("balance_held") ? "held" : random.chance(40) ? "open" : null;
  if (use !== null) uses.push({ owner: `credit:${id}`, name: "credit", limit: issued, use });
}

/** A budget, and how much of it is spent and held; often one that has less left than a discount takes. */
function withBudget({ random, cart, uses }, { id, limits }, troubles) {
  const use = troubles.includes("budget") ? "reached" : troubles.includes("budget_held") ? "held" : "open";
  const isLow = use === "open" && (troubles.includes("budget_low") || random.chance(1.5));
  if (use === "open" && !isLow && !random.chance(5)) {
    if (limits !== undefined && random.chance(10)) limits.budget = null;
    return {};
  }
  const whole = isLow
    ? random.weighted([[3, random.int(1, 900)], [1, random.int(900, 20_000)]])
    : random.weighted([[5, random.int(1, 50_000)], [3, 10 ** 12], [1, Number.MAX_SAFE_INTEGER]]);
  const isElsewhere = random.chance(4);
  uses.push({ owner: `budget:${id}`, name: cart.currency, limit: whole, use });
  return { limits: { ...limits, budget: amountsFor(random, cart, isElsewhere, BigInt(whole)) } };
}

function randomCode(maker, troubles) {
  const { random } = maker;
  const count = maker.count();
  const code = { code: codeText(maker) };
  if (random.chance(50)) code.id = `code_${count}`;
  const codeId = code.id ?? code.code.toUpperCase();
  const isOlder = random.chance(35) || troubles.includes("expired");
  const issuedAt = maker.now - (isOlder ? random.pick([0, A_DAY, 3 * A_DAY, random.int(1, 10 ** 11)]) : 0);
  if (issuedAt !== maker.now) code.issuedAt = instantText(random, issuedAt);
  return Object.assign(code, randomGuard(maker, `code:${codeId}`, troubles, { level: "code", issuedAt }));
}

function codeText(maker) {
  const { random, texts } = maker;
  let text;
  do {
    text = `${random.pick(WORDS)}${random.int(1, 99)}`;
    if (random.chance(2)) text = text.padEnd(64, "Q");
    else if (random.chance(5)) text = `A${random.int(0, 8)}`; // perhaps the id of a coupon or a rule, too
  } while (texts.has(text));
  texts.add(text);
  return random.chance(8) ? text.toLowerCase() : text;
}

/** State, restrictions and limits of a coupon or a code. */
function randomGuard(maker, owner, troubles, whose) {
  const { random } = maker;
  const guard = randomState(random, troubles);
  const restrictions = randomRestrictions(maker, troubles, whose);
  if (Object.keys(restrictions).length > 0 || random.chance(5)) guard.restrictions = restrictions;
  const limits = randomLimits(maker, owner, troubles);
  if (Object.keys(limits).length > 0 || random.chance(5)) guard.limits = limits;
  return guard;
}

function randomState(random, troubles) {
  const shut = troubles.find((trouble) => trouble === "archived" || trouble === "inactive");
  if (shut) return { state: shut };
  return random.chance(15) ? { state: "active" } : {};
}

function randomLimits({ random, uses }, owner, troubles) {
  const limits = {};
  const settle = (name, reached, held) => {
    const use = troubles.includes(reached) ? "reached" : troubles.includes(held) ? "held" : random.chance(10) ? "open" : null;
    if (use === null) {
      if (random.chance(2)) limits[name] = null;
      return;
    }
    limits[name] = random.weighted([[6, 1], [5, random.int(2, 9)], [2, 10_000], [1, Number.MAX_SAFE_INTEGER]]);
    uses.push({ owner, name, limit: limits[name], use });
  };
  settle("total", "limit", "held");
  settle("perCustomer", "customer_limit", "customer_held");
  const windows = random.shuffled(["day", "week", "month"]).map((per) => ({ per }));
  const isCounting = (window) => Object.keys(window).length > 1;
  for (const name of ["total", "perCustomer"]) {
    if (!uses.some((use) => use.owner === owner && use.name === name) || !random.chance(40)) continue;
    // What was a limit over all time becomes one of a period.
    const window = random.pick(windows);
    window[name] = limits[name];
    delete limits[name];
    for (const use of uses) if (use.owner === owner && use.name === name) use.per = window.per;
  }
  const open = random.pick(windows);
  if (random.chance(3) && !isCounting(open)) {
    const name = random.pick(["total", "perCustomer"]);
    open[name] = random.int(1, 100);
    uses.push({ owner, name, per: open.per, limit: open[name], use: "open" });
  }
  const counting = windows.filter(isCounting).map((window) => (random.chance(20) ? Object.assign({ total: null, perCustomer: null }, window) : window));
  if (counting.length > 0 || random.chance(2)) limits.windows = counting;
  return limits;
}

/** How a coupon or a rule takes to others, and what it is called. */
function randomTemper(random) {
  const temper = {};
  if (random.chance(40)) temper.priority = random.weighted([[6, random.int(-2, 2)], [1, -1_000_000], [1, 1_000_000]]);
  if (random.chance(50)) temper.category = random.pick(CATEGORIES);
  if (random.chance(8)) temper.combinesWith = random.weighted([[2, "all"], [1, "none"], [5, random.some(CATEGORIES, 2)]]);
  if (random.chance(45)) temper.name = random.pick(NAMES);
  if (random.chance(8)) temper.stopAfter = random.chance(70);
  if (random.chance(8)) temper.withForeign = random.pick(["alongside", "suppress", null]);
  if (random.chance(20)) temper.refusalMessage = random.pick(["Sorry, not today.", "Nur für Mitglieder – é", null]);
  if (random.chance(3)) temper.metadata = { source: "tests" };
  return temper;
}
