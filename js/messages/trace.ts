/**
 * A step of `quote.trace` in words: `10 % of 42.00 after SALE, at most 3.00 = 3.00`. Plain decimals, no locale's grouping.
 *
 * Must not say why less was taken than asked for: the step does not tell (a bound per line, what the host or an earlier
 * discount left of a line).
 */
import type { TraceStep } from "../types/quote.js";
import type { MessageWriter } from "./format.js";
import { decimalOf, exponentOf, percentOf } from "./exponent.js";
import { filled } from "./template.js";

export const TRACE_FIGURES: readonly string[] = ["percent", "base", "requested", "cap", "after", "amount"];

export function traceText(step: Omit<TraceStep, "text">, currency: string, { texts, formats }: MessageWriter): string {
  const { decimal, trace } = texts;
  const amount = (minor: number | string): string => decimalOf(minor, exponentOf(currency), decimal);
  const words = (template: string, figures: Readonly<Record<string, string>>): string =>
    filled(template, (name) => figures[name], formats.plural);

  let base = amount(step.base);
  if (step.target === "shipping") base = words(trace.shipping, { base });
  if (step.after.length > 0) base = words(trace.after, { base, after: step.after.join(", ") });
  const percent = percentOf(step.basisPoints ?? 0, decimal);
  const taken = words(trace[step.type === "store_credit" ? "storeCredit" : step.type], { base, percent, requested: amount(step.requested) });
  const cap = step.cap === null ? "" : words(trace.cap, { cap: amount(step.cap) });
  if (step.trimmed) return `${taken}${cap}${trace.trimmed} = ${amount(step.amount)}`;
  const due = dueOf(step);
  const cutOff = due > BigInt(step.amount) ? words(trace.cutOff, { amount: amount(step.amount) }) : "";
  return `${taken}${cap} = ${amount(`${due}`)}${cutOff}`;
}

/** What would be taken if nothing were in the way: never more than there is. */
function dueOf({ base, requested, cap }: Omit<TraceStep, "text">): bigint {
  return [base, requested, cap ?? requested].map(BigInt).reduce((least, bound) => (bound < least ? bound : least));
}
