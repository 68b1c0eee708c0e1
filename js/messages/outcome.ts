/**
 * Adds the texts to what the engine decided. Customers' texts, except under `full` disclosure, which is the staff's.
 * Automatic rules, which the engine names by their ids, are called by their labels there; the figures stay as they are.
 */
import type { Adjustment, AutomaticOutcome, CodeOutcome, Quote, Rejection, TraceStep, Validation } from "../types/quote.js";
import type { Answered, Untold } from "../wasm/exports.js";
import { rejectionText, type Audience, type MessageWriter } from "./format.js";
import { traceText } from "./trace.js";

export function withMessages<T extends Quote | Validation>({ outcome, disclosure }: Answered<T>, writer: MessageWriter): T {
  const audience: Audience = disclosure === "full" ? "staff" : "customer";
  const untold = outcome as unknown as UntoldAnswer;
  const { currency } = untold;
  const called = callingIn(untold, writer.names);

  const told = <E extends Refusable>(entry: E, source: "code" | "automatic"): E => {
    const code = entry.code ?? null;
    const withText = (rejection: Untold<Rejection>): Rejection =>
      ({ ...rejection, message: rejectionText({ rejection: inLabels(rejection, called), code, source, currency }, audience, writer) });
    return { ...entry, rejection: entry.rejection && withText(entry.rejection), also: entry.also.map(withText) };
  };
  const answer = {
    ...untold,
    codes: untold.codes.map((entry) => told(entry, "code")),
    ...(untold.automatic && { automatic: untold.automatic.map((entry) => told(entry, "automatic")) }),
    ...(untold.trace && { trace: untold.trace.map((step) => inWords(step, called, currency ?? "", writer)) }),
  };
  return named(answer, writer.names) as unknown as T;
}

function inWords(step: Omit<TraceStep, "text">, called: Called, currency: string, writer: MessageWriter): TraceStep {
  return { ...step, text: traceText({ ...step, after: step.after.map(called) }, currency, writer) };
}

/** What something that took part is called in a text. */
type Called = (name: string) => string;

/** A code or coupon that happens to be named like a rule keeps its name: which of both is meant is not told. */
function callingIn({ codes, automatic = [], adjustments = [] }: UntoldAnswer, names: ReadonlyMap<string, string>): Called {
  const labels = new Map<string, string>();
  for (const { ruleId, label } of [...automatic, ...adjustments.filter(({ source }) => source === "automatic")]) {
    if (ruleId !== null && label !== null) labels.set(ruleId, names.get(label) ?? label);
  }
  for (const { code, couponId } of codes) labels.delete(code ?? couponId ?? "");
  return (name) => labels.get(name) ?? name;
}

function inLabels(rejection: Untold<Rejection>, called: Called): Untold<Rejection> {
  const { with: names } = rejection.details;
  return names ? { ...rejection, details: { ...rejection.details, with: names.map(called) } } : rejection;
}

/** The parts of either answer that have texts or labels; a validation has not all of them. */
interface UntoldAnswer {
  readonly currency?: string;
  readonly codes: readonly Untold<CodeOutcome>[];
  readonly automatic?: readonly Untold<AutomaticOutcome>[];
  readonly adjustments?: readonly (Labelled & Pick<Adjustment, "source" | "ruleId">)[];
  readonly credits?: readonly Labelled[];
  readonly trace?: readonly Omit<TraceStep, "text">[];
}

interface Refusable {
  readonly code?: string | null;
  readonly rejection: Untold<Rejection> | null;
  readonly also: readonly Untold<Rejection>[];
}

interface Labelled {
  readonly label: string | null;
}

function named(answer: UntoldAnswer, names: ReadonlyMap<string, string>): UntoldAnswer {
  if (names.size === 0) return answer;
  const rename = <E extends Labelled>(entry: E): E => ({ ...entry, label: names.get(entry.label ?? "") ?? entry.label });
  const renamed: Record<string, readonly Labelled[]> = {};
  for (const part of ["codes", "automatic", "adjustments", "credits", "trace"] as const) {
    const entries: readonly Labelled[] | undefined = answer[part];
    if (entries !== undefined) renamed[part] = entries.map(rename);
  }
  return { ...answer, ...renamed };
}
