/**
 * The discounts that need no code: those that apply, and those that the cart is on its way to, with what is missing. A
 * discount that nothing in the cart is for is not spoken of.
 */
import type { AutomaticOutcome } from "coupon-engine";
import type { Catalogue } from "../../../shop/cart.mjs";
import type { PublicRule } from "../api.js";
import { discountText } from "../money.js";
import type { Visit } from "../session.js";
import { stepsOf } from "../steps.js";
import { found, keyedList, made, write } from "./dom.js";

interface Shown {
  readonly outcome: AutomaticOutcome;
  /** What the cart still lacks, or the next step. */
  readonly hint: string;
  readonly progress: { readonly value: number; readonly max: number } | null;
}

export function createAutomatic(catalogue: Catalogue, ruleOf: (id: string) => PublicRule | undefined): (visit: Visit) => void {
  const show = keyedList<Shown>({
    list: found("#automatic"),
    keyOf: ({ outcome }) => outcome.ruleId,
    create: ({ outcome }) => element(outcome),
    update: (chip, shown) => update(chip, shown, catalogue.currency),
  });
  return ({ quote }) => {
    const outcomes = (quote?.automatic ?? []).filter(isSpokenOf);
    found("#automatic-box").hidden = outcomes.length === 0;
    show(outcomes.map((outcome) => {
      const rule = ruleOf(outcome.ruleId);
      const steps = quote === null || rule === undefined ? null : stepsOf(rule, quote, catalogue);
      if (steps !== null) return { outcome, hint: steps.text, progress: { value: steps.reached, max: steps.last } };
      return { outcome, hint: outcome.rejection?.message ?? "", progress: progressOf(outcome) };
    }));
  };
}

export function isSpokenOf({ state, rejection }: AutomaticOutcome): boolean {
  return state === "applied" || rejection?.code === "minimum_not_met";
}

function progressOf({ rejection }: AutomaticOutcome): Shown["progress"] {
  const { required, actual, requiredQuantity, actualQuantity } = rejection?.details ?? {};
  const [max, value] = required === undefined ? [requiredQuantity, actualQuantity] : [required, actual];
  return max === undefined || value === undefined ? null : { max: Number(max), value: Number(value) };
}

function element({ ruleId, label }: AutomaticOutcome): HTMLElement {
  return made("li", { class: "chip chip--rule", "data-rule": ruleId },
    made("div", { class: "chip-head" },
      made("div", { class: "chip-name" }, made("span", { class: "chip-label" }, label), made("span", { class: "chip-state" }), made("span", { class: "chip-amount" }))),
    made("p", { class: "chip-reason", id: `hint-${ruleId}` }),
    made("progress", { class: "chip-progress", "aria-labelledby": `hint-${ruleId}` }));
}

function update(chip: HTMLElement, { outcome, hint, progress }: Shown, currency: string): void {
  const applies = outcome.state === "applied";
  chip.dataset["state"] = outcome.state;
  write(found(".chip-state", chip), applies ? "Applied" : "Not yet");
  write(found(".chip-amount", chip), applies ? discountText(outcome.discount, currency) : "");
  write(found(".chip-reason", chip), hint);
  const bar = found<HTMLProgressElement>("progress", chip);
  bar.hidden = progress === null;
  if (progress === null) return;
  bar.max = progress.max;
  bar.value = progress.value;
}
