/**
 * The codes of the cart, one chip each: applied with its discount, saved with what is missing, refused with the reason.
 */
import type { CodeOutcome } from "coupon-engine";
import { discountText } from "../money.js";
import type { Visit } from "../session.js";
import { found, keyedList, made, write } from "./dom.js";

interface Chip {
  readonly code: string;
  readonly outcome: CodeOutcome | null;
}

const STATE_WORDS = { applied: "Applied", parked: "Saved for later", rejected: "Not applied", checking: "Checking" } as const;

export function createChips(currency: string, onRemove: (code: string) => void): (visit: Visit) => void {
  const show = keyedList<Chip>({
    list: found("#chips"),
    keyOf: ({ code }) => code,
    create: ({ code }) => chipElement(code, onRemove),
    update: (element, { outcome }) => updateChip(element, outcome, currency),
  });
  return ({ codes, refused }) => {
    const all: readonly Chip[] = [...codes, ...refused.map((outcome) => ({ code: outcome.code ?? "", outcome }))];
    // The same text may wait twice until the shop has answered.
    show(all.filter(({ code }, place) => all.findIndex((one) => one.code === code) === place));
  };
}

function chipElement(code: string, onRemove: (code: string) => void): HTMLElement {
  const remove = made("button", { type: "button", class: "chip-remove", "aria-label": `Remove code ${code}` }, "×");
  remove.addEventListener("click", () => {
    onRemove(code);
    found("#code").focus();
  });
  return made("li", { class: "chip", "data-code": code },
    made("div", { class: "chip-head" },
      made("div", { class: "chip-name" }, made("span", { class: "chip-code" }, code), made("span", { class: "chip-state" })),
      made("span", { class: "chip-amount" }),
      remove),
    made("p", { class: "chip-reason" }));
}

function updateChip(element: HTMLElement, outcome: CodeOutcome | null, currency: string): void {
  const state = outcome?.state ?? "checking";
  element.dataset["state"] = state;
  write(found(".chip-state", element), STATE_WORDS[state]);
  write(found(".chip-amount", element), state === "applied" && outcome !== null ? discountText(outcome.discount, currency) : "");
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
