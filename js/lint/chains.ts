/**
 * The ways to a discount: a coupon, with one of its codes, with one of its rules; or an automatic rule. Each is made a
 * set of definitions of its own, stripped of what changes by itself (state, limits, other coupons), so that the engine
 * can be asked whether the rest of it can ever hold.
 */
import type { Cart } from "../types/cart.js";
import type { Discount } from "../types/discount.js";
import type { Restrictions } from "../types/restrictions.js";
import type { EvaluateRequest, PreparedRequest } from "../types/requests.js";
import type { Quote, Rejection } from "../types/quote.js";
import { onBench, reasonsOf, type Ask } from "./bench.js";
import type { Case } from "./check.js";
import { linkedRules, type Code, type Coupon, type Rule } from "./definitions.js";
import { discountCurrencies, limitCurrencies } from "./example.js";

export interface Chain {
  readonly couponIds: readonly string[];
  readonly ruleIds: readonly string[];
  readonly path: string;
  /** `Coupon summer, with its code ABC,` */
  readonly who: string;
  readonly code: Code | null;
  /** Its codes have dates in the place of these. */
  readonly isOverridden: boolean;
  readonly discount: Discount | null;
  /** Of each level, those that are given. */
  readonly levels: readonly Restrictions[];
  readonly definitions: Pick<EvaluateRequest, "coupons" | "rules">;
  readonly entries: PreparedRequest["codes"];
}

/** Takes something off any cart, so that no other check is in the way. */
const ANY_DISCOUNT = { type: "percent", basisPoints: 10_000 } as const;

/** Of one coupon: itself, then each code, then each linked rule. */
export function* chainsOf(given: Case): Iterable<readonly Chain[]> {
  for (const { of: coupon, path } of given.coupons) {
    const rules = linkedRules(coupon, given.definitions.rules);
    const codes = coupon.codes.flatMap((code, index) => (code.state === "archived" || !code.restrictions ? [] : [{ code, path: `${path}.codes[${index}]` }]));
    yield [
      chainOf({ coupon, path }),
      ...codes.map((each) => chainOf({ coupon, ...each })),
      ...rules.map((rule) => chainOf({ coupon, path: `rules[${given.definitions.rules.indexOf(rule)}]`, rule })),
    ];
  }
  for (const { of: rule, path } of given.rules) {
    if (rule.gate === "automatic") yield [automatic(rule, path)];
  }
}

interface Parts {
  readonly coupon: Coupon;
  readonly path: string;
  readonly code?: Code;
  readonly rule?: Rule;
}

function chainOf({ coupon, path, code, rule }: Parts): Chain {
  const { discount: own, rules: _, ...rest } = coupon;
  const isOpen = rule?.gate === "coupon";
  const discount = isOpen ? (rule.discount ?? null) : (own ?? null);
  const bare = { ...rest, state: "active", limits: {}, combinesWith: "all", restrictions: alone(coupon.restrictions), codes: code ? [stripped(code)] : [] } as const;
  const linked = rule ? { ...rule, gate: "coupon", discount: rule.discount ?? ANY_DISCOUNT, state: "active", restrictions: alone(rule.restrictions) } as const : null;
  const by = code ? `, with its code ${code.code},` : rule ? `, with its rule ${rule.id},` : "";
  return {
    couponIds: [coupon.id],
    ruleIds: rule ? [rule.id] : [],
    path: `${path}.restrictions`,
    who: `Coupon ${coupon.id}${by}`,
    code: code ?? null,
    isOverridden: coupon.dates === "override" && coupon.codes.length > 0,
    discount,
    levels: [coupon, code, rule].flatMap((level) => level?.restrictions ?? []),
    definitions: linked ? { coupons: [{ ...bare, rules: [linked.id] }], rules: [linked] } : { coupons: [{ ...bare, discount: own ?? ANY_DISCOUNT }] },
    entries: [code ? { code: code.code, origin: "url" } : { couponId: coupon.id }],
  };
}

function automatic(rule: Rule, path: string): Chain {
  const bare = { ...rule, state: "active", restrictions: alone(rule.restrictions) } as const;
  return {
    couponIds: [],
    ruleIds: [rule.id],
    path: `${path}.restrictions`,
    who: `Rule ${rule.id}`,
    code: null,
    isOverridden: false,
    discount: rule.discount ?? null,
    levels: rule.restrictions ? [rule.restrictions] : [],
    definitions: { coupons: [], rules: [bare] },
    entries: [],
  };
}

function stripped(code: Code): Code {
  return { ...code, state: "active", limits: {}, restrictions: alone(code.restrictions) };
}

/** Whether another coupon is there depends on the shopper. */
function alone(restrictions: Restrictions | undefined): Restrictions {
  const { coupons: _, ...rest } = restrictions ?? {};
  return rest;
}

/** Asks about one chain: every check that fails. */
export interface Trial {
  readonly chain: Chain;
  reasons(scenario: Scenario): readonly Untexted[];
}

type Untexted = Pick<Rejection, "code" | "level" | "details">;
export type Scenario = Pick<PreparedRequest, "cart"> & Partial<Pick<PreparedRequest, "now" | "customer">>;

export function tried<T>(chain: Chain, { definitions: { now, zones }, work }: Case, use: (trial: Trial) => T): T {
  return onBench(chain.definitions, work, (ask: Ask) =>
    use({
      chain,
      reasons(scenario) {
        const quote = ask({ codes: chain.entries, now, ...(zones ? { zones } : {}), ...scenario });
        return quote === null ? [] : reasonsOf(outcomeOf(quote, chain));
      },
    }),
  );
}

function outcomeOf(quote: Quote, chain: Chain): Quote["codes"][number] | Quote["automatic"][number] | undefined {
  return chain.entries.length > 0 ? quote.codes[0] : quote.automatic[0];
}

/** The currencies in which anything of it has an amount. */
export function currenciesOfChain({ discount, levels }: Chain): readonly string[] {
  return [...new Set([...discountCurrencies(discount), ...levels.flatMap(limitCurrencies)])];
}

/** The smallest cart of `units` units that costs `amount`; `null` where no cart has that many. */
export function cartOf(currency: string, amount: bigint, units: number, ids: readonly (readonly string[])[]): Cart | null {
  const each = amount / BigInt(units);
  const dearer = Number(amount % BigInt(units));
  if (each >= MAX_PRICE || units > MAX_UNITS_OF_A_LINE * 900) return null;
  const [first = [], ...others] = ids;
  const runs = [...runsOf(units - dearer, Number(each)), ...runsOf(dearer, Number(each) + 1)];
  const lines = runs.map(({ unitPrice, quantity }, index) => ({ id: `line_${index}`, unitPrice, quantity, ids: first }));
  // For what has to be in the cart, whatever it costs.
  const further = others.map((list, index) => ({ id: `further_${index}`, unitPrice: 0, quantity: 1, ids: list }));
  return { currency, lines: [...lines, ...further], shipping: 1 };
}

const MAX_PRICE = 1_000_000_000_000n;
const MAX_UNITS_OF_A_LINE = 1_000_000;

function runsOf(units: number, unitPrice: number): readonly { readonly unitPrice: number; readonly quantity: number }[] {
  const runs = [];
  for (let left = units; left > 0; left -= MAX_UNITS_OF_A_LINE) runs.push({ unitPrice, quantity: Math.min(left, MAX_UNITS_OF_A_LINE) });
  return runs;
}
