/**
 * What became of the codes since the last answer, in a sentence for the eye and the ear. Says nothing twice.
 */
import type { CodeOutcome, Quote } from "coupon-engine";
import { moneyText } from "./money.js";

/** `saved`: restored from an earlier visit, not yet judged in this one. */
export type StateByCode = ReadonlyMap<string, CodeOutcome["state"] | "saved">;

export interface Announcement {
  readonly tone: "good" | "wait" | "bad" | "quiet";
  readonly text: string;
}

const MAX_SPOKEN = 24;

/** `null` if no code changed its state. */
export function changesInWords(outcomes: readonly CodeOutcome[], before: StateByCode, quote: Quote): Announcement | null {
  const changed = outcomes.filter(({ code, state }) => {
    const was = before.get(code ?? "");
    return was !== state && (state === "rejected" || was !== "saved");
  });
  if (changed.length === 0) return null;
  const text = changed.map((outcome) => sentence(outcome, before.get(outcome.code ?? ""), quote)).join(" ");
  return { tone: toneOf(changed), text };
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

function toneOf(changed: readonly CodeOutcome[]): Announcement["tone"] {
  if (changed.some(({ state }) => state === "rejected")) return "bad";
  return changed.every(({ state }) => state === "applied") ? "good" : "wait";
}
