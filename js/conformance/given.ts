/**
 * What the kit is given: a runner, and functions that open the data. Owns the check of both, so that a slip in them is
 * told as one and not as a failure of the ledger.
 */
import { textOf, type LedgerHandle } from "./case.js";

/** What was handed to the kit is not what it takes. The message names the option. */
export class WrongOption extends TypeError {}

export function requireFunction(given: unknown, option: string, signature: string): void {
  if (typeof given !== "function") throw new WrongOption(`\`${option}\` must be a function, ${signature}; it is ${described(given)}`);
}

/** That `open` or `reopen` answered a handle, and not, as is the likely slip, the ledger itself. */
export function requireHandle(answer: unknown, option: "open" | "reopen"): asserts answer is LedgerHandle {
  const { ledger } = (answer ?? {}) as { readonly ledger?: unknown };
  if (isLedger(ledger)) return;
  const wanted = `\`${option}\` must answer { ledger }, whose ledger has the functions read and commit`;
  if (isLedger(answer)) throw new WrongOption(`${wanted}; it answered the ledger itself`);
  throw new WrongOption(`${wanted}; it answered ${described(answer)}${isObject(answer) ? `, whose ledger is ${described(ledger)}` : ""}`);
}

function isLedger(value: unknown): boolean {
  const { read, commit } = (value ?? {}) as { readonly read?: unknown; readonly commit?: unknown };
  return typeof read === "function" && typeof commit === "function";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function described(value: unknown): string {
  if (isObject(value) && !Array.isArray(value)) return `an object with ${Object.keys(value).join(", ") || "nothing"} in it`;
  return typeof value === "function" ? "a function" : textOf(value);
}
