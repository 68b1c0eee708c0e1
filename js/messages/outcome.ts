/**
 * Adds the texts to what the engine decided. Customers' texts, except under `full` disclosure, which is the staff's.
 */
import type { CodeOutcome, Quote, Rejection, Validation } from "../types/quote.js";
import type { Answered, Untold } from "../wasm/exports.js";
import type { Audience, MessageWriter } from "./format.js";

export function withMessages<T extends Quote | Validation>({ outcome, disclosure }: Answered<T>, write: MessageWriter): T {
  const audience: Audience = disclosure === "full" ? "staff" : "customer";
  const untold = outcome as unknown as { readonly codes: readonly Untold<CodeOutcome>[] };
  const codes = untold.codes.map((entry) => {
    const { code, rejection, also } = entry;
    const withText = (bare: Untold<Rejection>): Rejection => ({ ...bare, message: write(bare, code, audience) });
    return { ...entry, rejection: rejection && withText(rejection as Untold<Rejection>), also: (also as readonly Untold<Rejection>[]).map(withText) };
  });
  return { ...untold, codes } as unknown as T;
}
