/**
 * The codes of the cart, one chip each: applied with its discount, saved with what is missing, refused with the reason.
 * Beside it what the code is: the sale it opens, the balance it pays from.
 */
import type { CodeOutcome } from "coupon-engine";
import type { ShopQuote } from "../api.js";
import { discountText, moneyText } from "../money.js";
import type { Visit } from "../session.js";
import { isSetAside } from "../set-aside.js";
import { found, keyedList, made, write } from "./dom.js";

interface Chip {
  readonly code: string;
  readonly outcome: CodeOutcome | null;
  readonly state: keyof typeof STATE_WORDS;
  readonly note: string;
}

/** The names of the sales that a code opens, as far as the page knows them. */
export type SalesOf = (code: string) => readonly string[];

const STATE_WORDS = { applied: "Applied", parked: "Saved for later", rejected: "Not applied", aside: "Set aside", checking: "Checking" } as const;

export function createChips(currency: string, salesOf: SalesOf, onRemove: (code: string) => void): (visit: Visit) => void {
  const show = keyedList<Chip>({
    list: found("#chips"),
    keyOf: ({ code }) => code,
    create: ({ code }) => chipElement(code, onRemove),
    update: (element, chip) => updateChip(element, chip, currency),
  });
  return ({ codes, refused, quote }) => {
    const all = [...codes, ...refused.map((outcome) => ({ code: outcome.code ?? "", outcome }))];
    // The same text may wait twice until the shop has answered.
    const first = all.filter(({ code }, place) => all.findIndex((one) => one.code === code) === place);
    show(first.map(({ code, outcome }) => ({ code, outcome, state: stateOf(outcome, quote), note: noteOn(code, outcome, quote, salesOf) })));
  };
}

function stateOf(outcome: CodeOutcome | null, quote: ShopQuote | null): Chip["state"] {
  if (outcome === null || quote === null) return "checking";
  return isSetAside(outcome, quote) ? "aside" : outcome.state;
}

/** What a code is that is not simply a discount. */
function noteOn(code: string, outcome: CodeOutcome | null, quote: ShopQuote | null, salesOf: SalesOf): string {
  if (quote === null || outcome?.state === "rejected") return "";
  const credit = quote.credits.find((one) => one.code === code);
  if (credit !== undefined) {
    const rest = moneyText(Number(credit.balance) - Number(credit.amount), quote.currency);
    return `Balance ${moneyText(credit.balance, quote.currency)} before this order, ${rest} after it`;
  }
  const told = quote.adjustments.flatMap((one) => (one.code === code && one.ruleId !== null ? one.label : []));
  const sales = told.length > 0 ? told : salesOf(code);
  return sales.length === 0 ? "" : `${code} opens: ${sales.join(", ")}`;
}

function chipElement(code: string, onRemove: (code: string) => void): HTMLElement {
  const remove = made("button", { type: "button", class: "chip-remove", "aria-label": `Remove code ${code}` }, "×");
  remove.addEventListener("click", () => {
    onRemove(code);
    found("#code").focus();
  });
  return made("li", { class: "chip", "data-code": code },
    made("div", { class: "chip-head" },
      made("div", { class: "chip-name" }, made("span", { class: "chip-code" }, code), made("span", { class: "chip-state" }), made("span", { class: "chip-amount" })),
      remove),
    made("p", { class: "chip-note" }),
    made("p", { class: "chip-reason" }));
}

function updateChip(element: HTMLElement, { outcome, state, note }: Chip, currency: string): void {
  element.dataset["state"] = state;
  write(found(".chip-state", element), STATE_WORDS[state]);
  write(found(".chip-amount", element), state === "applied" && outcome !== null ? discountText(outcome.discount, currency) : "");
  write(found(".chip-note", element), note);
  write(found(".chip-reason", element), outcome?.rejection?.message ?? "");
  showProgress(element, outcome);
}

/** How far the cart is on its way to a minimum. The sentence says the same in words. */
function showProgress(element: HTMLElement, outcome: CodeOutcome | null): void {
  const { required, actual } = outcome?.rejection?.details ?? {};
  const existing = element.querySelector("progress");
  if (required === undefined || actual === undefined) return existing?.remove();
  const progress = existing ?? element.appendChild(made("progress", { class: "chip-progress", "aria-hidden": "true" }));
  progress.max = Number(required);
  progress.value = Number(actual);
}
