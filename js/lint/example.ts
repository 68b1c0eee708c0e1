/**
 * The order that warnings are shown on where the caller gives none.
 */
import { exponentOf } from "../messages/exponent.js";
import type { Cart } from "../types/cart.js";
import type { Discount } from "../types/discount.js";
import type { Amounts, Currency } from "../types/money.js";
import type { Restrictions } from "../types/restrictions.js";
import { linkedRules, type Coupon, type Definitions, type Rule } from "./definitions.js";

/** Where no definition names one. */
export const ANY_CURRENCY = "USD";
const MAX_IDS_OF_A_LINE = 100;
/** Of one example; a coupon may name 10,000. */
const MAX_LINES = 10;

/** 100.00: one line of four units, so that "buy two, get one" has its units; more lines only for more than 100 ids. */
export function exampleCart(currency: Currency, ids: readonly string[]): Cart {
  const count = Math.min(MAX_LINES, Math.max(1, Math.ceil(ids.length / MAX_IDS_OF_A_LINE)));
  const whole = 100 * 10 ** exponentOf(currency);
  const lines = Array.from({ length: count }, (_, index) => ({
    id: `line_${index + 1}`,
    unitPrice: Math.floor(whole / count / 4),
    quantity: 4,
    ids: ids.slice(index * MAX_IDS_OF_A_LINE, (index + 1) * MAX_IDS_OF_A_LINE),
  }));
  return { currency, lines };
}

/** Every product id that an `include` of these names. */
export function includedIds(coupons: readonly Coupon[], rules: readonly Rule[]): readonly string[] {
  const ids = new Set<string>();
  for (const definition of [...coupons, ...coupons.flatMap(({ codes }) => codes), ...rules]) {
    for (const id of definition.restrictions?.products?.include ?? []) ids.add(id);
    const discount = "discount" in definition ? definition.discount : null;
    for (const id of boughtIds(discount)) ids.add(id);
  }
  return [...ids];
}

/** What has to be bought beside. */
export function boughtIds(discount: Discount | null | undefined): readonly string[] {
  if (!discount || discount.type === "store_credit") return [];
  return discount.units?.buy?.products?.include ?? [];
}

/** The currencies a coupon or rule has amounts in, its links among them, in the order they are written. */
export function currenciesOf(definition: Coupon | Rule, { rules }: Pick<Definitions, "rules">): readonly Currency[] {
  const linked = "type" in definition ? linkedRules(definition, rules) : [];
  return [...new Set([definition, ...linked].flatMap(namedCurrencies))];
}

function namedCurrencies({ discount, restrictions }: Pick<Coupon | Rule, "discount" | "restrictions">): readonly Currency[] {
  return [...discountCurrencies(discount), ...limitCurrencies(restrictions)];
}

export function limitCurrencies(restrictions: Restrictions | undefined): readonly Currency[] {
  return [restrictions?.minimum?.amounts, restrictions?.maximum?.amounts].flatMap(keysOf);
}

export function discountCurrencies(discount: Discount | null | undefined): readonly Currency[] {
  if (!discount) return [];
  const maps: (Amounts | null | undefined)[] = [];
  for (const part of partsOf(discount)) {
    if (part.type === "percent") maps.push(part.cap);
    else maps.push(part.amounts);
  }
  if (discount.type === "amount") maps.push(discount.every);
  if (discount.type === "tiers") maps.push(...discount.tiers.map(({ from }) => (typeof from === "number" ? null : from)));
  if (discount.type !== "store_credit") maps.push(discount.maxPerLine);
  return maps.flatMap(keysOf);
}

/** The discount itself, or those of its tiers. */
export function partsOf(discount: Discount): readonly Exclude<Discount, { readonly type: "tiers" }>[] {
  return discount.type === "tiers" ? discount.tiers.map((tier) => tier.discount) : [discount];
}

function keysOf(amounts: Amounts | null | undefined): readonly Currency[] {
  return Object.keys(amounts ?? {});
}
