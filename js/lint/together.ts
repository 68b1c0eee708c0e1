/**
 * Oddities that show on an order: what one coupon takes of it, whether two go together, whether their order matters.
 *
 * Must not know how discounts combine: each pair is handed to the engine with the shop's own policy.
 */
import { decimalOf, exponentOf } from "../messages/exponent.js";
import type { Cart } from "../types/cart.js";
import type { StoreCredit } from "../types/discount.js";
import type { Minor } from "../types/money.js";
import type { Policy } from "../types/policy.js";
import type { Quote } from "../types/quote.js";
import type { CouponDefinition } from "../types/coupon.js";
import type { RuleDefinition } from "../types/rule.js";
import { allApplied, onBench, type Ask } from "./bench.js";
import { named, type Case, type Check, type Placed } from "./check.js";
import { forAnybody, forBearer, isActive, linkedRules, millis, type Coupon, type Rule } from "./definitions.js";
import { ANY_CURRENCY, currenciesOf, exampleCart, includedIds } from "./example.js";
import type { OrderDetails } from "./types.js";

export const freeOrder: Check = {
  finds: "free_order",
  run(given) {
    for (const coupon of given.coupons) {
      onBench(forOneAndAll([coupon.of], given), given.work, (ask) => {
        for (const cart of cartsFor([coupon.of], given)) {
          const quote = quoteOf(ask, [coupon.of], cart, given);
          if (quote !== null && reachesZero(quote)) return reportFree(given, coupon, quote);
        }
      });
    }
  },
};

/** By discounts: what store credit pays is paid. */
function reachesZero({ totals }: Quote): boolean {
  return BigInt(totals.total) === 0n && BigInt(totals.credit) === 0n && BigInt(totals.discount) > 0n;
}

function reportFree(given: Case, { of: { id }, path }: Placed<Coupon>, { currency, totals }: Quote): void {
  const { subtotal, discount } = totals;
  const message = `Coupon ${id} makes an order of ${money(subtotal, currency)} free.`;
  given.warn({ code: "free_order", severity: "warning", couponIds: [id], path, details: { currency, subtotal, discount }, message });
}

export const orderDependent: Check = {
  finds: "order_dependent",
  run(given) {
    const live = given.coupons.map(({ of }) => of).filter(isActive);
    onBench(forOneAndAll(live, given), given.work, (ask) => {
      const effective = live.filter((coupon) => cartsFor([coupon], given).some((cart) => takes(quoteOf(ask, [coupon], cart, given))));
      for (const [first, second] of pairsOf(effective)) {
        const orders = ordersOf(ask, first, second, given);
        if (orders !== null) reportOrder(given, [first, second], orders);
      }
    });
  },
};

/** Both orders on the first example on which both apply and the figures differ. */
function ordersOf(ask: Ask, first: Coupon, second: Coupon, given: Case): OrderDetails | null {
  const { policy } = given.definitions;
  const asEntered: Policy = { ...policy, stacking: { ...policy?.stacking, order: "requested" } };
  for (const cart of cartsFor([first, second], given)) {
    const quotes = [[first, second], [second, first]].map((pair) => ({ pair, quote: quoteOf(ask, pair, cart, given, asEntered) }));
    if (!quotes.every(({ quote }) => quote !== null && allApplied(quote))) continue;
    const orders = quotes.map(({ pair, quote }) => ({ couponIds: pair.map(({ id }) => id), discount: quote?.totals.discount ?? 0 }));
    if (BigInt(orders[0]?.discount ?? 0) === BigInt(orders[1]?.discount ?? 0)) continue;
    return { currency: cart.currency, orders, decidedBy: decidedBy(first, second, policy) };
  }
  return null;
}

function decidedBy(first: Coupon, second: Coupon, policy: Policy | undefined): OrderDetails["decidedBy"] {
  if (policy?.stacking?.order === "requested") return "shopper";
  return (first.priority ?? 0) === (second.priority ?? 0) ? "order" : "priority";
}

const DECIDED = {
  shopper: "the shopper decides by the order of typing",
  priority: "their priorities decide",
  order: "their priorities are equal, so the shop's order decides",
} as const;

function reportOrder(given: Case, coupons: readonly Coupon[], details: OrderDetails): void {
  const figures = details.orders.map(({ couponIds, discount }) => `${couponIds.join(" before ")} takes ${money(discount, details.currency)}`);
  given.warn({
    code: "order_dependent",
    severity: details.decidedBy === "priority" ? "hint" : "warning",
    couponIds: coupons.map(({ id }) => id),
    details: { ...details },
    message: `The order matters: ${figures.join(", ")}; ${DECIDED[details.decidedBy]}.`,
  });
}

export const neverCombines: Check = {
  finds: "can_never_combine",
  run(given) {
    const live = given.coupons.filter(({ of }) => isActive(of) && stacks(of, given));
    if (live.length === 0 || !takesSeveral(given)) return;
    onBench({ coupons: live.map(({ of }) => neutral(of, given)), rules: given.definitions.rules.map(neutralRule) }, given.work, (ask) => {
      let last = 0;
      for (const coupon of live) {
        // The partner of the coupon before is likely to be one again.
        const others = [live[last], ...live].filter((other) => other !== undefined && other !== coupon) as typeof live;
        const partner = others.find((other) => goTogether(ask, coupon.of, other.of, given));
        if (partner !== undefined) last = live.indexOf(partner);
        else reportAlone(given, coupon, others.map(({ of }) => of));
      }
    });
  },
};

function goTogether(ask: Ask, first: Coupon, second: Coupon, given: Case): boolean {
  const quote = quoteOf(ask, [first, second], neutralCart(), given);
  return quote !== null && allApplied(quote);
}

function reportAlone(given: Case, { of: coupon, path }: Placed<Coupon>, others: readonly Coupon[]): void {
  const { id, exclusive, combinesWith = "all" } = coupon;
  const categories = typeof combinesWith === "string" ? [] : combinesWith;
  const known = new Set(others.flatMap((other) => [other, ...linkedRules(other, given.definitions.rules)]).map(({ category }) => category));
  const warn = (reason: string, severity: "warning" | "hint", text: string): void => {
    given.warn({ code: "can_never_combine", severity, couponIds: [id], path, details: { reason, categories }, message: `Coupon ${id} goes with none of the others: ${text}.` });
  };
  if (exclusive) return warn("exclusive", "hint", "it is exclusive");
  if (combinesWith === "none") return warn("combines_with_none", "hint", "it combines with none");
  if (others.length === 0) return;
  if (categories.length > 0 && !categories.some((category) => known.has(category))) return warn("unknown_category", "warning", `no other has the category ${named(categories)}`);
  warn("refused_by_all", "warning", "no pair of it and another agrees to combine");
}

/** By the engine: whether two coupons without a reason against it apply together. */
export function takesSeveral(given: Case): boolean {
  const coupons = ["first", "second"].map((id) => ({ id, type: "standard", code: null, discount: NEUTRAL } as const));
  return onBench({ coupons }, given.work, (ask) => {
    const quote = ask({ ...asked(coupons, neutralCart(), given), now: given.definitions.now });
    return quote !== null && allApplied(quote);
  });
}

/** Takes 0.01 of any cart of this currency: nothing but consent is left to decide. */
export const NEUTRAL = { type: "amount", amounts: { [ANY_CURRENCY]: 1 } } as const;

export function neutralCart(): Cart {
  return { currency: ANY_CURRENCY, lines: [{ id: "line_1", unitPrice: 1_000_000, quantity: 1 }] };
}

function neutral(coupon: Coupon, given: Case): CouponDefinition {
  const linked = linkedRules(coupon, given.definitions.rules).filter(({ gate }) => gate === "coupon").map(({ id }) => id);
  const { codes: _, rules: __, ...rest } = coupon;
  const { startsAt = null, expiresAt = null } = coupon.restrictions ?? {};
  const bare = { ...rest, limits: {}, restrictions: { startsAt, expiresAt } };
  return linked.length > 0 ? { ...bare, rules: linked } : { ...bare, discount: NEUTRAL };
}

function neutralRule(rule: Rule): RuleDefinition {
  const { discount: _, restrictions: __, ...rest } = rule;
  return rule.gate === "external" ? rest : { ...rest, discount: NEUTRAL };
}

/** Store credit and what the host computes take no part in stacking; a draft does nothing. */
export function stacks(coupon: Coupon, { definitions }: Case): boolean {
  if (coupon.discount) return coupon.discount.type !== ("store_credit" satisfies StoreCredit["type"]);
  return linkedRules(coupon, definitions.rules).some((rule) => rule.gate === "coupon" && isActive(rule));
}

/** Coupons and their rules as anybody meets them; each still within its window. */
function forOneAndAll(coupons: readonly Coupon[], given: Case): { readonly coupons: CouponDefinition[]; readonly rules: RuleDefinition[] } {
  const linked = new Set(coupons.flatMap(({ rules }) => rules ?? []));
  return { coupons: coupons.map(openCoupon), rules: given.definitions.rules.filter(({ id }) => linked.has(id)).map(openRule) };
}

function openCoupon(coupon: Coupon): CouponDefinition {
  return { ...forBearer(coupon), codes: [], state: "active", limits: {}, restrictions: forAnybody(coupon.restrictions) };
}

function openRule(rule: Rule): RuleDefinition {
  return { ...rule, restrictions: forAnybody(rule.restrictions) };
}

/** The caller's, else one in each currency that all of them may be in. */
function cartsFor(coupons: readonly Coupon[], { definitions }: Case): readonly Cart[] {
  if (definitions.cart) return [definitions.cart];
  const [first = [], ...others] = coupons.map((coupon) => currenciesOf(coupon, definitions)).filter((currencies) => currencies.length > 0);
  const common = first.filter((currency) => others.every((currencies) => currencies.includes(currency)));
  const ids = includedIds(coupons, coupons.flatMap((coupon) => linkedRules(coupon, definitions.rules)));
  if (first.length === 0) return [exampleCart(ANY_CURRENCY, ids)];
  return common.slice(0, 1).map((currency) => exampleCart(currency, ids));
}

function quoteOf(ask: Ask, coupons: readonly Coupon[], cart: Cart, given: Case, policy = given.definitions.policy): Quote | null {
  const starts = coupons.flatMap(({ restrictions }) => (restrictions?.startsAt == null ? [] : [millis(restrictions.startsAt)]));
  return ask({ ...asked(coupons, cart, given, policy), now: Math.max(millis(given.definitions.now), ...starts) });
}

function asked(coupons: readonly { readonly id: string }[], cart: Cart, { definitions: { zones, policy: own } }: Case, policy = own): Omit<Parameters<Ask>[0], "now"> {
  return { codes: coupons.map(({ id }) => ({ couponId: id })), cart, automatic: false, ...(policy ? { policy } : {}), ...(zones ? { zones } : {}) };
}

function takes(quote: Quote | null): boolean {
  return quote !== null && quote.adjustments.some(({ source }) => source === "code");
}

function* pairsOf<T>(list: readonly T[]): Iterable<readonly [T, T]> {
  for (const [at, first] of list.entries()) {
    for (const second of list.slice(at + 1)) yield [first, second];
  }
}

function money(minor: Minor, currency: string): string {
  return `${decimalOf(minor, exponentOf(currency))} ${currency}`;
}

