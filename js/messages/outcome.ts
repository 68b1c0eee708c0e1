/**
 * Adds the texts to what the engine decided. Customers' texts, except under `full` disclosure, which is the staff's.
 */
import type { CodeOutcome, Quote, Rejection, Validation } from "../types/quote.js";
import type { Disclosure } from "../types/policy.js";
import type { Untold } from "../wasm/exports.js";
import type { Audience, MessageWriter, Untexted } from "./format.js";

export function withMessages<T extends Quote | Validation>(outcome: Untold<T>, disclosure: Disclosure, write: MessageWriter): T {
  const audience: Audience = disclosure === "full" ? "staff" : "customer";
  const untold = outcome as unknown as { readonly codes: readonly Untold<CodeOutcome>[] };
  const codes = untold.codes.map((entry) => {
    const told = (rejection: Untexted): Rejection => ({ ...rejection, message: write(rejection, entry.code, audience) });
    return { ...entry, rejection: entry.rejection && told(entry.rejection as Untexted), also: (entry.also as readonly Untexted[]).map(told) };
  });
  return { ...untold, codes } as unknown as T;
}
