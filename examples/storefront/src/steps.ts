/**
 * How far a cart is on the steps of a rule: "spend 50, 100, 200 for 5, 10, 15 %". What the shop takes off is the quote's to
 * say; this only says what comes next. Pure.
 */
import type { Minor } from "coupon-engine";
import type { Catalogue } from "../../shop/cart.mjs";
import type { PublicRule, ShopQuote } from "./api.js";
import { moneyText, percentText } from "./money.js";

export interface Steps {
  /** What counts so far, and what the last step asks for. */
  readonly reached: number;
  readonly last: number;
  readonly text: string;
}

interface Step {
  readonly from: number;
  readonly gives: string;
}

/** `null` for a rule without steps by amount. */
export function stepsOf(rule: PublicRule, quote: ShopQuote, catalogue: Catalogue): Steps | null {
  const steps = amountSteps(rule, quote.currency);
  const last = steps.at(-1);
  if (last === undefined) return null;
  const reached = measured(rule, quote, catalogue);
  const next = steps.find(({ from }) => from > reached);
  const current = steps[(next === undefined ? steps.length : steps.indexOf(next)) - 1];
  const money = (minor: Minor): string => moneyText(minor, quote.currency);
  const now = current === undefined ? "" : `${current.gives} reached with ${money(reached)}. `;
  const then = next === undefined ? "This is the highest step." : `Add ${money(next.from - reached)} more for ${next.gives}.`;
  return { reached: Math.min(reached, last.from), last: last.from, text: now + then };
}

/** All of them in one line: `5 % from 50.00 EGP, 10 % from 100.00 EGP`. */
export function stepsInWords(rule: PublicRule, currency: string): string {
  return amountSteps(rule, currency).map(({ from, gives }) => `${gives} from ${moneyText(from, currency)}`).join(", ");
}

function amountSteps({ discount }: PublicRule, currency: string): readonly Step[] {
  if (discount?.type !== "tiers" || discount.by !== "amount") return [];
  return discount.tiers.flatMap(({ from, discount: given }) => {
    const amount = typeof from === "number" ? undefined : from[currency];
    return amount === undefined || given.type !== "percent" ? [] : [{ from: Number(amount), gives: percentText(given.basisPoints) }];
  });
}

/** The price, before any discount, of the lines that the rule is for. */
function measured({ restrictions }: PublicRule, quote: ShopQuote, { products }: Catalogue): number {
  const { include = [], exclude = [] } = restrictions?.products ?? {};
  return quote.lines.reduce((sum, line) => {
    const product = products.find(({ id }) => id === line.id);
    const ids = product?.ids ?? [];
    const isFor = (include.length === 0 || ids.some((id) => include.includes(id))) && !ids.some((id) => exclude.includes(id));
    return isFor && product?.kind === "product" ? sum + Number(line.subtotal) : sum;
  }, 0);
}
