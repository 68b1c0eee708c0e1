/**
 * What became of the codes and the automatic discounts since the last answer, in a sentence for the eye and the ear. Says
 * nothing twice.
 */
import type { CodeOutcome, Quote } from "coupon-engine";
import { moneyText } from "./money.js";
import { isSetAside } from "./set-aside.js";

/** `saved`: restored from an earlier visit, not yet judged in this one. */
export type StateByCode = ReadonlyMap<string, CodeOutcome["state"] | "saved">;

export interface Announcement {
  readonly tone: "good" | "wait" | "bad" | "quiet";
  readonly text: string;
}

const MAX_SPOKEN = 24;

export interface Before {
  readonly states: StateByCode;
  /** The automatic rules that applied; `null` before the first answer, when nothing is news. */
  readonly automatic: ReadonlySet<string> | null;
}

/** `null` if nothing changed. */
export function changesInWords(outcomes: readonly CodeOutcome[], { states, automatic }: Before, quote: Quote): Announcement | null {
  const codes = codesInWords(outcomes, states, quote);
  const rules = automatic === null ? null : automaticInWords(quote, automatic);
  if (codes === null || rules === null) return codes ?? rules;
  return { tone: codes.tone, text: `${rules.text} ${codes.text}` };
}

function automaticInWords({ automatic, currency }: Quote, before: ReadonlySet<string>): Announcement | null {
  const changed = automatic.filter(({ ruleId, state }) => (state === "applied") !== before.has(ruleId));
  if (changed.length === 0) return null;
  const text = changed.map(({ label, state, discount }) =>
    state === "applied" ? `${label}: ${moneyText(discount, currency)} off.` : `${label}: no longer applies.`).join(" ");
  return { tone: changed.every(({ state }) => state === "applied") ? "good" : "wait", text };
}

function codesInWords(outcomes: readonly CodeOutcome[], before: StateByCode, quote: Quote): Announcement | null {
  const changed = outcomes.filter((outcome) => {
    const { code, state } = outcome;
    const was = before.get(code ?? "");
    return was !== state && (was !== "saved" || isRefused(outcome, quote));
  });
  if (changed.length === 0) return null;
  const text = changed.map((outcome) => sentence(outcome, before.get(outcome.code ?? ""), quote)).join(" ");
  return { tone: toneOf(changed, quote), text };
}

function sentence(outcome: CodeOutcome, was: ReturnType<StateByCode["get"]>, { currency, credits }: Quote): string {
  const { state, discount, rejection } = outcome;
  const code = shortened(outcome.code ?? "");
  const reason = rejection?.message ?? "";
  const pays = credits.some(({ index }) => index === outcome.index);
  if (state === "applied" && pays) return `${code} applied: it pays ${moneyText(discount, currency)}.`;
  if (state === "applied") return `${code} ${was === "parked" ? "now applies" : "applied"}: ${moneyText(discount, currency)} off.`;
  if (state === "parked") return `${code} is ${was === "applied" ? "waiting again" : "saved"}. ${reason}`;
  return `${code}: ${reason}`;
}

/** The chip shows it in full. */
function shortened(code: string): string {
  return code.length <= MAX_SPOKEN ? code : `${code.slice(0, MAX_SPOKEN - 1)}…`;
}

function toneOf(changed: readonly CodeOutcome[], quote: Quote): Announcement["tone"] {
  if (changed.some((outcome) => isRefused(outcome, quote))) return "bad";
  return changed.every(({ state }) => state === "applied") ? "good" : "wait";
}

function isRefused(outcome: CodeOutcome, quote: Quote): boolean {
  return outcome.state === "rejected" && !isSetAside(outcome, quote);
}
