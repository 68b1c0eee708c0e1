/**
 * "How this was worked out": one step for each discount and each store credit, in the order they were taken, with the
 * engine's own working and what fell on which line; then what was left out, and why.
 */
import type { Adjustment, Credit, LineShare, StackingMode, TraceStep } from "coupon-engine";
import type { Catalogue } from "../../../shop/cart.mjs";
import type { PublicRule, ShopQuote } from "../api.js";
import { discountText, moneyText } from "../money.js";
import { stepsInWords } from "../steps.js";
import { isSpokenOf } from "./automatic.js";
import { found, made, write } from "./dom.js";

/** The modes that staff can choose here. */
const STRATEGIES: { readonly [Mode in StackingMode]?: string } = {
  sequential: "One after the other: a percentage is taken of what is left.",
  best_combination: "Every selection of the codes was tried, each taken of the full price. The one that takes most is used.",
};
const TOO_MANY_TO_TRY = "So many codes that not every selection was tried. The best of those tried is used.";

export function showWorkings(quote: ShopQuote, catalogue: Catalogue, ruleOf: (id: string) => PublicRule | undefined): void {
  const ours = quote.adjustments.filter(({ source }) => source !== "foreign");
  const steps = (quote.trace ?? []).map((step, place) => {
    const adjustment = ours[place];
    const credit = quote.credits[place - ours.length];
    const why = adjustment === undefined ? creditInWords(credit, quote) : inWords(adjustment, quote, ruleOf);
    return made("li", {},
      made("strong", {}, step.code ?? step.label), " ", working(step, quote),
      made("p", { class: "quiet" }, why),
      ...(adjustment === undefined ? [] : [sharesOf(adjustment.lines, quote, catalogue)]));
  });
  found("#trace-steps").replaceChildren(...steps);
  found("#trace-nothing").hidden = steps.length > 0;
  write(found("#trace-strategy"), steps.length === 0 ? "" : strategyInWords(quote));
  const others = leftOut(quote).map(([name, reason]) => made("li", {}, made("strong", {}, name), " ", reason));
  found("#trace-others").replaceChildren(...others);
  found("#trace-rest").hidden = others.length === 0;
}

function strategyInWords({ strategy }: ShopQuote): string {
  return strategy.exact ? STRATEGIES[strategy.stacking] ?? "" : TOO_MANY_TO_TRY;
}

/** What does not apply, with the engine's reason. */
function leftOut({ codes, automatic }: ShopQuote): readonly (readonly [string, string])[] {
  return [
    ...codes.flatMap(({ code, rejection }) => (rejection === null ? [] : [[code ?? "", rejection.message] as const])),
    ...automatic.filter(isSpokenOf).flatMap(({ label, rejection }) => (rejection === null ? [] : [[label, rejection.message] as const])),
  ];
}

function working({ text }: TraceStep, { currency }: ShopQuote): string {
  return `${text}\u00a0${currency}`;
}

/** Where the discount comes from. */
function inWords({ source, code, ruleId, label }: Adjustment, { currency }: ShopQuote, ruleOf: (id: string) => PublicRule | undefined): string {
  const rule = ruleId === null ? undefined : ruleOf(ruleId);
  const steps = rule === undefined ? "" : stepsInWords(rule, currency);
  if (source === "automatic") return `Automatic: no code needed.${steps === "" ? "" : ` Steps: ${steps}.`}`;
  if (ruleId !== null) return `${code ?? "The coupon"} has no discount of its own. It opens the rule “${label}”, and this is what the rule took.`;
  return label === code ? "The code's own discount." : `The code's own discount: ${label}.`;
}

function creditInWords(credit: Credit | undefined, { currency, totals }: ShopQuote): string {
  if (credit === undefined) return "";
  const [before, pays, after] = [Number(credit.balance), Number(credit.amount), Number(credit.balance) - Number(credit.amount)];
  const money = (minor: number): string => moneyText(minor, currency);
  return `Store credit pays last, after every discount. Balance ${money(before)}, pays ${money(pays)}, ${money(after)} left. You pay ${moneyText(totals.total, currency)}.`;
}

function sharesOf(lines: readonly LineShare[], { currency }: ShopQuote, { products }: Catalogue): HTMLElement {
  return made("ul", {}, ...lines.map(({ lineId, amount }) => {
    const name = products.find(({ id }) => id === lineId)?.name ?? lineId;
    return made("li", {}, made("span", {}, name), made("span", {}, discountText(amount, currency)));
  }));
}
